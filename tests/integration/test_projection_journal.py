"""A journal that is torn, damaged, cut or another one is found out, by sequence number, before a row is written."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from apps.projection.errors import JournalDamagedError, JournalGapError
from apps.projection.selectors import get_cursor
from tests.support.engine_rows import table_images
from tests.support.journals import JournalWriter
from tests.support.projection import follow, journal, journal_url, told

__all__ = ["journal", "journal_url"]

pytestmark = pytest.mark.django_db


def test_a_missing_batch_is_a_gap(journal: JournalWriter, journal_url: str) -> None:
    story = told(seed=3, batches=20)
    journal.append(story.batches)
    journal.execute("DELETE FROM matcher_journal WHERE first_seq = ?", [story.batches[9].first_seq])
    with pytest.raises(JournalGapError, match=f"expected command {story.batches[9].first_seq} "):
        follow(journal_url)
    assert get_cursor() == 0
    assert not any(table_images().values())


@pytest.mark.parametrize("column", ["commands", "events"])
def test_a_flipped_byte_is_damage(column: str, journal: JournalWriter, journal_url: str) -> None:
    story = told(seed=3, batches=20)
    journal.append(story.batches)
    batch = story.batches[9]
    data = bytearray(getattr(batch, column))
    data[40] ^= 1
    journal.execute(f"UPDATE matcher_journal SET {column} = ? WHERE first_seq = ?", [bytes(data), batch.first_seq])
    with pytest.raises(JournalDamagedError, match=f"batch at {batch.first_seq}: digest differs"):
        follow(journal_url)
    assert get_cursor() == 0


def test_a_cut_batch_is_damage(journal: JournalWriter, journal_url: str) -> None:
    story = told(seed=3, batches=5)
    journal.append(story.batches)
    batch = story.batches[-1]
    journal.execute("UPDATE matcher_journal SET events = ? WHERE first_seq = ?", [batch.events[:-1], batch.first_seq])
    with pytest.raises(JournalDamagedError, match=f"batch at {batch.first_seq}: lengths"):
        follow(journal_url)


def test_an_unknown_version_is_refused(journal: JournalWriter, journal_url: str) -> None:
    journal.append(told(batches=1).batches, version=2)
    with pytest.raises(JournalDamagedError, match="unknown version 2"):
        follow(journal_url)


def test_a_journal_that_ends_before_the_rows_is_refused(journal: JournalWriter, journal_url: str) -> None:
    story = told(seed=3, batches=5)
    journal.append(story.batches)
    follow(journal_url)
    journal.execute("DELETE FROM matcher_journal WHERE first_seq = ?", [story.batches[-1].first_seq])
    with pytest.raises(JournalGapError, match=f"the rows are at command {story.seq}"):
        follow(journal_url)


def test_another_history_is_refused(journal: JournalWriter, journal_url: str) -> None:
    """The last batch was never told to anyone and came out differently after a restart."""
    story = told(seed=3, batches=5)
    journal.append(story.batches)
    follow(journal_url)
    journal.execute("UPDATE matcher_journal SET digest = ? WHERE last_seq = ?", [bytes(32), story.seq])
    with pytest.raises(JournalGapError, match=f"digests differ at command {story.seq}"):
        follow(journal_url)


def test_no_journal_yet_is_no_error(journal_url: str) -> None:
    assert follow(journal_url).seq == 0


def test_the_command_names_the_damage_and_its_exit_status(
    journal: JournalWriter, journal_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = told(seed=3, batches=5)
    journal.append(story.batches[1:])
    monkeypatch.setenv("JOURNAL_URL", journal_url)
    with pytest.raises(CommandError, match="expected command 1 ") as caught:
        call_command("project", "--once")
    assert caught.value.returncode == 3
