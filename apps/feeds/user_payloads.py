"""User stream messages of the compatible surface, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from apps.feeds.market import Market
from apps.feeds.payloads import Payload, average_price, money
from apps.feeds.user_account import OpenOrder, Position, UserAccount
from matcher.protocol.enums import (
    EventFlag,
    OrderFlag,
    OrderStatus,
    OrderType,
    PositionSide,
    SelfTradePrevention,
    Side,
    TimeInForce,
    WorkingType,
)
from matcher.protocol.events import (
    BalanceChanged,
    LeverageChanged,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderImage,
)
from matcher.protocol.rejects import EndReason

_EXECUTION = {
    OrderAccepted.KIND: "NEW",
    OrderCanceled.KIND: "CANCELED",
    OrderExpired.KIND: "EXPIRED",
    OrderAmended.KIND: "AMENDMENT",
}
_CLOSED_BY_STP, _IOC_REST, _CUT_BY_REDUCE_ONLY, _MARKET_REST = "1", "2", "4", "9"


def order_update(
    market: Market, account: UserAccount, order: OpenOrder, event: OrderImage | OrderFilled, event_ms: int
) -> Payload:
    """ORDER_TRADE_UPDATE of one event; `order` is the order as it stands after it."""
    texts, spec = market.texts, market.spec
    fill = event if isinstance(event, OrderFilled) else None
    flags = order.order_flags
    body: Payload = {
        "s": spec.symbol,
        "c": order.client_order_id,
        "S": Side(order.side).name,
        "o": OrderType(order.order_type).name,
        "f": "GTC" if order.order_type == OrderType.MARKET else TimeInForce(order.time_in_force).name,
        "q": texts.quantity(order.quantity_lots),
        "p": texts.price(order.price_ticks),
        "ap": average_price(texts, order.filled_quote_units, order.filled_lots),
        "sp": "0",
        "x": execution_type(event),
        "X": status(order, event).name,
        "i": order.order_id,
        "l": texts.quantity(fill.quantity_lots if fill else 0),
        "z": texts.quantity(order.filled_lots),
        "L": texts.price(fill.price_ticks if fill else 0),
        "T": event.time_ns // 1_000_000,
        "t": fill.trade_id if fill else 0,
        "b": money(account.open_value(spec.id, Side.BUY) * spec.tick_lot_units),
        "a": money(account.open_value(spec.id, Side.SELL) * spec.tick_lot_units),
        "m": bool(fill and fill.flags & EventFlag.MAKER),
        "R": bool(flags & OrderFlag.REDUCE_ONLY),
        "wt": WorkingType(order.working_type).name,
        "ot": OrderType(order.order_type).name,
        "ps": PositionSide(order.position_side).name,
        "cp": bool(flags & OrderFlag.CLOSE_POSITION),
        "rp": money(fill.realized_pnl_units if fill else 0),
        "pP": bool(flags & OrderFlag.PRICE_PROTECT),
        "si": 0,
        "ss": 0,
        "V": SelfTradePrevention(order.self_trade_prevention).name,
        "pm": "NONE",
        "gtd": 0,
        "er": expire_reason(order, event),
    }
    if fill:
        body["N"], body["n"] = spec.settlement_asset, money(fill.fee_units)
    return {"e": "ORDER_TRADE_UPDATE", "E": event_ms, "T": body["T"], "o": body}


def execution_type(event: OrderImage | OrderFilled) -> str:
    """x: what happened; an order ended by self-trade prevention is told apart from one that ran out."""
    if isinstance(event, OrderFilled):
        return "TRADE"
    if event.kind == OrderExpired.KIND and event.reason == EndReason.SELF_TRADE:
        return "TRADE_PREVENTION"
    return _EXECUTION[event.kind]


def status(order: OpenOrder, event: OrderImage | OrderFilled) -> OrderStatus:
    """X: the order's status after the event."""
    if isinstance(event, OrderFilled):
        return OrderStatus.PARTIALLY_FILLED if event.leaves_lots else OrderStatus.FILLED
    return OrderStatus(order.status)


def expire_reason(order: OpenOrder, event: OrderImage | OrderFilled) -> str:
    """er: why nobody's request ended the order; "0" when somebody's did."""
    if event.reason == EndReason.SELF_TRADE:
        return _CLOSED_BY_STP
    if event.reason == EndReason.REDUCE_ONLY_CUT:
        return _CUT_BY_REDUCE_ONLY
    if event.reason == EndReason.UNFILLED_REST:
        return _MARKET_REST if order.order_type == OrderType.MARKET else _IOC_REST
    return "0"


def account_update(
    event_ms: int, engine_ms: int, cause: str, balances: Iterable[Payload], positions: Iterable[Payload]
) -> Payload:
    rows = {"m": cause, "B": list(balances), "P": list(positions)}
    return {"e": "ACCOUNT_UPDATE", "E": event_ms, "T": engine_ms, "a": rows}


def balance_row(asset: str, wallet_units: int, change_units: int = 0) -> Payload:
    """`change_units` leaves trading results and fees out."""
    wallet = money(wallet_units)
    return {"a": asset, "wb": wallet, "cw": wallet, "bc": money(change_units)}


def position_row(market: Market, position: Position) -> Payload:
    """Entry price from cost, unrealized profit at the current mark: q x M x k - C."""
    texts, spec = market.texts, market.spec
    entry = average_price(texts, abs(position.cost_units), position.lots)
    mark_ticks = market.mark.mark_ticks if market.mark else 0
    unrealized = position.lots * mark_ticks * spec.tick_lot_units - position.cost_units if position.lots else 0
    return {
        "s": spec.symbol,
        "pa": texts.quantity(position.lots),
        "ep": entry,
        "bep": entry,
        "cr": money(position.realized_pnl_units),
        "up": money(unrealized),
        "mt": "cross",
        "iw": "0",
        "ps": "BOTH",
    }


def balance_changed(event: BalanceChanged, event_ms: int, assets: Mapping[int, str]) -> Payload:
    """ACCOUNT_UPDATE of a deposit or withdrawal."""
    cause = "DEPOSIT" if event.amount_units > 0 else "WITHDRAW"
    row = balance_row(assets.get(event.asset, str(event.asset)), event.wallet_units, event.amount_units)
    return account_update(event_ms, event.time_ns // 1_000_000, cause, [row], [])


def leverage_changed(market: Market, event: LeverageChanged, event_ms: int) -> Payload:
    return {
        "e": "ACCOUNT_CONFIG_UPDATE",
        "E": event_ms,
        "T": event.time_ns // 1_000_000,
        "ac": {"s": market.spec.symbol, "l": event.leverage},
    }


def listen_key_expired(listen_key: str, event_ms: int) -> Payload:
    return {"e": "listenKeyExpired", "E": event_ms, "listenKey": listen_key}
