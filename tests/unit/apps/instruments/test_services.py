"""Rows become definitions the engine takes; what it refuses is named and leaves the engine as it was."""

import time
from typing import cast

import pytest
from django.db import IntegrityError, transaction

from apps.assets.services import define_asset
from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
from apps.common.errors import ServiceUnavailable
from apps.instruments import services
from apps.instruments.errors import DefinitionRefused
from apps.instruments.models import Instrument, TradingStateChange
from apps.instruments.selectors import get_instrument, get_instruments
from apps.instruments.terms import InstrumentTerms
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import TradingState
from matcher.protocol.views import InstrumentView, Query, QueryKind, RulesView
from tests.support.engine_twin import EngineTwin

pytestmark = pytest.mark.django_db


@pytest.fixture
def market() -> list[InstrumentSpec]:
    for asset_id, code, name, decimals in ASSETS:
        define_asset(asset_id=asset_id, code=code, name=name, decimals=decimals)
    return [services.define_instrument(terms=terms) for terms in INSTRUMENTS]


def test_the_demo_market_is_taken_whole_and_again(market: list[InstrumentSpec], engine: EngineTwin) -> None:
    first = services.push_definitions()
    before = engine.engine.digest()
    assert first == len(ASSETS) + sum(2 + len(spec.tiers) for spec in market)
    assert services.push_definitions() == first
    assert engine.kinds()[: len(ASSETS)] == ["DefineAsset"] * len(ASSETS)
    assert len(before) == 32


@pytest.mark.parametrize("terms", INSTRUMENTS, ids=lambda terms: terms.symbol)
def test_terms_fit_the_engine(market: list[InstrumentSpec], terms: InstrumentTerms) -> None:
    spec = get_instrument(terms.symbol)
    assert spec is not None
    assert spec.tick_lot_units >= 1
    assert spec.max_price_ticks < 2**24
    assert spec.max_price_ticks * spec.max_quantity_lots * spec.tick_lot_units <= 4 * 10**18
    assert spec.price_text(1) == terms.tick_size
    assert spec.quantity_text(1) == terms.lot_size
    assert spec.tiers[0].max_leverage == terms.tiers[0].max_leverage
    assert all(tier.maintenance_rate_ppb * tier.max_leverage < 10**9 for tier in spec.tiers)


def test_defining_again_changes_nothing(market: list[InstrumentSpec]) -> None:
    Instrument.objects.filter(symbol="BTCUSDT").update(maker_fee_ppb=1)
    services.define_instrument(terms=INSTRUMENTS[0])
    assert [spec.symbol for spec in get_instruments()] == [terms.symbol for terms in INSTRUMENTS]
    assert get_instruments()[0].maker_fee_ppb == 1


def test_one_instrument_alone(market: list[InstrumentSpec], engine: EngineTwin) -> None:
    services.push_definitions()
    engine.sent.clear()
    services.push_definitions(instrument_id=2)
    assert {command.instrument for command in engine.sent if command.instrument} == {2}


def test_a_refusal_names_subject_and_reason(market: list[InstrumentSpec], engine: EngineTwin) -> None:
    services.push_definitions()
    Instrument.objects.filter(symbol="ETHUSDT").update(max_price_ticks=5)
    with pytest.raises(DefinitionRefused) as refusal:
        services.push_definitions()
    assert refusal.value.details == {"subject": "ETHUSDT", "reason": "IMMUTABLE_CONFIGURATION"}


def test_an_absent_engine_is_said_so(market: list[InstrumentSpec], engine: EngineTwin) -> None:
    engine.down = True
    with pytest.raises(ServiceUnavailable):
        services.push_definitions()


def view_of(engine: EngineTwin, instrument: int) -> InstrumentView:
    _, views, _ = engine.query(Query(kind=QueryKind.INSTRUMENTS, instrument=instrument))
    return cast("InstrumentView", views[0])


def test_the_rules_reach_the_engine(market: list[InstrumentSpec], engine: EngineTwin) -> None:
    Instrument.objects.filter(symbol="ETHUSDT").update(funding_interval_hours=4, breaker_move_ppm=70_000)
    services.push_definitions()
    _, views, _ = engine.query(Query(kind=QueryKind.RULES, instrument=2))
    rules = cast("RulesView", views[0])
    assert (rules.funding_hours, rules.breaker_move_ppm, rules.mark_max_age_ns) == (4, 70_000, 10 * 10**9)
    assert (rules.funding_cap_ppb, rules.funding_floor_ppb) == (20_000_000, -20_000_000)


def test_a_halt_stays_when_everything_is_told_again(market: list[InstrumentSpec], engine: EngineTwin) -> None:
    services.push_definitions()
    services.set_trading_state(instrument_id=2, trading_state=TradingState.HALTED)
    services.push_definitions()
    assert view_of(engine, 2).trading_state == TradingState.HALTED
    services.set_trading_state(instrument_id=2, trading_state=TradingState.ACTIVE)
    assert view_of(engine, 2).trading_state == TradingState.ACTIVE


def breaker(state: TradingState, resume_ns: int) -> None:
    TradingStateChange.objects.create(
        change_id=1, seq=9, instrument_id=2, state_before=TradingState.ACTIVE, trading_state=state, by_rule=True,
        resume_ns=resume_ns, time_ns=1,
    )  # fmt: skip


def test_telling_everything_again_ends_no_circuit_breakers_halt(
    market: list[InstrumentSpec], engine: EngineTwin
) -> None:
    services.push_definitions()
    breaker(TradingState.HALTED, time.time_ns() + 10**12)
    engine.sent.clear()
    services.push_definitions()
    assert {command.instrument for command in engine.sent} == {0, 1, 3, 4}
    with pytest.raises(DefinitionRefused, match="circuit breaker"):
        services.push_definitions(instrument_id=2)


def test_a_halt_without_an_end_is_told_as_it_is(market: list[InstrumentSpec], engine: EngineTwin) -> None:
    breaker(TradingState.HALTED, 0)
    services.push_definitions()
    assert view_of(engine, 2).trading_state == TradingState.HALTED


def test_a_delisting_is_final(market: list[InstrumentSpec], engine: EngineTwin) -> None:
    services.push_definitions()
    assert services.settle_instrument(instrument_id=2, price_ticks=5) == 0
    services.push_definitions()
    assert view_of(engine, 2).trading_state == TradingState.DELISTED
    with pytest.raises(DefinitionRefused, match="TRADING_NOT_OPEN"):
        services.set_trading_state(instrument_id=2, trading_state=TradingState.ACTIVE)
    assert Instrument.objects.get(id=2).trading_state == TradingState.DELISTED
    assert services.sweep_instrument(instrument_id=1) == 0


def test_an_unknown_instrument_is_refused(engine: EngineTwin) -> None:
    with pytest.raises(DefinitionRefused):
        services.push_definitions(instrument_id=9)
    assert engine.sent == []


@pytest.mark.parametrize(
    "change",
    [
        {"price_decimals": 6}, {"tick_step": 0}, {"max_price_ticks": 2**24}, {"min_quantity_lots": 0},
        {"max_market_quantity_lots": 10**13}, {"price_band_ppm": 1_000_000}, {"max_open_orders": 0},
        {"maker_fee_ppb": -600_000}, {"funding_interval_hours": 3}, {"funding_floor_ppb": 30_000_000},
        {"price_protect_ppm": 0}, {"breaker_move_ppm": 1_000_000}, {"impact_notional_units": 0},
    ],
)  # fmt: skip
def test_the_database_refuses_what_the_engine_would(market: list[InstrumentSpec], change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Instrument.objects.filter(symbol="BTCUSDT").update(**change)
