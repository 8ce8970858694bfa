"""Owns what is traded: an instrument's terms, risk tiers, prices and book; and the house totals of assets."""

import cython
from cython.cimports.libc.stdint import int64_t, uint64_t
from cython.cimports.libc.stdlib import free
from cython.cimports.libc.string import memcpy, memset
from cython.cimports.matcher.core.book import close_book, open_book, prefault_book, widen_book
from cython.cimports.matcher.core.machine import int128, pages_release, pages_reserve
from cython.cimports.matcher.core.records import (
    REJECT_IMMUTABLE_CONFIGURATION,
    REJECT_INVALID_CONFIGURATION,
    REJECT_NONE,
    REJECT_TRADING_NOT_OPEN,
    REJECT_UNKNOWN_ASSET,
    REJECT_UNKNOWN_INSTRUMENT,
    TRADING_DELISTED,
    TRADING_HALTED,
)


class Instruments:
    def __cinit__(self):
        self.at = cython.cast(cython.pointer[Instrument], pages_reserve(INSTRUMENTS * cython.sizeof(Instrument)))
        self.assets = cython.cast(cython.pointer[Asset], pages_reserve(INSTRUMENTS * cython.sizeof(Asset)))
        self.rules = cython.cast(cython.pointer[Rules], pages_reserve(INSTRUMENTS * cython.sizeof(Rules)))

    def __dealloc__(self):
        i: cython.int
        for i in range(INSTRUMENTS):
            if self.at[i].is_defined:
                close_book(cython.address(self.at[i].book))
        pages_release(self.at, INSTRUMENTS * cython.sizeof(Instrument))
        pages_release(self.assets, INSTRUMENTS * cython.sizeof(Asset))
        pages_release(self.rules, INSTRUMENTS * cython.sizeof(Rules))
        free(self.log.at)

    def find(self, instrument):
        """The instrument, NULL when the number is not defined."""
        if instrument >= INSTRUMENTS or not self.at[instrument].is_defined:
            return cython.NULL
        return self.at + instrument

    def knows_asset(self, asset):
        return asset < INSTRUMENTS and self.assets[asset].is_defined

    def define(self, command, orders, prefault):
        """Make or change an instrument; a RejectReason."""
        if command.instrument == 0 or command.instrument >= INSTRUMENTS:
            return REJECT_UNKNOWN_INSTRUMENT
        if not self.knows_asset(command.settlement_asset):
            return REJECT_UNKNOWN_ASSET
        if not _is_valid(command):
            return REJECT_INVALID_CONFIGURATION
        it: cython.pointer[Instrument] = self.at + command.instrument
        if it.is_defined:
            if (
                it.settlement_asset != command.settlement_asset
                or it.tick_lot_units != command.tick_lot_units
                or it.max_price_ticks > command.max_price_ticks
            ):
                return REJECT_IMMUTABLE_CONFIGURATION
            if (
                command.version != 1
                and it.trading_state == TRADING_DELISTED
                and command.trading_state != TRADING_DELISTED
            ):
                return REJECT_TRADING_NOT_OPEN  # [SAFE-004] final
            widen_book(cython.address(it.book), command.max_price_ticks + 1)
        else:
            open_book(
                cython.address(it.book),
                orders,
                cython.address(self.log),
                command.instrument,
                command.max_price_ticks + 1,
            )
            _set_default_rules(it, self.rules + command.instrument)
            if prefault:
                prefault_book(cython.address(it.book))
        it.is_defined = 1
        it.number = command.instrument
        it.settlement_asset = command.settlement_asset
        it.trading_state = command.trading_state
        it.price_band_ppm = command.price_band_ppm
        it.tick_lot_units = command.tick_lot_units
        it.max_price_ticks = command.max_price_ticks
        it.min_quantity_lots = command.min_quantity_lots
        it.max_quantity_lots = command.max_quantity_lots
        it.max_market_quantity_lots = command.max_market_quantity_lots
        it.min_notional_units = command.min_notional_units
        it.market_band_ppm = command.market_band_ppm
        it.max_open_orders = command.max_open_orders
        it.maker_fee_ppb = command.maker_fee_ppb
        it.taker_fee_ppb = command.taker_fee_ppb
        it.liquidation_fee_ppb = command.liquidation_fee_ppb
        it.default_leverage = command.default_leverage
        return REJECT_NONE

    def stage_tier(self, instrument, command):
        """Add a tier to the staged ladder, which takes effect with the last one; a RejectReason."""
        n: cython.int = command.tier
        fine: cython.bint = command.tier < command.tier_count and command.tier_count <= TIERS
        if n == 0:
            instrument.staged_count = 0
            instrument.staged_total = command.tier_count
            fine = fine and command.notional_floor_units == 0
        elif fine and n == instrument.staged_count and command.tier_count == instrument.staged_total:
            fine = (
                command.notional_floor_units > instrument.staged[n - 1].notional_floor_units
                and command.maintenance_rate_ppb > instrument.staged[n - 1].maintenance_rate_ppb
                and command.max_leverage < instrument.staged[n - 1].max_leverage
            )
        else:
            fine = False
        fine = (
            fine
            and command.maintenance_rate_ppb > 0
            and command.max_leverage > 0
            and cython.cast(uint64_t, command.maintenance_rate_ppb) * command.max_leverage < 1_000_000_000
            and command.notional_floor_units <= UNCAPPED_UNITS
        )
        if not fine:
            instrument.staged_count = 0
            instrument.staged_total = 0
            return REJECT_INVALID_CONFIGURATION
        instrument.staged[n].notional_floor_units = command.notional_floor_units
        instrument.staged[n].maintenance_rate_ppb = command.maintenance_rate_ppb
        instrument.staged[n].max_leverage = command.max_leverage
        instrument.staged_count += 1
        if instrument.staged_count == instrument.staged_total:
            self.commit_tiers(instrument)
        return REJECT_NONE

    def commit_tiers(self, instrument):
        i: cython.int
        rise: int128
        tiers: cython.pointer[Tier] = instrument.tiers
        memcpy(tiers, instrument.staged, TIERS * cython.sizeof(Tier))
        instrument.tier_count = instrument.staged_count
        tiers[0].maintenance_amount_units = 0
        for i in range(1, instrument.tier_count):
            rise = cython.cast(int128, tiers[i].notional_floor_units) * (
                cython.cast(int64_t, tiers[i].maintenance_rate_ppb) - tiers[i - 1].maintenance_rate_ppb
            )
            tiers[i].maintenance_amount_units = tiers[i - 1].maintenance_amount_units + cython.cast(
                int64_t, rise // 1_000_000_000
            )
        memset(instrument.staged, 0, TIERS * cython.sizeof(Tier))
        instrument.staged_count = 0
        instrument.staged_total = 0


def _set_default_rules(instrument, rules):
    """[SAFE-001] What holds until the first DefineMarketRules."""
    instrument.profit_opens = 1
    rules.impact_notional_units = 2_000_000_000_000
    rules.max_conditional_orders = 200
    rules.price_protect_ppm = 50_000
    rules.interest_rate_ppb = 100_000
    rules.funding_cap_ppb = 7_500_000
    rules.funding_floor_ppb = -7_500_000
    rules.funding_hours = 8
    rules.breaker_state = TRADING_HALTED


def _is_valid(command):
    fee_max: cython.int = 100_000_000
    worst: int128 = cython.cast(int128, command.max_price_ticks) * command.max_quantity_lots
    limit: int64_t = WALLET_MAX_UNITS
    return (
        1 <= command.tick_lot_units <= AMOUNT_MAX
        and 1 <= command.max_price_ticks <= (1 << 24) - 2
        and 0 < command.min_quantity_lots <= command.max_quantity_lots
        and command.max_quantity_lots <= AMOUNT_MAX
        and 0 < command.max_market_quantity_lots <= command.max_quantity_lots
        and command.min_notional_units >= 0
        and 0 < command.price_band_ppm < PPM
        and 0 < command.market_band_ppm < PPM
        and 1 <= command.max_open_orders <= 10_000
        and -fee_max <= command.maker_fee_ppb <= fee_max
        and -fee_max <= command.taker_fee_ppb <= fee_max
        and command.maker_fee_ppb + command.taker_fee_ppb >= 0
        and 0 <= command.liquidation_fee_ppb <= fee_max
        and 1 <= command.default_leverage <= 1000
        and command.trading_state <= TRADING_DELISTED
        and worst * command.tick_lot_units <= limit
    )
