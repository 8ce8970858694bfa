"""Verbs of surveillance: let the rules look, and work through the queue.

A rule reads without a transaction, so it keeps nobody waiting; what it found and where it stands then are written
together in a short one, which only the first of two runs at the same place can do.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import structlog
from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from apps.audit.services import record
from apps.audit.types import Actor
from apps.configuration.services import get
from apps.projection.selectors import get_time_ns
from apps.surveillance import actions
from apps.surveillance.errors import AlertClosed, ReasonMissing, UnknownAlert
from apps.surveillance.look import Look
from apps.surveillance.models import Alert, AlertAccount, RuleCursor
from apps.surveillance.notices import tell_desk
from apps.surveillance.rules.base import Rule, response_of
from apps.surveillance.rules.table import ROWS_MAX, RULES
from apps.surveillance.types import AlertState, Finding, Pass, Response, RuleRun

log = structlog.get_logger(__name__)
REASON_CHARS_MAX = 200


def run_rules(*, rules: Sequence[Rule] = RULES, wall_ns: int | None = None) -> list[RuleRun]:
    """One pass of every rule that is not off; a rule that fails keeps its place and stops no other."""
    look = Look(now_ns=get_time_ns(), wall_ns=wall_ns or time.time_ns(), rows_max=get(ROWS_MAX))
    if not look.now_ns:
        return []
    return [_run(rule, look) for rule in rules if response_of(rule) != Response.OFF]


def _run(rule: Rule, look: Look) -> RuleRun:
    begun = time.thread_time_ns()
    try:
        cursor = RuleCursor.objects.filter(rule=rule.name).first()
        if cursor is None:
            cursor, _ = RuleCursor.objects.get_or_create(rule=rule.name, defaults={"position": rule.begin(look)})
        done = rule.run(look, cursor.position, cursor.state)
        cpu_us = (time.thread_time_ns() - begun) // 1000
        opened, continued = _write(rule, cursor, done, cpu_us)
    except Exception as error:
        log.exception("surveillance.rule_failed", rule=rule.name)
        RuleCursor.objects.filter(rule=rule.name).update(error=f"{type(error).__name__}: {error}"[:200])
        if isinstance(error, DatabaseError):
            raise
        return RuleRun(rule.name, 0, 0, 0, 0.0, type(error).__name__)
    return RuleRun(rule.name, done.rows, opened, continued, cpu_us / 1000)


def _write(rule: Rule, cursor: RuleCursor, done: Pass, cpu_us: int) -> tuple[int, int]:
    """(opened, continued); nothing when another run was here first."""
    with transaction.atomic():
        moved = RuleCursor.objects.filter(rule=rule.name, turn=cursor.turn).update(
            position=done.position,
            state=done.state,
            turn=cursor.turn + 1,
            rows_seen=F("rows_seen") + done.rows,
            cpu_us=F("cpu_us") + cpu_us,
            passed_at=timezone.now(),
            error="",
        )
        if not moved:
            return 0, 0
        outcomes = [_raise_alert(rule, finding) for finding in done.findings]
    return sum(outcomes), len(outcomes) - sum(outcomes)


def _raise_alert(rule: Rule, finding: Finding) -> bool:
    """Whether it is a new alert; an open one of the same matter goes on with the newest evidence."""
    open_key = f"{rule.name}:{finding.key}"
    alert = Alert.objects.select_for_update().filter(open_key=open_key).first()
    is_new = alert is None
    if alert is None:
        alert = Alert.objects.create(
            rule=rule.name,
            key=finding.key,
            open_key=open_key,
            severity=finding.severity,
            summary=finding.summary[:300],
            evidence=finding.evidence,
            instrument_id=finding.instrument_id,
            first_ns=finding.happened_ns,
            last_ns=finding.happened_ns,
        )
        record(
            "risk.alert_opened",
            actor=Actor("system", f"surveillance.{rule.name}"),
            subject=f"surveillance.alert:{alert.pk}",
            reason=alert.summary,
            after={"rule": rule.name, "key": finding.key, "accounts": list(finding.account_ids)},
        )
        tell_desk(alert_id=alert.pk, rule=rule.name, summary=alert.summary)
    else:
        Alert.objects.filter(pk=alert.pk).update(
            severity=max(alert.severity, finding.severity),
            summary=finding.summary[:300],
            evidence=finding.evidence,
            last_ns=max(alert.last_ns, finding.happened_ns),
            occurrences=F("occurrences") + 1,
        )
    known = set(alert.accounts.values_list("account_id", flat=True))
    AlertAccount.objects.bulk_create(
        AlertAccount(alert=alert, account_id=account) for account in finding.account_ids if account not in known
    )
    actions.respond(alert, finding, response_of(rule))
    return is_new


def acknowledge(alert_id: int, *, actor: Actor) -> None:
    """Somebody looks into it. Raises UnknownAlert, AlertClosed."""
    with transaction.atomic():
        alert = _locked(alert_id)
        if alert.state == AlertState.OPEN:
            alert.state, alert.acknowledged_by, alert.acknowledged_at = (
                AlertState.ACKNOWLEDGED,
                actor.id,
                timezone.now(),
            )
            alert.save(update_fields=["state", "acknowledged_by", "acknowledged_at"])
            record("risk.alert_acknowledged", actor=actor, subject=f"surveillance.alert:{alert_id}")


def close(alert_id: int, *, actor: Actor, reason: str) -> None:
    """Done with it; what was done to accounts stays until it is lifted. Raises UnknownAlert, AlertClosed, ReasonMissing."""
    reason = required_reason(reason)
    with transaction.atomic():
        alert = _locked(alert_id)
        before = alert.state
        alert.state, alert.open_key = AlertState.CLOSED, None
        alert.closed_by, alert.closed_at, alert.close_reason = actor.id, timezone.now(), reason
        alert.save(update_fields=["state", "open_key", "closed_by", "closed_at", "close_reason"])
        record(
            "risk.alert_closed",
            actor=actor,
            subject=f"surveillance.alert:{alert_id}",
            reason=reason,
            before={"state": AlertState(before).label},
            after={"state": AlertState.CLOSED.label},
        )


def required_reason(reason: str) -> str:
    """Raises ReasonMissing."""
    reason = reason.strip()
    if not 0 < len(reason) <= REASON_CHARS_MAX:
        raise ReasonMissing
    return reason


def _locked(alert_id: int) -> Alert:
    alert = Alert.objects.select_for_update().filter(pk=alert_id).first()
    if alert is None:
        raise UnknownAlert
    if alert.state == AlertState.CLOSED:
        raise AlertClosed
    return alert
