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
    INVALID_TRIGGER_PRICE = 28
    INVALID_GOOD_TILL = 29
    # idempotency
    CLIENT_ORDER_ID_REUSED = 30
    INVALID_LINK = 31
    INVALID_MODE = 32
    # configuration
    INVALID_CONFIGURATION = 35
    IMMUTABLE_CONFIGURATION = 36
    # is the market there
    TRADING_NOT_OPEN = 40
    ONLY_REDUCE_ONLY = 41
    NO_MARK_PRICE = 42
    STALE_MARK_PRICE = 43
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
    WOULD_TRIGGER = 75
    TOO_MANY_CONDITIONAL_ORDERS = 76
    # what this account may have
    ACCOUNT_ORDERS_EXCEEDED = 77
    ACCOUNT_LOTS_EXCEEDED = 78
    ACCOUNT_NOTIONAL_EXCEEDED = 79
    # margin
    INVALID_LEVERAGE = 80
    POSITION_LIMIT_EXCEEDED = 81
    MARGIN_INSUFFICIENT = 82
    LEVERAGE_MARGIN_INSUFFICIENT = 83
    MODE_UNCHANGED = 84
    HAS_OPEN_ORDERS = 85
    HAS_POSITION = 86
    MULTI_ASSETS_CONFLICT = 87
    NO_ISOLATED_POSITION = 88
    ISOLATED_MARGIN_INSUFFICIENT = 89
    # money
    INVALID_AMOUNT = 90
    BALANCE_INSUFFICIENT = 91
    FUNDING_TIME_INVALID = 92
    NO_COLLATERAL_PRICE = 93
    # the machine
    CAPACITY_REACHED = 99


class EndReason(IntEnum):
    """Why an order ended or was cut though nobody asked; shares `reason` with RejectReason.

    A triggered order that is refused expires with the RejectReason itself.
    """

    SELF_TRADE = 200
    REDUCE_ONLY_CUT = 201
    UNFILLED_REST = 202
    AMENDED_BELOW_FILLED = 203
    POSITION_CLOSED = 204
    GOOD_TILL_PASSED = 205
    COUNTDOWN = 206
    SIBLING_ENDED = 207
    CIRCUIT_BREAKER = 208
    LIQUIDATION = 209
    DELEVERAGED = 210
    SETTLED = 211
    ACCOUNT_RESTRICTED = 212
