"""The staff's page "market controls": one command each, chosen, confirmed with a reason and recorded.

Whatever makes a market safer is done at once by one person; trading again and delisting are asked of a second one.
Delisting asks for the final price and for the symbol written out: it can never be undone.
"""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.approvals import services as approvals
from apps.approvals.news import tell
from apps.audit.services import record
from apps.audit.staff import staff_actor
from apps.common.errors import DomainError
from apps.instruments import guarded_changes
from apps.instruments.guarded_changes import market_payload
from apps.instruments.models import Instrument
from apps.instruments.selectors import get_instrument_by_id
from apps.instruments.services import set_trading_state, sweep_instrument
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import TradingState

DELIST, SWEEP = "delist", "sweep"
STATES = {
    "halt": (TradingState.HALTED, "Halt: nothing trades, orders can be canceled"),
    "resume": (TradingState.ACTIVE, "Resume: trade normally (a second person approves)"),
    "reduce_only": (TradingState.REDUCE_ONLY, "Reduce only: positions can only be made smaller"),
    "cancel_only": (TradingState.SETTLING, "Cancel only: the last state before a delisting"),
}
GUARDED = {"resume": guarded_changes.RESUME, DELIST: guarded_changes.DELIST}
CHOICES = [
    *((name, text) for name, (_, text) in STATES.items()),
    (SWEEP, "Sweep now: look at every holder again"),
    (DELIST, "Delist for good at a final price (a second person approves)"),
]


class MarketControlForm(forms.Form):
    action = forms.ChoiceField(choices=CHOICES, widget=UnfoldAdminSelectWidget())
    final_price = forms.CharField(
        required=False, max_length=30, help_text="Only to delist: every position is closed at it.",
        widget=UnfoldAdminTextInputWidget(attrs={"inputmode": "decimal"}),
    )  # fmt: skip
    confirm = forms.CharField(
        required=False, max_length=32, help_text="Only to delist: the symbol, written out.",
        widget=UnfoldAdminTextInputWidget(),
    )  # fmt: skip
    reason = forms.CharField(max_length=200, widget=UnfoldAdminTextInputWidget())

    def __init__(self, spec: InstrumentSpec, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.spec, self.price_ticks = spec, 0

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("action") != DELIST:
            return
        if self.cleaned_data.get("confirm") != self.spec.symbol:
            self.add_error("confirm", "Write the symbol out to delist it.")
        try:
            self.price_ticks = self.spec.price_ticks(self.cleaned_data.get("final_price", "").strip())
        except ValueError:
            self.add_error("final_price", "Give a plain decimal number on the instrument's tick.")
        else:
            if not 0 < self.price_ticks <= self.spec.max_price_ticks:
                self.add_error("final_price", "The price is not within the instrument's limits.")


def market_view(request: HttpRequest, instrument_id: int, model_admin: ModelAdmin[Instrument]) -> HttpResponse:
    """Show the form, or do what was chosen and go back to the instrument with a message."""
    row, spec = Instrument.objects.filter(pk=instrument_id).first(), get_instrument_by_id(instrument_id)
    if row is None or spec is None:
        raise Http404
    if not model_admin.has_change_permission(request, row):
        raise PermissionDenied
    form = MarketControlForm(spec, request.POST or None)
    if request.method == "POST" and form.is_valid():
        onwards = _do(request, row, form)
        if onwards:
            return HttpResponseRedirect(onwards)
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"Market controls of {spec.symbol}",
        "spec": spec,
        "state": TradingState(spec.trading_state).name.lower(),
        "form": form,
    }
    return TemplateResponse(request, "admin/instruments/market.html", context)


def _do(request: HttpRequest, row: Instrument, form: MarketControlForm) -> str:
    """Do it, or ask for it where two must agree; where to go then, or nothing when it was refused."""
    wanted, reason = form.cleaned_data["action"], form.cleaned_data["reason"]
    subject = f"instruments.instrument:{row.pk}"
    try:
        if wanted in GUARDED:
            payload = market_payload(instrument_id=row.pk, symbol=row.symbol, price_ticks=form.price_ticks)
            actor = staff_actor(request)
            return tell(
                request, approvals.request(GUARDED[wanted], payload, actor=actor, reason=reason, subject=subject)
            )
        said = _sweep(row.pk) if wanted == SWEEP else _set_state(row.pk, wanted)
    except DomainError as error:
        messages.error(request, error.message)
        return ""
    record(
        f"instrument.{wanted}",
        actor=staff_actor(request),
        subject=subject,
        reason=reason,
        before={"trading_state": TradingState(row.trading_state).name.lower()},
        after={"done": said},
    )
    messages.success(request, f"{row.symbol}: {said}.")
    return reverse("admin:instruments_instrument_change", args=[row.pk])


def _sweep(instrument_id: int) -> str:
    return f"swept, {sweep_instrument(instrument_id=instrument_id)} groups liquidated"


def _set_state(instrument_id: int, wanted: str) -> str:
    state = STATES[wanted][0]
    set_trading_state(instrument_id=instrument_id, trading_state=state)
    return f"trading state is {state.name.lower()}"
