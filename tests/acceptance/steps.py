"""Steps of an acceptance program: a line each (PASS, FAIL), then the counts; exit status 1 when one failed.

Where to go stands in the environment: BASE_URL, WS_URL, API_KEY, API_SECRET, API_KEY2, API_SECRET2, SYMBOL.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable
from decimal import ROUND_DOWN, ROUND_UP, Decimal
from typing import Any

from tests.support.pace import PATIENCE_S

BASE = os.environ["BASE_URL"]
WS = os.environ["WS_URL"]
KEYS = (os.environ["API_KEY"], os.environ["API_SECRET"])
OTHER_KEYS = (os.environ["API_KEY2"], os.environ["API_SECRET2"])
SYMBOL = os.environ["SYMBOL"]
HEARD_S_MAX = PATIENCE_S
COUNTED_S_MAX = 300.0
INTERVALS = ("1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M")


class Steps:
    """Counts what passed and what failed, and says it at once."""

    def __init__(self) -> None:
        self.passed = 0
        self.failed: list[str] = []

    def take(self, name: str, call: Callable[[], Any], check: Callable[[Any], Any] | None = None) -> Any:
        """Run `call`; its answer when `check` of it does not say False. None after a failure, which is counted."""
        try:
            found = call()
            if check is not None:
                assert check(found) is not False, f"not as expected: {str(found)[:300]}"
        except Exception as error:  # noqa: BLE001 -- whatever a client raises is this step's failure
            self.fail(name, error)
            return None
        self.passed += 1
        print(f"PASS {name}", flush=True)
        return found

    def refused(self, name: str, call: Callable[[], Any], code: int) -> None:
        """Run `call`, which must raise an error that names `code`."""
        try:
            found = call()
        except Exception as error:  # noqa: BLE001 -- clients have errors of their own
            if str(code) in f"{error} {getattr(error, 'error_code', '')}{getattr(error, 'code', '')}":
                self.passed += 1
                print(f"PASS {name}", flush=True)
            else:
                self.fail(name, error)
            return
        self.fail(name, AssertionError(f"{code} was expected, and this came: {str(found)[:200]}"))

    def fail(self, name: str, error: BaseException) -> None:
        self.failed.append(name)
        print(f"FAIL {name}  [{type(error).__name__}: {str(error)[:400]}]", flush=True)

    def end(self) -> int:
        """The exit status."""
        print(f"{self.passed} passed, {len(self.failed)} failed", flush=True)
        return 1 if self.failed else 0


class Terms:
    """The instrument's grid and its mark, read without any client."""

    def __init__(self) -> None:
        found = next(one for one in get("/fapi/v1/exchangeInfo")["symbols"] if one["symbol"] == SYMBOL)
        filters = {one["filterType"]: one for one in found["filters"]}
        self.tick = Decimal(filters["PRICE_FILTER"]["tickSize"])
        self.lot = Decimal(filters["LOT_SIZE"]["stepSize"])
        self.notional = Decimal(filters["MIN_NOTIONAL"]["notional"])
        self.asset = found["marginAsset"]

    @property
    def mark(self) -> Decimal:
        return Decimal(get(f"/fapi/v1/premiumIndex?symbol={SYMBOL}")["markPrice"])

    def price(self, share: str) -> str:
        """The mark times `share`, on the tick."""
        ticks = (self.mark * Decimal(share) / self.tick).to_integral_value(ROUND_DOWN)
        return format((ticks * self.tick).quantize(self.tick), "f")

    def quantity(self, times: int = 1) -> str:
        """`times` twice the least notional, on the lot."""
        lots = (2 * times * self.notional / self.mark / self.lot).to_integral_value(ROUND_UP)
        return format((lots * self.lot).quantize(self.lot), "f")


def get(path: str) -> Any:
    with urllib.request.urlopen(BASE + path, timeout=PATIENCE_S) as answer:
        return json.load(answer)


def until(ask: Callable[[], Any], wanted: Callable[[Any], Any], seconds_max: float = HEARD_S_MAX) -> Any:
    """The first answer that is as wanted."""
    end = time.monotonic() + seconds_max
    while True:
        found = ask()
        if wanted(found):
            return found
        assert time.monotonic() < end, f"it never came; the last was {str(found)[:300]}"
        time.sleep(0.05)


def wait_for_interest() -> None:
    """A fresh family counts its open interest within the first minute."""
    until(lambda: get(f"/futures/data/openInterestHist?symbol={SYMBOL}&period=5m"), bool, COUNTED_S_MAX)


def same_keys(*names: str) -> Callable[[Any], bool]:
    """Whether an object, or every object of a list, has these keys."""

    def check(found: Any) -> bool:
        rows = found if isinstance(found, list) else [found]
        return all(isinstance(row, dict) and set(names) <= row.keys() for row in rows)

    return check
