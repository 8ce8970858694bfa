"""What the rest of the house may know of an account."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import IntegerChoices


@dataclass(frozen=True, slots=True)
class AccountRef:
    """A trading account; `id` is the engine's number, `state` an AccountState."""

    id: int
    user_id: int
    state: int
    name: str = "main"
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class CreditResult:
    """What a deposit did: the wallet after it, and whether the reference had been used before."""

    account_id: int
    asset: str
    amount_units: int
    wallet_units: int
    repeated: bool
    reference: str


class LedgerBook(IntegerChoices):
    """Whose money a leg moves. External legs are negative for money that came in.

    TRANSIT is money that one event took and a later event of the same command gives: 0 after every command.
    The insurance fund's money stands in the wallet of its account.
    """

    WALLET = 1, "wallet"
    FEE_INCOME = 2, "fee income"
    CLEARING = 3, "clearing"
    EXTERNAL = 4, "external"
    CONVERSION = 5, "conversion desk"
    TRANSIT = 6, "in transit"


class LedgerKind(IntegerChoices):
    """Why it moved; the numbers never change."""

    DEPOSIT = 1, "deposit"
    WITHDRAWAL = 2, "withdrawal"
    REALIZED_PNL = 3, "realized profit or loss"
    COMMISSION = 4, "commission"
    TRANSFER = 5, "transfer between accounts"
    FUNDING = 6, "funding"
    LIQUIDATION_FEE = 7, "liquidation fee"
    INSURANCE = 8, "insurance fund"
    CONVERSION = 9, "conversion"
    SETTLEMENT = 10, "settlement of a delisting"


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One leg of an account's wallet: event (`seq`, `part`) of the journal; 0 where nothing applies."""

    entry_id: int
    seq: int
    part: int
    asset_id: int
    kind: int
    account_id: int
    instrument_id: int
    trade_id: int
    amount_units: int
    time_ns: int
    reference: str


@dataclass(frozen=True, slots=True)
class BalanceRow:
    """An account's wallet in one asset, from rows."""

    account_id: int
    asset_id: int
    wallet_units: int
    updated_ns: int


@dataclass(frozen=True, slots=True)
class LedgerMismatch:
    """Where the books do not agree: what is wrong, of which account (0 = house) and asset, and by how much."""

    what: str
    account_id: int
    asset_id: int
    difference_units: int


@dataclass(frozen=True, slots=True)
class HouseTotals:
    """What the ledger says the house holds of an asset, in the signs of the engine's AssetView."""

    fee_income_units: int
    clearing_units: int
    external_units: int
    conversion_units: int
    transit_units: int


@dataclass(frozen=True, slots=True)
class TransferRow:
    """Money that went from one account to another, whole."""

    from_account_id: int
    to_account_id: int
    asset_id: int
    amount_units: int
    reference: str
    time_ns: int


@dataclass(frozen=True, slots=True)
class TransferResult:
    """What a transfer did: the giver's wallet after it, and whether the reference had been used before."""

    amount_units: int
    wallet_units: int
    repeated: bool
