"""Idempotency keys: their shape, what they remember and when they are forgotten."""

from __future__ import annotations

import re

from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import fingerprint
from tests.reference.state import Key, Order, RefusedError, Remembered, State
from tests.reference.turn import Turn

DAY_NS = 24 * 3600 * 10**9
ORDER_RETENTION_NS = DAY_NS
MONEY_RETENTION_NS = 30 * DAY_NS
FORGOTTEN_PER_COMMAND = 4
PLACE_ORDER = 7
_SHAPE = re.compile(rb"[.A-Z:/a-z0-9_-]*\Z")


def require_shape(text: bytes) -> None:
    """`text` has lost its zero padding, so a zero still in it is wrong like any other byte."""
    if not _SHAPE.match(text):
        raise RefusedError(RejectReason.INVALID_CLIENT_ORDER_ID)


def find_same_request(turn: Turn, text: bytes) -> Remembered | None:
    """What is remembered of this very request; RefusedError when another one came under its key."""
    key = (turn.header.account, turn.header.kind, text)
    remembered = turn.state.remembered.get(key) if text else None
    if remembered is not None and remembered.fingerprint != fingerprint(turn.raw):
        raise RefusedError(RejectReason.CLIENT_ORDER_ID_REUSED)
    return remembered


def remember_order(turn: Turn, order: Order) -> None:
    if order.client_order_id:
        key = (order.account, PLACE_ORDER, order.client_order_id)
        turn.state.remembered[key] = Remembered(fingerprint(turn.raw), order.order_id)


def remember_money(turn: Turn, text: bytes) -> None:
    key = (turn.header.account, turn.header.kind, text)
    turn.state.remembered[key] = Remembered(fingerprint(turn.raw), ended_ns=turn.header.time_ns)
    turn.state.ended_money.append(key)


def order_ended(turn: Turn, order: Order, status: int) -> None:
    """Keep the order's outcome under its key, from now on for the retention time."""
    if not order.client_order_id:
        return
    key = (order.account, PLACE_ORDER, order.client_order_id)
    remembered = turn.state.remembered[key]
    remembered.status = status
    remembered.filled_lots = order.filled_lots
    remembered.filled_quote_units = order.filled_quote_units
    remembered.ended_ns = turn.header.time_ns
    turn.state.ended_orders.append(key)


def forget(state: State) -> None:
    """Drop at most four keys whose time has passed: orders' first, then money's, oldest end first."""
    left = FORGOTTEN_PER_COMMAND
    for queue, retention_ns in ((state.ended_orders, ORDER_RETENTION_NS), (state.ended_money, MONEY_RETENTION_NS)):
        while queue and left and _age(state, queue[0]) >= retention_ns:
            del state.remembered[queue.pop(0)]
            left -= 1


def _age(state: State, key: Key) -> int:
    return state.time_ns - state.remembered[key].ended_ns
