"""The compatible surface's error codes and texts: one table for every refusal of the engine, and the
refusals of this door. The same LaneError also carries the name that /api/v1 shows.
"""

from __future__ import annotations

from typing import NamedTuple

from apps.common.lane import LaneError
from matcher.protocol.rejects import RejectReason


class Wire(NamedTuple):
    """Code, text and HTTP status; `{}` in a text is filled with `limit` where it is known."""

    code: int
    text: str
    status: int = 400


R = RejectReason
REFUSALS: dict[RejectReason, Wire] = {
    R.NONE: Wire(-1000, "An unknown error occured while processing the request."),
    R.UNKNOWN_COMMAND: Wire(-1000, "An unknown error occured while processing the request."),
    R.UNSUPPORTED_VERSION: Wire(-1000, "An unknown error occured while processing the request."),
    R.UNKNOWN_ACCOUNT: Wire(-2015, "Invalid API-key, IP, or permissions for action.", 401),
    R.ACCOUNT_FROZEN: Wire(-2015, "Invalid API-key, IP, or permissions for action.", 401),
    R.UNKNOWN_INSTRUMENT: Wire(-1121, "Invalid symbol."),
    R.UNKNOWN_ASSET: Wire(-1130, "Data sent for parameter 'asset' is not valid."),
    R.INVALID_SIDE: Wire(-1117, "Invalid side."),
    R.INVALID_ORDER_TYPE: Wire(-1116, "Invalid orderType."),
    R.INVALID_TIME_IN_FORCE: Wire(-1115, "Invalid timeInForce."),
    R.INVALID_POSITION_SIDE: Wire(-4061, "Order's position side does not match user's setting."),
    R.INVALID_WORKING_TYPE: Wire(-1130, "Data sent for parameter 'workingType' is not valid."),
    R.INVALID_SELF_TRADE_PREVENTION: Wire(-1130, "Data sent for parameter 'selfTradePreventionMode' is not valid."),
    R.INVALID_FLAGS: Wire(-1106, "A parameter was sent when not required."),
    R.INVALID_CLIENT_ORDER_ID: Wire(-4015, "Client order id is not valid."),
    R.CLIENT_ORDER_ID_REUSED: Wire(-4116, "ClientOrderId is duplicated."),
    R.INVALID_CONFIGURATION: Wire(-1130, "Data sent for the configuration is not valid."),
    R.IMMUTABLE_CONFIGURATION: Wire(-1130, "Data sent for the configuration is not valid."),
    R.TRADING_NOT_OPEN: Wire(-4108, "Symbol is not trading status."),
    R.ONLY_REDUCE_ONLY: Wire(
        -4400, "Futures Trading Quantitative Rules violated, only reduceOnly order is allowed, please try again later."
    ),
    R.NO_MARK_PRICE: Wire(-4108, "Symbol is not trading status."),
    R.PRICE_NOT_POSITIVE: Wire(-4001, "Price less than 0."),
    R.PRICE_TOO_HIGH: Wire(-4002, "Price greater than max price."),
    R.QUANTITY_NOT_POSITIVE: Wire(-4003, "Quantity less than zero."),
    R.QUANTITY_TOO_SMALL: Wire(-4004, "Quantity less than min quantity."),
    R.QUANTITY_TOO_LARGE: Wire(-4005, "Quantity greater than max quantity."),
    R.PRICE_ABOVE_BAND: Wire(-4016, "Limit price can't be higher than {}."),
    R.PRICE_BELOW_BAND: Wire(-4024, "Limit price can't be lower than {}."),
    R.NOTIONAL_TOO_SMALL: Wire(-4164, "Order's notional must be no smaller than {} (unless you choose reduce only)."),
    R.UNKNOWN_ORDER: Wire(-2013, "Order does not exist."),
    R.ORDER_NOT_AMENDABLE: Wire(-1116, "Invalid orderType."),
    R.NOTHING_TO_AMEND: Wire(-5027, "No need to modify the order."),
    R.REDUCE_ONLY_REJECTED: Wire(-2022, "ReduceOnly Order is rejected."),
    R.TOO_MANY_OPEN_ORDERS: Wire(-2025, "Reach max open order limit."),
    R.POST_ONLY_WOULD_CROSS: Wire(
        -5022, "Due to the order could not be executed as maker, the Post Only order will be rejected."
    ),
    R.NO_LIQUIDITY: Wire(-4131, "The counterparty's best price does not meet the PERCENT_PRICE filter limit."),
    R.FOK_NOT_FILLABLE: Wire(
        -5021, "Due to the order could not be filled immediately, the FOK order has been rejected."
    ),
    R.INVALID_LEVERAGE: Wire(-4028, "Leverage {} is not valid"),
    R.POSITION_LIMIT_EXCEEDED: Wire(-2027, "Exceeded the maximum allowable position at current leverage."),
    R.MARGIN_INSUFFICIENT: Wire(-2019, "Margin is insufficient."),
    R.LEVERAGE_MARGIN_INSUFFICIENT: Wire(-2028, "Leverage is smaller than permitted: insufficient margin balance."),
    R.INVALID_AMOUNT: Wire(-1130, "Data sent for parameter 'amount' is not valid."),
    R.BALANCE_INSUFFICIENT: Wire(-2018, "Balance is insufficient."),
    R.INVALID_TRIGGER_PRICE: Wire(-1130, "Data sent for parameter 'triggerPrice' is not valid."),
    R.INVALID_GOOD_TILL: Wire(
        -5040, "The goodTillDate timestamp must be greater than the current time plus 600 seconds."
    ),
    R.INVALID_LINK: Wire(-1130, "Data sent for parameter 'linkedOrderId' is not valid."),
    R.INVALID_MODE: Wire(-1130, "The mode is not offered to this account."),
    R.STALE_MARK_PRICE: Wire(
        -4400, "Futures Trading Quantitative Rules violated, only reduceOnly order is allowed, please try again later."
    ),
    R.NO_COLLATERAL_PRICE: Wire(
        -4400, "Futures Trading Quantitative Rules violated, only reduceOnly order is allowed, please try again later."
    ),
    R.WOULD_TRIGGER: Wire(-2021, "Order would immediately trigger."),
    R.TOO_MANY_CONDITIONAL_ORDERS: Wire(-4045, "Reach max stop order limit."),
    R.ACCOUNT_ORDERS_EXCEEDED: Wire(-2025, "Reach max open order limit."),
    R.ACCOUNT_LOTS_EXCEEDED: Wire(-2027, "Exceeded the maximum allowable position at current leverage."),
    R.ACCOUNT_NOTIONAL_EXCEEDED: Wire(-2027, "Exceeded the maximum allowable position at current leverage."),
    R.MODE_UNCHANGED: Wire(-4046, "No need to change margin type."),
    R.HAS_OPEN_ORDERS: Wire(-4047, "Margin type cannot be changed if there exists open orders."),
    R.HAS_POSITION: Wire(-4048, "Margin type cannot be changed if there exists position."),
    R.MULTI_ASSETS_CONFLICT: Wire(-4168, "Unable to adjust to isolated-margin mode under the Multi-Assets mode."),
    R.NO_ISOLATED_POSITION: Wire(-4054, "Cannot add position margin: position is 0."),
    R.ISOLATED_MARGIN_INSUFFICIENT: Wire(-4051, "Isolated balance insufficient."),
    R.FUNDING_TIME_INVALID: Wire(-1130, "Data sent for parameter 'fundingTime' is not valid."),
    R.CAPACITY_REACHED: Wire(-1008, "Request throttled by system-level protection. Please try again.", 503),
}


_BARE = {R.INVALID_LEVERAGE: "Leverage is not valid"}


def refused(reason: RejectReason, limit: str = "") -> LaneError:
    """The engine's refusal on the wire; `limit` is the value that was passed, where the text names it."""
    wire = REFUSALS[reason]
    text = wire.text.replace("{}", limit) if limit else _BARE.get(reason) or wire.text.replace(" {}", " allowed")
    return LaneError(wire.code, text, wire.status, name=reason.name)


def unknown_order_sent() -> LaneError:
    """A cancel named no open order; clients match this text."""
    return LaneError(-2011, "Unknown order sent.", name="UNKNOWN_ORDER")


def order_missing() -> LaneError:
    """A look-up named no order; clients match this text."""
    return LaneError(-2013, "Order does not exist.", name="UNKNOWN_ORDER")


def duplicate_client_order_id() -> LaneError:
    return refused(RejectReason.CLIENT_ORDER_ID_REUSED)


def unknown_symbol() -> LaneError:
    return refused(RejectReason.UNKNOWN_INSTRUMENT)


def illegal_characters(name: str, legal: str) -> LaneError:
    text = f"Illegal characters found in parameter '{name}'; legal range is '{legal}'."
    return LaneError(-1100, text, name="MALFORMED_PARAMETER", details={"parameter": name})


def not_valid(name: str) -> LaneError:
    text = f"Data sent for parameter '{name}' is not valid."
    return LaneError(-1130, text, name="INVALID_PARAMETER", details={"parameter": name})


def not_required(name: str) -> LaneError:
    text = f"Parameter '{name}' sent when not required."
    return LaneError(-1106, text, name="PARAMETER_NOT_REQUIRED", details={"parameter": name})


def too_precise(name: str) -> LaneError:
    text = "Precision is over the maximum defined for this asset."
    return LaneError(-1111, text, name="PRECISION_TOO_HIGH", details={"parameter": name})


def window_too_long(days: int) -> LaneError:
    return LaneError(-4165, f"Maximum time interval is {days} days.", name="INVALID_PARAMETER")


def off_tick() -> LaneError:
    return LaneError(-4014, "Price not increased by tick size.", name="PRICE_OFF_TICK")


def off_lot() -> LaneError:
    return LaneError(-4023, "Qty not increased by step size.", name="QUANTITY_OFF_LOT")


def conditional_elsewhere() -> LaneError:
    text = "Order type not supported for this endpoint. Please use the Algo Order API endpoints instead."
    return LaneError(-4120, text, name="ORDER_TYPE_NOT_SUPPORTED")


def close_position_not_here() -> LaneError:
    return LaneError(-4136, "Target strategy invalid for orderType, closePosition true.", name="INVALID_PARAMETER")


def quantity_with_close_position() -> LaneError:
    text = "Quantity must be zero with closePosition equals true."
    return LaneError(-4137, text, name="INVALID_PARAMETER", details={"parameter": "quantity"})


def callback_out_of_range() -> LaneError:
    return LaneError(-2007, "Invalid callBack rate", name="INVALID_CALLBACK_RATE")


def stop_price_not_positive() -> LaneError:
    return LaneError(-4006, "Stop price less than zero.", name="PRICE_NOT_POSITIVE")


def stop_price_too_high() -> LaneError:
    return LaneError(-4007, "Stop price greater than max price.", name="PRICE_TOO_HIGH")


# The same refusals mean other codes where other settings are changed.
_POSITION_MODE = {
    R.MODE_UNCHANGED: Wire(-4059, "No need to change position side."),
    R.HAS_OPEN_ORDERS: Wire(-4067, "Position side cannot be changed if there exists open orders."),
    R.HAS_POSITION: Wire(-4068, "Position side cannot be changed if there exists position."),
}
_ASSET_MODE = {
    R.MODE_UNCHANGED: Wire(-4171, "No need to change multi assets margin mode."),
    R.HAS_OPEN_ORDERS: Wire(-4170, "Unable to adjust Multi-Assets Mode with open orders in USD-M Futures."),
    R.HAS_POSITION: Wire(-4169, "Unable to adjust Multi-Assets Mode with open positions in USD-M Futures."),
    R.MULTI_ASSETS_CONFLICT: Wire(
        -4167, "Unable to adjust to Multi-Assets mode with symbols of USD-M Futures under isolated-margin mode."
    ),
}
_POSITION_MARGIN = {
    R.BALANCE_INSUFFICIENT: Wire(-4050, "Cross balance insufficient."),
    R.INVALID_AMOUNT: Wire(-4055, "Amount must be positive."),
}


def position_mode_refused(reason: RejectReason) -> LaneError:
    return _of(_POSITION_MODE, reason)


def asset_mode_refused(reason: RejectReason) -> LaneError:
    return _of(_ASSET_MODE, reason)


def position_margin_refused(reason: RejectReason) -> LaneError:
    return _of(_POSITION_MARGIN, reason)


def not_isolated() -> LaneError:
    return LaneError(-4049, "Add margin only support for isolated position.", name="NO_ISOLATED_POSITION")


def _of(table: dict[RejectReason, Wire], reason: RejectReason) -> LaneError:
    wire = table.get(reason)
    return refused(reason) if wire is None else LaneError(wire.code, wire.text, wire.status, name=reason.name)
