"""Commands that set the stage: assets, instruments, risk ladders, accounts."""

from __future__ import annotations

from matcher.protocol.commands import (
    DefineAsset,
    DefineInstrument,
    DefineRiskTier,
    OpenAccount,
)
from matcher.protocol.enums import AccountState, TradingState
from matcher.protocol.events import (
    AccountOpened,
    AssetDefined,
    InstrumentDefined,
    RiskTierDefined,
)
from matcher.protocol.rejects import EndReason, RejectReason
from matcher.protocol.units import PPB, PPM
from tests.reference import lifecycle, safety
from tests.reference.state import Account, House, Instrument, RefusedError, Tier
from tests.reference.turn import Turn

NUMBER_MAX = 1023
ACCOUNT_MAX = 2**31 - 1
VALUE_MAX_UNITS = 4 * 10**18
FEE_MAX_PPB = 10**8
TIERS_MAX = 16


def _require(is_fine: bool, reason: RejectReason) -> None:
    if not is_fine:
        raise RefusedError(reason)


def define_asset(turn: Turn, command: DefineAsset) -> None:
    _require(1 <= command.asset <= NUMBER_MAX, RejectReason.UNKNOWN_ASSET)
    turn.state.houses.setdefault(command.asset, House())
    turn.emit(AssetDefined, asset=command.asset)


def define_instrument(turn: Turn, command: DefineInstrument) -> None:
    state = turn.state
    _require(1 <= command.instrument <= NUMBER_MAX, RejectReason.UNKNOWN_INSTRUMENT)
    state.require_asset(command.settlement_asset)
    _require(all(_instrument_checks(command)), RejectReason.INVALID_CONFIGURATION)
    known = state.instruments.get(command.instrument)
    if known is None:
        state.instruments[command.instrument] = Instrument(command.instrument, command, command.trading_state)
    else:
        same = (known.terms.settlement_asset, known.terms.tick_lot_units)
        is_same = same == (command.settlement_asset, command.tick_lot_units)
        is_lower = command.max_price_ticks < known.terms.max_price_ticks
        _require(is_same and not is_lower, RejectReason.IMMUTABLE_CONFIGURATION)
        _require(safety.may_become(turn, known, command.trading_state), RejectReason.TRADING_NOT_OPEN)
        known.terms, known.trading_state, known.resume_ns = command, command.trading_state, 0
    turn.emit(InstrumentDefined, trading_state=command.trading_state)


def _instrument_checks(terms: DefineInstrument) -> list[bool]:
    return [
        1 <= terms.tick_lot_units <= 10**12,
        1 <= terms.max_price_ticks <= 2**24 - 2,
        0 < terms.min_quantity_lots <= terms.max_quantity_lots <= 10**12,
        0 < terms.max_market_quantity_lots <= terms.max_quantity_lots,
        terms.min_notional_units >= 0,
        0 < terms.price_band_ppm < PPM,
        0 < terms.market_band_ppm < PPM,
        1 <= terms.max_open_orders <= 10_000,
        abs(terms.maker_fee_ppb) <= FEE_MAX_PPB,
        abs(terms.taker_fee_ppb) <= FEE_MAX_PPB,
        terms.maker_fee_ppb + terms.taker_fee_ppb >= 0,
        0 <= terms.liquidation_fee_ppb <= FEE_MAX_PPB,
        1 <= terms.default_leverage <= 1000,
        terms.trading_state in tuple(TradingState),
        terms.max_price_ticks * terms.max_quantity_lots * terms.tick_lot_units <= VALUE_MAX_UNITS,
    ]


def define_risk_tier(turn: Turn, command: DefineRiskTier) -> None:
    """Stage one tier; the last one puts the whole staged ladder into force. A wrong one drops the stage."""
    instrument = turn.state.instrument(command.instrument)
    if command.tier == 0:
        instrument.stage, instrument.stage_count = [], command.tier_count
    if not all(_tier_checks(instrument, command)):
        instrument.stage, instrument.stage_count = [], 0
        raise RefusedError(RejectReason.INVALID_CONFIGURATION)
    maintenance_amount = 0
    if instrument.stage:
        below = instrument.stage[-1]
        step = command.notional_floor_units * (command.maintenance_rate_ppb - below.rate_ppb) // PPB
        maintenance_amount = below.maintenance_amount_units + step
    instrument.stage.append(
        Tier(command.notional_floor_units, maintenance_amount, command.maintenance_rate_ppb, command.max_leverage)
    )
    if len(instrument.stage) == command.tier_count:
        instrument.tiers = instrument.stage
        instrument.stage, instrument.stage_count = [], 0
    turn.emit(RiskTierDefined, tier=command.tier, tier_count=command.tier_count)


def _tier_checks(instrument: Instrument, tier: DefineRiskTier) -> list[bool]:
    checks = [
        tier.tier < tier.tier_count <= TIERS_MAX,
        tier.tier_count == instrument.stage_count,
        tier.tier == len(instrument.stage),
        tier.maintenance_rate_ppb > 0,
        tier.max_leverage > 0,
        tier.maintenance_rate_ppb * tier.max_leverage < PPB,
        tier.notional_floor_units <= 10**18,
    ]
    if instrument.stage:
        below = instrument.stage[-1]
        checks.append(tier.notional_floor_units > below.floor_units)
        checks.append(tier.maintenance_rate_ppb > below.rate_ppb)
        checks.append(tier.max_leverage < below.max_leverage)
    else:
        checks.append(tier.notional_floor_units == 0)
    return checks


def open_account(turn: Turn, command: OpenAccount) -> None:
    state = turn.state
    _require(1 <= command.account <= ACCOUNT_MAX, RejectReason.UNKNOWN_ACCOUNT)
    is_fine = (
        command.account_state in tuple(AccountState)
        and abs(command.maker_fee_ppb) <= FEE_MAX_PPB
        and abs(command.taker_fee_ppb) <= FEE_MAX_PPB
        and command.fee_override <= 1
    )
    _require(is_fine, RejectReason.INVALID_CONFIGURATION)
    group = command.group or command.account
    known = state.accounts.get(command.account)
    if known is None:
        _require(command.account <= state.accounts_max, RejectReason.CAPACITY_REACHED)
        state.accounts[command.account] = Account(command.account, command, group)
    else:
        known.terms, known.group = command, group
    turn.emit(AccountOpened, group=group, account_state=command.account_state)
    if state.is_third and command.account_state != AccountState.ACTIVE:  # [CFG-007]
        opening = [o for o in state.open_orders_of(command.account) if not o.is_closing]
        opening.sort(key=lambda o: (o.instrument, o.order_id))
        lifecycle.cancel_each(turn, opening, EndReason.ACCOUNT_RESTRICTED)
