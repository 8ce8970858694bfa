"""Pages of orders, fills, trades and ledger legs equal what a plain scan of all rows would give.

Method: one story's rows; every question is answered twice, by the selector and by filtering everything.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from apps.accounts.models import LedgerEntry
from apps.accounts.selectors import get_balances, get_ledger
from apps.accounts.types import LedgerBook, LedgerKind
from apps.orders.models import Fill, Order, Trade
from apps.orders.selectors import get_fills, get_order, get_orders, get_trades
from apps.positions.selectors import get_open_interest, get_positions
from matcher.protocol.codec import decode_answer
from matcher.protocol.views import Query, QueryKind
from tests.support.journals import JournalWriter
from tests.support.projection import follow, journal, journal_url, told
from tests.support.story import Story

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def story(journal: JournalWriter, journal_url: str) -> Story:
    made = told(seed=5, batches=120)
    journal.append(made.batches)
    follow(journal_url)
    return made


def page(rows: list[Any], key: str, from_id: int | None, start_ns: int | None, limit: int) -> list[int]:
    """Keys of the page by definition: from a beginning on, else the newest."""
    keys = [getattr(row, key) for row in rows]
    return keys[:limit] if from_id is not None or start_ns is not None else keys[-limit:]


def questions(rows: list[Any], time: str, key: str) -> Iterator[dict[str, Any]]:
    """Bounds on, between and outside of what there is."""
    dice = random.Random(7)
    times = [getattr(row, time) for row in rows]
    keys = [getattr(row, key) for row in rows]
    for _ in range(40):
        yield {
            "from_id": dice.choice([None, dice.choice(keys), dice.choice(keys) + 1, 10**9]),
            "start_ns": dice.choice([None, dice.choice(times), dice.choice(times) + 1, times[-1] + 10]),
            "end_ns": dice.choice([None, dice.choice(times), dice.choice(times) - 1, times[0] - 10]),
            "limit": dice.choice([1, 3, 1000]),
        }


def within(row: Any, time: str, key: str, question: dict[str, Any]) -> bool:
    at = getattr(row, time)
    return (
        (question["from_id"] is None or getattr(row, key) >= question["from_id"])
        and (question["start_ns"] is None or at >= question["start_ns"])
        and (question["end_ns"] is None or at <= question["end_ns"])
    )


@pytest.mark.parametrize("instrument", [None, 1])
def test_orders(instrument: int | None, story: Story) -> None:
    rows = [o for o in Order.objects.filter(account_id=3).order_by("order_id") if instrument in {None, o.instrument_id}]
    for question in questions(rows, "created_ns", "order_id"):
        chosen = [row for row in rows if within(row, "created_ns", "order_id", question)]
        expected = page(chosen, "order_id", question["from_id"], question["start_ns"], question["limit"])
        assert [row.order_id for row in get_orders(3, instrument, **question)] == expected, question


def test_trades(story: Story) -> None:
    rows = list(Trade.objects.filter(instrument_id=2).order_by("trade_id"))
    for question in questions(rows, "time_ns", "trade_id"):
        chosen = [row for row in rows if within(row, "time_ns", "trade_id", question)]
        expected = page(chosen, "trade_id", question["from_id"], question["start_ns"], question["limit"])
        assert [row.trade_id for row in get_trades(2, **question)] == expected, question


@pytest.mark.parametrize("instrument", [None, 1])
def test_fills(instrument: int | None, story: Story) -> None:
    rows = [f for f in Fill.objects.filter(account_id=3).order_by("fill_id") if instrument in {None, f.instrument_id}]
    for question in questions(rows, "time_ns", "trade_id"):
        chosen = [row for row in rows if within(row, "time_ns", "trade_id", question)]
        expected = page(chosen, "trade_id", question["from_id"], question["start_ns"], question["limit"])
        assert [row.trade_id for row in get_fills(3, instrument, **question)] == expected, question


@pytest.mark.parametrize("instrument", [None, 1])
def test_the_newest_of_a_range(instrument: int | None, story: Story) -> None:
    """What begins somewhere may be read from its end, and page by page where it is of one instrument."""
    orders = [
        o for o in Order.objects.filter(account_id=3).order_by("order_id") if instrument in {None, o.instrument_id}
    ]
    start_ns = orders[len(orders) // 3].created_ns
    numbers = [order.order_id for order in orders if order.created_ns >= start_ns]
    assert len(numbers) > 8
    newest = get_orders(3, instrument, start_ns=start_ns, limit=3, newest=True)
    assert [row.order_id for row in newest] == numbers[-3:]
    fills = [f for f in Fill.objects.filter(account_id=3).order_by("fill_id") if instrument in {None, f.instrument_id}]
    trades = [fill.trade_id for fill in fills if fill.time_ns >= start_ns]
    assert [row.trade_id for row in get_fills(3, instrument, start_ns=start_ns, limit=2, newest=True)] == trades[-2:]
    if instrument:
        second = get_orders(3, instrument, start_ns=start_ns, limit=3, newest=True, offset=3)
        assert [row.order_id for row in second] == numbers[-6:-3]
        assert [row.order_id for row in get_orders(3, instrument, start_ns=start_ns, limit=3, offset=3)] == numbers[3:6]


def test_fills_of_one_order(story: Story) -> None:
    order = Order.objects.filter(account_id=3, filled_lots__gt=0).latest("order_id")
    fills = get_fills(3, order.instrument_id, order_id=order.order_id)
    assert sum(fill.quantity_lots for fill in fills) == order.filled_lots
    assert sum(fill.quote_units for fill in fills) == order.filled_quote_units
    assert {fill.order_id for fill in fills} == {order.order_id}
    assert get_fills(2, order.instrument_id, order_id=order.order_id) == []


def test_one_order_by_number_and_by_name(story: Story) -> None:
    order = Order.objects.exclude(client_order_id="").latest("order_id")
    where = (order.account_id, order.instrument_id)
    found = get_order(*where, order_id=order.order_id)
    assert found is not None
    assert (found.order_id, found.status, found.filled_lots) == (order.order_id, order.status, order.filled_lots)
    assert get_order(*where, client_order_id=order.client_order_id) == found
    assert get_order(order.account_id + 1, order.instrument_id, order_id=order.order_id) is None
    assert get_order(*where, client_order_id="never sent") is None
    assert get_order(*where) is None


def test_ledger(story: Story) -> None:
    legs = list(LedgerEntry.objects.filter(account_id=3, book=LedgerBook.WALLET).order_by("entry_id"))
    numbers = [leg.entry_id for leg in legs]
    assert [row.entry_id for row in get_ledger(3, limit=10_000)] == numbers[::-1]
    assert [row.entry_id for row in get_ledger(3, limit=5, offset=3, newest_first=False)] == numbers[3:8]
    start, end = legs[10].time_ns, legs[40].time_ns
    between = [leg.entry_id for leg in legs if start <= leg.time_ns <= end]
    assert [r.entry_id for r in get_ledger(3, start_ns=start, end_ns=end, newest_first=False)] == between
    money = (LedgerKind.DEPOSIT, LedgerKind.WITHDRAWAL)
    assert {row.kind for row in get_ledger(3, money, limit=1000)} == set(money)
    assert {row.kind for row in get_ledger(3, LedgerKind.COMMISSION)} == {LedgerKind.COMMISSION}
    assert {row.instrument_id for row in get_ledger(3, LedgerKind.REALIZED_PNL, 2)} == {2}
    assert get_ledger(3, limit=1)[0].amount_units == legs[-1].amount_units


def test_wallet_is_the_sum_of_its_ledger(story: Story) -> None:
    for account in range(1, story.accounts + 1):
        (balance,) = get_balances(account)
        assert balance.wallet_units == sum(row.amount_units for row in get_ledger(account, limit=100_000))


def test_positions_are_the_engines(story: Story) -> None:
    longs = {1: 0, 2: 0}
    for account in range(1, story.accounts + 1):
        query = Query(account=account, kind=QueryKind.ACCOUNT).pack()
        views: Any = decode_answer(story.engine.query(query))[2]
        held = {view.instrument: view.position_lots for view in views if view.position_lots}
        rows = get_positions(account)
        assert {row.instrument_id: row.position_lots for row in rows if row.position_lots} == held
        for instrument, lots in held.items():
            longs[instrument] += max(lots, 0)
    assert {instrument: get_open_interest(instrument) for instrument in longs} == longs
