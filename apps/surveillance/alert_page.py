"""The page of one alert: what was seen, drawn and in tables, what was done, and the buttons to go on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from apps.accounts.selectors import get_account
from apps.audit.services import record
from apps.audit.staff import staff_actor
from apps.audit.types import Actor
from apps.common.errors import DomainError
from apps.common.readonly_admin import ReadOnlyAdmin
from apps.instruments.selectors import get_instrument_by_id
from apps.surveillance.actions import IN_FORCE, STRONG, act, ask_to_lift
from apps.surveillance.chart import shapes
from apps.surveillance.models import Alert, RiskAction
from apps.surveillance.rules.table import get_rule
from apps.surveillance.services import REASON_CHARS_MAX, acknowledge, close
from apps.surveillance.types import ActionKind, ActionState, AlertState, Subject
from apps.users.selectors import get_user
from matcher.protocol.enums import AccountState, TradingState

ACKNOWLEDGE, CLOSE, LIFT = "acknowledge", "close", "lift"


class DoForm(forms.Form):
    """`do` is acknowledge, close, lift (with `action`), or an ActionKind (with `subject_id`)."""

    do = forms.ChoiceField(choices=[(one, one) for one in (ACKNOWLEDGE, CLOSE, LIFT, *ActionKind.values)])
    reason = forms.CharField(required=False, max_length=REASON_CHARS_MAX)
    subject_id = forms.IntegerField(required=False, min_value=1, max_value=2**53)
    action = forms.IntegerField(required=False, min_value=1, max_value=2**53)

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("do") != ACKNOWLEDGE and not (self.cleaned_data.get("reason") or "").strip():
            self.add_error("reason", "Say why.")


def alert_view(request: HttpRequest, object_id: str, model_admin: ReadOnlyAdmin, *, may_change: bool) -> HttpResponse:
    """The alert with its evidence. Looking at people's trades is itself on record."""
    alert = Alert.objects.filter(pk=int(object_id)).first() if object_id.isascii() and object_id.isdigit() else None
    if not model_admin.has_view_permission(request, alert):
        raise PermissionDenied
    if alert is None:
        raise Http404
    record("risk.alert_viewed", actor=staff_actor(request), subject=f"surveillance.alert:{alert.pk}")
    rule = get_rule(alert.rule)
    charts = [shapes(one) for one in alert.evidence.get("charts", [])]
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": f"Alert {alert.pk}: {rule.title if rule else alert.rule}",
        "alert": alert,
        "rule": rule,
        "charts": [one for one in charts if one],
        "tables": [one for one in alert.evidence.get("tables", []) if one["rows"]],
        "subjects": _subjects(alert),
        "actions": [_action_row(action) for action in alert.actions.all()],
        "is_closed": alert.state == AlertState.CLOSED,
        "may_change": may_change,
    }
    return TemplateResponse(request, "admin/surveillance/alert.html", context)


def do_view(request: HttpRequest, alert_id: int, *, may_change: bool) -> HttpResponse:
    """Do what a button of the page says and go back to it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    if not may_change:
        raise PermissionDenied
    form = DoForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(f"{name}: {said.as_text()}" for name, said in form.errors.items()))
    else:
        try:
            said = _do(alert_id, staff_actor(request), form.cleaned_data)
        except DomainError as error:
            messages.error(request, error.message)
        else:
            messages.success(request, said)
    return HttpResponseRedirect(reverse("admin:surveillance_alert_change", args=[alert_id]))


def _do(alert_id: int, actor: Actor, wanted: dict[str, Any]) -> str:
    what, reason = wanted["do"], (wanted["reason"] or "").strip()
    if what == ACKNOWLEDGE:
        acknowledge(alert_id, actor=actor)
        return "Acknowledged: it is yours now."
    if what == CLOSE:
        close(alert_id, actor=actor, reason=reason)
        return "Closed."
    if what == LIFT:
        return _lift(alert_id, actor, wanted["action"] or 0, reason)
    action = act(alert_id, ActionKind(what), subject_id=wanted["subject_id"] or 0, actor=actor, reason=reason)
    waits = (
        ""
        if action.state == ActionState.DONE
        else f" ({ActionState(action.state).label}: {action.error or 'no answer yet'})"
    )
    return f"{ActionKind(what).label}: {Subject(action.subject_kind).name.lower()} {action.subject_id}{waits}."


def _lift(alert_id: int, actor: Actor, action_id: int, reason: str) -> str:
    if not RiskAction.objects.filter(pk=action_id, alert_id=alert_id).exists():
        return "There is nothing to lift."
    outcome = ask_to_lift(action_id, actor=actor, reason=reason)
    return "Lifted." if outcome.lifted else f"Request {outcome.approval_id} waits for a second person. {outcome.result}"


def _subjects(alert: Alert) -> list[dict[str, Any]]:
    """What the alert is about, with the state it is in and what may be done to it."""
    found = []
    for account_id in alert.accounts.order_by("account_id").values_list("account_id", flat=True):
        account = get_account(account_id)
        person = get_user(account.user_id) if account is not None else None
        found.append(
            {
                "id": account_id,
                "name": f"account {account_id}",
                "person": person.email if person is not None else "",
                "link": reverse("admin:accounts_tradingaccount_change", args=[account_id]) if account else "",
                "state": AccountState(account.state).name.lower() if account is not None else "unknown",
                "choices": [ActionKind.WARN, ActionKind.RESTRICT, ActionKind.FREEZE],
            }
        )
    spec = get_instrument_by_id(alert.instrument_id) if alert.instrument_id else None
    if spec is not None:
        found.append(
            {
                "id": spec.id,
                "name": spec.symbol,
                "person": "",
                "link": reverse("admin:instruments_instrument_change", args=[spec.id]),
                "state": TradingState(spec.trading_state).name.lower(),
                "choices": [ActionKind.HALT],
            }
        )
    return found


def _action_row(action: RiskAction) -> dict[str, Any]:
    return {
        "row": action,
        "subject": f"{Subject(action.subject_kind).name.lower()} {action.subject_id}",
        "who": f"{action.actor_kind} {action.actor_id}",
        "may_lift": action.kind in STRONG and action.state in IN_FORCE,
    }
