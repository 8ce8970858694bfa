"""Small closed sets of the trading language; the numbers are wire format and never change."""

from enum import IntEnum, IntFlag


class Side(IntEnum):
    BUY = 0
    SELL = 1


class OrderType(IntEnum):
    LIMIT = 0
    MARKET = 1
    STOP = 2
    STOP_MARKET = 3
    TAKE_PROFIT = 4
    TAKE_PROFIT_MARKET = 5
    TRAILING_STOP_MARKET = 6


class TimeInForce(IntEnum):
    GTC = 0
    IOC = 1
    FOK = 2
    GTX = 3
    GTD = 4


class PositionSide(IntEnum):
    BOTH = 0
    LONG = 1
    SHORT = 2


class WorkingType(IntEnum):
    CONTRACT_PRICE = 0
    MARK_PRICE = 1


class SelfTradePrevention(IntEnum):
    NONE = 0
    EXPIRE_TAKER = 1
    EXPIRE_MAKER = 2
    EXPIRE_BOTH = 3


class OrderStatus(IntEnum):
    NEW = 0
    PARTIALLY_FILLED = 1
    FILLED = 2
    CANCELED = 3
    EXPIRED = 4
    EXPIRED_IN_MATCH = 5
    REJECTED = 6


class OrderFlag(IntFlag):
    REDUCE_ONLY = 1
    CLOSE_POSITION = 2
    PRICE_PROTECT = 4


class EventFlag(IntFlag):
    """`LAST` closes a command's events; `MAKER` and `SELL` describe an OrderFilled."""

    LAST = 1
    MAKER = 2
    SELL = 4


class TradingState(IntEnum):
    PRE_OPEN = 0
    ACTIVE = 1
    REDUCE_ONLY = 2
    HALTED = 3
    SETTLING = 4
    DELISTED = 5


class AccountState(IntEnum):
    ACTIVE = 0
    REDUCE_ONLY = 1
    FROZEN = 2


class MarginMode(IntEnum):
    CROSS = 0
    ISOLATED = 1


class PositionMode(IntEnum):
    ONE_WAY = 0
    HEDGE = 1


class BalanceCause(IntEnum):
    DEPOSIT = 1
    WITHDRAWAL = 2
