"""Balances, double-entry ledger legs, transfers, conversions and modes of one batch of events.

Every event that moves a wallet says what the wallet holds after it; its legs are made in legs.py.
"""

from __future__ import annotations

import numpy as np

from apps.accounts import legs as ledger
from apps.accounts.models import AccountMode, Balance, Conversion, LedgerEntry, Transfer
from apps.common.event_rows import EventRows, IntArray, Terms, last_of_each
from apps.common.row_sink import Merge, RowSink, constant
from matcher.protocol.enums import BalanceCause, InsuranceCause

ASSET_KEY_SPAN = 1024


class Projector:
    """What a batch does to money."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._legs: list[ledger.Legs] = []
        self._wallets = _Wallets()
        self._changes: EventRows | None = None
        self._insurance: EventRows | None = None
        self._settled: EventRows | None = None
        self._converted: EventRows | None = None
        self._position_modes: EventRows | None = None
        self._asset_modes: EventRows | None = None

    def on_order_filled(self, events: EventRows) -> None:
        assets = self._settlement_assets(events)
        self._wallets.add(events, events.integers("account"), assets, "wallet_units")
        self._legs += ledger.fill_legs(events, assets)

    def on_position_moved(self, events: EventRows) -> None:
        assets = self._settlement_assets(events)
        self._wallets.add(events, events.integers("account"), assets, "wallet_units")
        self._legs += ledger.move_legs(events, assets)

    def on_balance_changed(self, events: EventRows) -> None:
        self._changes = events
        self._wallets.add(events, events.integers("account"), events.integers("asset"), "wallet_units")
        self._legs += ledger.change_legs(events)

    def on_funding_paid(self, events: EventRows) -> None:
        assets = self._settlement_assets(events)
        self._wallets.add(events, events.integers("account"), assets, "wallet_units")
        self._legs += ledger.funding_legs(events, assets)

    def on_funding_settled(self, events: EventRows) -> None:
        self._settled = events

    def on_insurance_changed(self, events: EventRows) -> None:
        self._insurance = events
        self._wallets.add(events, events.integers("account"), events.integers("asset"), "wallet_units")
        between = events.where(ledger.has_source(events))
        sources, assets = between.integers("source_account"), between.integers("asset")
        self._wallets.add(between, sources, assets, "source_wallet_units")
        self._legs += ledger.insurance_legs(events)

    def on_asset_converted(self, events: EventRows) -> None:
        self._converted = events
        for name in ("sold", "bought"):
            assets = events.integers(f"{name}_asset")
            self._wallets.add(events, events.integers("account"), assets, f"{name}_wallet_units")
        self._legs += ledger.conversion_legs(events)

    def on_position_mode_changed(self, events: EventRows) -> None:
        self._position_modes = events

    def on_multi_assets_changed(self, events: EventRows) -> None:
        self._asset_modes = events

    def write(self, rows: RowSink) -> None:
        if self._settled is not None:
            assets = self._settlement_assets(self._settled)
            self._legs += ledger.residue_legs(self._settled, assets, self._funded_seqs())
        self._wallets.write(rows)
        if self._legs:
            _write_ledger(self._legs, rows)
        if self._changes is not None:
            _write_transfers(self._changes, rows)
        if self._converted is not None:
            _write_conversions(self._converted, rows)
        if self._position_modes is not None:
            _write_mode(self._position_modes, "position_mode", rows)
        if self._asset_modes is not None:
            _write_mode(self._asset_modes, "multi_assets", rows)

    def _settlement_assets(self, events: EventRows) -> IntArray:
        assets: IntArray = self._terms.settlement_assets[events.integers("instrument")]
        return assets

    def _funded_seqs(self) -> IntArray:
        """Commands whose funding residue went to an insurance fund."""
        if self._insurance is None:
            return np.array([], np.int64)
        residue = self._insurance.integers("detail") == InsuranceCause.FUNDING_RESIDUE
        seqs: IntArray = self._insurance.integers("seq")[residue]
        return seqs


class _Wallets:
    """What wallets hold after each event of the batch that moved them."""

    def __init__(self) -> None:
        self._columns: list[tuple[IntArray, IntArray, IntArray, IntArray, IntArray]] = []

    def add(self, events: EventRows, accounts: IntArray, assets: IntArray, field: str) -> None:
        self._columns.append((events.at, accounts, assets, events.integers(field), events.integers("time_ns")))

    def write(self, rows: RowSink) -> None:
        if not self._columns:
            return
        joined = [np.concatenate(column) for column in zip(*self._columns, strict=True)]
        order = np.argsort(joined[0], kind="stable")
        accounts, assets, wallets, times = (column[order] for column in joined[1:])
        keys = accounts * ASSET_KEY_SPAN + assets
        last = last_of_each(keys)
        columns = {
            "balance_id": keys[last],
            "account_id": accounts[last],
            "asset_id": assets[last],
            "wallet_units": wallets[last],
            "updated_ns": times[last],
        }
        rows.upsert(Balance, columns, {"wallet_units": Merge.REPLACE, "updated_ns": Merge.REPLACE})


def _write_ledger(legs: list[ledger.Legs], rows: RowSink) -> None:
    columns = {name: np.concatenate([leg[name] for leg in legs]) for name in legs[0]}
    moving = columns["amount_units"] != 0
    columns = {name: values[moving] for name, values in columns.items()}
    order = np.argsort(columns.pop("place"))
    first = rows.next_number(LedgerEntry)
    numbered = {"entry_id": np.arange(first, first + len(order), dtype=np.int64)}
    rows.insert(LedgerEntry, {**numbered, **{name: values[order] for name, values in columns.items()}})


def _write_transfers(changes: EventRows, rows: RowSink) -> None:
    """The giver's event and the receiver's follow each other in one command [MAR-014]."""
    causes = changes.integers("detail")
    givers = changes.where(causes == BalanceCause.TRANSFER_OUT)
    takers = changes.where(causes == BalanceCause.TRANSFER_IN)
    columns = {
        "seq": givers.integers("seq"),
        "from_account_id": givers.integers("account"),
        "to_account_id": takers.integers("account"),
        "asset_id": givers.integers("asset"),
        "amount_units": takers.integers("amount_units"),
        "reference": givers.texts("reference"),
        "time_ns": givers.integers("time_ns"),
    }
    rows.insert(Transfer, columns)


def _write_conversions(converted: EventRows, rows: RowSink) -> None:
    first = rows.next_number(Conversion)
    columns = {
        "conversion_id": np.arange(first, first + len(converted), dtype=np.int64),
        "seq": converted.integers("seq"),
        "account_id": converted.integers("account"),
        "sold_asset_id": converted.integers("sold_asset"),
        "sold_units": converted.integers("sold_units"),
        "bought_asset_id": converted.integers("bought_asset"),
        "bought_units": converted.integers("bought_units"),
        "time_ns": converted.integers("time_ns"),
    }
    rows.insert(Conversion, columns)


def _write_mode(events: EventRows, name: str, rows: RowSink) -> None:
    last = events.where(last_of_each(events.integers("account")))
    nothing = constant(0, len(last))
    columns = {
        "account_id": last.integers("account"),
        "position_mode": nothing,
        "multi_assets": nothing,
        "updated_ns": last.integers("time_ns"),
    }
    columns[name] = last.integers(name)
    rows.upsert(AccountMode, columns, {name: Merge.REPLACE, "updated_ns": Merge.GREATEST})
