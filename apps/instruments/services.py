"""Verbs of instruments: define one as rows, and tell the engine what the rows say.

The rows are the wish, the engine is the truth: a definition it refuses is reported, never forced.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from django.db import transaction
from django.utils import timezone

from apps.assets.selectors import get_assets
from apps.assets.types import AssetSpec
from apps.common.engine import get_send
from apps.instruments.errors import DefinitionRefused
from apps.instruments.models import Instrument, RiskTier
from apps.instruments.selectors import get_instrument, get_instrument_by_id, get_instruments, get_last_state_change
from apps.instruments.terms import InstrumentTerms
from apps.instruments.types import InstrumentSpec
from matcher.protocol.commands import (
    Command,
    DefineAsset,
    DefineCollateral,
    DefineInstrument,
    DefineMarketRules,
    DefineRiskTier,
    SettleInstrument,
    SetTradingState,
    Sweep,
)
from matcher.protocol.enums import TradingState
from matcher.protocol.events import CommandRejected, Event, InstrumentSettled, SweepDone
from matcher.protocol.rejects import RejectReason

NS_PER_MS = 1_000_000


def define_instrument(*, terms: InstrumentTerms) -> InstrumentSpec:
    """Create the instrument with its ladder, or leave the one of this symbol as it is."""
    with transaction.atomic():
        if not Instrument.objects.filter(symbol=terms.symbol).exists():
            assets = {asset.code: asset.id for asset in get_assets()}
            row = Instrument.objects.create(
                id=terms.id,
                symbol=terms.symbol,
                base_asset_id=assets[terms.base_asset],
                quote_asset_id=assets[terms.quote_asset],
                settlement_asset_id=assets[terms.quote_asset],
                onboard_at=timezone.now(),
                **terms.grid_fields(),
            )
            RiskTier.objects.bulk_create(RiskTier(instrument=row, **rung) for rung in terms.tier_fields())
    spec = get_instrument(terms.symbol)
    assert spec is not None, "just created"
    return spec


def push_definitions(*, instrument_id: int | None = None) -> int:
    """Tell the engine all assets and one instrument's terms and ladder, or all of them; repeatable.

    Returns the number of commands. Raises DefinitionRefused naming the first refusal, ServiceUnavailable, OutcomeUnclear.
    """
    specs = get_instruments() if instrument_id is None else [_existing(instrument_id)]
    sent = 0
    for subject, command in _definitions(specs, every=instrument_id is None):
        _send(subject, command)
        sent += 1
    return sent


def _existing(instrument_id: int) -> InstrumentSpec:
    spec = get_instrument_by_id(instrument_id)
    if spec is None:
        raise DefinitionRefused("There is no such instrument.", instrument_id=instrument_id)
    return spec


def _definitions(specs: list[InstrumentSpec], *, every: bool) -> Iterator[tuple[str, Command]]:
    """`every`: all instruments are told again, where one that the circuit breaker holds is not disturbed."""
    for asset in get_assets():
        yield asset.code, DefineAsset(asset=asset.id)
    yield from _collateral()
    for spec in specs:
        if _is_held(spec):
            if every:
                continue
            raise DefinitionRefused(f"{spec.symbol}: the circuit breaker holds it; try again when it trades.")
        yield spec.symbol, instrument_command(spec)
        yield f"{spec.symbol} rules", rules_command(spec)
        for command in tier_commands(spec):
            yield f"{spec.symbol} tier {command.tier}", command


def _collateral() -> Iterator[tuple[str, Command]]:
    """Assets whose price never moves; the others are priced by marketdata."""
    for asset in get_assets():
        if asset.is_collateral and asset.fixed_price_units:
            yield f"{asset.code} as collateral", collateral_command(asset, asset.fixed_price_units)


def collateral_command(asset: AssetSpec, price_units: int) -> DefineCollateral:
    """The command that tells the engine what the asset counts for at this price [MAR-012]."""
    return DefineCollateral(
        asset=asset.id,
        price_units=price_units,
        haircut_ppb=asset.haircut_ppb,
        threshold_units=asset.overdraft_units,
    )


def instrument_command(spec: InstrumentSpec) -> DefineInstrument:
    """The command that gives the engine these terms."""
    return DefineInstrument(
        instrument=spec.id,
        settlement_asset=spec.settlement_asset_id,
        trading_state=_state_to_tell(spec),
        price_band_ppm=spec.price_band_ppm,
        tick_lot_units=spec.tick_lot_units,
        max_price_ticks=spec.max_price_ticks,
        min_quantity_lots=spec.min_quantity_lots,
        max_quantity_lots=spec.max_quantity_lots,
        max_market_quantity_lots=spec.max_market_quantity_lots,
        min_notional_units=spec.min_notional_units,
        market_band_ppm=spec.market_band_ppm,
        max_open_orders=spec.max_open_orders,
        maker_fee_ppb=spec.maker_fee_ppb,
        taker_fee_ppb=spec.taker_fee_ppb,
        liquidation_fee_ppb=spec.liquidation_fee_ppb,
        default_leverage=spec.default_leverage,
    )


def rules_command(spec: InstrumentSpec) -> DefineMarketRules:
    """The command that gives the engine the instrument's further rules [SAFE-001]."""
    return DefineMarketRules(
        instrument=spec.id,
        mark_max_age_ns=spec.mark_max_age_ms * NS_PER_MS,
        impact_notional_units=spec.impact_notional_units,
        breaker_window_ns=spec.breaker_window_ms * NS_PER_MS,
        breaker_halt_ns=spec.breaker_halt_ms * NS_PER_MS,
        max_conditional_orders=spec.max_conditional_orders,
        price_protect_ppm=spec.price_protect_ppm,
        breaker_move_ppm=spec.breaker_move_ppm,
        interest_rate_ppb=spec.interest_rate_ppb,
        funding_cap_ppb=spec.funding_cap_ppb,
        funding_floor_ppb=spec.funding_floor_ppb,
        funding_hours=spec.funding_interval_hours,
        breaker_state=spec.breaker_state,
        profit_opens=spec.profit_opens,
    )


def _state_to_tell(spec: InstrumentSpec) -> int:
    """The wished state; but a delisting stays [SAFE-004], and so does a halt by rule that has no end of its own."""
    last = get_last_state_change(spec.id)
    if last is not None:
        halted = last.by_rule and last.trading_state != TradingState.ACTIVE and not last.resume_ns
        if halted or last.trading_state == TradingState.DELISTED:
            return last.trading_state
    return spec.trading_state


def _is_held(spec: InstrumentSpec) -> bool:
    """Whether the circuit breaker will let the instrument go by itself, which a definition would undo [SAFE-004]."""
    last = get_last_state_change(spec.id)
    return last is not None and last.by_rule and last.resume_ns > time.time_ns()


def set_trading_state(*, instrument_id: int, trading_state: int) -> None:
    """Halt, resume or restrict an instrument at once; the rows wish the same from now on.

    Raises DefinitionRefused, ServiceUnavailable, OutcomeUnclear (safe to repeat).
    """
    spec = _existing(instrument_id)
    _send(spec.symbol, SetTradingState(instrument=spec.id, trading_state=trading_state))
    Instrument.objects.filter(id=spec.id).update(trading_state=trading_state)


def settle_instrument(*, instrument_id: int, price_ticks: int) -> int:
    """Delist for good [SAFE-005]: no orders are left, every position is closed at the price without fees.

    Returns how many positions that were. Raises DefinitionRefused, ServiceUnavailable, OutcomeUnclear.
    """
    spec = _existing(instrument_id)
    events = _send(spec.symbol, SettleInstrument(instrument=spec.id, price_ticks=price_ticks))
    Instrument.objects.filter(id=spec.id).update(trading_state=TradingState.DELISTED)
    return next((event.positions for event in events if isinstance(event, InstrumentSettled)), 0)


def sweep_instrument(*, instrument_id: int) -> int:
    """Have the engine look at every holder again [LIQ-001]; how many margin groups it liquidated.

    Raises DefinitionRefused, ServiceUnavailable, OutcomeUnclear.
    """
    spec = _existing(instrument_id)
    events = _send(spec.symbol, Sweep(instrument=spec.id))
    return next((event.liquidated for event in events if isinstance(event, SweepDone)), 0)


def tier_commands(spec: InstrumentSpec) -> list[DefineRiskTier]:
    """The ladder in order; it takes effect with the last one."""
    return [
        DefineRiskTier(
            instrument=spec.id,
            notional_floor_units=tier.notional_floor_units,
            maintenance_rate_ppb=tier.maintenance_rate_ppb,
            max_leverage=tier.max_leverage,
            tier=at,
            tier_count=len(spec.tiers),
        )
        for at, tier in enumerate(spec.tiers)
    ]


def _send(subject: str, command: Command) -> Sequence[Event]:
    events = get_send()(command)
    for event in events:
        if isinstance(event, CommandRejected):
            reason = RejectReason(event.reason).name
            raise DefinitionRefused(f"{subject}: {reason}", subject=subject, reason=reason)
    return events
