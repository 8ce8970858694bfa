"""What may leave the app."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FundRow:
    """An asset's insurance fund: its account and what it holds, from rows."""

    asset_id: int
    account_id: int
    wallet_units: int
    updated_ns: int


@dataclass(frozen=True, slots=True)
class FundEntryRow:
    """One movement of a fund's money; `kind` is a LedgerKind."""

    entry_id: int
    asset_id: int
    instrument_id: int
    kind: int
    amount_units: int
    time_ns: int


@dataclass(frozen=True, slots=True)
class FundChangeRow:
    """What a fund gained or bore, with whom it stands; `cause` is an InsuranceCause."""

    change_id: int
    account_id: int
    asset_id: int
    instrument_id: int
    cause: int
    amount_units: int
    wallet_units: int
    source_account_id: int
    time_ns: int
