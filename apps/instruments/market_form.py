"""The staff's page "market controls": one command each, chosen, confirmed with a reason and recorded.

Delisting asks for the final price and for the symbol written out: it can never be undone.
"""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.models import CHANGE, LogEntry
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.common.errors import DomainError
from apps.instruments.models import Instrument
from apps.instruments.selectors import get_instrument_by_id
from apps.instruments.services import set_trading_state, settle_instrument, sweep_instrument
from apps.instruments.types import InstrumentSpec
from matcher.protocol.enums import TradingState

DELIST, SWEEP = "delist", "sweep"
STATES = {
    "halt": (TradingState.HALTED, "Halt: nothing trades, orders can be canceled"),
    "resume": (TradingState.ACTIVE, "Resume: trade normally"),
    "reduce_only": (TradingState.REDUCE_ONLY, "Reduce only: positions can only be made smaller"),
    "cancel_only": (TradingState.SETTLING, "Cancel only: the last state before a delisting"),
}
CHOICES = [
    *((name, text) for name, (_, text) in STATES.items()),
    (SWEEP, "Sweep now: look at every holder again"),
    (DELIST, "Delist for good at a final price"),
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
    if request.method == "POST" and form.is_valid() and _do(request, row, form):
        return HttpResponseRedirect(reverse("admin:instruments_instrument_change", args=[row.pk]))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"Market controls of {spec.symbol}",
        "spec": spec,
        "state": TradingState(spec.trading_state).name.lower(),
        "form": form,
    }
    return TemplateResponse(request, "admin/instruments/market.html", context)


def _do(request: HttpRequest, row: Instrument, form: MarketControlForm) -> bool:
    wanted: str = form.cleaned_data["action"]
    try:
        said = _verb(row.pk, wanted, form.price_ticks)()
    except DomainError as error:
        messages.error(request, error.message)
        return False
    LogEntry.objects.log_actions(
        user_id=request.user.pk or 0,
        queryset=Instrument.objects.filter(pk=row.pk),
        action_flag=CHANGE,
        change_message=f"{said}: {form.cleaned_data['reason']}",
        single_object=True,
    )
    messages.success(request, f"{row.symbol}: {said}.")
    return True


def _verb(instrument_id: int, wanted: str, price_ticks: int) -> Callable[[], str]:
    """What does it; the answer is what to tell."""
    if wanted == DELIST:

        def delist() -> str:
            return (
                f"delisted, {settle_instrument(instrument_id=instrument_id, price_ticks=price_ticks)} positions closed"
            )

        return delist
    if wanted == SWEEP:

        def look_again() -> str:
            return f"swept, {sweep_instrument(instrument_id=instrument_id)} groups liquidated"

        return look_again
    state = STATES[wanted][0]

    def change_state() -> str:
        set_trading_state(instrument_id=instrument_id, trading_state=state)
        return f"trading state is {state.name.lower()}"

    return change_state
