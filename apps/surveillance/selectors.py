"""Questions about alerts and actions: for the dashboard, for monitoring, for the account's page."""

from __future__ import annotations

from typing import NamedTuple

from django.db.models import Count

from apps.surveillance.models import Alert, RiskAction, RuleCursor
from apps.surveillance.types import ActionState, AlertRow, AlertState


class RuleProgress(NamedTuple):
    """How much a rule has read so far, what it cost, and whether its last pass failed."""

    rule: str
    rows: int
    cpu_us: int
    failed: bool


def count_alerts() -> dict[tuple[str, str], int]:
    """(rule, state) to how many."""
    rows = Alert.objects.order_by().values_list("rule", "state").annotate(count=Count("id"))
    return {(rule, AlertState(state).label): count for rule, state, count in rows}


def count_actions() -> dict[tuple[str, str, bool], int]:
    """(kind, state, automatic) to how many."""
    rows = RiskAction.objects.order_by().values_list("kind", "state", "automatic").annotate(count=Count("id"))
    return {(kind, ActionState(state).label, automatic): count for kind, state, automatic, count in rows}


def get_progress() -> list[RuleProgress]:
    rows = RuleCursor.objects.order_by("rule").values_list("rule", "rows_seen", "cpu_us", "error")
    return [RuleProgress(rule, seen, cpu_us, bool(error)) for rule, seen, cpu_us, error in rows]


def list_alerts(*, account_id: int = 0, rule: str = "", open_only: bool = False, limit: int = 100) -> list[AlertRow]:
    """Newest first."""
    rows = Alert.objects.prefetch_related("accounts").order_by("-id")
    if account_id:
        rows = rows.filter(accounts__account_id=account_id)
    if rule:
        rows = rows.filter(rule=rule)
    if open_only:
        rows = rows.exclude(state=AlertState.CLOSED)
    return [
        AlertRow(
            id=row.pk,
            rule=row.rule,
            severity=row.severity,
            state=row.state,
            summary=row.summary,
            account_ids=tuple(sorted(one.account_id for one in row.accounts.all())),
            instrument_id=row.instrument_id,
            occurrences=row.occurrences,
            opened_at=row.opened_at,
        )
        for row in rows[:limit]
    ]
