"""Fills and money movements of an account, from rows that have caught up."""

from __future__ import annotations

from typing import Any

from apps.accounts.selectors import get_ledger
from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import errors, formats, values, words
from apps.fapi.account import asset_code
from apps.fapi.order_queries import end_ns, start_ns
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.orders.selectors import get_fills
from matcher.protocol.enums import PositionSide, Side

INCOME_TYPES = {
    "deposit": "TRANSFER",
    "withdrawal": "TRANSFER",
    "realized_pnl": "REALIZED_PNL",
    "commission": "COMMISSION",
}
KNOWN_INCOME_TYPES = frozenset(
    (
        "TRANSFER",
        "WELCOME_BONUS",
        "REALIZED_PNL",
        "FUNDING_FEE",
        "COMMISSION",
        "INSURANCE_CLEAR",
        "REFERRAL_KICKBACK",
        "COMMISSION_REBATE",
        "API_REBATE",
        "CONTEST_REWARD",
        "CROSS_COLLATERAL_TRANSFER",
        "INTERNAL_TRANSFER",
        "AUTO_EXCHANGE",
        "DELIVERED_SETTELMENT",
        "COIN_SWAP_DEPOSIT",
        "COIN_SWAP_WITHDRAW",
        "POSITION_LIMIT_INCREASE_FEE",
    )
)


async def get_user_trades(request: LaneRequest) -> LaneResponse:
    """Ascending by id; the newest ones when nothing says where to begin."""
    params = request.params
    spec = await values.instrument(params)
    order_id, from_id = values.integer(params, "orderId"), values.integer(params, "fromId")
    limit = values.limit(params, 500, 1000)
    start_ms, end_ms = values.window(params)
    await request.settled(request.account_id)
    fills = await ask(
        get_fills,
        request.account_id,
        spec.id,
        order_id=order_id,
        from_id=from_id,
        start_ns=start_ns(start_ms),
        end_ns=end_ns(end_ms),
        limit=limit,
    )
    return answer([fill_object(spec, fill) for fill in fills])


def fill_object(spec: InstrumentSpec, fill: Any) -> dict[str, Any]:
    """One party's half of a trade."""
    return {
        "symbol": spec.symbol,
        "id": fill.trade_id,
        "orderId": fill.order_id,
        "side": words.SIDE_NAMES[fill.side],
        "price": spec.price_text(fill.price_ticks),
        "qty": spec.quantity_text(fill.quantity_lots),
        "realizedPnl": formats.money(fill.realized_pnl_units),
        "quoteQty": formats.quote(spec, fill.quote_units),
        "commission": formats.money(fill.fee_units),
        "commissionAsset": spec.settlement_asset,
        "marginAsset": spec.settlement_asset,
        "time": formats.ms(fill.time_ns),
        "buyer": fill.side == Side.BUY,
        "maker": fill.is_maker,
        "positionSide": PositionSide.BOTH.name,
    }
