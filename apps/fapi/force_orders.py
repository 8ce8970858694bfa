"""Forced orders of an account: what its liquidations traded, what was taken over, and what deleveraging took.

A liquidation's order shows what the book and the insurance fund took of it; lots that went to the
deleveraging queue stand as rows of their own, with both parties.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec

from apps.common.lane import LaneRequest, LaneResponse, answer
from apps.common.rows import ask
from apps.fapi import errors, values
from apps.fapi.order_objects import order_object
from apps.fapi.order_queries import HISTORY_DAYS
from apps.instruments.catalog import get_catalog
from apps.instruments.types import InstrumentSpec
from apps.liquidations.selectors import get_deleveragings, get_moves_of, get_steps
from apps.liquidations.types import MoveRow
from apps.orders.results import OrderResult, of_row
from apps.orders.selectors import get_orders_by_number
from matcher.protocol.enums import MoveCause, OrderStatus, OrderType, PositionSide, Side, TimeInForce

LIQUIDATION, ADL = "LIQUIDATION", "ADL"


class Forced(NamedTuple):
    """One row of the answer: an order, real or standing for a move, and why it was."""

    time_ns: int
    order: OrderResult
    kind: str
    taken: MoveRow | None = None


async def get_force_orders(request: LaneRequest) -> LaneResponse:
    """Ascending by time; the newest when there are more than `limit`, of at most 7 days."""
    params = request.params
    spec = await values.optional_instrument(params)
    kind = params.get("autoCloseType", "")
    if kind not in {"", LIQUIDATION, ADL}:
        raise errors.not_valid("autoCloseType")
    limit = values.limit(params, 50, 100)
    span = values.span(params, HISTORY_DAYS)
    await request.settled(request.account_id)
    rows = await ask(
        find_forced,
        request.account_id,
        spec.id if spec is not None else None,
        kind=kind,
        start_ns=span.start_ns,
        end_ns=span.end_ns,
        limit=limit,
    )
    by_id = get_catalog().by_id
    return answer([_object(by_id[row.order.instrument_id], row) for row in rows if row.order.instrument_id in by_id])


def find_forced(
    account_id: int, instrument_id: int | None, *, kind: str, start_ns: int | None, end_ns: int | None, limit: int
) -> list[Forced]:
    """The account's forced orders and deleveragings, ascending by time."""
    found: list[Forced] = []
    if kind != ADL:
        steps = get_steps(account_id, instrument_id, start_ns=start_ns, end_ns=end_ns, limit=limit)
        orders = get_orders_by_number([step.order_id for step in steps])
        moves = get_moves_of({step.liquidation_id for step in steps}, account_id)
        takeovers = [move for move in moves if move.is_liquidated and move.cause == MoveCause.TAKEN_OVER]
        for step in reversed(steps):
            if step.order_id not in orders:
                continue
            order = of_row(orders[step.order_id])
            leg = (step.liquidation_id, step.instrument_id, step.position_side)
            move = _takeover_of(order, leg, takeovers)
            found.append(Forced(step.time_ns, order, LIQUIDATION, move))
    if kind != LIQUIDATION:
        lost = get_deleveragings(
            account_id, instrument_id, both_parties=True, start_ns=start_ns, end_ns=end_ns, limit=limit
        )
        found += [Forced(move.time_ns, _moved(move), ADL) for move in lost]
    return sorted(found, key=lambda row: row.time_ns)[-limit:]


def _takeover_of(order: OrderResult, leg: tuple[int, int, int], takeovers: list[MoveRow]) -> MoveRow | None:
    """What the fund took after this order: all that the book left of it, or nothing."""
    rest = order.quantity_lots - order.filled_lots
    for move in takeovers:
        if rest == move.quantity_lots and (move.liquidation_id, move.instrument_id, move.position_side) == leg:
            takeovers.remove(move)
            return move
    return None


def _object(spec: InstrumentSpec, row: Forced) -> dict[str, Any]:
    order = row.order
    if row.kind == ADL:
        return order_object(spec, order) | {"autoCloseType": ADL}
    if row.taken is not None:
        filled = order.filled_lots + row.taken.quantity_lots
        order = msgspec.structs.replace(
            order,
            filled_lots=filled,
            filled_quote_units=order.filled_quote_units
            + spec.notional_units(row.taken.price_ticks, row.taken.quantity_lots),
            status=OrderStatus.FILLED if filled == order.quantity_lots else order.status,
        )
    return order_object(spec, order) | {"clientOrderId": f"autoclose-{order.order_id}", "autoCloseType": LIQUIDATION}


def _moved(move: MoveRow) -> OrderResult:
    """A position change without an order, in the form of the order it stands for."""
    spec = get_catalog().by_id.get(move.instrument_id)
    return OrderResult(
        order_id=move.move_id,
        instrument_id=move.instrument_id,
        client_order_id="adl_autoclose",
        side=Side.SELL if move.is_sell else Side.BUY,
        order_type=OrderType.LIMIT,
        time_in_force=TimeInForce.IOC,
        order_flags=0,
        position_side=PositionSide(move.position_side),
        self_trade_prevention=0,
        status=OrderStatus.FILLED,
        price_ticks=move.price_ticks,
        quantity_lots=move.quantity_lots,
        filled_lots=move.quantity_lots,
        filled_quote_units=spec.notional_units(move.price_ticks, move.quantity_lots) if spec is not None else 0,
        updated_ns=move.time_ns,
        created_ns=move.time_ns,
    )
