"""The smallest family a lane test needs: a matcher, a projector and a gateway on SQLite, and Redis if its URL is given.

Accounts are those of the demo seed; marks are set once, so nothing moves by itself.
"""

from __future__ import annotations

import hmac
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from decimal import Decimal
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from apps.bridge.sync import MatcherClient
from matcher.protocol.commands import DefineMarketRules, SetMarkPrice
from matcher.protocol.views import InstrumentView, Query, QueryKind
from tests.support.matcher_process import MatcherProcess
from tests.support.pace import PATIENCE_S
from tests.support.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
LIMITS = "100000,100000,100000"
BUSY_S = 4.0  # a signature is good for five
SOCKETS = "apps.gateway.guarded_websocket:GuardedWebSocket"
HTTP = "apps.gateway.guarded_http:GuardedHttp"


class LaneFamily:
    """Started by `with`; `base_url`, `accounts`, `symbol`, and requests signed or not."""

    def __init__(self, folder: Path, *, limits: str = LIMITS, redis_url: str = "") -> None:
        self.folder = folder
        self.matcher = MatcherProcess(folder, f"sqlite:///{folder / 'journal.sqlite3'}")
        self.port = free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
        self.environ = {
            **kept,
            "EXCHANGE_DATA": str(folder),
            "DATABASE_URL": f"sqlite:///{folder / 'exchange.sqlite3'}",
            "JOURNAL_URL": f"sqlite:///{folder / 'journal.sqlite3'}",
            "MATCHER_URL": self.matcher.url,
            "DJANGO_SETTINGS_MODULE": "exchange.settings.local",
            "EXCHANGE_DEMO": "1",
            "EXCHANGE_LIMITS": limits,
            "PORT": str(self.port),
        }
        if redis_url:
            self.environ["REDIS_URL"] = redis_url
        self.processes: list[subprocess.Popen[bytes]] = []
        self.accounts: list[dict[str, str]] = []
        self.symbol = ""

    def __enter__(self) -> Self:
        self.matcher.start()
        for command in (("migrate", "--noinput"), ("seed_demo",)):
            done = subprocess.run(
                [sys.executable, "manage.py", *command], cwd=ROOT, env=self.environ, capture_output=True, check=False
            )
            assert done.returncode == 0, done.stderr.decode()[-3000:]
        facts = json.loads((self.folder / "secrets" / "demo.json").read_text())
        self.accounts, self.symbol = facts["accounts"], facts["quiet_symbol"]
        self.set_marks()
        self.spawn("manage.py", "project")
        self.start_gateway()
        return self

    def start_gateway(self) -> None:
        server = ("-m", "uvicorn", "exchange.asgi:application", "--port", str(self.port), "--loop", "uvloop")
        self.gateway = self.spawn(
            *server, "--http", HTTP, "--ws", SOCKETS, "--lifespan", "on", "--log-level", "warning"
        )
        end = time.monotonic() + PATIENCE_S
        while not self._is_ready():
            assert self.gateway.poll() is None, (self.folder / "out.log").read_text()[-3000:]
            assert time.monotonic() < end, (self.folder / "out.log").read_text()[-3000:]
            time.sleep(0.05)

    def _is_ready(self) -> bool:
        """The gateway answers and knows the instruments, and the rows follow the engine."""
        if self.get("/health/ready")[0] != 200 or not (self.folder / "run" / "projector.ready").exists():
            return False
        return bool((self.get("/fapi/v1/exchangeInfo")[1] or {}).get("symbols"))

    def wait_mark(self, ticks: int) -> None:
        """Return once the gateway has heard of this mark of the quiet instrument, and of all that came before."""
        end = time.monotonic() + PATIENCE_S
        while Decimal(self.get(f"/fapi/v1/premiumIndex?symbol={self.symbol}")[1]["markPrice"]) != self._price(ticks):
            assert time.monotonic() < end
            time.sleep(0.01)

    def set_marks(self) -> None:
        """Every instrument's mark: 10,000 ticks, well inside every limit, and never too old: nobody renews it."""
        client = MatcherClient(self.matcher.url, "test marks")
        client.start()
        _, views, _ = client.query(Query(kind=QueryKind.INSTRUMENTS))
        for view in views:
            assert isinstance(view, InstrumentView)
            client.send(DefineMarketRules(instrument=view.instrument))
            client.send(SetMarkPrice(instrument=view.instrument, mark_ticks=10_000, index_ticks=10_000))
        client.close()

    def spawn(self, *arguments: str) -> subprocess.Popen[bytes]:
        with (self.folder / "out.log").open("ab") as out:
            process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, env=self.environ, stdout=out, stderr=out)
        self.processes.append(process)
        return process

    def __exit__(self, *_: object) -> None:
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(PATIENCE_S)
        self.matcher.stop()

    # requests

    def ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, Any, dict[str, str]]:
        """(status, decoded JSON, headers in lower case) of one request.

        A gateway that is busy asks to come again and has done nothing; on a machine that stalls it may say so any time.
        """
        give_up = time.monotonic() + BUSY_S
        while True:
            answer = self._ask_once(method, path, body, headers)
            if answer[0] != 503 or "retry-after" not in answer[2] or time.monotonic() > give_up:
                return answer
            time.sleep(0.2)

    def _ask_once(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str] | None
    ) -> tuple[int, Any, dict[str, str]]:
        request = urllib.request.Request(self.base_url + path, data=body, method=method, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
                status, raw, found = answer.status, answer.read(), answer.headers
        except urllib.error.HTTPError as error:
            status, raw, found = error.code, error.read(), error.headers
        return status, json.loads(raw or b"null"), {name.lower(): value for name, value in found.items()}

    def get(self, path: str) -> tuple[int, Any]:
        try:
            status, body, _ = self.ask("GET", path)
        except OSError:
            return 0, None
        return status, body

    def signed_query(self, account: int, **params: Any) -> str:
        params.setdefault("timestamp", time.time_ns() // 1_000_000)
        query = urlencode(params)
        secret = self.accounts[account]["api_secret"].encode()
        return f"{query}&signature={hmac.digest(secret, query.encode(), 'sha256').hex()}"

    def key(self, account: int = 0) -> dict[str, str]:
        return {"X-MBX-APIKEY": self.accounts[account]["api_key"]}

    def signed(self, method: str, path: str, account: int = 0, **params: Any) -> tuple[int, Any]:
        """A signed request with everything in the query; signed anew as long as the gateway is busy."""
        give_up = time.monotonic() + PATIENCE_S
        while True:
            query = self.signed_query(account, **params)
            status, body, headers = self.ask(method, f"{path}?{query}", headers=self.key(account))
            if status != 503 or "retry-after" not in headers or time.monotonic() > give_up:
                return status, body

    def order(self, account: int = 0, **changes: Any) -> tuple[int, Any]:
        """POST a resting buy 2 % under the mark; `changes` replace parameters, None leaves one out."""
        params = {
            "symbol": self.symbol,
            "side": "BUY",
            "type": "LIMIT",
            "timeInForce": "GTC",
            "quantity": self.quantity,
            "price": self.price(9_800),
        } | changes
        sent = {name: value for name, value in params.items() if value is not None}
        return self.signed("POST", "/fapi/v1/order", account, **sent)

    @property
    def terms(self) -> dict[str, Any]:
        info = self.get("/fapi/v1/exchangeInfo")[1]
        found = next(one for one in info["symbols"] if one["symbol"] == self.symbol)
        return {one["filterType"]: one for one in found["filters"]} | {"decimals": found["pricePrecision"]}

    def _price(self, ticks: int) -> Decimal:
        return ticks * Decimal(self.terms["PRICE_FILTER"]["tickSize"])

    def price(self, ticks: int) -> str:
        decimals = int(self.terms["decimals"])
        return f"{ticks / 10**decimals:.{decimals}f}"

    @property
    def quantity(self) -> str:
        """One lot size of a thousand: clear of the least notional."""
        return "1.000"
