"""How an account holds its positions: leverage, margin mode, position mode, isolated margin, pooled collateral."""

from __future__ import annotations

from matcher.protocol.commands import (
    AdjustIsolatedMargin,
    DefineCollateral,
    SetLeverage,
    SetMarginMode,
    SetMultiAssets,
    SetPositionMode,
)
from matcher.protocol.enums import MarginMode, PositionMode, PositionSide
from matcher.protocol.events import (
    CollateralDefined,
    IsolatedMarginChanged,
    LeverageChanged,
    MarginModeChanged,
    MultiAssetsChanged,
    PositionModeChanged,
)
from matcher.protocol.rejects import RejectReason
from matcher.protocol.units import PPB
from tests.reference import groups, insurance
from tests.reference.groups import Shift, cross_group, standing
from tests.reference.margin import exposure_cap_units, exposure_units
from tests.reference.state import LEG_FLAGS, Account, Instrument, Leg, RefusedError, State
from tests.reference.turn import Turn

PRICE_MAX_UNITS = 10**15
AMOUNT_MAX_UNITS = 10**18


def require(is_fine: bool, reason: RejectReason) -> None:
    if not is_fine:
        raise RefusedError(reason)


def sides_of(account: Account) -> tuple[PositionSide, ...]:
    """[MAR-001] The legs an account of this mode may have."""
    if account.position_mode == PositionMode.HEDGE:
        return PositionSide.LONG, PositionSide.SHORT
    return (PositionSide.BOTH,)


def set_leverage(turn: Turn, command: SetLeverage) -> None:
    """[MAR-010] A leverage the exposure and the margins allow."""
    state = turn.state
    account = state.unfrozen_account(command.account)
    instrument = state.instrument(command.instrument)
    require(bool(instrument.tiers), RejectReason.TRADING_NOT_OPEN)
    require(1 <= command.leverage <= instrument.tiers[0].max_leverage, RejectReason.INVALID_LEVERAGE)
    cap = exposure_cap_units(instrument, command.leverage)
    in_use = groups.held(state, account, (instrument.number, PositionSide.BOTH)).leverage
    if command.leverage != in_use:
        require(exposure_units(account, instrument) <= cap, RejectReason.POSITION_LIMIT_EXCEEDED)
        is_covered = _covers(state, account, instrument, command.leverage, is_lower=command.leverage < in_use)
        require(is_covered, RejectReason.LEVERAGE_MARGIN_INSUFFICIENT)
    position = account.leg((instrument.number, PositionSide.BOTH))
    position.leverage, position.updated_ns = command.leverage, turn.header.time_ns
    turn.emit(LeverageChanged, leverage=command.leverage, max_notional_units=cap)


def _covers(state: State, account: Account, instrument: Instrument, leverage: int, *, is_lower: bool) -> bool:
    """Whether isolated legs bear the new position margin and the cross part the rise of what it has to."""
    legs = account.legs_of(instrument.number)
    isolated = account.is_isolated(instrument.number)
    rise = 0
    for leg in legs:
        before = groups.held(state, account, leg)
        after = before.with_leverage(leverage)
        rise += after.order_margin - before.order_margin if isolated else after.requirement - before.requirement
        safe = account.positions[leg].isolated_units + min(0, before.unrealized_pnl)
        if isolated and is_lower and before.q and safe < after.position_margin:
            return False
    asset = instrument.terms.settlement_asset
    then = standing(state, cross_group(account, asset), Shift(requirement_asset=asset, requirement=rise))
    return rise <= 0 or then.requirement <= then.equity


def set_margin_mode(turn: Turn, command: SetMarginMode) -> None:
    """[MAR-007] Only while the account has nothing in the instrument."""
    state = turn.state
    account = state.unfrozen_account(command.account)
    number, mode = state.instrument(command.instrument).number, command.margin_mode
    require(mode in tuple(MarginMode), RejectReason.INVALID_MODE)
    require(mode != account.shared(number).margin_mode, RejectReason.MODE_UNCHANGED)
    is_pooled = mode == MarginMode.ISOLATED and account.multi_assets
    require(not is_pooled, RejectReason.MULTI_ASSETS_CONFLICT)
    require(not insurance.is_fund(state, account), RejectReason.INVALID_MODE)
    require(not state.open_orders_of(account.number, number), RejectReason.HAS_OPEN_ORDERS)
    require(not any(account.lots(leg) for leg in account.legs_of(number)), RejectReason.HAS_POSITION)
    position = account.leg((number, PositionSide.BOTH))
    position.margin_mode, position.updated_ns = mode, turn.header.time_ns
    turn.emit(MarginModeChanged, margin_mode=mode)


def set_position_mode(turn: Turn, command: SetPositionMode) -> None:
    """[MAR-008] Only while the account has nothing anywhere."""
    state = turn.state
    account = state.unfrozen_account(command.account)
    require(command.position_mode in tuple(PositionMode), RejectReason.INVALID_MODE)
    require(not insurance.is_fund(state, account), RejectReason.INVALID_MODE)
    require(command.position_mode != account.position_mode, RejectReason.MODE_UNCHANGED)
    require(not state.open_orders_of(account.number), RejectReason.HAS_OPEN_ORDERS)
    require(not account.has_position(), RejectReason.HAS_POSITION)
    account.position_mode = command.position_mode
    turn.emit(PositionModeChanged, position_mode=command.position_mode)


def set_multi_assets(turn: Turn, command: SetMultiAssets) -> None:
    """[MAR-011] All assets back all cross positions, or each its own."""
    state = turn.state
    account = state.unfrozen_account(command.account)
    require(command.multi_assets in (0, 1), RejectReason.INVALID_MODE)
    require(not insurance.is_fund(state, account), RejectReason.INVALID_MODE)
    require(command.multi_assets != account.multi_assets, RejectReason.MODE_UNCHANGED)
    is_isolated = any(account.is_isolated(number) for number, _ in account.positions)
    require(not is_isolated, RejectReason.MULTI_ASSETS_CONFLICT)
    require(not state.open_orders_of(account.number), RejectReason.HAS_OPEN_ORDERS)
    require(not account.has_position(), RejectReason.HAS_POSITION)
    account.multi_assets = command.multi_assets
    turn.emit(MultiAssetsChanged, multi_assets=command.multi_assets)


def adjust_isolated_margin(turn: Turn, command: AdjustIsolatedMargin) -> None:
    """[MAR-009] Move margin between the cross part and an isolated leg."""
    state = turn.state
    account = state.unfrozen_account(command.account)
    instrument, amount = state.instrument(command.instrument), command.amount_units
    require(command.position_side in sides_of(account), RejectReason.INVALID_POSITION_SIDE)
    require(amount != 0 and abs(amount) <= AMOUNT_MAX_UNITS, RejectReason.INVALID_AMOUNT)
    leg: Leg = (instrument.number, command.position_side)
    is_there = account.is_isolated(instrument.number) and account.lots(leg) != 0
    require(is_there, RejectReason.NO_ISOLATED_POSITION)
    position, held = account.positions[leg], groups.held(state, account, leg)
    if amount > 0:
        free = groups.withdrawable(state, account, instrument.terms.settlement_asset)
        require(amount <= free, RejectReason.BALANCE_INSUFFICIENT)
    else:
        left = position.isolated_units + amount + min(0, held.unrealized_pnl)
        require(left >= held.position_margin, RejectReason.ISOLATED_MARGIN_INSUFFICIENT)
    position.isolated_units += amount
    position.updated_ns = turn.header.time_ns
    told = {"amount_units": amount, "isolated_units": position.isolated_units}
    turn.emit(IsolatedMarginChanged, detail=1, flags=LEG_FLAGS[PositionSide(command.position_side)], **told)


def define_collateral(turn: Turn, command: DefineCollateral) -> None:
    """[MAR-012] What an asset is worth to those who pool theirs."""
    turn.state.require_asset(command.asset)
    house = turn.state.houses[command.asset]
    is_fine = (
        command.haircut_ppb <= PPB
        and 0 <= command.price_units <= PRICE_MAX_UNITS
        and (command.price_units > 0 or house.price_units == 0)
        and 0 <= command.threshold_units <= AMOUNT_MAX_UNITS
    )
    require(is_fine, RejectReason.INVALID_CONFIGURATION)
    told = {name: getattr(command, name) for name in ("price_units", "threshold_units", "haircut_ppb")}
    for name, value in told.items():
        setattr(house, name, value)
    turn.emit(CollateralDefined, asset=command.asset, **told)
