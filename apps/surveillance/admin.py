"""Admin of surveillance: the queue of alerts, what was done, and how far the rules have looked."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from unfold.decorators import display

from apps.common.readonly_admin import ReadOnlyAdmin
from apps.instruments.selectors import get_instruments
from apps.surveillance.alert_page import alert_view, do_view
from apps.surveillance.models import Alert, RiskAction, RuleCursor
from apps.surveillance.rules.table import RULES, get_rule
from apps.surveillance.types import AlertState

CHANGE = "surveillance.change_alert"


class RuleFilter(admin.SimpleListFilter):
    """Alerts of one rule, by what it looks for."""

    title = "rule"
    parameter_name = "rule"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(rule.name, rule.title) for rule in RULES]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(rule=self.value()) if get_rule(self.value() or "") else queryset


class QueueFilter(admin.SimpleListFilter):
    """What still has to be looked at, unless one asks for the rest."""

    title = "queue"
    parameter_name = "queue"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "all"), *((state.name.lower(), state.label) for state in AlertState)]

    def choices(self, changelist: Any) -> Any:
        """The first choice is the queue itself."""
        for choice in super().choices(changelist):
            yield {**choice, "display": "open and acknowledged"} if choice["display"] == "All" else choice

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        wanted = {state.name.lower(): state for state in AlertState}.get(self.value() or "")
        if wanted is not None:
            return queryset.filter(state=wanted)
        return queryset if self.value() == "all" else queryset.exclude(state=AlertState.CLOSED)


@admin.register(Alert)
class AlertAdmin(ReadOnlyAdmin):
    list_display = ("id", "seriousness", "what", "summary", "progress", "occurrences", "opened_at")
    list_display_links = ("id", "summary")
    list_filter = (QueueFilter, RuleFilter, "severity")
    search_fields = ("=accounts__account_id", "=id", "summary")
    search_help_text = "Account or alert number, or words of the summary"

    @display(description="Severity", ordering="severity", label={"low": "info", "medium": "warning", "high": "danger"})  # type: ignore[untyped-decorator]
    def seriousness(self, row: Alert) -> str:
        return row.get_severity_display()

    @display(
        description="State", ordering="state", label={"open": "danger", "acknowledged": "warning", "closed": "success"}
    )  # type: ignore[untyped-decorator]
    def progress(self, row: Alert) -> str:
        return row.get_state_display()

    @admin.display(description="Rule", ordering="rule")
    def what(self, row: Alert) -> str:
        return rule_title(row.rule)

    def get_urls(self) -> list[URLPattern]:
        own = path("<int:alert_id>/do/", self.admin_site.admin_view(self.do), name="surveillance_alert_do")
        urls: list[URLPattern] = super().get_urls()
        return [own, *urls]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return alert_view(request, object_id, self, may_change=request.user.has_perm(CHANGE))

    def do(self, request: HttpRequest, alert_id: int) -> HttpResponse:
        return do_view(request, alert_id, may_change=request.user.has_perm(CHANGE))


@admin.register(RiskAction)
class RiskActionAdmin(ReadOnlyAdmin):
    list_display = (
        "id",
        "kind",
        "subject",
        "state",
        "automatic",
        "alert",
        "reason",
        "asked_at",
        "done_at",
        "lifted_at",
    )
    list_filter = ("state", "kind", "automatic")
    search_fields = ("=subject_id", "=alert__id")
    search_help_text = "Account, instrument or alert number"
    list_select_related = ("alert",)
    _symbols: dict[int, str] = {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        self._symbols = {spec.id: spec.symbol for spec in get_instruments()}
        found: QuerySet[Any] = super().get_queryset(request)
        return found

    @admin.display(description="About", ordering="subject_id")
    def subject(self, row: RiskAction) -> str:
        if row.subject_kind == 1:
            return f"account {row.subject_id}"
        return self._symbols.get(row.subject_id, str(row.subject_id))


@admin.register(RuleCursor)
class RuleCursorAdmin(ReadOnlyAdmin):
    list_display = ("rule", "what", "turn", "rows_seen", "cost", "passed_at", "error")
    ordering = ("rule",)

    @admin.display(description="Looks for")
    def what(self, row: RuleCursor) -> str:
        return rule_title(row.rule)

    @admin.display(description="CPU per 1,000 rows")
    def cost(self, row: RuleCursor) -> str:
        return f"{row.cpu_us / row.rows_seen:.2f} ms" if row.rows_seen else "-"


def rule_title(name: str) -> str:
    rule = get_rule(name)
    return rule.title if rule is not None else name
