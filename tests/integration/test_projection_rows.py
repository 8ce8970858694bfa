"""Rows made from a journal are the engine's own state, however the journal is cut and however often it is read.

Method: seeded stories through the reference engine; its state and answers are the expectation.
"""

from __future__ import annotations

import pytest
from django.core.management import call_command

from apps.orders.models import Fill, Order, Trade
from apps.projection.errors import CursorMovedError
from apps.projection.follower import clear_rows
from apps.projection.models import Cursor
from apps.projection.reconciliation import reconcile
from apps.projection.selectors import get_cursor
from matcher.protocol.codec import decode_events
from matcher.protocol.commands import PlaceOrder
from matcher.protocol.enums import OrderFlag, OrderStatus, Side
from matcher.protocol.events import OrderAccepted, OrderAmended, OrderCanceled, OrderExpired, OrderFilled
from matcher.protocol.rejects import EndReason
from tests.support.engine_rows import table_images
from tests.support.journals import JournalWriter
from tests.support.projection import assert_rows_equal, attached, follow, journal, journal_url, told
from tests.support.story import Story

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db

CUT = EndReason.REDUCE_ONLY_CUT
IMAGE = ("order_id", "price_ticks", "quantity_lots", "filled_lots", "filled_quote_units", "side", "order_type")
IMAGE += ("time_in_force", "order_flags", "self_trade_prevention", "status")


@pytest.mark.parametrize("seed", range(1, 9))
def test_rows_are_the_engines_state(seed: int, journal: JournalWriter, journal_url: str) -> None:
    story = told(seed)
    journal.append(story.batches)
    follow(journal_url)
    assert get_cursor() == story.seq
    assert_rows_equal(story)
    assert reconcile().agrees
    assert Fill.objects.count() == 2 * Trade.objects.count() > 0


def test_rows_equal_the_engine_after_every_batch(journal: JournalWriter, journal_url: str) -> None:
    story = told(seed=20, batches=0)
    journal.append(story.batches)
    for _ in range(40):
        story.go_on(1)
        journal.append(story.batches[-1:])
        follow(journal_url)
        assert_rows_equal(story)


@pytest.mark.parametrize("events_a_batch", [1, 7, 100])
def test_the_cut_into_transactions_does_not_show(events_a_batch: int, journal: JournalWriter, journal_url: str) -> None:
    journal.append(told(seed=30, batches=80).batches)
    follow(journal_url)
    whole = table_images()
    clear_rows()
    follow(journal_url, events_a_batch=events_a_batch)
    assert table_images() == whole


def test_rebuild_gives_the_same_rows(journal: JournalWriter, journal_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    story = told(seed=40)
    journal.append(story.batches)
    monkeypatch.setenv("JOURNAL_URL", journal_url)
    call_command("project", "--once")
    before, cursor = table_images(), Cursor.objects.values().get()
    call_command("project", "--rebuild")
    assert table_images() == before
    assert Cursor.objects.values().get() == cursor


def test_rebuild_repairs_rows_that_somebody_changed(
    journal: JournalWriter, journal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.append(told(seed=41).batches)
    follow(journal_url)
    whole = table_images()
    Trade.objects.all().delete()
    assert table_images() != whole
    monkeypatch.setenv("JOURNAL_URL", journal_url)
    call_command("project", "--rebuild")
    assert table_images() == whole


def test_two_followers_write_everything_once(journal: JournalWriter, journal_url: str) -> None:
    story = told(seed=50)
    journal.append(story.batches)
    with attached(journal_url) as second:
        follow(journal_url)
        whole = table_images()
        with pytest.raises(CursorMovedError):
            second.step()
        assert table_images() == whole
        second.attach()
        assert second.step() == 0


def test_a_failure_within_a_batch_leaves_nothing_behind(
    journal: JournalWriter, journal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The last projector of a batch fails: neither the others' rows nor the cursor stay."""
    story = told(seed=60)
    journal.append(story.batches)
    with monkeypatch.context() as broken:
        broken.setattr("apps.marketdata.projectors.Projector.write", lambda self, rows: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            follow(journal_url)
    assert get_cursor() == 0
    assert not any(table_images().values())
    follow(journal_url)
    assert_rows_equal(story)


def last_words(story: Story) -> dict[int, dict[str, int]]:
    """Every order as a plain walk through all events leaves it."""
    orders: dict[int, dict[str, int]] = {}
    for batch in story.batches:
        for event in decode_events(batch.events):
            if isinstance(event, OrderFilled):
                order = orders[event.order_id]
                order |= {
                    "filled_lots": order["quantity_lots"] - event.leaves_lots,
                    "filled_quote_units": event.filled_quote_units,
                    "status": OrderStatus.PARTIALLY_FILLED if event.leaves_lots else OrderStatus.FILLED,
                    "updated_ns": event.time_ns,
                }
            elif isinstance(event, OrderAccepted | OrderAmended | OrderCanceled | OrderExpired):
                ended = isinstance(event, OrderCanceled | OrderExpired)
                created = orders.get(event.order_id, {}).get("created_ns", event.time_ns)
                image = {name: getattr(event, name) for name in IMAGE}
                orders[event.order_id] = image | {
                    "end_reason": event.reason if ended else 0,
                    "created_ns": created,
                    "updated_ns": event.time_ns,
                }
    return orders


@pytest.mark.parametrize("events_a_batch", [1, 60, 8192])
def test_every_order_row_is_the_last_word_of_its_events(
    events_a_batch: int, journal: JournalWriter, journal_url: str
) -> None:
    """Ended orders too, with the reason; cut, amended and self-traded ones among them."""
    story = told(seed=80, batches=200)
    journal.append(story.batches)
    follow(journal_url, events_a_batch=events_a_batch)
    expected = last_words(story)
    names = [*IMAGE, "end_reason", "created_ns", "updated_ns"]
    assert {row["order_id"]: row for row in Order.objects.values(*names)} == expected
    assert {order["end_reason"] for order in expected.values()} >= {
        0,
        EndReason.SELF_TRADE,
        CUT,
        EndReason.UNFILLED_REST,
    }
    assert any(
        isinstance(event, OrderAmended) and event.reason == CUT
        for batch in story.batches
        for event in decode_events(batch.events)
    )


def test_an_order_cut_by_rule_goes_on_without_an_end_reason(journal: JournalWriter, journal_url: str) -> None:
    """Account 3 is long 10 and offers them reduce-only; selling 6 elsewhere cuts the offer to 4."""

    def limit(account: int, side: Side, price_ticks: int, lots: int, flags: int = 0) -> PlaceOrder:
        return PlaceOrder(
            account=account, instrument=1, side=side, price_ticks=price_ticks, quantity_lots=lots, flags=flags
        )

    story = told(batches=0)
    story.apply([limit(4, Side.SELL, 50_000, 10), limit(3, Side.BUY, 50_000, 10)])
    story.apply([limit(3, Side.SELL, 50_100, 10, OrderFlag.REDUCE_ONLY)])
    story.apply([limit(4, Side.BUY, 49_990, 6), limit(3, Side.SELL, 49_990, 6)])
    journal.append(story.batches)
    follow(journal_url)
    offer = Order.objects.get(order_id=3)
    assert (offer.status, offer.quantity_lots, offer.filled_lots, offer.end_reason) == (OrderStatus.NEW, 4, 0, 0)
    assert_rows_equal(story)
