"""A trading client of the compatible surface, as any outsider would write one: signed HTTP, nothing else."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import Any
from urllib.parse import urlencode

import aiohttp


class RefusedError(Exception):
    """The exchange answered with an error code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{status} {code} {message}")
        self.status, self.code = status, code


class TradingClient:
    """Signed calls of one account. `session` is shared and closed by its owner."""

    def __init__(self, session: aiohttp.ClientSession, base_url: str, api_key: str, api_secret: str) -> None:
        self._session = session
        self._base_url = base_url
        self._headers = {"X-MBX-APIKEY": api_key}
        self._mac = hmac.new(api_secret.encode(), digestmod=hashlib.sha256)

    async def call(self, method: str, path: str, *, signed: bool = True, **params: Any) -> Any:
        """One request; raises RefusedError on an error answer, aiohttp.ClientError when unreachable."""
        if signed:
            params["timestamp"] = time.time_ns() // 1_000_000
        query = urlencode(params)
        if signed:
            mac = self._mac.copy()
            mac.update(query.encode())
            query += "&signature=" + mac.hexdigest()
        url = f"{self._base_url}{path}?{query}"
        async with self._session.request(method, url, headers=self._headers) as response:
            body = await response.json(content_type=None)
            if response.status >= 400:
                raise RefusedError(response.status, int(body.get("code", 0)), str(body.get("msg", "")))
            return body

    async def place(self, **order: Any) -> Any:
        return await self.call("POST", "/fapi/v1/order", **order)

    async def amend(self, **change: Any) -> Any:
        return await self.call("PUT", "/fapi/v1/order", **change)

    async def cancel(self, **order: Any) -> Any:
        return await self.call("DELETE", "/fapi/v1/order", **order)

    async def cancel_all(self, symbol: str) -> Any:
        return await self.call("DELETE", "/fapi/v1/allOpenOrders", symbol=symbol)

    async def position(self, symbol: str) -> str:
        """Signed position as decimal text; "0" when flat."""
        rows = await self.call("GET", "/fapi/v3/positionRisk", symbol=symbol)
        return str(rows[0]["positionAmt"]) if rows else "0"
