"""Fills and money movements of an account, from rows that have caught up."""

from __future__ import annotations

from typing import Any

from apps.accounts.selectors import get_ledger
from apps.accounts.types import LedgerKind, LedgerRow
from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import errors, formats, values, words
from apps.fapi.account import asset_code
from apps.fapi.order_queries import HISTORY_DAYS, PAGES_MAX
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.orders.selectors import get_fills
from apps.orders.types import FillRow
from apps.positions.selectors import get_margin_changes
from matcher.protocol.enums import Side

INCOME_OF_KIND = {
    LedgerKind.DEPOSIT: "TRANSFER",
    LedgerKind.WITHDRAWAL: "TRANSFER",
    LedgerKind.TRANSFER: "TRANSFER",
    LedgerKind.REALIZED_PNL: "REALIZED_PNL",
    LedgerKind.COMMISSION: "COMMISSION",
    LedgerKind.FUNDING: "FUNDING_FEE",
    LedgerKind.LIQUIDATION_FEE: "INSURANCE_CLEAR",
    LedgerKind.INSURANCE: "INSURANCE_CLEAR",
    LedgerKind.CONVERSION: "AUTO_EXCHANGE",
    LedgerKind.SETTLEMENT: "DELIVERED_SETTELMENT",
}
MARGIN_HISTORY_DAYS = 30
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
    """Ascending by id; the newest ones of the last 7 days when nothing says where to begin."""
    params = request.params
    spec = await values.instrument(params)
    order_id, from_id = values.integer(params, "orderId"), values.integer(params, "fromId")
    limit = values.limit(params, 500, 1000)
    span = values.span(params, HISTORY_DAYS, "orderId", "fromId")
    await request.settled(request.account_id)
    fills = await ask(
        get_fills,
        request.account_id,
        spec.id,
        order_id=order_id,
        from_id=from_id,
        start_ns=span.start_ns,
        end_ns=span.end_ns,
        limit=limit,
        newest=span.newest,
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
        "positionSide": words.POSITION_SIDES[fill.position_side],
    }


async def get_income(request: LaneRequest) -> LaneResponse:
    """Ascending by time from `startTime` on, however long; else the newest, of the last 7 days when there is no
    `endTime` either. A type never paid gives none.
    """
    params = request.params
    spec = await values.optional_instrument(params)
    income_type = params.get("incomeType", "")
    if income_type and income_type not in KNOWN_INCOME_TYPES:
        raise errors.not_valid("incomeType")
    kinds = [int(kind) for kind, name in INCOME_OF_KIND.items() if not income_type or name == income_type]
    limit, page = values.limit(params, 100, 1000), min(values.integer(params, "page") or 1, PAGES_MAX)
    start_ns, end_ns = values.window_ns(params)
    newest = start_ns is None
    if newest and end_ns is None:
        start_ns = values.span(params, HISTORY_DAYS).start_ns
    if not kinds:
        return answer([])
    await request.settled(request.account_id)
    rows = await ask(
        get_ledger,
        request.account_id,
        kinds,
        spec.id if spec is not None else None,
        start_ns=start_ns,
        end_ns=end_ns,
        limit=limit,
        offset=(page - 1) * limit,
        newest_first=newest,
    )
    return answer([income_object(row) for row in (reversed(rows) if newest else rows)])


def income_object(row: LedgerRow) -> dict[str, Any]:
    """One leg of the account's wallet."""
    spec = get_catalog().by_id.get(row.instrument_id)
    trade_id = str(row.trade_id) if row.trade_id else ""
    return {
        "symbol": spec.symbol if spec is not None else "",
        "incomeType": INCOME_OF_KIND[LedgerKind(row.kind)],
        "income": formats.money(row.amount_units),
        "asset": asset_code(row.asset_id),
        "info": trade_id or INCOME_OF_KIND[LedgerKind(row.kind)],
        "time": formats.ms(row.time_ns),
        "tranId": row.entry_id,
        "tradeId": trade_id,
    }


async def get_margin_history(request: LaneRequest) -> LaneResponse:
    """Isolated margin moved by request, ascending; the newest changes of at most 30 days."""
    params = request.params
    spec = await values.instrument(params)
    kind = values.integer(params, "type")
    if kind not in {None, 1, 2}:
        raise errors.not_valid("type")
    limit = values.limit(params, 500, 1000)
    span = values.span(params, MARGIN_HISTORY_DAYS)
    await request.settled(request.account_id)
    rows = await ask(
        get_margin_changes,
        request.account_id,
        spec.id,
        added=None if kind is None else kind == 1,
        start_ns=span.start_ns,
        end_ns=span.end_ns,
        limit=limit,
    )
    return answer(
        [
            {
                "symbol": spec.symbol,
                "type": 1 if row.amount_units > 0 else 2,
                "deltaType": "USER_ADJUST",
                "amount": formats.money(abs(row.amount_units)),
                "asset": spec.settlement_asset,
                "time": formats.ms(row.time_ns),
                "positionSide": words.POSITION_SIDES[row.position_side],
            }
            for row in reversed(rows)
        ]
    )
