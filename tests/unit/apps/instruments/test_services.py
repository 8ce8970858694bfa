"""Rows become definitions the engine takes; what it refuses is named and leaves the engine as it was."""

import pytest
from django.db import IntegrityError, transaction

from apps.assets.services import define_asset
from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
from apps.common.errors import ServiceUnavailable
from apps.instruments import services
from apps.instruments.errors import DefinitionRefused
from apps.instruments.models import Instrument
from apps.instruments.selectors import get_instrument, get_instruments
from apps.instruments.terms import InstrumentTerms
from apps.instruments.types import InstrumentSpec
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
    assert first == len(ASSETS) + sum(1 + len(spec.tiers) for spec in market)
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


def test_an_unknown_instrument_is_refused(engine: EngineTwin) -> None:
    with pytest.raises(DefinitionRefused):
        services.push_definitions(instrument_id=9)
    assert engine.sent == []


@pytest.mark.parametrize(
    "change",
    [
        {"price_decimals": 6}, {"tick_step": 0}, {"max_price_ticks": 2**24}, {"min_quantity_lots": 0},
        {"max_market_quantity_lots": 10**13}, {"price_band_ppm": 1_000_000}, {"max_open_orders": 0},
        {"maker_fee_ppb": -600_000},
    ],
)  # fmt: skip
def test_the_database_refuses_what_the_engine_would(market: list[InstrumentSpec], change: dict[str, object]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Instrument.objects.filter(symbol="BTCUSDT").update(**change)
