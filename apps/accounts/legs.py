"""Ledger legs of every event that moves a wallet: whole columns, summing to zero per event and asset.

What one event takes and a later event of the same command gives passes through the TRANSIT book.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from apps.accounts.types import LedgerBook, LedgerKind
from apps.common.event_rows import EventRows, IntArray
from apps.common.row_sink import constant
from matcher.protocol.enums import BalanceCause, EventFlag, InsuranceCause, MoveCause

LEGS_AN_EVENT = 4

Legs = dict[str, npt.NDArray[np.generic]]


def fill_legs(fills: EventRows, assets: IntArray) -> list[Legs]:
    """Realized profit against clearing; the fee to fee income, a liquidation's on its way to the fund [LIQ-005]."""
    realized, fee = fills.integers("realized_pnl_units"), fills.integers("fee_units")
    forced = fills.flagged(EventFlag.LIQUIDATION) & ~fills.flagged(EventFlag.MAKER)
    kinds = np.where(forced, int(LedgerKind.LIQUIDATION_FEE), int(LedgerKind.COMMISSION)).astype(np.int64)
    books = np.where(forced, int(LedgerBook.TRANSIT), int(LedgerBook.FEE_INCOME)).astype(np.int64)
    taken = _legs(fills, assets, 3, book=LedgerBook.FEE_INCOME, kind=kinds, amounts=fee)
    return [
        _legs(fills, assets, 0, book=LedgerBook.WALLET, kind=LedgerKind.REALIZED_PNL, amounts=realized),
        _legs(fills, assets, 1, book=LedgerBook.CLEARING, kind=LedgerKind.REALIZED_PNL, amounts=-realized),
        _legs(fills, assets, 2, book=LedgerBook.WALLET, kind=kinds, amounts=-fee),
        {**taken, "book": books},
    ]


def move_legs(moves: EventRows, assets: IntArray) -> list[Legs]:
    """Realized profit of a position that changed without an order, against clearing."""
    realized = moves.integers("realized_pnl_units")
    settled = moves.integers("detail") == MoveCause.SETTLED
    kinds = np.where(settled, int(LedgerKind.SETTLEMENT), int(LedgerKind.REALIZED_PNL)).astype(np.int64)
    return [
        _legs(moves, assets, 0, book=LedgerBook.WALLET, kind=kinds, amounts=realized),
        _legs(moves, assets, 1, book=LedgerBook.CLEARING, kind=kinds, amounts=-realized),
    ]


def change_legs(changes: EventRows) -> list[Legs]:
    """Deposits and withdrawals against the outside world; both halves of a transfer through TRANSIT."""
    amount, assets, causes = changes.integers("amount_units"), changes.integers("asset"), changes.integers("detail")
    transfers = causes >= BalanceCause.TRANSFER_OUT
    outside = np.where(causes == BalanceCause.DEPOSIT, int(LedgerKind.DEPOSIT), int(LedgerKind.WITHDRAWAL))
    kinds = np.where(transfers, int(LedgerKind.TRANSFER), outside).astype(np.int64)
    books = np.where(transfers, int(LedgerBook.TRANSIT), int(LedgerBook.EXTERNAL)).astype(np.int64)
    wallet = _legs(changes, assets, 0, book=LedgerBook.WALLET, kind=kinds, amounts=amount)
    other = _legs(changes, assets, 1, book=LedgerBook.EXTERNAL, kind=kinds, amounts=-amount)
    texts = changes.texts("reference")
    return [{**wallet, "reference": texts}, {**other, "book": books, "reference": texts}]


def funding_legs(paid: EventRows, assets: IntArray) -> list[Legs]:
    """What payers give and receivers get meets in TRANSIT; the rest is the settlement's residue."""
    amount = paid.integers("amount_units")
    return [
        _legs(paid, assets, 0, book=LedgerBook.WALLET, kind=LedgerKind.FUNDING, amounts=amount),
        _legs(paid, assets, 1, book=LedgerBook.TRANSIT, kind=LedgerKind.FUNDING, amounts=-amount),
    ]


def residue_legs(settled: EventRows, assets: IntArray, funded_seqs: IntArray) -> list[Legs]:
    """The residue of a settlement without an insurance fund is fee income [FUND-003].

    `funded_seqs` are the commands whose residue went to a fund: InsuranceChanged tells those.
    """
    kept = np.where(np.isin(settled.integers("seq"), funded_seqs), 0, settled.integers("residue_units"))
    return [
        _legs(settled, assets, 0, book=LedgerBook.TRANSIT, kind=LedgerKind.FUNDING, amounts=-kept),
        _legs(settled, assets, 1, book=LedgerBook.FEE_INCOME, kind=LedgerKind.FUNDING, amounts=kept),
    ]


def insurance_legs(changes: EventRows) -> list[Legs]:
    """Fees and residues reach the fund from TRANSIT; surplus and deficit pass between two wallets [LIQ-008]."""
    amount, assets, causes = changes.integers("amount_units"), changes.integers("asset"), changes.integers("detail")
    between = has_source(changes)
    fee = np.where(causes == InsuranceCause.LIQUIDATION_FEE, int(LedgerKind.LIQUIDATION_FEE), int(LedgerKind.FUNDING))
    kinds = np.where(between, int(LedgerKind.INSURANCE), fee).astype(np.int64)
    other = _legs(changes, assets, 1, book=LedgerBook.TRANSIT, kind=kinds, amounts=-amount)
    books = np.where(between, int(LedgerBook.WALLET), int(LedgerBook.TRANSIT)).astype(np.int64)
    sources = np.where(between, changes.integers("source_account"), 0).astype(np.int64)
    return [
        _legs(changes, assets, 0, book=LedgerBook.WALLET, kind=kinds, amounts=amount),
        {**other, "book": books, "account_id": sources},
    ]


def conversion_legs(converted: EventRows) -> list[Legs]:
    """Both assets of an auto-exchange against the conversion desk."""
    kind, sold, bought = LedgerKind.CONVERSION, converted.integers("sold_units"), converted.integers("bought_units")
    given, got = converted.integers("sold_asset"), converted.integers("bought_asset")
    return [
        _legs(converted, given, 0, book=LedgerBook.WALLET, kind=kind, amounts=-sold),
        _legs(converted, given, 1, book=LedgerBook.CONVERSION, kind=kind, amounts=sold),
        _legs(converted, got, 2, book=LedgerBook.WALLET, kind=kind, amounts=bought),
        _legs(converted, got, 3, book=LedgerBook.CONVERSION, kind=kind, amounts=-bought),
    ]


def has_source(changes: EventRows) -> npt.NDArray[np.bool_]:
    """Which InsuranceChanged moved money between the fund and another wallet."""
    found: npt.NDArray[np.bool_] = np.isin(
        changes.integers("detail"), (int(InsuranceCause.SURPLUS), int(InsuranceCause.DEFICIT))
    )
    return found


def _legs(
    events: EventRows,
    assets: IntArray,
    number: int,
    *,
    book: LedgerBook,
    kind: LedgerKind | IntArray,
    amounts: IntArray,
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
        "kind": constant(kind.value, count) if isinstance(kind, LedgerKind) else kind,
        "account_id": events.integers("account") if book is LedgerBook.WALLET else constant(0, count),
        "instrument_id": events.integers("instrument"),
        "trade_id": events.integers("trade_id") if has_trade else constant(0, count),
        "amount_units": amounts,
        "time_ns": events.integers("time_ns"),
        "reference": np.zeros(count, "S36"),
    }
