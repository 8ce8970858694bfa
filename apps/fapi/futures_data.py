"""`/futures/data`: open interest, who is long and who is short, what takers bought, and the basis, by periods."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

from apps.common.intervals import INTERVALS
from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import errors, formats, values
from apps.fapi.klines import find_candles
from apps.fapi.values import Params
from apps.instruments.types import InstrumentSpec
from apps.marketdata.interest import get_interest
from apps.marketdata.selectors import get_price_candles
from apps.marketdata.types import InterestRow, PriceCandleRow
from matcher.protocol.units import format_scaled

PERIODS = ("5m", "15m", "30m", "1h", "2h", "4h", "6h", "12h", "1d")
LIMIT, LIMIT_MAX = 30, 500
RATIO_DECIMALS = 4


class Asked(NamedTuple):
    """A question about periods."""

    spec: InstrumentSpec
    period: str
    start_ms: int | None
    end_ms: int | None
    limit: int


async def _asked(params: Params, name: str = "symbol") -> Asked:
    """Raises LaneError: -1102, -1121, -1130 for an unknown period."""
    spec = await values.find_instrument(values.required(params, name))
    period = values.required(params, "period")
    if period not in PERIODS:
        raise errors.not_valid("period")
    start_ms, end_ms = values.window(params)
    return Asked(spec, period, start_ms, end_ms, values.limit(params, LIMIT, LIMIT_MAX))


async def _interest(asked: Asked) -> list[InterestRow]:
    return await ask(
        get_interest,
        asked.spec.id,
        INTERVALS[asked.period],
        start_ms=asked.start_ms,
        end_ms=asked.end_ms,
        limit=asked.limit,
    )


def ratio(part: int, other: int, decimals: int = RATIO_DECIMALS) -> str:
    """Part / other, rounded down; "0.0000" when there is nothing to divide by."""
    return format_scaled(part * 10**decimals // other if other else 0, decimals)


async def get_interest_history(request: LaneRequest) -> LaneResponse:
    asked = await _asked(request.params)
    spec = asked.spec
    return answer(
        [
            {
                "symbol": spec.symbol,
                "sumOpenInterest": spec.quantity_text(row.open_interest_lots),
                "sumOpenInterestValue": formats.money(spec.notional_units(row.mark_ticks, row.open_interest_lots)),
                "CMCCirculatingSupply": "0",
                "timestamp": formats.ms(row.time_ns),
            }
            for row in await _interest(asked)
        ]
    )


def _shares(spec: InstrumentSpec, time_ns: int, long: int, short: int) -> dict[str, Any]:
    whole = long + short
    return {
        "symbol": spec.symbol,
        "longShortRatio": ratio(long, short),
        "longAccount": ratio(long, whole),
        "shortAccount": ratio(short, whole),
        "timestamp": formats.ms(time_ns),
    }


async def get_global_account_ratio(request: LaneRequest) -> LaneResponse:
    """Accounts that are long and short."""
    asked = await _asked(request.params)
    rows = await _interest(asked)
    return answer([_shares(asked.spec, row.time_ns, row.long_accounts, row.short_accounts) for row in rows])


async def get_top_account_ratio(request: LaneRequest) -> LaneResponse:
    """The same of the fifth with the largest positions."""
    asked = await _asked(request.params)
    rows = await _interest(asked)
    return answer([_shares(asked.spec, row.time_ns, row.top_long_accounts, row.top_short_accounts) for row in rows])


async def get_top_position_ratio(request: LaneRequest) -> LaneResponse:
    """What the fifth with the largest positions holds long and short."""
    asked = await _asked(request.params)
    rows = await _interest(asked)
    return answer([_shares(asked.spec, row.time_ns, row.top_long_lots, row.top_short_lots) for row in rows])


async def get_taker_ratio(request: LaneRequest) -> LaneResponse:
    """What takers bought and sold in each period, from the candles."""
    asked = await _asked(request.params)
    spec = asked.spec
    candles = await find_candles(spec, asked.period, asked.start_ms, asked.end_ms, asked.limit)
    return answer(
        [
            {
                "buySellRatio": ratio(candle.taker_buy_lots, candle.volume_lots - candle.taker_buy_lots),
                "buyVol": spec.quantity_text(candle.taker_buy_lots),
                "sellVol": spec.quantity_text(candle.volume_lots - candle.taker_buy_lots),
                "timestamp": candle.open_ms,
            }
            for candle in candles
        ]
    )


async def _prices(asked: Asked, price: Literal["mark", "index"]) -> list[PriceCandleRow]:
    return await ask(
        get_price_candles,
        asked.spec.id,
        price,
        INTERVALS[asked.period],
        start_ms=asked.start_ms,
        end_ms=asked.end_ms,
        limit=asked.limit,
    )


async def get_basis(request: LaneRequest) -> LaneResponse:
    """Mark less index at the end of each period. Raises LaneError -1130 for a contract there is not."""
    params = request.params
    if values.required(params, "contractType") != "PERPETUAL":
        raise errors.not_valid("contractType")
    asked = await _asked(params, "pair")
    spec = asked.spec
    marks, indexed = await _prices(asked, "mark"), await _prices(asked, "index")
    indexes = {row.open_ms: row.close_ticks for row in indexed}
    return answer(
        [
            {
                "indexPrice": spec.price_text(indexes[row.open_ms]),
                "contractType": "PERPETUAL",
                "basisRate": ratio(row.close_ticks - indexes[row.open_ms], indexes[row.open_ms]),
                "futuresPrice": spec.price_text(row.close_ticks),
                "annualizedBasisRate": "",
                "basis": spec.price_text(row.close_ticks - indexes[row.open_ms]),
                "pair": spec.symbol,
                "timestamp": row.open_ms,
            }
            for row in marks
            if row.open_ms in indexes
        ]
    )


async def get_delivery_prices(request: LaneRequest) -> LaneResponse:
    """Perpetuals are never delivered: none for a pair there is. Raises LaneError -1121."""
    await values.find_instrument(values.required(request.params, "pair"))
    return answer([])
