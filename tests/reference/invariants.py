"""What must hold after every command; each broken promise has a name."""

from __future__ import annotations

from matcher.protocol.enums import PositionSide, Side
from tests.reference.keys import PLACE_ORDER
from tests.reference.matching import closing_side, resting_closing
from tests.reference.state import Account, Instrument, Leg, State


def check(state: State) -> None:
    """Raises AssertionError naming the broken invariant."""
    for instrument in state.instruments.values():
        _check_book(instrument)
        _check_positions(state, instrument)
    for asset in state.houses:
        _check_money(state, asset)
    _check_keys(state)
    _check_links(state)


def _check_book(instrument: Instrument) -> None:
    bids, asks = instrument.bids, instrument.asks
    if bids and asks:
        assert bids[0].price_ticks < asks[0].price_ticks, f"book crossed: instrument {instrument.number}"
    assert bids == sorted(bids, key=lambda o: -o.price_ticks), f"bids out of order: instrument {instrument.number}"
    assert asks == sorted(asks, key=lambda o: o.price_ticks), f"asks out of order: instrument {instrument.number}"
    for order in bids + asks:
        assert order.leaves_lots > 0, f"empty order resting: {order.order_id}"
        assert order.side == (Side.BUY if order in bids else Side.SELL), f"order on the wrong side: {order.order_id}"


def _check_positions(state: State, instrument: Instrument) -> None:
    held = {
        (account.number, leg): account.positions[leg]
        for account in state.accounts.values()
        for leg in account.legs_of(instrument.number)
    }
    assert sum(p.lots for p in held.values()) == 0, f"longs differ from shorts: instrument {instrument.number}"
    for (number, leg), position in held.items():
        sign = (position.cost_units > 0) - (position.cost_units < 0)
        assert sign * position.lots >= 0, f"cost against the position: account {number}"
        assert position.lots or not position.cost_units, f"cost without a position: account {number}"
        _check_leg(state.accounts[number], leg)
        for side in Side:
            resting = sum(o.leaves_lots for o in resting_closing(instrument, number, leg[1], side))
            allowed = abs(position.lots) if side == closing_side(position.lots) else 0
            assert resting <= allowed, f"closing orders beyond the position: account {number}"
    for order in instrument.bids + instrument.asks + instrument.waiting:
        assert (order.account, order.leg) in held, f"order without a position record: {order.order_id}"


def _check_leg(account: Account, leg: Leg) -> None:
    """[MAR-001, MAR-003] Legs are of their sign, settings stand on BOTH, isolated margin where a leg is isolated."""
    position, number = account.positions[leg], account.number
    assert (leg[0], PositionSide.BOTH) in account.positions, f"leg without its BOTH record: account {number}"
    if leg[1] == PositionSide.LONG:
        assert position.lots >= 0, f"LONG below zero: account {number}"
    if leg[1] == PositionSide.SHORT:
        assert position.lots <= 0, f"SHORT above zero: account {number}"
    if leg[1] != PositionSide.BOTH:
        assert (position.leverage, position.margin_mode) == (0, 0), f"settings on a side: account {number}"
    is_held = account.is_isolated(leg[0]) and position.lots
    assert is_held or not position.isolated_units, f"isolated margin without an isolated position: account {number}"


def _check_links(state: State) -> None:
    """[ORD-011] Linked orders name each other and belong to one leg."""
    open_orders = {order.order_id: order for order in state.open_orders()}
    for order in open_orders.values():
        if order.linked_order_id:
            other = open_orders.get(order.linked_order_id)
            assert other is not None, f"link to an order that is gone: {order.order_id}"
            assert other.linked_order_id == order.order_id, f"links are not mutual: {order.order_id}"
            assert (other.account, other.leg) == (order.account, order.leg), f"link across legs: {order.order_id}"


def _check_money(state: State, asset: int) -> None:
    house = state.houses[asset]
    wallets = sum(account.wallet(asset) for account in state.accounts.values())
    total = wallets + house.fee_income_units + house.clearing_units + house.conversion_units
    assert total == house.external_units, f"money made or lost: asset {asset}"
    costs = sum(
        position.cost_units
        for account in state.accounts.values()
        for leg, position in account.positions.items()
        if state.instruments[leg[0]].terms.settlement_asset == asset
    )
    assert house.clearing_units == -costs, f"clearing differs from open costs: asset {asset}"


def _check_keys(state: State) -> None:
    open_orders = {o.order_id: o for o in state.open_orders()}
    kept = {key for key, remembered in state.remembered.items() if remembered.ended_ns == 0}
    named = {(o.account, PLACE_ORDER, o.client_order_id) for o in open_orders.values() if o.client_order_id}
    waiting = state.ended_orders + state.ended_money
    assert named == set(state.remembered) - set(waiting), "keys of open orders differ from the open orders"
    assert len(waiting) == len(set(waiting)), "a key waits twice to be forgotten"
    assert kept <= named or state.time_ns == 0, "a key is kept for an order that is gone"
    for key in named:
        assert state.remembered[key].order_id in open_orders, "a key is kept for an order that is gone"
