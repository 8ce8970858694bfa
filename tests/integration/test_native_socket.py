"""The native socket over the wire, in front of a real gateway: proof, account, resume over a kill, the lost socket."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.support.lane_family import ROOT, LaneFamily
from tests.support.native import BookReader
from tests.support.pace import PATIENCE_S, bar


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LaneFamily]:
    with LaneFamily(tmp_path_factory.mktemp("family")) as running:
        yield running


class Link:
    """A client of the native socket."""

    def __init__(self, family: LaneFamily, link: ClientConnection) -> None:
        self.family, self.link = family, link
        self.told: list[Any] = []

    @classmethod
    async def open(cls, family: LaneFamily) -> Link:
        return cls(
            family, await connect(f"ws://127.0.0.1:{family.port}/ws/v1", compression=None, open_timeout=PATIENCE_S)
        )

    async def ask(self, **words: Any) -> Any:
        """The answer; data that came before it is kept in `told`."""
        await self.link.send(json.dumps(words | {"id": 1}))
        while True:
            message = await self.hear()
            if "id" in message:
                return message
            self.told.append(message)

    async def hear(self) -> Any:
        async with asyncio.timeout(PATIENCE_S):
            return json.loads(await self.link.recv())

    async def data(self, channel: str) -> Any:
        while True:
            message = self.told.pop(0) if self.told else await self.hear()
            if message.get("channel") == channel:
                return message

    async def log_in(self, account: int = 0) -> Any:
        own = self.family.accounts[account]
        stamp = time.time_ns() // 1_000_000
        text = f"api_key={own['api_key']}&recv_window=5000&timestamp={stamp}"
        proof = hmac.digest(own["api_secret"].encode(), text.encode(), "sha256").hex()
        return await self.ask(method="auth", api_key=own["api_key"], timestamp=stamp, recv_window=5000, signature=proof)


async def in_thread(work: Any, *arguments: Any, **more: Any) -> Any:
    return await asyncio.to_thread(work, *arguments, **more)


def open_orders(family: LaneFamily) -> list[Any]:
    orders: list[Any] = family.signed("GET", "/fapi/v1/openOrders", symbol=family.symbol)[1]
    return orders


async def test_an_api_key_opens_the_account_and_a_wrong_signature_does_not(family: LaneFamily) -> None:
    link = await Link.open(family)
    own = family.accounts[0]
    wrong = {"api_key": own["api_key"], "timestamp": time.time_ns() // 1_000_000, "signature": "0" * 64}
    assert (await link.ask(method="auth", **wrong))["error"]["code"] == "NOT_AUTHENTICATED"
    assert (await link.ask(method="auth", token="x" * 40))["error"]["code"] == "NOT_AUTHENTICATED"
    assert (await link.log_in())["result"]["permissions"]
    await link.ask(method="subscribe", channels=["account"])
    snapshot = await link.data("account")
    assert snapshot["data"]["balances"][0]["wallet"]
    placed = (await in_thread(family.order))[1]
    told = await link.data("account")
    assert (told["data"][0]["event"], told["data"][0]["order_id"]) == ("order_accepted", str(placed["orderId"]))
    await in_thread(family.signed, "DELETE", "/fapi/v1/allOpenOrders", symbol=family.symbol)
    assert (await link.data("account"))["data"][0]["event"] == "order_canceled"
    await link.link.close()


async def test_book_and_account_go_on_where_they_were_after_the_gateway_was_killed(family: LaneFamily) -> None:
    link, reader = await Link.open(family), BookReader()
    await link.log_in()
    book = f"book.{family.symbol}"
    await link.ask(method="subscribe", channels=[book, "account"])
    reader.read(await link.data(book))
    account = await link.data("account")
    await in_thread(family.order)
    reader.read(await link.data(book))
    await in_thread(_restart, family)
    with contextlib.suppress(ConnectionClosed):
        while True:
            account = json.loads(await link.link.recv())
    await in_thread(family.order, price=family.price(9_700))
    back = await Link.open(family)
    await back.log_in()
    resume = {book: reader.seq, "account": account["seq"]}
    assert "result" in await back.ask(method="subscribe", channels=[book, "account"], **{"from": resume})
    message = await back.data(book)
    assert message["type"] == "replay"
    reader.read(message)
    depth = family.get(f"/fapi/v1/depth?symbol={family.symbol}&limit=1000")[1]
    assert reader.book == {side: dict(depth[side]) for side in ("bids", "asks")}
    told = await back.data("account")
    assert (told["type"], told["prev"]) == ("replay", account["seq"])
    assert [row["event"] for row in told["data"]] == ["order_accepted"]
    await in_thread(family.signed, "DELETE", "/fapi/v1/allOpenOrders", symbol=family.symbol)
    await back.link.close()


def _restart(family: LaneFamily) -> None:
    family.gateway.kill()
    family.gateway.wait(PATIENCE_S)
    family.start_gateway()


async def test_orders_go_with_the_socket_that_asked_for_it(family: LaneFamily) -> None:
    link, other = await Link.open(family), await Link.open(family)
    await link.log_in()
    await other.log_in()
    late_ms = 300_000  # longer than anybody waits below: the countdown has no part in it
    assert (await link.ask(method="cancel_on_disconnect", timeout_ms=late_ms))["result"] == {"timeout_ms": late_ms}
    await in_thread(family.order)
    await other.link.close()
    assert len(await in_thread(open_orders, family)) == 1, "the other socket did not ask for it"
    link.link.transport.abort()
    async with asyncio.timeout(PATIENCE_S):
        while await in_thread(open_orders, family):
            await asyncio.sleep(0.02)


async def test_orders_go_with_a_killed_gateway_when_the_countdown_runs_out(family: LaneFamily) -> None:
    link = await Link.open(family)
    await link.log_in()
    await link.ask(method="cancel_on_disconnect", timeout_ms=5000)
    await in_thread(family.order)
    assert len(await in_thread(open_orders, family)) == 1
    await in_thread(_restart, family)
    async with asyncio.timeout(PATIENCE_S):
        while await in_thread(open_orders, family):
            # The engine's clock goes on with its commands: in a whole family with every price.
            await in_thread(family.signed, "DELETE", "/fapi/v1/allOpenOrders", 1, symbol=family.symbol)


async def test_a_revoked_key_ends_the_socket(family: LaneFamily) -> None:
    link = await Link.open(family)
    await link.log_in(1)
    await link.ask(method="subscribe", channels=["account", "adl"])
    key = family.accounts[1]["api_key"]
    code = f"from apps.users.models import ApiKey; ApiKey.objects.filter(key={key!r}).update(is_active=False)"
    await in_thread(
        subprocess.run, [sys.executable, "manage.py", "shell", "-c", code], cwd=ROOT, env=family.environ, check=True
    )
    async with asyncio.timeout(bar(6.0)):
        await link.link.wait_closed()
    assert (link.link.close_code, link.link.close_reason) == (4403, "the API key has ended")
