"""What must hold after every command; each broken promise has a name."""

from __future__ import annotations

from matcher.protocol.enums import Side
from tests.reference.keys import PLACE_ORDER
from tests.reference.matching import closing_side, resting_reduce_only
from tests.reference.state import Instrument, State


def check(state: State) -> None:
    """Raises AssertionError naming the broken invariant."""
    for instrument in state.instruments.values():
        _check_book(instrument)
        _check_positions(state, instrument)
    for asset in state.houses:
        _check_money(state, asset)
    _check_keys(state)


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
        a.number: a.positions[instrument.number] for a in state.accounts.values() if instrument.number in a.positions
    }
    assert sum(p.lots for p in held.values()) == 0, f"longs differ from shorts: instrument {instrument.number}"
    for account, position in held.items():
        sign = (position.cost_units > 0) - (position.cost_units < 0)
        assert sign * position.lots >= 0, f"cost against the position: account {account}"
        assert position.lots or not position.cost_units, f"cost without a position: account {account}"
        for side in (Side.BUY, Side.SELL):
            resting = sum(o.leaves_lots for o in resting_reduce_only(instrument, account, side))
            allowed = abs(position.lots) if side == closing_side(position.lots) else 0
            assert resting <= allowed, f"reduce_only beyond the position: account {account}"
    for order in instrument.bids + instrument.asks:
        assert order.account in held, f"order without a position record: {order.order_id}"


def _check_money(state: State, asset: int) -> None:
    house = state.houses[asset]
    wallets = sum(account.wallet(asset) for account in state.accounts.values())
    total = wallets + house.fee_income_units + house.clearing_units
    assert total == house.external_units, f"money made or lost: asset {asset}"
    settled = [n for n, i in state.instruments.items() if i.terms.settlement_asset == asset]
    costs = sum(a.positions[n].cost_units for a in state.accounts.values() for n in settled if n in a.positions)
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
