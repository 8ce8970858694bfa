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
    LIQUIDATION = 8
    ATTACHED = 16


class EventFlag(IntFlag):
    """`LAST` closes a command's events; the others describe what happened to a position.

    `LONG` and `SHORT` name the leg in hedge mode (neither: BOTH). On a `LIQUIDATION` fill the fee
    is the liquidation fee and goes to the insurance fund. `ANSWER` is the first event that a command
    of version 2 itself caused: those before it are of timers that had run out.
    """

    LAST = 1
    MAKER = 2
    SELL = 4
    LONG = 8
    SHORT = 16
    LIQUIDATION = 32
    ISOLATED = 64
    ANSWER = 128


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
    TRANSFER_OUT = 3
    TRANSFER_IN = 4


class MoveCause(IntEnum):
    """Why a position changed without an order (`detail` of PositionMoved)."""

    TAKEN_OVER = 1
    DELEVERAGED = 2
    SETTLED = 3


class InsuranceCause(IntEnum):
    """Why the insurance fund's wallet changed (`detail` of InsuranceChanged)."""

    LIQUIDATION_FEE = 1
    SURPLUS = 2
    DEFICIT = 3
    FUNDING_RESIDUE = 4
