"""Admin of instruments: what is edited here a second person approves; then rows and engine have it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action

from apps.approvals import services as approvals
from apps.approvals.news import tell
from apps.audit.staff import REASON, staff_actor
from apps.common.errors import DomainError
from apps.instruments.admin_columns import rate_column
from apps.instruments.guarded_changes import CHANGE, change_payload, rungs
from apps.instruments.market_admin import InstrumentSettlementAdmin, MarketRulesAdmin, TradingStateChangeAdmin
from apps.instruments.market_form import market_view
from apps.instruments.models import Instrument, InstrumentSettlement, MarketRules, RiskTier, TradingStateChange
from apps.instruments.selectors import get_instrument_by_id
from apps.instruments.services import push_definitions
from apps.instruments.unit_fields import InstrumentForm, RiskTierForm

admin.site.register(MarketRules, MarketRulesAdmin)
admin.site.register(TradingStateChange, TradingStateChangeAdmin)
admin.site.register(InstrumentSettlement, InstrumentSettlementAdmin)

_FIXED_ONCE_SET = (
    "id", "symbol", "base_asset", "quote_asset", "settlement_asset",
    "price_decimals", "tick_step", "quantity_decimals", "lot_step",
)  # fmt: skip


GUARDED_FIELDS = frozenset(
    name
    for name in (field.name for field in Instrument._meta.concrete_fields)  # noqa: SLF001 - Django's own public-by-use name
    if name not in {*_FIXED_ONCE_SET, "onboard_at", "updated_at"}
)


class LadderFormSet(forms.BaseInlineFormSet):  # type: ignore[type-arg]
    """The engine's rules of a ladder, said before it is asked."""

    def clean(self) -> None:
        super().clean()
        rungs = sorted(
            (form.cleaned_data for form in self.forms if form.cleaned_data and not form.cleaned_data.get("DELETE")),
            key=lambda rung: rung.get("tier", 0),
        )
        if any(len(rung.keys() & {"tier", "notional_floor_units", "maintenance_rate_ppb"}) < 3 for rung in rungs):
            return
        if [rung["tier"] for rung in rungs] != list(range(len(rungs))):
            raise forms.ValidationError("Tiers are numbered from 0 without gaps.")
        if rungs and rungs[0]["notional_floor_units"] != 0:
            raise forms.ValidationError("The first tier's floor is 0.")
        for before, rung in pairwise(rungs):
            if not (
                before["notional_floor_units"] < rung["notional_floor_units"]
                and before["maintenance_rate_ppb"] < rung["maintenance_rate_ppb"]
                and before["max_leverage"] > rung["max_leverage"]
            ):
                raise forms.ValidationError("From tier to tier floors and rates rise and leverage falls.")


class RiskTierInline(TabularInline):  # type: ignore[misc]
    model = RiskTier
    form = RiskTierForm
    formset = LadderFormSet
    extra = 0
    ordering = ("tier",)
    tab = True


@admin.register(Instrument)
class InstrumentAdmin(ModelAdmin):  # type: ignore[misc]
    reason_required = True
    form = InstrumentForm
    list_display = ("id", "symbol", "trading_state", "tick", "lot", "maker_fee", "taker_fee", "updated_at")
    maker_fee = rate_column("maker_fee_ppb", "Maker fee, %")
    taker_fee = rate_column("taker_fee_ppb", "Taker fee, %")
    list_filter = ("trading_state",)
    search_fields = ("symbol",)
    ordering = ("id",)
    inlines = (RiskTierInline,)
    actions = ("control_selected",)
    actions_detail = ("control",)
    fieldsets = (
        (None, {"fields": ("id", "symbol", "trading_state", "onboard_at")}),
        ("Assets", {"fields": ("base_asset", "quote_asset", "settlement_asset")}),
        ("Grid", {"fields": ("price_decimals", "tick_step", "quantity_decimals", "lot_step", "max_price_ticks")}),
        (
            "Limits",
            {
                "fields": (
                    "min_quantity_lots", "max_quantity_lots", "max_market_quantity_lots", "min_notional_units",
                    "price_band_ppm", "market_band_ppm", "max_open_orders",
                )
            },
        ),
        ("Fees", {"fields": ("maker_fee_ppb", "taker_fee_ppb", "liquidation_fee_ppb")}),
        (
            "Funding and leverage",
            {
                "fields": (
                    "default_leverage", "funding_interval_hours", "interest_rate_ppb", "funding_cap_ppb",
                    "funding_floor_ppb", "impact_notional_units",
                )
            },
        ),
        (
            "Safety",
            {
                "fields": (
                    "mark_max_age_ms", "breaker_move_ppm", "breaker_window_ms", "breaker_halt_ms", "breaker_state",
                    "max_conditional_orders", "price_protect_ppm", "profit_opens",
                )
            },
        ),
    )  # fmt: skip

    def get_readonly_fields(self, request: HttpRequest, obj: Instrument | None = None) -> tuple[str, ...]:
        return (*_FIXED_ONCE_SET, "onboard_at") if obj else ()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.market_form)
        own = path("<int:object_id>/market-form/", view, name="instruments_instrument_market_form")
        urls: list[URLPattern] = super().get_urls()
        return [own, *urls]

    def market_form(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return market_view(request, object_id, self)

    @admin.action(description="Market controls", permissions=["change"])
    def control_selected(self, request: HttpRequest, queryset: QuerySet[Instrument]) -> HttpResponse | None:
        """One instrument at a time, so that everything done has its own reason."""
        if queryset.count() != 1:
            messages.error(request, "Choose one instrument.")
            return None
        return self._to_form(queryset.get().pk)

    @action(description="Market controls", url_path="market", permissions=["change"])  # type: ignore[untyped-decorator]
    def control(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._to_form(object_id)

    def _to_form(self, instrument_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:instruments_instrument_market_form", args=[instrument_id]))

    def has_delete_permission(self, request: HttpRequest, obj: Instrument | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Instrument, form: Any, change: bool) -> None:
        """A new market is saved; a change of one is asked of a second person (save_related)."""
        if not change:
            super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        row = form.instance
        if change:
            for formset in formsets:
                formset.save(commit=False)
            self._ask(request, row, form, formsets[0])
            return
        super().save_related(request, form, formsets, change)
        transaction.on_commit(lambda: self._push(request, row.pk))

    def _ask(self, request: HttpRequest, row: Instrument, form: Any, formset: Any) -> None:
        kept = [one.instance for one in formset.forms if one.cleaned_data and not one.cleaned_data.get("DELETE")]
        wanted = {name: getattr(row, name) for name in form.changed_data if name in GUARDED_FIELDS}
        payload = change_payload(row=row, wanted=wanted, ladder=rungs(kept))
        if payload is None:
            messages.info(request, "Nothing was changed.")
            return
        try:
            asked = approvals.request(
                CHANGE,
                payload,
                actor=staff_actor(request),
                reason=form.cleaned_data[REASON],
                subject=f"instruments.instrument:{row.pk}",
            )
        except DomainError as error:
            messages.error(request, error.message)
            return
        request.asked_at = tell(request, asked)  # type: ignore[attr-defined]

    def log_change(self, request: HttpRequest, obj: Instrument, message: Any) -> Any:
        """Nothing has changed yet; the approval tells it all."""
        return None

    def response_change(self, request: HttpRequest, obj: Instrument) -> HttpResponse:
        return HttpResponseRedirect(getattr(request, "asked_at", request.path))

    def _push(self, request: HttpRequest, instrument_id: int) -> None:
        try:
            sent = push_definitions(instrument_id=instrument_id)
        except DomainError as error:
            messages.error(request, f"Saved, but the engine has not taken it: {error.message}")
        else:
            messages.success(request, f"The engine has taken the definition ({sent} commands).")

    @admin.display(description="tick size")
    def tick(self, row: Instrument) -> str:
        spec = get_instrument_by_id(row.pk)
        return spec.price_text(1) if spec else ""

    @admin.display(description="lot size")
    def lot(self, row: Instrument) -> str:
        spec = get_instrument_by_id(row.pk)
        return spec.quantity_text(1) if spec else ""
