"""Why the engine refused: numbered in the order in which the checks are made.

The first check that fails names the reason. Numbers are wire format and never change; gaps leave
room for rules to come.
"""

from enum import IntEnum


class RejectReason(IntEnum):
    NONE = 0
    # the record itself
    UNKNOWN_COMMAND = 1
    UNSUPPORTED_VERSION = 2
    # who and what
    UNKNOWN_ACCOUNT = 10
    ACCOUNT_FROZEN = 11
    UNKNOWN_INSTRUMENT = 12
    UNKNOWN_ASSET = 13
    # shape of an order
    INVALID_SIDE = 20
    INVALID_ORDER_TYPE = 21
    INVALID_TIME_IN_FORCE = 22
    INVALID_POSITION_SIDE = 23
    INVALID_WORKING_TYPE = 24
    INVALID_SELF_TRADE_PREVENTION = 25
    INVALID_FLAGS = 26
    INVALID_CLIENT_ORDER_ID = 27
    # idempotency
    CLIENT_ORDER_ID_REUSED = 30
    # configuration
    INVALID_CONFIGURATION = 35
    IMMUTABLE_CONFIGURATION = 36
    # is the market there
    TRADING_NOT_OPEN = 40
    ONLY_REDUCE_ONLY = 41
    NO_MARK_PRICE = 42
    # price and quantity
    PRICE_NOT_POSITIVE = 50
    PRICE_TOO_HIGH = 51
    QUANTITY_NOT_POSITIVE = 52
    QUANTITY_TOO_SMALL = 53
    QUANTITY_TOO_LARGE = 54
    PRICE_ABOVE_BAND = 55
    PRICE_BELOW_BAND = 56
    NOTIONAL_TOO_SMALL = 57
    # an order that should exist
    UNKNOWN_ORDER = 60
    ORDER_NOT_AMENDABLE = 61
    NOTHING_TO_AMEND = 62
    # position and book
    REDUCE_ONLY_REJECTED = 70
    TOO_MANY_OPEN_ORDERS = 71
    POST_ONLY_WOULD_CROSS = 72
    NO_LIQUIDITY = 73
    FOK_NOT_FILLABLE = 74
    # margin
    INVALID_LEVERAGE = 80
    POSITION_LIMIT_EXCEEDED = 81
    MARGIN_INSUFFICIENT = 82
    LEVERAGE_MARGIN_INSUFFICIENT = 83
    # money
    INVALID_AMOUNT = 90
    BALANCE_INSUFFICIENT = 91
    # the machine
    CAPACITY_REACHED = 99


class EndReason(IntEnum):
    """Why an order ended or was cut though nobody asked; shares `reason` with RejectReason."""

    SELF_TRADE = 200
    REDUCE_ONLY_CUT = 201
    UNFILLED_REST = 202
    AMENDED_BELOW_FILLED = 203
