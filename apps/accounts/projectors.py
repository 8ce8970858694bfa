"""Balances and double-entry ledger legs of one batch of events. Owned rows: balances, ledger entries.

Every event that moves a wallet becomes legs that sum to zero per asset: what the wallet gains, the
house's fee income, the clearing of profits, or the outside world gives.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from apps.accounts.models import Balance, LedgerEntry
from apps.accounts.types import LedgerBook, LedgerKind
from apps.common.event_rows import EventRows, IntArray, Terms, last_of_each
from apps.common.row_sink import Merge, RowSink, constant
from matcher.protocol.enums import BalanceCause

ASSET_KEY_SPAN = 1024
LEGS_AN_EVENT = 4

Legs = dict[str, npt.NDArray[np.generic]]


class Projector:
    """What a batch does to money."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._fills: EventRows | None = None
        self._changes: EventRows | None = None

    def on_order_filled(self, events: EventRows) -> None:
        self._fills = events

    def on_balance_changed(self, events: EventRows) -> None:
        self._changes = events

    def write(self, rows: RowSink) -> None:
        legs: list[Legs] = []
        moved: list[tuple[EventRows, IntArray]] = []
        if self._fills is not None:
            assets = self._terms.settlement_assets[self._fills.integers("instrument")]
            moved.append((self._fills, assets))
            legs += _fill_legs(self._fills, assets)
        if self._changes is not None:
            assets = self._changes.integers("asset")
            moved.append((self._changes, assets))
            legs += _change_legs(self._changes, assets)
        if moved:
            _write_balances(moved, rows)
            _write_ledger(legs, rows)


def _write_balances(moved: list[tuple[EventRows, IntArray]], rows: RowSink) -> None:
    at = np.concatenate([events.at for events, _ in moved])
    order = np.argsort(at)
    accounts = np.concatenate([events.integers("account") for events, _ in moved])[order]
    assets = np.concatenate([assets for _, assets in moved])[order]
    wallets = np.concatenate([events.integers("wallet_units") for events, _ in moved])[order]
    times = np.concatenate([events.integers("time_ns") for events, _ in moved])[order]
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


def _write_ledger(legs: list[Legs], rows: RowSink) -> None:
    columns = {name: np.concatenate([leg[name] for leg in legs]) for name in legs[0]}
    moving = columns["amount_units"] != 0
    columns = {name: values[moving] for name, values in columns.items()}
    order = np.argsort(columns.pop("place"))
    first = rows.next_number(LedgerEntry)
    numbered = {"entry_id": np.arange(first, first + len(order), dtype=np.int64)}
    rows.insert(LedgerEntry, {**numbered, **{name: values[order] for name, values in columns.items()}})


def _fill_legs(fills: EventRows, assets: IntArray) -> list[Legs]:
    realized, fee = fills.integers("realized_pnl_units"), fills.integers("fee_units")
    return [
        _legs(fills, assets, 0, book=LedgerBook.WALLET, kind=LedgerKind.REALIZED_PNL, amounts=realized),
        _legs(fills, assets, 1, book=LedgerBook.CLEARING, kind=LedgerKind.REALIZED_PNL, amounts=-realized),
        _legs(fills, assets, 2, book=LedgerBook.WALLET, kind=LedgerKind.COMMISSION, amounts=-fee),
        _legs(fills, assets, 3, book=LedgerBook.FEE_INCOME, kind=LedgerKind.COMMISSION, amounts=fee),
    ]


def _change_legs(changes: EventRows, assets: IntArray) -> list[Legs]:
    amount = changes.integers("amount_units")
    deposits = changes.integers("detail") == BalanceCause.DEPOSIT
    kinds = np.where(deposits, int(LedgerKind.DEPOSIT), int(LedgerKind.WITHDRAWAL))
    both = [
        _legs(changes, assets, 0, book=LedgerBook.WALLET, kind=LedgerKind.DEPOSIT, amounts=amount),
        _legs(changes, assets, 1, book=LedgerBook.EXTERNAL, kind=LedgerKind.DEPOSIT, amounts=-amount),
    ]
    return [{**legs, "kind": kinds, "reference": changes.texts("reference")} for legs in both]


def _legs(
    events: EventRows, assets: IntArray, number: int, *, book: LedgerBook, kind: LedgerKind, amounts: IntArray
) -> Legs:
    """One leg of every event; `place` puts legs of the whole batch into journal order."""
    count = len(events)
    has_trade = "trade_id" in (events.data.dtype.names or ())
    return {
        "place": events.at * LEGS_AN_EVENT + number,
        "seq": events.integers("seq"),
        "part": events.integers("part"),
        "asset_id": assets,
        "book": constant(book.value, count),
        "kind": constant(kind.value, count),
        "account_id": events.integers("account") if book is LedgerBook.WALLET else constant(0, count),
        "instrument_id": events.integers("instrument"),
        "trade_id": events.integers("trade_id") if has_trade else constant(0, count),
        "amount_units": amounts,
        "time_ns": events.integers("time_ns"),
        "reference": np.zeros(count, "S36"),
    }
