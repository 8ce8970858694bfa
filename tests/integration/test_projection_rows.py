"""Rows made from a journal are the engine's own state, however the journal is cut and however often it is read.

Method: seeded stories through the reference engine; its state and answers are the expectation.
"""

from __future__ import annotations

import pytest
from django.core.management import call_command

from apps.orders.models import Fill, Trade
from apps.projection.errors import CursorMovedError
from apps.projection.follower import clear_rows
from apps.projection.models import Cursor
from apps.projection.reconciliation import reconcile
from apps.projection.selectors import get_cursor
from tests.support.engine_rows import table_images
from tests.support.journals import JournalWriter
from tests.support.projection import assert_rows_equal, attached, follow, journal, journal_url, told

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db


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
