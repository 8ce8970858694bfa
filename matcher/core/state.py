"""The engine's rooms together, the command being applied, and the events it causes.

Also the life of an order where several rooms meet: entering and leaving its account's list, the
sums that margin needs, its idempotency key, the sibling that ends when it does [ORD-011].
"""

import cython
from cython.cimports.libc.stdint import int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from cython.cimports.libc.stdlib import free
from cython.cimports.libc.string import memcpy, memset
from cython.cimports.matcher.core.accounts import Accounts, Position
from cython.cimports.matcher.core.book import remove
from cython.cimports.matcher.core.client_ids import ORDERS, ClientIds, Key
from cython.cimports.matcher.core.countdowns import Countdowns
from cython.cimports.matcher.core.holders import Holders
from cython.cimports.matcher.core.instruments import Instruments
from cython.cimports.matcher.core.limits import Limits
from cython.cimports.matcher.core.machine import buffer_resize, pages_touch
from cython.cimports.matcher.core.orders import CLOSES, HAS_TERMS, SHOWN_FLAGS, WAITS, Order, Orders, Origin
from cython.cimports.matcher.core.records import (
    COMMAND_PLACE_ORDER,
    END_SIBLING_ENDED,
    EVENT_FLAG_LAST,
    EVENT_FLAG_LONG,
    EVENT_FLAG_SHORT,
    EVENT_ORDER_CANCELED,
    EVENT_ORDER_TERMS,
    POSITION_SIDE_BOTH,
    POSITION_SIDE_LONG,
    POSITION_SIDE_SHORT,
    PROTOCOL_VERSION,
    STATUS_CANCELED,
    STATUS_FILLED,
    STATUS_NEW,
    STATUS_PARTIALLY_FILLED,
    Event,
    OrderImage,
    OrderTerms,
)
from cython.cimports.matcher.core.terms import Terms
from cython.cimports.matcher.core.waiting import Waiting


class State:
    def __cinit__(self, config):
        self.orders = Orders(config.orders, config.expected_orders)
        self.accounts = Accounts(config.accounts)
        self.instruments = Instruments()
        self.client_ids = ClientIds(config.expected_keys)
        self.holders = Holders()
        self.waiting = Waiting()
        self.countdowns = Countdowns()
        self.limits = Limits()
        self.prefault = config.prefault
        self.judged = -1
        self.room = 1024
        self.events = cython.cast(cython.pointer[Event], buffer_resize(cython.NULL, self.room * cython.sizeof(Event)))
        if self.prefault:
            self.orders.prefault()

    def __dealloc__(self):
        free(self.events)

    def begin(self, command):
        """A command's first step: its stamps, then forgetting."""
        self.seq = command.seq
        self.time_ns = command.time_ns
        self.command_id = command.command_id
        self.part = 0
        self.is_later = command.version > 1
        self.is_third = command.version >= PROTOCOL_VERSION
        self.instruments.log.seq = command.seq
        self.client_ids.forget(command.time_ns)

    def finish(self):
        """Mark the command's last event. Every command has one."""
        if self.part == 0:
            self.fault = 1
            return
        self.events[self.count - 1].flags |= EVENT_FLAG_LAST

    def prepare(self, events):
        """Room for so many events of one batch, its pages touched, so that none faults in the middle of one."""
        if self.room < events:
            self.room = events
            self.events = cython.cast(
                cython.pointer[Event], buffer_resize(self.events, self.room * cython.sizeof(Event))
            )
        pages_touch(self.events + self.count, (self.room - self.count) * cython.sizeof(Event))

    def emit(self, kind, account, instrument):
        """A new event with its header, the rest zero. The pointer holds until the next one."""
        if self.count == self.room:
            self.room *= 2
            self.events = cython.cast(
                cython.pointer[Event], buffer_resize(self.events, self.room * cython.sizeof(Event))
            )
        event: cython.pointer[Event] = self.events + self.count
        memset(event, 0, cython.sizeof(Event))
        event.seq = self.seq
        event.time_ns = self.time_ns
        event.command_id = self.command_id
        event.account = account
        event.instrument = instrument
        event.kind = cython.cast(uint8_t, kind)
        event.part = self.part
        self.count += 1
        self.part += 1
        return event

    def emit_image(self, kind, slot, status, reason):
        """An event that shows the order as it stands; its position was touched now."""
        order: cython.pointer[Order] = self.orders.at + slot
        origin: cython.pointer[Origin] = self.orders.origin + slot
        position: cython.pointer[Position] = self.accounts.positions + order.position
        image: cython.pointer[OrderImage] = cython.cast(
            cython.pointer[OrderImage], self.emit(kind, order.account, position.instrument)
        )
        image.reason = cython.cast(uint16_t, reason)
        image.order_id = order.order_id
        image.price_ticks = order.price_ticks
        image.quantity_lots = order.quantity_lots
        image.filled_lots = order.quantity_lots - order.leaves_lots
        image.filled_quote_units = order.filled_quote_units
        image.side = order.side
        image.order_type = origin.order_type
        image.time_in_force = order.time_in_force
        image.order_flags = order.flags & SHOWN_FLAGS
        image.position_side = position.position_side
        image.working_type = origin.working_type
        image.self_trade_prevention = order.self_trade_prevention
        image.status = cython.cast(uint8_t, status)
        memcpy(image.client_order_id, origin.client_order_id, 36)
        position.updated_ns = self.time_ns

    def emit_terms(self, slot):
        """[ORD-013] What an order's image does not show; it has terms."""
        order: cython.pointer[Order] = self.orders.at + slot
        terms: cython.pointer[Terms] = self.waiting.at + self.orders.origin[slot].terms
        event: cython.pointer[OrderTerms] = cython.cast(
            cython.pointer[OrderTerms],
            self.emit(EVENT_ORDER_TERMS, order.account, self.accounts.positions[order.position].instrument),
        )
        event.order_id = order.order_id
        event.good_till_ns = terms.good_till_ns
        event.linked_order_id = terms.linked_order_id
        event.trigger_ticks = terms.trigger_ticks
        event.callback_ppm = terms.callback_ppm
        event.take_profit_ticks = terms.take_profit_ticks
        event.stop_loss_ticks = terms.stop_loss_ticks

    def open_order(self, slot):
        """Enter the youngest order into its account's list for the instrument."""
        order: cython.pointer[Order] = self.orders.at + slot
        position: cython.pointer[Position] = self.accounts.positions + order.position
        order.younger = 0
        order.older = position.youngest
        if position.youngest:
            self.orders.at[position.youngest].younger = slot
        else:
            position.oldest = slot
        position.youngest = slot
        if order.flags & WAITS:
            position.waiting_orders += 1
        else:
            position.open_orders += 1

    def end_order(self, slot, status):
        """The order is over and out of the book: out of its list, its key remembered, its terms and slot free."""
        order: cython.pointer[Order] = self.orders.at + slot
        position: cython.pointer[Position] = self.accounts.positions + order.position
        index: uint32_t = self.orders.origin[slot].key
        key: cython.pointer[Key]
        if order.older:
            self.orders.at[order.older].younger = order.younger
        else:
            position.oldest = order.younger
        if order.younger:
            self.orders.at[order.younger].older = order.older
        else:
            position.youngest = order.older
        if order.flags & WAITS:
            position.waiting_orders -= 1
        else:
            position.open_orders -= 1
        if order.flags & HAS_TERMS:
            self.waiting.release(self.orders.origin[slot].terms, position.instrument)
        if index:
            key = self.client_ids.at + index
            key.filled_lots = order.quantity_lots - order.leaves_lots
            key.filled_quote_units = order.filled_quote_units
            key.status = cython.cast(uint8_t, status)
            self.client_ids.end(index, ORDERS, self.time_ns)
        self.orders.release(slot)

    def hold(self, slot, lots):
        """Count `lots` of the resting order in its position's sums; negative takes them out."""
        order: cython.pointer[Order] = self.orders.at + slot
        position: cython.pointer[Position] = self.accounts.positions + order.position
        if order.flags & CLOSES:
            position.reduce_only_lots[order.side] += lots
            return
        position.lots[order.side] += lots
        position.value[order.side] += lots * cython.cast(int64_t, order.price_ticks)

    def cancel(self, slot, reason):
        """End a resting or waiting order: OrderCanceled, and its sibling's after it."""
        self.close_order(slot, EVENT_ORDER_CANCELED, STATUS_CANCELED, reason)

    def close_order(self, slot, kind, status, reason):
        """Take a resting order out of the book, or a waiting one as it is, and end it with one event."""
        order: cython.pointer[Order] = self.orders.at + slot
        if not order.flags & WAITS:
            remove(
                cython.address(self.instruments.at[self.accounts.positions[order.position].instrument].book),
                slot,
            )
            self.hold(slot, -order.leaves_lots)
        self.finish_order(slot, kind, status, reason)

    def finish_order(self, slot, kind, status, reason):
        """End an order that is in no book with one event. [ORD-011] Its sibling goes right after it."""
        sibling: uint32_t = self.unlink(slot)
        self.emit_image(kind, slot, status, reason)
        self.end_order(slot, status)
        if sibling:
            self.cancel(sibling, END_SIBLING_ENDED)

    def wake(self, slot):
        """[ORD-007] Its price was reached: the order waits no longer, and is in no book yet."""
        order: cython.pointer[Order] = self.orders.at + slot
        position: cython.pointer[Position] = self.accounts.positions + order.position
        self.waiting.leave(self.orders.origin[slot].terms, position.instrument)
        order.flags &= ~WAITS
        position.waiting_orders -= 1
        position.open_orders += 1

    def terms_of(self, slot):
        """Index of the order's terms, made when it has none; pointers to terms may move."""
        order: cython.pointer[Order] = self.orders.at + slot
        if not order.flags & HAS_TERMS:
            order.flags |= HAS_TERMS
            self.orders.origin[slot].terms = self.waiting.acquire(slot, order.order_id)
        return self.orders.origin[slot].terms

    def unlink(self, slot):
        """[ORD-011] The two orders name each other no longer; slot of the sibling that has to go, or 0.

        An order that is being matched stays.
        """
        terms: cython.pointer[Terms]
        sibling_id: uint64_t
        if not self.orders.at[slot].flags & HAS_TERMS:
            return 0
        terms = self.waiting.at + self.orders.origin[slot].terms
        sibling_id = terms.linked_order_id
        if not sibling_id:
            return 0
        terms.linked_order_id = 0
        return self.unlink_from(sibling_id, terms.order_id)

    def unlink_from(self, order_id, other_id):
        """One side of unlink(): the order names `other_id` no longer; its slot if it has to go, or 0."""
        slot: uint32_t = self.orders.find(order_id)
        terms: cython.pointer[Terms]
        if not slot or not self.orders.at[slot].flags & HAS_TERMS:
            return 0
        terms = self.waiting.at + self.orders.origin[slot].terms
        if terms.linked_order_id != other_id:
            return 0
        terms.linked_order_id = 0
        return 0 if slot == self.matching_slot else slot

    def cancel_orders(self, account, instrument, spared, reason):
        """Cancel the account's open orders by instrument (0 = all), then order_id over all legs; how many went.

        Orders with a flag of `spared` stay, but for siblings of those that go.
        """
        count: uint64_t = self.orders.open_orders
        index: uint32_t = self.accounts.at[account].first_position
        leg: uint32_t
        oldest: uint32_t
        number: uint16_t
        slot: uint32_t
        while index:
            number = self.accounts.positions[index].instrument
            oldest = 0
            leg = index
            while leg and self.accounts.positions[leg].instrument == number:
                slot = self.accounts.positions[leg].oldest
                while slot and self.orders.at[slot].flags & spared:
                    slot = self.orders.at[slot].younger
                if slot and (not oldest or self.orders.at[slot].order_id < self.orders.at[oldest].order_id):
                    oldest = slot
                leg = self.accounts.positions[leg].next
            if oldest and instrument in (0, number):
                self.cancel(oldest, reason)
            else:
                index = leg
        return count - self.orders.open_orders

    def find_order(self, account, instrument, order_id, text):
        """Slot of the account's open order in the instrument, by order_id, else by client_order_id; or 0."""
        slot: uint32_t = 0
        key: uint32_t
        if order_id:
            slot = self.orders.find(order_id)
        elif text[0]:
            key = self.client_ids.find(account, COMMAND_PLACE_ORDER, text)
            slot = self.client_ids.at[key].slot if key else 0
        if slot:
            if self.orders.at[slot].account != account:
                return 0
            if self.accounts.positions[self.orders.at[slot].position].instrument != instrument:
                return 0
        return slot


def leg_flag(position):
    """EventFlag that names the leg in hedge mode; none for BOTH."""
    if position.position_side == POSITION_SIDE_LONG:
        return EVENT_FLAG_LONG
    return EVENT_FLAG_SHORT if position.position_side == POSITION_SIDE_SHORT else 0


def open_orders_of(state, position):
    """Resting orders of the account in the leg's instrument: BOTH has none in hedge mode, the others none in one-way."""
    other: uint32_t
    if position.position_side == POSITION_SIDE_BOTH:
        return position.open_orders
    other = state.accounts.find_position(
        position.account, position.instrument, POSITION_SIDE_LONG + POSITION_SIDE_SHORT - position.position_side
    )
    return position.open_orders + (state.accounts.positions[other].open_orders if other else 0)


def waiting_orders_of(state, position):
    """Like open_orders_of(): orders of the account in the instrument that wait for a price."""
    other: uint32_t
    if position.position_side == POSITION_SIDE_BOTH:
        return position.waiting_orders
    other = state.accounts.find_position(
        position.account, position.instrument, POSITION_SIDE_LONG + POSITION_SIDE_SHORT - position.position_side
    )
    return position.waiting_orders + (state.accounts.positions[other].waiting_orders if other else 0)


def status_of(leaves_lots, quantity_lots):
    """OrderStatus of an order by what is filled; one that closes a position has no quantity while it waits."""
    if leaves_lots == quantity_lots:
        return STATUS_NEW
    return STATUS_FILLED if leaves_lots == 0 else STATUS_PARTIALLY_FILLED
