"""Fills and money movements of an account, from rows that have caught up."""

from __future__ import annotations

from typing import Any

from apps.accounts.selectors import get_ledger
from apps.accounts.types import LedgerRow
from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import errors, formats, values, words
from apps.fapi.account import asset_code
from apps.fapi.order_queries import end_ns, start_ns
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.orders.selectors import get_fills
from apps.orders.types import FillRow
from matcher.protocol.enums import PositionSide, Side

# By the ledger's kinds: deposit, withdrawal, realized profit or loss, commission.
INCOME_OF_KIND = {1: "TRANSFER", 2: "TRANSFER", 3: "REALIZED_PNL", 4: "COMMISSION"}
PAGES_MAX = 100_000
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


def fill_object(spec: InstrumentSpec, fill: FillRow) -> dict[str, Any]:
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


async def get_income(request: LaneRequest) -> LaneResponse:
    """Ascending by time; the newest ones when no `startTime` says where to begin. A type never paid gives none."""
    params = request.params
    spec = await values.optional_instrument(params)
    income_type = params.get("incomeType", "")
    if income_type and income_type not in KNOWN_INCOME_TYPES:
        raise errors.not_valid("incomeType")
    kinds = [kind for kind, name in INCOME_OF_KIND.items() if not income_type or name == income_type]
    limit, page = values.limit(params, 100, 1000), min(values.integer(params, "page") or 1, PAGES_MAX)
    start_ms, end_ms = values.window(params)
    if not kinds:
        return answer([])
    await request.settled(request.account_id)
    rows = await ask(
        get_ledger,
        request.account_id,
        kinds,
        spec.id if spec is not None else None,
        start_ns=start_ns(start_ms),
        end_ns=end_ns(end_ms),
        limit=limit,
        offset=(page - 1) * limit,
        newest_first=start_ms is None,
    )
    return answer([income_object(row) for row in (rows if start_ms is not None else reversed(rows))])


def income_object(row: LedgerRow) -> dict[str, Any]:
    """One leg of the account's wallet."""
    spec = get_catalog().by_id.get(row.instrument_id)
    trade_id = str(row.trade_id) if row.trade_id else ""
    return {
        "symbol": spec.symbol if spec is not None else "",
        "incomeType": INCOME_OF_KIND[row.kind],
        "income": formats.money(row.amount_units),
        "asset": asset_code(row.asset_id),
        "info": trade_id or INCOME_OF_KIND[row.kind],
        "time": formats.ms(row.time_ns),
        "tranId": row.entry_id,
        "tradeId": trade_id,
    }
