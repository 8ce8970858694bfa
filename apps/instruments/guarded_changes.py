"""Changes of a market that two people make: its terms and ladder, trading again, its end, and the terms of assets.

A change is asked for as what differs, with what was there before; when that has moved in the meantime nothing is done.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from apps.approvals import services as approvals
from apps.approvals.types import Execution
from apps.assets.guarded import guard_assets
from apps.common.roles import ADMIN, OPERATOR, RISK
from apps.instruments.errors import DefinitionRefused, TermsMoved
from apps.instruments.models import Instrument, RiskTier, TradingStateChange
from apps.instruments.services import push_definitions, set_trading_state, settle_instrument
from apps.instruments.unit_fields import label_of, text_of
from matcher.protocol.enums import TradingState

CHANGE, RESUME, DELIST = "instruments.change", "instruments.resume", "instruments.delist"
ASKERS = (RISK, OPERATOR, ADMIN)
RUNG_FIELDS = ("tier", "notional_floor_units", "maintenance_rate_ppb", "max_leverage")
Rung = dict[str, int]


def register_kinds() -> None:
    """What of this room needs a second person."""
    approvals.register(
        CHANGE, _change, roles=[RISK, ADMIN], request_roles=ASKERS,
        title="Change a market's rules", describe=_describe_change,
    )  # fmt: skip
    approvals.register(
        RESUME, _resume, roles=[RISK, OPERATOR, ADMIN], request_roles=ASKERS,
        title="Let a market trade again", describe=_describe_market,
    )  # fmt: skip
    approvals.register(
        DELIST, _delist, roles=[RISK, ADMIN], request_roles=ASKERS,
        title="Delist a market for good", describe=_describe_market,
    )  # fmt: skip
    guard_assets(then=_push)


def rungs(tiers: Iterable[RiskTier]) -> list[Rung]:
    """A ladder as numbers, lowest tier first."""
    found = [{name: int(getattr(tier, name)) for name in RUNG_FIELDS} for tier in tiers]
    return sorted(found, key=lambda rung: rung["tier"])


def change_payload(*, row: Instrument, wanted: Mapping[str, Any], ladder: list[Rung]) -> dict[str, Any] | None:
    """What differs between the stored instrument and what is wanted of it; None when nothing does."""
    stored = Instrument.objects.get(pk=row.pk)
    fields = {
        name: {"before": getattr(stored, name), "after": value}
        for name, value in wanted.items()
        if getattr(stored, name) != value
    }
    before = rungs(stored.tiers.all())
    tiers = {"before": before, "after": ladder} if ladder != before else None
    if not fields and tiers is None:
        return None
    return {"instrument_id": row.pk, "symbol": stored.symbol, "fields": fields, "tiers": tiers}


def market_payload(*, instrument_id: int, symbol: str, price_ticks: int = 0) -> dict[str, Any]:
    """For trading again and for the end: the market as it stood when it was asked for."""
    last = TradingStateChange.objects.filter(instrument_id=instrument_id).order_by("-change_id").first()
    return {
        "instrument_id": instrument_id,
        "symbol": symbol,
        "state_change": last.change_id if last else 0,
        "price_ticks": price_ticks,
    }


def _change(payload: Mapping[str, Any], execution: Execution) -> str:  # noqa: ARG001 - an executor
    """Rows and engine together: what the engine refuses is not in the rows either."""
    with transaction.atomic():
        row = Instrument.objects.select_for_update().get(id=payload["instrument_id"])
        for name, sides in payload["fields"].items():
            if getattr(row, name) not in (sides["before"], sides["after"]):
                raise TermsMoved(field=name)
            setattr(row, name, sides["after"])
        row.save()
        tiers = payload["tiers"]
        if tiers is not None:
            if rungs(row.tiers.all()) not in (tiers["before"], tiers["after"]):
                raise TermsMoved(field="tiers")
            row.tiers.all().delete()
            RiskTier.objects.bulk_create(RiskTier(instrument=row, **rung) for rung in tiers["after"])
        return _push(row.pk)


def _push(instrument_id: int | None = None) -> str:
    return f"The engine has taken the definition ({push_definitions(instrument_id=instrument_id)} commands)."


def _resume(payload: Mapping[str, Any], execution: Execution) -> str:
    row = Instrument.objects.get(id=payload["instrument_id"])
    if execution.is_repeated and row.trading_state == TradingState.ACTIVE:
        return f"{row.symbol}: trading state is active."
    _check_not_moved(payload)
    set_trading_state(instrument_id=row.pk, trading_state=TradingState.ACTIVE)
    return f"{row.symbol}: trading state is active."


def _delist(payload: Mapping[str, Any], execution: Execution) -> str:
    row = Instrument.objects.get(id=payload["instrument_id"])
    if execution.is_repeated and row.trading_state == TradingState.DELISTED:
        return f"{row.symbol}: delisted."
    closed = settle_instrument(instrument_id=row.pk, price_ticks=payload["price_ticks"])
    return f"{row.symbol}: delisted, {closed} positions closed."


def _check_not_moved(payload: Mapping[str, Any]) -> None:
    """A halt that came after somebody asked to end an older one stays."""
    now = market_payload(instrument_id=payload["instrument_id"], symbol=payload["symbol"])
    if now["state_change"] != payload["state_change"]:
        raise DefinitionRefused("The market's state has changed since this was asked for.")


def _describe_change(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    row = Instrument.objects.select_related("settlement_asset").get(id=payload["instrument_id"])
    lines = [("Market", str(payload["symbol"]))]
    lines += [
        (label_of(name), f"{text_of(row, name, sides['before'])} → {text_of(row, name, sides['after'])}")
        for name, sides in payload["fields"].items()
    ]
    for side in ("before", "after") if payload["tiers"] else ():
        lines += [(f"Tier {rung['tier']} {side}", _told(row, rung)) for rung in payload["tiers"][side]]
    return lines


def _told(row: Instrument, rung: Rung) -> str:
    floor = text_of(row, "notional_floor_units", rung["notional_floor_units"])
    rate = text_of(row, "maintenance_rate_ppb", rung["maintenance_rate_ppb"])
    return f"from {floor} {row.settlement_asset.code}, maintenance {rate} %, leverage {rung['max_leverage']}"


def _describe_market(payload: Mapping[str, Any]) -> list[tuple[str, str]]:
    row = Instrument.objects.filter(id=payload["instrument_id"]).first()
    lines = [("Market", str(payload["symbol"]))]
    if row is not None:
        lines.append(("State now", TradingState(row.trading_state).name.lower()))
        if payload["price_ticks"]:
            lines.append(("Final price", text_of(row, "max_price_ticks", payload["price_ticks"])))
    return lines
