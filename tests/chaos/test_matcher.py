"""The short form of tests/chaos/matcher.py: every case on both stores, three kills."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.matcher import CASES, Case, Place, lost_database
from tests.support.postgres_server import PostgresServer

pytestmark = pytest.mark.stores


@pytest.fixture
def server(tmp_path: Path) -> Iterator[PostgresServer]:
    """A server of the case's own: one of them kills it."""
    made = PostgresServer(tmp_path / "pg")
    made.start()
    yield made
    made.stop()


async def _run(case: Case, place: Place) -> None:
    try:
        assert await case(place)
    finally:
        place.clear()


@pytest.mark.parametrize("case", [c for c in CASES if c is not lost_database], ids=lambda c: c.__name__)
async def test_on_sqlite(case: Case, tmp_path: Path) -> None:
    await _run(case, Place(tmp_path, f"sqlite:///{tmp_path}/j.sqlite3", None, kills=3))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.__name__)
async def test_on_postgresql(case: Case, tmp_path: Path, server: PostgresServer) -> None:
    await _run(case, Place(tmp_path, server.create("journal"), server, kills=3))
