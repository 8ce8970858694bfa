"""User stream messages of the compatible surface, field by field."""

from __future__ import annotations

from collections.abc import Iterable

from apps.feeds.market import Market
from apps.feeds.payloads import Payload, average_price, money
from apps.feeds.user_account import OpenOrder, Position, UserAccount, side_of
from matcher.protocol.enums import (
    EventFlag,
    MarginMode,
    MoveCause,
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
    LeverageChanged,
    MultiAssetsChanged,
    OrderAccepted,
    OrderAmended,
    OrderCanceled,
    OrderExpired,
    OrderFilled,
    OrderImage,
    OrderTriggered,
    PositionMoved,
)
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.units import format_scaled
from matcher.protocol.views import PositionView

_EXECUTION = {
    OrderAccepted.KIND: "NEW",
    OrderTriggered.KIND: "NEW",
    OrderCanceled.KIND: "CANCELED",
    OrderExpired.KIND: "EXPIRED",
    OrderAmended.KIND: "AMENDMENT",
}
_MOVE_NAMES = {
    MoveCause.TAKEN_OVER: "autoclose-{}",
    MoveCause.DELEVERAGED: "adl_autoclose",
    MoveCause.SETTLED: "settlement_autoclose-{}",
}
_MOVE_IDS = 1 << 52  # above every order's number and still exact in a double
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
        "c": client_order_id(order),
        "S": Side(order.side).name,
        "o": worked_type(order),
        "f": "GTC" if order.order_type == OrderType.MARKET else TimeInForce(order.time_in_force).name,
        "q": texts.quantity(order.quantity_lots),
        "p": texts.price(order.price_ticks),
        "ap": average_price(texts, order.filled_quote_units, order.filled_lots),
        "sp": texts.price(order.trigger_ticks) if order.trigger_ticks else "0",
        "x": execution_type(order, event),
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
        "gtd": order.good_till_ns // 1_000_000,
        "er": expire_reason(order, event),
    }
    if order.order_type == OrderType.TRAILING_STOP_MARKET:
        body["AP"], body["cr"] = body["sp"], callback(order)
    if fill:
        body["N"], body["n"] = spec.settlement_asset, money(fill.fee_units)
    return {"e": "ORDER_TRADE_UPDATE", "E": event_ms, "T": body["T"], "o": body}


def trade_lite(market: Market, order: OpenOrder, fill: OrderFilled, event_ms: int) -> Payload:
    """TRADE_LITE of a fill: the little that a fast reader needs, before the whole of it."""
    texts = market.texts
    return {
        "e": "TRADE_LITE",
        "E": event_ms,
        "T": fill.time_ns // 1_000_000,
        "s": market.spec.symbol,
        "q": texts.quantity(order.quantity_lots),
        "p": texts.price(order.price_ticks),
        "m": bool(fill.flags & EventFlag.MAKER),
        "c": client_order_id(order),
        "S": Side(order.side).name,
        "L": texts.price(fill.price_ticks),
        "l": texts.quantity(fill.quantity_lots),
        "t": fill.trade_id,
        "i": order.order_id,
    }


def client_order_id(order: OpenOrder) -> str:
    """c: a liquidation's order has a name of ours, an attached one its number."""
    if order.order_flags & OrderFlag.LIQUIDATION:
        return f"autoclose-{order.order_id}"
    return order.client_order_id


def worked_type(order: OpenOrder) -> str:
    """o: what the order is in the market; a conditional one became a limit or a market order."""
    if order.order_type in {OrderType.STOP, OrderType.TAKE_PROFIT}:
        return OrderType.LIMIT.name
    return OrderType.MARKET.name if order.is_conditional else OrderType(order.order_type).name


def callback(order: OpenOrder) -> str:
    """Parts per million as a percentage."""
    return format_scaled(order.callback_ppm, 4).rstrip("0").rstrip(".")


def execution_type(order: OpenOrder, event: OrderImage | OrderFilled) -> str:
    """x: what happened; an order ended by self-trade prevention is told apart from one that ran out."""
    if isinstance(event, OrderFilled):
        return "CALCULATED" if order.order_flags & OrderFlag.LIQUIDATION else "TRADE"
    if event.kind == OrderExpired.KIND and event.reason == EndReason.SELF_TRADE:
        return "TRADE_PREVENTION"
    return _EXECUTION[event.kind]


def algo_update(
    market: Market, order: OpenOrder, algo_status: str, event: OrderImage | OrderFilled, event_ms: int
) -> Payload:
    """ALGO_UPDATE: a conditional order's life as such; what it becomes in the market is told as an order."""
    texts, flags = market.texts, order.order_flags
    trailing = order.order_type == OrderType.TRAILING_STOP_MARKET
    refused = event.reason if algo_status == "REJECTED" else 0
    body: Payload = {
        "caid": order.client_order_id,
        "aid": order.order_id,
        "at": "CONDITIONAL",
        "o": OrderType(order.order_type).name,
        "s": market.spec.symbol,
        "S": Side(order.side).name,
        "ps": PositionSide(order.position_side).name,
        "f": TimeInForce(order.time_in_force).name,
        "q": texts.quantity(order.quantity_lots),
        "X": algo_status,
        "ai": str(order.order_id) if order.triggered_ns else "",
        "ap": average_price(texts, order.filled_quote_units, order.filled_lots),
        "aq": texts.quantity(order.filled_lots),
        "act": worked_type(order) if order.triggered_ns else "",
        "tp": texts.price(0 if trailing else order.trigger_ticks),
        "p": texts.price(order.price_ticks),
        "V": SelfTradePrevention(order.self_trade_prevention).name,
        "wt": WorkingType(order.working_type).name,
        "pm": "NONE",
        "cp": bool(flags & OrderFlag.CLOSE_POSITION),
        "pP": bool(flags & OrderFlag.PRICE_PROTECT),
        "R": bool(flags & OrderFlag.REDUCE_ONLY),
        "tt": order.triggered_ns // 1_000_000,
        "gtd": order.good_till_ns // 1_000_000,
        "rm": RejectReason(refused).name if refused else "",
    }
    if trailing:
        body["AP"], body["cr"] = texts.price(order.trigger_ticks), callback(order)
    return {"e": "ALGO_UPDATE", "T": event.time_ns // 1_000_000, "E": event_ms, "o": body}


def position_moved(market: Market, account: UserAccount, event: PositionMoved, event_ms: int) -> Payload:
    """ORDER_TRADE_UPDATE of a position that changed without an order: told as the filled order it stands for."""
    texts, spec = market.texts, market.spec
    quantity, price = texts.quantity(event.quantity_lots), texts.price(event.price_ticks)
    body: Payload = {
        "s": spec.symbol,
        "c": _MOVE_NAMES[MoveCause(event.detail)].format(event.seq),
        "S": (Side.SELL if event.flags & EventFlag.SELL else Side.BUY).name,
        "o": OrderType.LIMIT.name,
        "f": TimeInForce.IOC.name,
        "q": quantity,
        "p": price,
        "ap": price,
        "sp": "0",
        "x": "CALCULATED",
        "X": OrderStatus.FILLED.name,
        "i": _MOVE_IDS | (event.seq << 8) | (event.part & 0xFF),
        "l": quantity,
        "z": quantity,
        "L": price,
        "T": event.time_ns // 1_000_000,
        "t": 0,
        "b": money(account.open_value(spec.id, Side.BUY) * spec.tick_lot_units),
        "a": money(account.open_value(spec.id, Side.SELL) * spec.tick_lot_units),
        "m": False,
        "R": True,
        "wt": WorkingType.CONTRACT_PRICE.name,
        "ot": OrderType.LIMIT.name,
        "ps": PositionSide(side_of(event.flags)).name,
        "cp": False,
        "rp": money(event.realized_pnl_units),
        "pP": False,
        "si": 0,
        "ss": 0,
        "V": SelfTradePrevention.NONE.name,
        "pm": "NONE",
        "gtd": 0,
        "er": "0",
        "N": spec.settlement_asset,
        "n": money(0),
    }
    return {"e": "ORDER_TRADE_UPDATE", "E": event_ms, "T": body["T"], "o": body}


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


def balance_row(asset: str, wallet_units: int, cross_units: int, change_units: int = 0) -> Payload:
    """`cross_units` leaves isolated margins out, `change_units` trading results and fees."""
    return {"a": asset, "wb": money(wallet_units), "cw": money(cross_units), "bc": money(change_units)}


def position_row(market: Market, position: Position, side: int, margin_mode: int) -> Payload:
    """Entry price from cost, unrealized profit at the current mark: q x M x k - C."""
    texts, spec = market.texts, market.spec
    entry = average_price(texts, abs(position.cost_units), position.lots)
    mark_ticks = market.mark.mark_ticks if market.mark else 0
    unrealized = position.lots * mark_ticks * spec.tick_lot_units - position.cost_units if position.lots else 0
    isolated = margin_mode == MarginMode.ISOLATED
    return {
        "s": spec.symbol,
        "pa": texts.quantity(position.lots),
        "ep": entry,
        "bep": entry,
        "cr": money(position.realized_pnl_units),
        "up": money(unrealized),
        "mt": "isolated" if isolated else "cross",
        "iw": money(position.isolated_units) if isolated else "0",
        "ps": PositionSide(side).name,
    }


def margin_call(event_ms: int, cross_units: int | None, rows: Iterable[Payload]) -> Payload:
    """`cross_units` is the cross wallet where a cross position is among the rows."""
    told: Payload = {"e": "MARGIN_CALL", "E": event_ms}
    if cross_units is not None:
        told["cw"] = money(cross_units)
    return told | {"p": list(rows)}


def margin_call_row(market: Market, view: PositionView) -> Payload:
    """A position whose margin group has little left; `mm` is what it must keep."""
    texts, isolated = market.texts, view.margin_mode == MarginMode.ISOLATED
    return {
        "s": market.spec.symbol,
        "ps": PositionSide(view.position_side).name,
        "pa": texts.quantity(view.position_lots),
        "mt": "ISOLATED" if isolated else "CROSSED",
        "iw": money(view.isolated_units) if isolated else "0",
        "mp": texts.price_8(view.mark_ticks),
        "up": money(view.unrealized_pnl_units),
        "mm": money(view.maintenance_margin_units),
    }


def leverage_changed(market: Market, event: LeverageChanged, event_ms: int) -> Payload:
    return {
        "e": "ACCOUNT_CONFIG_UPDATE",
        "E": event_ms,
        "T": event.time_ns // 1_000_000,
        "ac": {"s": market.spec.symbol, "l": event.leverage},
    }


def multi_assets_changed(event: MultiAssetsChanged, event_ms: int) -> Payload:
    return {
        "e": "ACCOUNT_CONFIG_UPDATE",
        "E": event_ms,
        "T": event.time_ns // 1_000_000,
        "ai": {"j": bool(event.multi_assets)},
    }


def listen_key_expired(listen_key: str, event_ms: int) -> Payload:
    return {"e": "listenKeyExpired", "E": event_ms, "listenKey": listen_key}
