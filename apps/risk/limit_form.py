"""The page of one account's limits in one instrument: as they are, a form with a reason, and every earlier version."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminIntegerFieldWidget, UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.approvals.news import tell
from apps.audit.staff import staff_actor
from apps.common.errors import DomainError
from apps.common.readonly_admin import ReadOnlyAdmin
from apps.instruments.selectors import get_instrument_by_id, get_instruments
from apps.instruments.types import InstrumentSpec
from apps.risk.limit_words import MONEY_DECIMALS, words
from apps.risk.models import ORDERS_MAX
from apps.risk.selectors import get_limits, list_versions
from apps.risk.services import REASON_CHARS_MAX, set_limits
from apps.risk.types import LimitTerms, Told
from apps.risk.widening import ask_to_widen, is_wider
from matcher.protocol.units import format_scaled, parse_scaled


def _number(text: str) -> forms.IntegerField:
    return forms.IntegerField(
        min_value=0, max_value=ORDERS_MAX, required=False, help_text=text, widget=UnfoldAdminIntegerFieldWidget()
    )


def _decimal(text: str) -> forms.CharField:
    return forms.CharField(required=False, max_length=30, help_text=text, widget=UnfoldAdminTextInputWidget())


class LimitForm(forms.Form):
    """Empty or 0 is no limit. `terms` are what was typed, once the form is valid."""

    account = forms.IntegerField(
        min_value=0,
        max_value=2**31 - 1,
        help_text="0: everybody, of whom only how many orders they send is limited here.",
        widget=UnfoldAdminIntegerFieldWidget(),
    )
    instrument = forms.TypedChoiceField(coerce=int, widget=UnfoldAdminSelectWidget())
    max_position_notional = _decimal("Of the position after the worst fills of what rests, in the settlement asset.")
    max_position = _decimal("The same in the base asset; of one instrument only.")
    max_open_orders = _number("Resting and waiting together.")
    orders_10s = _number("New orders in ten seconds; at all instruments together only. Empty: as the gateway has it.")
    orders_1m = _number("The same in a minute.")
    reason = forms.CharField(max_length=REASON_CHARS_MAX, widget=UnfoldAdminTextInputWidget())

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choice = self.fields["instrument"]
        assert isinstance(choice, forms.TypedChoiceField), "declared above"
        choice.choices = [(0, "all together"), *((spec.id, spec.symbol) for spec in get_instruments())]
        self.terms = LimitTerms()

    def clean(self) -> None:
        super().clean()
        typed = self.cleaned_data
        spec = get_instrument_by_id(typed.get("instrument") or 0)
        self.terms = LimitTerms(
            max_position_notional_units=self._units("max_position_notional", typed),
            max_position_lots=self._lots(typed, spec),
            max_open_orders=typed.get("max_open_orders") or 0,
            orders_10s=typed.get("orders_10s") or 0,
            orders_1m=typed.get("orders_1m") or 0,
        )

    def _units(self, name: str, typed: dict[str, Any]) -> int:
        try:
            return parse_scaled(typed.get(name, "").strip() or "0", MONEY_DECIMALS)
        except ValueError:
            self.add_error(name, "Give a plain decimal number with at most 8 decimals.")
            return 0

    def _lots(self, typed: dict[str, Any], spec: InstrumentSpec | None) -> int:
        text = typed.get("max_position", "").strip()
        try:
            if spec is None:
                return 1 if text.strip("0.") else 0  # the service says that it needs an instrument
            return spec.quantity_lots(text or "0")
        except ValueError:
            self.add_error("max_position", "Give a plain decimal number on the instrument's lot.")
            return 0


def limits_view(
    request: HttpRequest, at: tuple[int, int] | None, model_admin: ReadOnlyAdmin, *, may_change: bool
) -> HttpResponse:
    """Show the limits of (account, instrument), or of nobody yet; or set them and show them."""
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    form = LimitForm(request.POST or None, initial=_initial(at))
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        there = _set(request, form) if form.is_valid() else ""
        if there:
            return HttpResponseRedirect(there)
    row = get_limits(*at) if at else None
    spec = get_instrument_by_id(at[1]) if at else None
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": _title(at, spec),
        "form": form,
        "row": row,
        "may_change": may_change,
        "versions": [
            {"row": version, "before": words(version.before, spec), "after": words(version.after, spec)}
            for version in (list_versions(*at) if at else [])
        ],
    }
    return TemplateResponse(request, "admin/risk/limits.html", context)


def _title(at: tuple[int, int] | None, spec: InstrumentSpec | None) -> str:
    if at is None:
        return "Set limits"
    return f"Limits of {f'account {at[0]}' if at[0] else 'everybody'}, {spec.symbol if spec else 'all instruments together'}"


def _initial(at: tuple[int, int] | None) -> dict[str, object]:
    if at is None:
        return {"account": 0, "instrument": 0}
    found: dict[str, object] = {"account": at[0], "instrument": at[1]}
    row, spec = get_limits(*at), get_instrument_by_id(at[1])
    if row is not None:
        terms = row.terms
        found |= {
            "max_position_notional": format_scaled(terms.max_position_notional_units, MONEY_DECIMALS),
            "max_position": spec.quantity_text(terms.max_position_lots) if spec else "",
            "max_open_orders": terms.max_open_orders,
            "orders_10s": terms.orders_10s,
            "orders_1m": terms.orders_1m,
        }
    return found


def _set(request: HttpRequest, form: LimitForm) -> str:
    """Set them, or ask a second person where they become wider; the page to go on with, empty when it was refused."""
    account_id, instrument_id = form.cleaned_data["account"], form.cleaned_data["instrument"]
    wanted = {"account_id": account_id, "instrument_id": instrument_id, "terms": form.terms}
    told = {"actor": staff_actor(request), "reason": form.cleaned_data["reason"]}
    row = get_limits(account_id, instrument_id)
    try:
        if row is not None and is_wider(row.terms, form.terms):
            return tell(request, ask_to_widen(**wanted, **told))
        in_force = set_limits(**wanted, **told) == Told.YES
    except DomainError as error:
        messages.error(request, error.message)
        return ""
    if in_force:
        messages.success(request, "In force: the engine has taken them.")
    else:
        messages.warning(request, "Kept, but the engine has not taken them yet; it is told again by itself.")
    return reverse("admin:risk_limits", args=[account_id, instrument_id])
