"""A page of any depth is read along an index: a million minutes and trades on PostgreSQL, every statement of every reader explained.

No reader of candles, prices, trades, funding or indexes may scan a table or sort more than its own page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connections
from django.db.models import Model
from django.test.utils import CaptureQueriesContext, override_settings

from apps.common.intervals import INTERVALS
from apps.funding.models import FundingSample
from apps.funding.selectors import get_samples
from apps.marketdata.index_models import IndexReading
from apps.marketdata.index_selectors import get_index_readings
from apps.marketdata.models import (
    CANDLE_KEY_BITS,
    MINUTE_NS,
    SAMPLE_KEY_BITS,
    SECOND_NS,
    Candle,
    HourCandle,
    PriceSample,
)
from apps.marketdata.selectors import get_candles, get_price_samples
from apps.orders.models import Trade
from apps.orders.selectors import get_trades
from tests.support.postgres_server import USER, PostgresServer

ALIAS = "deep"
ROWS = 1_000_000  # of minutes and of trades
SAMPLES = 200_000  # of what comes by the second
LIMIT = 500
FIRST_SECOND = 1_700_000_000 // 60 * 60
MS = 1_000_000


class ToDeep:
    """Sends every question to the server of this test."""

    def db_for_read(self, model: type[Model], **_: Any) -> str:
        return ALIAS


@pytest.fixture(scope="module")
def deep(postgres_server: PostgresServer, django_db_blocker: Any) -> Iterator[Any]:
    """The readers' tables, two instruments taking turns."""
    postgres_server.create("deep_pages")
    address = {"NAME": "deep_pages", "USER": USER, "HOST": str(postgres_server.folder)}
    connections.databases[ALIAS] = {
        **connections.databases["default"], "ENGINE": "django.db.backends.postgresql", "OPTIONS": {}, **address,
    }  # fmt: skip
    with django_db_blocker.unblock():
        link = connections[ALIAS]
        with link.schema_editor() as editor, link.cursor() as cursor:
            for model in (Candle, HourCandle, PriceSample, Trade, IndexReading, FundingSample):
                editor.create_model(model)
                cursor.execute(f"ALTER TABLE {model._meta.db_table} SET UNLOGGED")
            for statement in fill():  # before the indexes, which the editor makes last
                cursor.execute(statement)
        with link.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
        yield link
        link.close()
    del connections.databases[ALIAS]


def fill() -> Iterator[str]:
    """Statements that make the rows, spans and seconds one after another."""
    both = "(SELECT 1 AS i UNION ALL SELECT 2) AS two, generate_series(0, %d) AS n"
    minute, hour = FIRST_SECOND // 60, FIRST_SECOND // 3600
    ones = ", 1" * 10
    for model, span, first in ((Candle, MINUTE_NS, minute), (HourCandle, 60 * MINUTE_NS, hour)):
        rows = ROWS if model is Candle else ROWS // 60
        yield (
            f"INSERT INTO {model._meta.db_table} "
            f"SELECT (i::bigint << {CANDLE_KEY_BITS}) + {first} + n, i, ({first} + n)::bigint * {span}, 100{ones} "
            f"FROM {both % (rows // 2 - 1)}"
        )
    key = f"(i::bigint << {SAMPLE_KEY_BITS}) + {FIRST_SECOND} + n, i, ({FIRST_SECOND} + n)::bigint * {SECOND_NS}"
    for model, columns in ((PriceSample, "100, 100, 0, 0"), (IndexReading, "100, 3, 2")):
        table = model._meta.db_table
        yield f"INSERT INTO {table} SELECT {key}, {columns} FROM {both % (SAMPLES // 2 - 1)}"
    yield (
        f"INSERT INTO {Trade._meta.db_table} SELECT n, 1 + n % 2, 0, 100, 1, 1, {FIRST_SECOND}::bigint * {SECOND_NS} "
        f"+ n::bigint * 1000000 FROM generate_series(1, {ROWS}) AS n"
    )
    yield (
        f"INSERT INTO {FundingSample._meta.db_table} SELECT n, 1 + n % 2, ({FIRST_SECOND} + n * 5)::bigint * {SECOND_NS}, "
        f"1, 1, 1, 1, 1, 1, 1, 1 FROM generate_series(1, {SAMPLES}) AS n"
    )


@contextmanager
def explained(link: Any) -> Iterator[list[dict[str, Any]]]:
    """The plans, as run, of every statement asked within."""
    plans: list[dict[str, Any]] = []
    with (
        override_settings(DATABASE_ROUTERS=["tests.integration.test_deep_pages.ToDeep"]),
        CaptureQueriesContext(link) as asked,
    ):
        yield plans
    for query in asked.captured_queries:
        with link.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {query['sql']}")
            found = cursor.fetchone()[0]
        plans.append((json.loads(found) if isinstance(found, str) else found)[0]["Plan"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


DEEP_MS = (FIRST_SECOND + 60 * (ROWS // 4)) * 1000  # in the middle of the minutes
SAMPLE_MS = (FIRST_SECOND + SAMPLES // 4) * 1000
NOW_MS = (FIRST_SECOND + 60 * (ROWS // 2)) * 1000
PAGES: dict[str, Callable[[], list[Any]]] = {
    "candles from a start": lambda: get_candles(1, INTERVALS["1m"], DEEP_MS, None, LIMIT, now_ms=NOW_MS),
    "candles up to an end": lambda: get_candles(1, INTERVALS["1m"], None, DEEP_MS, LIMIT, now_ms=NOW_MS),
    "mark samples": lambda: get_price_samples(1, SAMPLE_MS * MS, 2 * SAMPLE_MS * MS, LIMIT),
    "trades from a number": lambda: get_trades(1, LIMIT, from_id=ROWS // 2),
    "trades from a time": lambda: get_trades(1, LIMIT, start_ns=FIRST_SECOND * SECOND_NS + ROWS // 2 * MS),
    "trades up to a time": lambda: get_trades(1, LIMIT, end_ns=FIRST_SECOND * SECOND_NS + ROWS // 2 * MS),
    "newest trades": lambda: get_trades(1, LIMIT),
    "index readings": lambda: get_index_readings(1, start_ms=SAMPLE_MS, limit=LIMIT),
    "premium samples": lambda: get_samples(1, end_ns=(FIRST_SECOND + 5 * SAMPLES // 2) * SECOND_NS, limit=LIMIT),
}


@pytest.mark.stores
@pytest.mark.parametrize("name", PAGES)
def test_a_deep_page_follows_an_index(name: str, deep: Any) -> None:
    with explained(deep) as plans:
        assert len(PAGES[name]()) == LIMIT
    assert plans
    for plan in plans:
        kinds = [node["Node Type"] for node in nodes(plan)]
        assert not {"Seq Scan", "Sort", "Parallel Seq Scan", "Incremental Sort"} & set(kinds), plan
        read = sum(node["Actual Rows"] for node in nodes(plan) if "Scan" in node["Node Type"])
        assert read <= 2 * LIMIT, plan


@pytest.mark.stores
@pytest.mark.parametrize("interval", ["15m", "4h", "1d"])
def test_bigger_candles_read_their_window_alone(interval: str, deep: Any) -> None:
    """Folded in the database: the rows of the window along the key, never the table."""
    span_ms = INTERVALS[interval]
    with explained(deep) as plans:
        rows = get_candles(1, span_ms, DEEP_MS, None, 100, now_ms=NOW_MS)
    assert len(rows) == 100
    window = 100 * span_ms // (60_000 if span_ms < INTERVALS["1h"] else INTERVALS["1h"])
    for plan in plans:
        assert not {"Seq Scan", "Parallel Seq Scan"} & {node["Node Type"] for node in nodes(plan)}, plan
        read = sum(node["Actual Rows"] for node in nodes(plan) if "Scan" in node["Node Type"])
        assert read <= 2 * window + 200, plan
