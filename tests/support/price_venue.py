"""An outside venue for tests, a process of its own: `python -m tests.support.price_venue` prints its port, then serves.

`/<manner>` answers in that manner; `/steer?manner=m&price=p` sets what `/price` does from then on.
"""

from __future__ import annotations

import asyncio
import json
import sys

from aiohttp import web

GARBAGE = {
    "text": b"<html>maintenance</html>",
    "nothing": b"",
    "nan": b'{"last": NaN}',
    "infinite": b'{"last": 1e999}',
    "negative": b'{"last": "-5"}',
    "zero": b'{"last": 0}',
    "elsewhere": b'{"price": "50000"}',
    "list": b'{"last": [50000]}',
    "boolean": b'{"last": true}',
    "huge": b'{"last": ' + b"9" * 5000 + b"}",
    "exponent": b'{"last": "1e5000000"}',
    "deep": b"[" * 30_000 + b"]" * 30_000,
    "bytes": b"\xff\xfe\x00",
}
PIECE = b" " * 65_536


class Venue:
    """What `/price` does now."""

    def __init__(self) -> None:
        self.manner, self.price = "honest", "50000"
        self.asked = 0

    async def steer(self, request: web.Request) -> web.Response:
        self.manner, self.price = request.query["manner"], request.query.get("price", self.price)
        return web.json_response({"asked": self.asked})

    async def told(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        manner = request.match_info["manner"]
        return await self.answer(request, self.manner if manner == "price" else manner)

    async def answer(self, request: web.Request, manner: str) -> web.StreamResponse:
        if manner in GARBAGE:
            return web.Response(body=GARBAGE[manner], content_type="application/json")
        if manner == "refuse":
            return web.Response(status=503, body=b'{"last": "50000"}')
        if manner == "redirect":
            raise web.HTTPFound("/honest")
        if manner in {"stall", "drip", "flood"}:
            return await self.misbehave(request, manner)
        return web.Response(body=json.dumps({"data": [{"last": self.price}], "last": self.price}).encode())

    async def bitstamp(self, request: web.Request) -> web.Response:
        """As much of that venue's API as ccxt needs for a ticker."""
        if request.match_info["call"] == "markets/":
            pair = {"name": "BTC/USD", "market_symbol": "btcusd", "base_currency": "BTC", "counter_currency": "USD"}
            return web.json_response(
                [
                    pair
                    | {
                        "market_type": "SPOT",
                        "trading": "Enabled",
                        "base_decimals": 8,
                        "counter_decimals": 0,
                        "description": "Bitcoin / U.S. dollar",
                        "minimum_order_value": "10",
                    }
                ]
            )
        if request.match_info["call"] == "ticker/btcusd/":
            return web.json_response({"timestamp": "1795181007", "last": self.price, "bid": "1", "ask": "2"})
        return web.json_response([])

    async def misbehave(self, request: web.Request, manner: str) -> web.StreamResponse:
        """Say nothing, or a byte now and then, or more than anybody can hold, until the asker leaves."""
        answer = web.StreamResponse()
        answer.enable_chunked_encoding()
        await answer.prepare(request)
        try:
            while True:
                if manner == "flood":
                    await answer.write(PIECE)
                    continue
                await asyncio.sleep(0.1)
                if manner == "drip":
                    await answer.write(b" ")
        except (ConnectionError, asyncio.CancelledError):
            return answer


async def serve() -> None:
    venue = Venue()
    app = web.Application()
    app.router.add_get("/steer", venue.steer)
    app.router.add_get("/api/v2/{call:.*}", venue.bitstamp)
    app.router.add_get("/{manner}", venue.told)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(serve())
