"""What is done about an alert: by rule as its setting says, or by a person; and how it is lifted again.

An action is decided in the alert's transaction and done after it, once or again until the engine has taken it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.selectors import get_account
from apps.accounts.services import set_account_state
from apps.approvals import services as approvals
from apps.approvals.types import ApprovalState, Execution
from apps.audit.services import record
from apps.audit.types import Actor
from apps.common.errors import DomainError, OutcomeUnclear, ServiceUnavailable
from apps.common.roles import ADMIN, COMPLIANCE, OPERATOR, RISK
from apps.configuration.services import get
from apps.instruments.selectors import get_instrument_by_id
from apps.instruments.services import set_trading_state
from apps.surveillance.errors import ActionRefused
from apps.surveillance.models import Alert, RiskAction
from apps.surveillance.notices import tell_state, warn_owner
from apps.surveillance.rules.table import AUTOMATIC, COOL_DOWN, HOURLY_MAX
from apps.surveillance.types import ActionKind, ActionState, Finding, Outcome, Response, Subject
from matcher.protocol.enums import AccountState, TradingState

APPROVAL = "risk.lift"
log = structlog.get_logger(__name__)

KIND_OF = {
    Response.WARN: ActionKind.WARN,
    Response.RESTRICT: ActionKind.RESTRICT,
    Response.FREEZE: ActionKind.FREEZE,
    Response.HALT: ActionKind.HALT,
}
STATE_OF = {ActionKind.RESTRICT: AccountState.REDUCE_ONLY, ActionKind.FREEZE: AccountState.FROZEN}
STRONG = (ActionKind.RESTRICT, ActionKind.FREEZE, ActionKind.HALT)
IN_FORCE = (ActionState.WAITING, ActionState.DONE)


def respond(alert: Alert, finding: Finding, response: Response) -> None:
    """Decide what the rule's setting asks for, within the caller's transaction; it is done after the commit."""
    kind = KIND_OF.get(response)
    if kind is None or (kind in STRONG and not get(AUTOMATIC)):
        return
    actor = Actor("system", f"surveillance.{alert.rule}")
    if kind == ActionKind.HALT:
        subjects = [(Subject.INSTRUMENT, finding.instrument_id)] if finding.instrument_id else []
    else:
        subjects = [(Subject.ACCOUNT, account_id) for account_id in finding.account_ids]
    for subject, subject_id in subjects:
        if _is_cooling(kind, subject, subject_id):
            continue
        state = ActionState.HELD_BACK if kind in STRONG and _too_many() else ActionState.WAITING
        if state == ActionState.HELD_BACK:
            log.critical("surveillance.action_held_back", alert=alert.pk, kind=kind, subject_id=subject_id)
        action = RiskAction.objects.create(
            alert=alert,
            kind=kind,
            subject_kind=subject,
            subject_id=subject_id,
            automatic=True,
            state=state,
            actor_kind=actor.kind,
            actor_id=actor.id,
            reason=finding.summary[:300],
        )
        _record("risk.action_held_back" if state == ActionState.HELD_BACK else "risk.action_decided", action, actor)


def act(alert_id: int, kind: ActionKind, *, subject_id: int, actor: Actor, reason: str) -> RiskAction:
    """What a person decides about an account or the instrument of an alert; done at once if the engine answers.

    Raises ActionRefused: the alert is not about it, or it is in force already.
    """
    subject = Subject.INSTRUMENT if kind == ActionKind.HALT else Subject.ACCOUNT
    with transaction.atomic():
        alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
        if alert is None or not _concerns(alert, subject, subject_id):
            raise ActionRefused("The alert is not about that.")
        if kind in STRONG and _in_force(subject, subject_id).filter(kind=kind).exists():
            raise ActionRefused("It is in force already.")
        action = RiskAction.objects.create(
            alert=alert,
            kind=kind,
            subject_kind=subject,
            subject_id=subject_id,
            automatic=False,
            actor_kind=actor.kind,
            actor_id=actor.id,
            reason=reason[:300],
        )
        _record("risk.action_decided", action, actor)
    perform(action)
    action.refresh_from_db()
    return action


def perform_waiting(limit: int = 200) -> int:
    """Do what was decided and is not done yet; how much was done."""
    waiting = RiskAction.objects.filter(state=ActionState.WAITING).select_related("alert").order_by("id")
    return sum(perform(action) for action in waiting[:limit])


def perform(action: RiskAction) -> bool:
    """Whether it is done now. An engine that does not answer is asked again by the next job."""
    kind = ActionKind(action.kind)
    before = 0 if kind == ActionKind.WARN else _state_without(Subject(action.subject_kind), action.subject_id)
    try:
        if kind == ActionKind.WARN:
            warn_owner(account_id=action.subject_id, rule=action.alert.rule)
        elif kind == ActionKind.HALT:
            set_trading_state(instrument_id=action.subject_id, trading_state=TradingState.HALTED)
        else:
            state = max(STATE_OF[kind], _strictest(action.subject_id), before)
            set_account_state(account_id=action.subject_id, state=state)
            tell_state(account_id=action.subject_id, state=AccountState(state))
    except (ServiceUnavailable, OutcomeUnclear) as error:
        log.warning("surveillance.action_waits", action=action.pk, error=error.code)
        return False
    except DomainError as error:
        RiskAction.objects.filter(pk=action.pk).update(state=ActionState.FAILED, error=error.message[:200])
        log.critical("surveillance.action_failed", action=action.pk, error=error.message)
        return False
    with transaction.atomic():
        done = RiskAction.objects.filter(pk=action.pk, state=ActionState.WAITING)
        if done.update(state=ActionState.DONE, done_at=timezone.now(), state_before=before):
            _record("risk.action_done", action, Actor("system", "surveillance"))
    return True


def _state_without(subject: Subject, subject_id: int) -> int:
    """The state the account or instrument has, or had before the first action that is in force now."""
    known = _in_force(subject, subject_id).filter(state=ActionState.DONE).order_by("id").first()
    if known is not None:
        return known.state_before
    if subject == Subject.ACCOUNT:
        account = get_account(subject_id)
        return account.state if account is not None else AccountState.ACTIVE
    spec = get_instrument_by_id(subject_id)
    return spec.trading_state if spec is not None else TradingState.ACTIVE


def ask_to_lift(action_id: int, *, actor: Actor, reason: str) -> Outcome:
    """Lift a restriction; a freeze or a halt is lifted by two people, so this asks the second one.

    Raises ActionRefused, MissingRole, ServiceUnavailable, OutcomeUnclear.
    """
    action = RiskAction.objects.filter(pk=action_id, kind__in=STRONG, state__in=IN_FORCE).first()
    if action is None:
        raise ActionRefused("There is nothing to lift.")
    if action.kind == ActionKind.RESTRICT:
        lift(action_id, actor=actor, reason=reason)
        return Outcome(lifted=True)
    subject = f"{Subject(action.subject_kind).name.lower()}:{action.subject_id}"
    payload = {"action": action_id, "what": f"{ActionKind(action.kind).label} of {subject}", "alert": action.alert_id}
    asked = approvals.request(APPROVAL, payload, actor=actor, reason=reason, subject=subject)
    return Outcome(lifted=asked.state == ApprovalState.EXECUTED, approval_id=asked.id, result=asked.result)


def declare_approval() -> None:
    """Unfreezing and resuming are done by two people."""
    approvals.register(
        APPROVAL,
        _lift_allowed,
        roles=(RISK, COMPLIANCE, ADMIN),
        request_roles=(RISK, COMPLIANCE, OPERATOR, ADMIN),
        title="Lift a freeze or a halt",
        describe=lambda told: [("Lift", str(told["what"])), ("Alert", str(told["alert"]))],
    )


def _lift_allowed(payload: Mapping[str, Any], execution: Execution) -> str:
    action_id = int(payload["action"])
    if RiskAction.objects.filter(pk=action_id, state=ActionState.LIFTED).exists():
        return "It had been lifted already."
    lift(action_id, actor=Actor("staff", execution.approved_by), reason=execution.reason)
    return f"{payload['what']} is lifted."


def lift(action_id: int, *, actor: Actor, reason: str) -> None:
    """Take an action back; what other actions still ask for stays in force.

    Raises ActionRefused, ServiceUnavailable, OutcomeUnclear; then it stays.
    """
    action = RiskAction.objects.filter(pk=action_id, kind__in=STRONG, state__in=IN_FORCE).first()
    if action is None:
        raise ActionRefused("There is nothing to lift.")
    subject = Subject(action.subject_kind)
    if action.state == ActionState.DONE:
        _go_back(action, subject)
    with transaction.atomic():
        lifted = RiskAction.objects.filter(pk=action_id, state__in=IN_FORCE).update(
            state=ActionState.LIFTED, lifted_at=timezone.now(), lifted_by=actor.id, lift_reason=reason[:200]
        )
        if lifted:
            _record("risk.action_lifted", action, actor, reason)


def _go_back(action: RiskAction, subject: Subject) -> None:
    """Tell the engine the state without this action; one that somebody made stricter by hand is left alone."""
    others = _in_force(subject, action.subject_id).exclude(pk=action.pk).filter(state=ActionState.DONE)
    if subject == Subject.INSTRUMENT:
        spec = get_instrument_by_id(action.subject_id)
        if spec is not None and spec.trading_state == TradingState.HALTED and not others.exists():
            set_trading_state(instrument_id=action.subject_id, trading_state=action.state_before)
        return
    account = get_account(action.subject_id)
    wanted = max([action.state_before, *(STATE_OF[ActionKind(one.kind)] for one in others)])
    if account is not None and wanted < account.state <= STATE_OF[ActionKind(action.kind)]:
        set_account_state(account_id=action.subject_id, state=wanted)
        tell_state(account_id=action.subject_id, state=AccountState(wanted))


def _in_force(subject: Subject, subject_id: int) -> QuerySet[RiskAction]:
    return RiskAction.objects.filter(subject_kind=subject, subject_id=subject_id, state__in=IN_FORCE, kind__in=STRONG)


def _strictest(account_id: int) -> AccountState:
    """What the actions in force ask of the account."""
    kinds = set(_in_force(Subject.ACCOUNT, account_id).values_list("kind", flat=True))
    return max((STATE_OF[ActionKind(kind)] for kind in kinds), default=AccountState.ACTIVE)


def _is_cooling(kind: ActionKind, subject: Subject, subject_id: int) -> bool:
    """Whether the same is in force, or was decided a short while ago."""
    same = RiskAction.objects.filter(subject_kind=subject, subject_id=subject_id, kind=kind)
    since = timezone.now() - timedelta(seconds=get(COOL_DOWN))
    recent = same.filter(asked_at__gte=since).exclude(state=ActionState.FAILED)
    return recent.exists() or (kind in STRONG and same.filter(state__in=IN_FORCE).exists())


def _too_many() -> bool:
    since = timezone.now() - timedelta(hours=1)
    strong = RiskAction.objects.filter(automatic=True, kind__in=STRONG, asked_at__gte=since)
    return strong.exclude(state=ActionState.HELD_BACK).count() >= get(HOURLY_MAX)


def _concerns(alert: Alert, subject: Subject, subject_id: int) -> bool:
    if subject == Subject.INSTRUMENT:
        return bool(subject_id) and alert.instrument_id == subject_id
    return alert.accounts.filter(account_id=subject_id).exists()


def _record(what: str, action: RiskAction, actor: Actor, reason: str = "") -> None:
    record(
        what,
        actor=actor,
        subject=f"{Subject(action.subject_kind).name.lower()}:{action.subject_id}",
        reason=reason or action.reason,
        after={"action": action.pk, "kind": str(action.kind), "alert": action.alert_id, "automatic": action.automatic},
    )
