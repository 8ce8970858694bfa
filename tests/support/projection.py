"""Fixtures of the projection's tests: a story, its journal on the store under test, and a follower.

Rows live on Django's test database; the journal beside them (SQLite: a file, PostgreSQL: the same database).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection

from apps.projection.follower import Follower
from apps.projection.journal import open_journal
from matcher.protocol.codec import decode_answer
from matcher.protocol.views import AnswerHeader, Query, QueryKind
from tests.reference.engine import ReferenceEngine
from tests.support.engine_rows import assert_account_equals, assert_house_equals, assert_orders_equal
from tests.support.journals import JournalWriter
from tests.support.story import Story


def told(seed: int = 1, batches: int = 60) -> Story:
    """A whole story, already told."""
    story = Story(ReferenceEngine(), seed=seed)
    story.open()
    story.go_on(batches)
    return story


@contextmanager
def attached(url: str) -> Iterator[Follower]:
    """A follower that stands where the rows stand."""
    opened = open_journal(url)
    try:
        follower = Follower(opened)
        follower.attach()
        yield follower
    finally:
        opened.close()


def follow(url: str, events_a_batch: int = 8192) -> Follower:
    """A follower that has caught up with the journal."""
    journal = open_journal(url)
    try:
        follower = Follower(journal, events_a_batch=events_a_batch)
        follower.attach()
        follower.catch_up()
    finally:
        journal.close()
    return follower


def assert_rows_equal(story: Story) -> None:
    """Orders, positions, balances and house totals are the engine's at the same command."""
    orders: list[Any] = []
    for account in range(1, story.accounts + 1):
        _, balances, positions = ask(story, account=account, kind=QueryKind.ACCOUNT)
        assert_account_equals(account, balances, positions)
        orders += ask(story, account=account, kind=QueryKind.OPEN_ORDERS)[1]
    assert_orders_equal(orders)
    assert_house_equals(ask(story, kind=QueryKind.ASSETS)[1], story.seq)


def ask(story: Story, **query: Any) -> tuple[AnswerHeader, list[Any], list[Any]]:
    """The story's engine's answer."""
    return decode_answer(story.engine.query(Query(**query).pack()))


@pytest.fixture
def journal_url(tmp_path: Path) -> Iterator[str]:
    if connection.vendor != "postgresql":
        yield f"sqlite:///{tmp_path}/journal.sqlite3"
        return
    options = connection.get_connection_params()
    known = {name: options[name] for name in ("host", "user", "password", "port", "dbname") if options.get(name)}
    url = "postgresql:///?" + "&".join(f"{name}={value}" for name, value in known.items())
    yield url
    with psycopg.connect(url, autocommit=True) as link:
        link.execute("DROP TABLE IF EXISTS matcher_journal")


@pytest.fixture
def journal(journal_url: str) -> Iterator[JournalWriter]:
    writer = JournalWriter(journal_url)
    yield writer
    writer.close()
