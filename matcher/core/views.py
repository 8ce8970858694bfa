"""The views: what the engine shows of itself, record by record. Reads only.

Rules: [ENG-002].
"""

import cython
from cython.cimports.libc.stdint import uint16_t, uint32_t
from cython.cimports.libc.stdlib import free
from cython.cimports.libc.string import memcpy, memset
from cython.cimports.matcher.core.accounts import Account, Position
from cython.cimports.matcher.core.book import NO_ASK
from cython.cimports.matcher.core.client_ids import Key
from cython.cimports.matcher.core.countdowns import Countdown
from cython.cimports.matcher.core.funding import average_premium, predicted_rate
from cython.cimports.matcher.core.groups import bankruptcy_ticks, liquidation_ticks, totals_of
from cython.cimports.matcher.core.instruments import Asset, Instrument, Rules
from cython.cimports.matcher.core.limits import Limit
from cython.cimports.matcher.core.machine import buffer_resize, int128, to_int64
from cython.cimports.matcher.core.margin import (
    Holding,
    Totals,
    holding_of,
    leverage_in_use,
    maintenance,
    notional_of,
    position_margin,
    requirement_now,
    unrealized,
)
from cython.cimports.matcher.core.orders import HAS_TERMS, SHOWN_FLAGS, WAITS, Order, Origin
from cython.cimports.matcher.core.records import (
    SIDE_BUY,
    SIDE_SELL,
    AccountView,
    AssetView,
    ClientIdView,
    CountdownView,
    InstrumentView,
    LimitsView,
    OrderView,
    PositionView,
    RulesView,
    StateView,
    TierView,
)
from cython.cimports.matcher.core.state import status_of
from cython.cimports.matcher.core.terms import Terms


class Records:
    def __dealloc__(self):
        free(self.at)

    def add(self, width):
        """A zeroed record at the end; the pointer holds until the next one."""
        if self.size + width > self.room:
            self.room = 2 * self.room + width + 4096
            self.at = cython.cast(cython.p_char, buffer_resize(self.at, self.room))
        record: cython.p_char = self.at + self.size
        memset(record, 0, width)
        self.size += width
        self.count += 1
        return record

    def packed(self):
        return self.at[: self.size] if self.size else b""


def sum_legs(state, view):
    """Sums over the account's legs settled in the asset: of all of them, and of the cross ones [MAR-003]."""
    totals: Totals = totals_of(state, view.account, view.asset)
    index: uint32_t = state.accounts.at[view.account].first_position
    position: cython.pointer[Position]
    instrument: cython.pointer[Instrument]
    holding: Holding
    margin: int128
    profit: int128 = 0
    held: int128 = 0
    ordered: int128 = 0
    needed: int128 = 0
    while index:
        position = state.accounts.positions + index
        index = position.next
        instrument = state.instruments.at + position.instrument
        if instrument.settlement_asset != view.asset:
            continue
        holding = holding_of(position)
        margin = position_margin(instrument, cython.address(holding), leverage_in_use(instrument, position))
        profit += unrealized(instrument, position)
        held += margin
        ordered += requirement_now(state, position) - margin
        needed += maintenance(instrument, notional_of(state, position))
    view.unrealized_pnl_units = to_int64(profit)
    view.position_margin_units = to_int64(held)
    view.order_margin_units = to_int64(ordered)
    view.maintenance_margin_units = to_int64(needed)
    view.isolated_units = to_int64(totals.isolated)
    view.cross_unrealized_pnl_units = to_int64(totals.unrealized)
    view.cross_maintenance_margin_units = to_int64(totals.maintenance)


def add_state(state, out):
    view: cython.pointer[StateView] = cython.cast(cython.pointer[StateView], out.add(cython.sizeof(StateView)))
    view.seq = state.seq
    view.time_ns = state.time_ns
    view.last_order_id = state.last_order_id
    view.last_trade_id = state.last_trade_id
    view.accounts = state.accounts.open_accounts
    view.open_orders = state.orders.open_orders
    view.remembered_ids = state.client_ids.remembered


def add_instrument(out, instrument):
    view: cython.pointer[InstrumentView] = cython.cast(
        cython.pointer[InstrumentView], out.add(cython.sizeof(InstrumentView))
    )
    view.tick_lot_units = instrument.tick_lot_units
    view.max_price_ticks = instrument.max_price_ticks
    view.min_quantity_lots = instrument.min_quantity_lots
    view.max_quantity_lots = instrument.max_quantity_lots
    view.max_market_quantity_lots = instrument.max_market_quantity_lots
    view.min_notional_units = instrument.min_notional_units
    view.mark_ticks = instrument.mark_ticks
    view.index_ticks = instrument.index_ticks
    view.next_funding_ns = instrument.next_funding_ns
    view.funding_rate_ppb = instrument.funding_rate_ppb
    view.last_price_ticks = instrument.last_price_ticks
    view.last_trade_id = instrument.last_trade_id
    view.open_interest_lots = instrument.open_interest_lots
    view.best_bid_ticks = instrument.book.bid
    view.best_ask_ticks = instrument.book.ask if instrument.book.ask != NO_ASK else 0
    view.open_orders = instrument.book.open_orders
    view.mark_time_ns = instrument.mark_time_ns
    view.price_band_ppm = instrument.price_band_ppm
    view.market_band_ppm = instrument.market_band_ppm
    view.max_open_orders = instrument.max_open_orders
    view.maker_fee_ppb = instrument.maker_fee_ppb
    view.taker_fee_ppb = instrument.taker_fee_ppb
    view.liquidation_fee_ppb = instrument.liquidation_fee_ppb
    view.instrument = instrument.number
    view.settlement_asset = instrument.settlement_asset
    view.default_leverage = instrument.default_leverage
    view.trading_state = instrument.trading_state
    view.tier_count = instrument.tier_count


def add_tiers(out, instrument):
    view: cython.pointer[TierView]
    i: cython.int
    for i in range(instrument.tier_count):
        view = cython.cast(cython.pointer[TierView], out.add(cython.sizeof(TierView)))
        view.notional_floor_units = instrument.tiers[i].notional_floor_units
        view.maintenance_amount_units = instrument.tiers[i].maintenance_amount_units
        view.maintenance_rate_ppb = instrument.tiers[i].maintenance_rate_ppb
        view.instrument = instrument.number
        view.max_leverage = instrument.tiers[i].max_leverage
        view.tier = i


def add_asset(state, out, number):
    asset: cython.pointer[Asset] = state.instruments.assets + number
    view: cython.pointer[AssetView] = cython.cast(cython.pointer[AssetView], out.add(cython.sizeof(AssetView)))
    view.fee_income_units = asset.fee_income_units
    view.external_units = asset.external_units
    view.clearing_units = asset.clearing_units
    view.conversion_units = asset.conversion_units
    view.price_units = asset.price_units
    view.threshold_units = asset.threshold_units
    view.fund_account = asset.fund_account
    view.haircut_ppb = asset.haircut_ppb
    view.asset = cython.cast(uint16_t, number)


def add_account(state, out, number):
    account: cython.pointer[Account] = state.accounts.at + number
    view: cython.pointer[AccountView] = cython.cast(cython.pointer[AccountView], out.add(cython.sizeof(AccountView)))
    view.account = number
    view.group = account.group
    view.maker_fee_ppb = account.maker_fee_ppb
    view.taker_fee_ppb = account.taker_fee_ppb
    view.fee_override = account.fee_override
    view.account_state = account.state
    view.position_mode = account.position_mode
    view.multi_assets = account.multi_assets


def add_rules(state, out, number):
    instrument: cython.pointer[Instrument] = state.instruments.at + number
    rules: cython.pointer[Rules] = state.instruments.rules + number
    view: cython.pointer[RulesView] = cython.cast(cython.pointer[RulesView], out.add(cython.sizeof(RulesView)))
    view.mark_max_age_ns = instrument.mark_max_age_ns
    view.impact_notional_units = rules.impact_notional_units
    view.breaker_window_ns = rules.breaker_window_ns
    view.breaker_halt_ns = rules.breaker_halt_ns
    view.resume_ns = rules.resume_ns
    view.last_funding_ns = rules.last_funding_ns
    view.last_sample_ns = rules.last_sample_ns
    view.last_premium_ppb = rules.last_premium_ppb
    view.weighted_premium = rules.weighted_premium
    view.samples = rules.samples
    view.average_premium_ppb = average_premium(rules)
    view.predicted_rate_ppb = predicted_rate(rules)
    view.max_conditional_orders = rules.max_conditional_orders
    view.price_protect_ppm = rules.price_protect_ppm
    view.breaker_move_ppm = rules.breaker_move_ppm
    view.interest_rate_ppb = rules.interest_rate_ppb
    view.funding_cap_ppb = rules.funding_cap_ppb
    view.funding_floor_ppb = rules.funding_floor_ppb
    view.instrument = instrument.number
    view.funding_hours = rules.funding_hours
    view.breaker_state = rules.breaker_state
    view.profit_opens = instrument.profit_opens


def add_order(state, out, slot):
    order: cython.pointer[Order] = state.orders.at + slot
    origin: cython.pointer[Origin] = state.orders.origin + slot
    view: cython.pointer[OrderView] = cython.cast(cython.pointer[OrderView], out.add(cython.sizeof(OrderView)))
    view.order_id = order.order_id
    view.price_ticks = order.price_ticks
    view.quantity_lots = order.quantity_lots
    view.filled_lots = order.quantity_lots - order.leaves_lots
    view.filled_quote_units = order.filled_quote_units
    view.created_ns = origin.created_ns
    view.updated_ns = origin.updated_ns
    view.account = order.account
    view.instrument = state.accounts.positions[order.position].instrument
    view.side = order.side
    view.order_type = origin.order_type
    view.time_in_force = order.time_in_force
    view.order_flags = order.flags & SHOWN_FLAGS
    view.position_side = state.accounts.positions[order.position].position_side
    view.working_type = origin.working_type
    view.self_trade_prevention = order.self_trade_prevention
    view.status = status_of(order.leaves_lots, order.quantity_lots)
    memcpy(view.client_order_id, origin.client_order_id, 36)
    view.waiting = (order.flags & WAITS) != 0
    if order.flags & HAS_TERMS:
        terms: cython.pointer[Terms] = state.waiting.at + origin.terms
        view.trigger_ticks = terms.trigger_ticks
        view.callback_ppm = terms.callback_ppm
        view.watermark_ticks = state.waiting.watermark_of(origin.terms, view.instrument)
        view.take_profit_ticks = terms.take_profit_ticks
        view.stop_loss_ticks = terms.stop_loss_ticks
        view.good_till_ns = terms.good_till_ns
        view.linked_order_id = terms.linked_order_id


def add_countdowns(state, out, account):
    """Countdowns that are armed, by account and instrument: of one account, of everybody with 2^32 - 1."""
    index: uint32_t
    it: cython.pointer[Countdown]
    view: cython.pointer[CountdownView]
    armed = []
    for index in range(1, state.countdowns.count):
        it = state.countdowns.at + index
        if it.deadline_ns and account in (EVERYBODY, it.account):
            armed.append((it.account, it.instrument, index))
    armed.sort()
    for row in armed:
        it = state.countdowns.at + cython.cast(uint32_t, row[2])
        view = cython.cast(cython.pointer[CountdownView], out.add(cython.sizeof(CountdownView)))
        view.deadline_ns = it.deadline_ns
        view.account = it.account
        view.instrument = it.instrument
    return 0


def add_limits(state, out, account):
    """[RISK-001] What limits somebody, by account and instrument: of one account, of everybody with 2^32 - 1."""
    index: uint32_t
    it: cython.pointer[Limit]
    view: cython.pointer[LimitsView]
    found = []
    for index in range(1, state.limits.count):
        it = state.limits.at + index
        if (it.notional_units or it.lots or it.open_orders) and account in (EVERYBODY, it.account):
            found.append((it.account, it.instrument, index))
    found.sort()
    for row in found:
        it = state.limits.at + cython.cast(uint32_t, row[2])
        view = cython.cast(cython.pointer[LimitsView], out.add(cython.sizeof(LimitsView)))
        view.max_position_notional_units = it.notional_units
        view.max_position_lots = it.lots
        view.max_open_orders = it.open_orders
        view.account = it.account
        view.instrument = it.instrument
    return 0


def add_key(state, out, index):
    key: cython.pointer[Key] = state.client_ids.at + index
    view: cython.pointer[ClientIdView] = cython.cast(cython.pointer[ClientIdView], out.add(cython.sizeof(ClientIdView)))
    view.fingerprint = key.fingerprint
    view.order_id = key.order_id
    view.filled_lots = key.filled_lots
    view.filled_quote_units = key.filled_quote_units
    view.ended_ns = key.ended_ns
    view.account = key.account
    view.purpose = key.purpose
    view.status = key.status
    memcpy(view.client_order_id, key.text, 36)


def add_position(state, out, position):
    instrument: cython.pointer[Instrument] = state.instruments.at + position.instrument
    view: cython.pointer[PositionView] = cython.cast(cython.pointer[PositionView], out.add(cython.sizeof(PositionView)))
    holding: Holding = holding_of(position)
    margin: int128 = position_margin(instrument, cython.address(holding), leverage_in_use(instrument, position))
    view.position_lots = position.position_lots
    view.cost_units = position.cost_units
    view.realized_pnl_units = position.realized_pnl_units
    view.mark_ticks = instrument.mark_ticks
    view.unrealized_pnl_units = to_int64(unrealized(instrument, position))
    view.position_margin_units = to_int64(margin)
    view.order_margin_units = to_int64(requirement_now(state, position) - margin)
    view.maintenance_margin_units = to_int64(maintenance(instrument, notional_of(state, position)))
    view.buy_lots = position.lots[SIDE_BUY]
    view.sell_lots = position.lots[SIDE_SELL]
    view.buy_value = position.value[SIDE_BUY]
    view.sell_value = position.value[SIDE_SELL]
    view.reduce_only_buy_lots = position.reduce_only_lots[SIDE_BUY]
    view.reduce_only_sell_lots = position.reduce_only_lots[SIDE_SELL]
    view.liquidation_ticks = liquidation_ticks(state, position)
    view.updated_ns = position.updated_ns
    view.account = position.account
    view.instrument = position.instrument
    view.leverage = cython.cast(uint16_t, leverage_in_use(instrument, position))
    view.position_side = position.position_side
    view.margin_mode = position.margin_mode
    view.isolated_units = position.isolated_units
    view.bankruptcy_ticks = bankruptcy_ticks(state, position)
