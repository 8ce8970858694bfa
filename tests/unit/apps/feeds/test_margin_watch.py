"""MARGIN_CALL: told when a margin group has little left, not again at once, and again after it was well below."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from apps.feeds import margin_watch
from apps.feeds.hub import FeedHub
from apps.feeds.user_stream import Reader
from apps.gateway import listen_keys
from matcher.protocol.commands import SetLeverage, SetMarginMode, SetMarkPrice
from matcher.protocol.enums import MarginMode, Side
from tests.support.feeds import ALICE, BOB, INSTRUMENT, EngineMatcher, RememberingSocket, open_hub


class Scene:
    def __init__(self, hub: FeedHub, matcher: EngineMatcher) -> None:
        self.hub, self.matcher, self.reader = hub, matcher, RememberingSocket()

    async def look_at(self, mark_ticks: int) -> list[Any]:
        self.matcher.send(SetMarkPrice(instrument=INSTRUMENT, mark_ticks=mark_ticks, index_ticks=50_000))
        await self.hub.users._margins.look()
        return [event for event in self.reader.take() if event["e"] == "MARGIN_CALL"]


@pytest.fixture
async def scene(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Scene]:
    monkeypatch.delenv("REDIS_URL", raising=False)
    listen_keys.reset()
    matcher = EngineMatcher()
    hub = await open_hub(matcher)
    scene = Scene(hub, matcher)
    matcher.send(
        SetMarginMode(account=ALICE, instrument=INSTRUMENT, margin_mode=MarginMode.ISOLATED),
        SetLeverage(account=ALICE, instrument=INSTRUMENT, leverage=100),
    )
    matcher.limit(BOB, Side.SELL, 50_000, 1000)
    matcher.limit(ALICE, Side.BUY, 50_000, 1000)
    key = await listen_keys.open_key(ALICE)
    assert await hub.users.open(scene.reader, Reader(key, combined=False, events=None))
    yield scene
    await hub.stop()
    listen_keys.reset()


async def test_an_isolated_leg_near_its_end_is_told_of_once(scene: Scene) -> None:
    assert await scene.look_at(49_990) == []
    (told,) = await scene.look_at(49_730)
    (row,) = told["p"]
    assert "cw" not in told
    assert (row["s"], row["ps"], row["pa"], row["mt"], row["mp"]) == (
        "BTCUSDT",
        "BOTH",
        "1.000",
        "ISOLATED",
        "4973.00000000",
    )
    assert float(row["mm"]) > 0.8 * (float(row["iw"]) + float(row["up"]))
    assert await scene.look_at(49_725) == []


async def test_it_is_told_again_after_it_was_well_below(scene: Scene) -> None:
    assert len(await scene.look_at(49_730)) == 1
    assert await scene.look_at(49_990) == []
    assert len(await scene.look_at(49_730)) == 1


async def test_it_is_told_again_after_a_while(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(await scene.look_at(49_730)) == 1
    monkeypatch.setattr(margin_watch, "AGAIN_S", 0.0)
    assert len(await scene.look_at(49_730)) == 1
