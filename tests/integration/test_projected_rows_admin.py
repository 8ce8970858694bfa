"""Staff can look at every projected table and open a row; nobody can change one."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from apps.accounts.models import AccountMode, Balance, Conversion, LedgerEntry, Transfer
from apps.assets.models import Collateral
from apps.assets.services import define_asset
from apps.backoffice.demo_market import ASSETS, INSTRUMENTS
from apps.funding.models import FundingPayment, FundingSample, FundingSettlement
from apps.instruments.models import Instrument, InstrumentSettlement, MarketRules, TradingStateChange
from apps.instruments.selectors import get_instrument_by_id
from apps.instruments.services import define_instrument
from apps.insurance.models import InsuranceChange, InsuranceFund
from apps.liquidations.models import Liquidation, LiquidationStep, PositionMove
from apps.marketdata.models import Candle, PriceSample
from apps.orders.models import Fill, Order, Trade
from apps.positions.models import Position
from apps.projection.models import Cursor
from matcher.protocol.units import format_scaled
from tests.reference.engine import ReferenceEngine
from tests.support.journals import JournalWriter
from tests.support.projection import follow, journal, journal_url, told
from tests.support.stormy_story import StormyStory

__all__ = ["journal", "journal_url"]

MODELS = (Order, Trade, Fill, Position, Balance, LedgerEntry, Candle, PriceSample, Cursor)
STORMY_MODELS = (
    FundingSample, FundingSettlement, FundingPayment, Liquidation, LiquidationStep, PositionMove, InsuranceFund,
    InsuranceChange, MarketRules, TradingStateChange, InstrumentSettlement, Transfer, Conversion, AccountMode, Collateral,
)  # fmt: skip


@pytest.mark.django_db
def test_rows_are_shown_and_not_offered_for_change(journal: JournalWriter, journal_url: str, client: Client) -> None:
    journal.append(told(seed=90, batches=10).batches)
    follow(journal_url)
    staff = get_user_model().objects.create_superuser(email="staff@example.com", password="a long pass phrase")
    client.force_login(staff)
    for model in MODELS:
        assert model in admin.site._registry
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        assert row is not None
        assert client.get(reverse(f"{name}_changelist"), {"q": "1"}).status_code == 200
        page = reverse(f"{name}_change", args=[row.pk])
        assert client.get(page).status_code == 200
        assert client.post(page, {}).status_code == 403
        assert client.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
        assert client.get(reverse(f"{name}_add")).status_code == 403


@pytest.mark.django_db
def test_rows_of_a_storm_are_shown_too(journal: JournalWriter, journal_url: str, client: Client) -> None:
    story = StormyStory(ReferenceEngine(), seed=5)
    story.open()
    story.go_on(200)
    story.close_market(2)
    journal.append(story.batches)
    follow(journal_url)
    staff = get_user_model().objects.create_superuser(email="staff@example.com", password="a long pass phrase")
    client.force_login(staff)
    for model in STORMY_MODELS:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.first()
        assert row is not None, model
        assert client.get(reverse(f"{name}_changelist")).status_code == 200
        page = reverse(f"{name}_change", args=[row.pk])
        assert client.get(page).status_code == 200
        assert client.post(page, {}).status_code == 403


@pytest.mark.django_db
def test_lists_speak_decimals_and_filter_by_symbol(journal: JournalWriter, journal_url: str, client: Client) -> None:
    journal.append(told(seed=90, batches=10).batches)
    follow(journal_url)
    for asset_id, code, name, decimals in ASSETS:
        define_asset(asset_id=asset_id, code=code, name=name, decimals=decimals)
    for terms in INSTRUMENTS:
        define_instrument(terms=terms)
    staff = get_user_model().objects.create_superuser(email="staff@example.com", password="a long pass phrase")
    client.force_login(staff)
    spec = Instrument.objects.order_by("id")[0]
    trade = Trade.objects.filter(instrument_id=spec.pk).order_by("-trade_id")[0]
    page = client.get(reverse("admin:orders_trade_changelist"), {"instrument_id": str(spec.pk)}).content.decode()
    grid = get_instrument_by_id(spec.pk)
    assert grid is not None
    for shown in (spec.symbol, grid.price_text(trade.price_ticks), grid.quantity_text(trade.quantity_lots)):
        assert shown in page
    leg = LedgerEntry.objects.order_by("-entry_id")[0]
    assert (
        format_scaled(leg.amount_units, 8)
        in client.get(reverse("admin:accounts_ledgerentry_changelist")).content.decode()
    )
    for odd in ("x", "-1", "9" * 30, "\u0661"):
        assert client.get(reverse("admin:orders_order_changelist"), {"instrument_id": odd}).status_code == 200
