"""What a matcher of version 2 meets on disk and on the wire: snapshots of an older format, poison of version 2 (R18)."""

from __future__ import annotations

import asyncio
import sqlite3
import struct
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from apps.bridge.errors import MatcherUnavailable
from apps.bridge.sync import MatcherClient
from matcher.core.engine import Engine
from matcher.protocol.commands import (
    Command,
    DefineInstrument,
    DefineMarketRules,
    DefineRiskTier,
    Deposit,
    OpenAccount,
    PlaceOrder,
    SetMarkPrice,
    SettleFunding,
    SettleInstrument,
)
from matcher.protocol.enums import OrderType, Side
from matcher.protocol.events import MarkPriceChanged
from matcher.protocol.views import Query, QueryKind
from matcher.runtime.journal import open_journal
from matcher.runtime.replay import recover
from matcher.runtime.snapshot import open_snapshots
from tests.reference.engine import ReferenceEngine
from tests.support.market import INSTRUMENT, MARK_TICKS, USDT, opening, order
from tests.support.matcher_process import MatcherProcess

pytestmark = pytest.mark.stores
CHECKSUM_BYTES = 32
FORMAT_AT = CHECKSUM_BYTES + 8


@pytest.fixture
def matcher(tmp_path: Path) -> Iterator[MatcherProcess]:
    with MatcherProcess(tmp_path / "m", f"sqlite:///{tmp_path}/j.sqlite3") as started:
        yield started


def link(matcher: MatcherProcess) -> MatcherClient:
    client = MatcherClient(matcher.url, "test")
    client.start()
    return client


def change_snapshots(folder: Path, change: Any) -> int:
    """Every kept snapshot's (version, state) anew; how many there are."""
    with sqlite3.connect(folder / "j-snapshots.sqlite3") as store:
        rows = store.execute("SELECT seq, version, state FROM matcher_snapshot").fetchall()
        for seq, version, state in rows:
            store.execute(
                "UPDATE matcher_snapshot SET version = ?, state = ? WHERE seq = ?", (*change(version, state), seq)
            )
    store.close()
    return len(rows)


def older_format(version: int, state: bytes) -> tuple[int, bytes]:
    """The snapshot as an engine of the format before would have written it: whole, with a right checksum."""
    (number,) = struct.unpack_from("<I", state, FORMAT_AT)
    body = bytearray(state[CHECKSUM_BYTES:])
    struct.pack_into("<I", body, FORMAT_AT - CHECKSUM_BYTES, number - 1)
    return version, blake2b(body, digest_size=CHECKSUM_BYTES).digest() + bytes(body)


def older_store(version: int, state: bytes) -> tuple[int, bytes]:
    return version - 1, state


def of_another_engine(version: int, state: bytes) -> tuple[int, bytes]:
    return version, ReferenceEngine().snapshot()


@pytest.mark.parametrize("change", [older_format, older_store, of_another_engine])
def test_a_snapshot_of_an_older_format_is_passed_over_and_everything_is_replayed(
    matcher: MatcherProcess, tmp_path: Path, change: Any
) -> None:
    client = link(matcher)
    for command in opening(2):
        client.send(command)
    for _ in range(2):
        for account, side in ((1, Side.BUY), (2, Side.SELL)):
            client.send(order(account, side, quantity_lots=3))
        stop = PlaceOrder(
            account=1, instrument=INSTRUMENT, side=Side.SELL, order_type=OrderType.STOP_MARKET, quantity_lots=1,
            trigger_ticks=MARK_TICKS - 500, working_type=1,
        )  # fmt: skip
        client.send(stop)
        assert matcher.run("snapshot") == 0, matcher.tail()
    client.close()
    assert matcher.stop() == 0
    assert change_snapshots(tmp_path, change) == 2
    matcher.start()
    log = matcher.tail()
    assert log.count("NOT USED") == 2, log
    assert "snapshot at 0, " in log
    client = link(matcher)
    _, first, _ = client.query(Query(kind=QueryKind.OPEN_ORDERS, account=1))
    assert len(first) == 2
    client.send(order(1, Side.BUY))
    client.close()
    assert matcher.run("snapshot") == 0, matcher.tail()
    assert matcher.stop() == 0
    journal, snapshots = open_journal(matcher.environ["JOURNAL_URL"]), open_snapshots(matcher.environ["JOURNAL_URL"])
    recovered = recover(journal, snapshots, Engine)
    fresh = Engine()
    for row in journal.rows(0):
        assert fresh.process(row.commands) == row.events
    assert recovered.snapshot_seq == fresh.seq
    assert recovered.engine.digest() == fresh.digest()
    journal.close()
    snapshots.close()


def doomed_market() -> list[Command]:
    """Two accounts with 4 x 10^8 lots against each other: at 50 times the mark they are worth more than is kept."""
    terms = next(c for c in opening(0) if isinstance(c, DefineInstrument)).replace(
        instrument=9, tick_lot_units=10**6, max_price_ticks=100_000, max_quantity_lots=4 * 10**7,
        max_market_quantity_lots=1, price_band_ppm=100_000, default_leverage=1000, max_open_orders=100,
    )  # fmt: skip
    commands: list[Command] = [
        *opening(0), terms,
        DefineRiskTier(instrument=9, maintenance_rate_ppb=1, max_leverage=1000, tier_count=1),
        SetMarkPrice(instrument=9, mark_ticks=1000, index_ticks=1000),
        DefineMarketRules(instrument=9, funding_cap_ppb=10**9 - 1, funding_floor_ppb=10**9 - 2),
    ]  # fmt: skip
    for account in (1, 2):
        commands.append(OpenAccount(account=account))
        commands += [
            Deposit(account=account, asset=USDT, amount_units=10**18, reference=b"r%d" % part) for part in range(2)
        ]
    for side in (Side.BUY, Side.SELL):
        place = PlaceOrder(account=1 + side, instrument=9, side=side, price_ticks=1000, quantity_lots=4 * 10**7)
        commands += [place] * 10
    return commands


@pytest.mark.rule("ENG-008")
def test_poison_of_version_2_is_set_aside_and_the_matcher_lives(matcher: MatcherProcess) -> None:
    """An amount that nothing can keep: refused, kept aside, no trace in journal and state; its neighbours are done."""
    client = link(matcher)
    for command in doomed_market():
        assert not client.send(command)[0].reason
    client.send(SetMarkPrice(instrument=9, mark_ticks=50_000, version=1))
    before = client.query(Query(kind=QueryKind.ACCOUNT, account=1))[1:]
    seq = client.last_seq
    poison = SettleInstrument(instrument=9, price_ticks=50_000)
    for attempt in range(2):
        with pytest.raises(MatcherUnavailable) as refused:
            client.send(poison)
        assert "quarantined" in str(refused.value), (attempt, refused.value)
    answers = client.send_many([SetMarkPrice(instrument=9, mark_ticks=50_001, version=1), OpenAccount(account=3)])
    assert isinstance(answers[0][0], MarkPriceChanged)
    assert client.last_seq == seq + 2
    assert [view.wallet_units for view in before[0]] == [
        view.wallet_units for view in client.query(Query(kind=QueryKind.ACCOUNT, account=1))[1]
    ]
    with pytest.raises(MatcherUnavailable, match="quarantined"):
        client.send(SettleFunding(instrument=9, funding_ns=1, next_funding_ns=2**62))
    client.close()
    assert matcher.log.read_text().count("COMMAND QUARANTINED") == 2
    assert matcher.stop() == 0, matcher.tail()
    assert matcher.run("verify") == 0, matcher.tail()


def test_sane_commands_beside_poison_in_one_batch_are_done(matcher: MatcherProcess) -> None:
    client = link(matcher)
    for command in [*doomed_market(), SetMarkPrice(instrument=9, mark_ticks=50_000, version=1)]:
        client.send(command)
    client.close()

    async def burst() -> list[Any]:
        from apps.bridge.client import AsyncMatcherClient

        many = AsyncMatcherClient(matcher.url, "burst")
        await many.start()
        commands: list[Command] = [OpenAccount(account=number) for number in range(10, 30)]
        commands.insert(7, SettleInstrument(instrument=9, price_ticks=49_999))
        answers = await asyncio.gather(*(many.send(command) for command in commands), return_exceptions=True)
        await many.close()
        return answers

    answers = asyncio.run(burst())
    assert sum(isinstance(answer, Exception) for answer in answers) == 1
    assert isinstance(answers[7], Exception)
    assert matcher.stop() == 0
    assert matcher.run("verify") == 0
