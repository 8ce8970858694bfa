"""Admin of KYC: the queue of applications, levels by version, and rows to look at."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from unfold.admin import ModelAdmin
from unfold.decorators import display

from apps.approvals.news import tell
from apps.audit.staff import staff_actor
from apps.common.errors import DomainError
from apps.common.readonly_admin import ReadOnlyAdmin
from apps.common.scaled_field import MONEY, ScaledField, plain
from apps.kyc.level_terms import ask_to_set
from apps.kyc.models import (
    Application,
    KycLevel,
    LimitUse,
    SanctionsEntry,
    SanctionsList,
    Screening,
    Standing,
    Submission,
    WebhookDelivery,
)
from apps.kyc.review_admin import application_view, document_view
from apps.kyc.types import REQUIREMENTS, UNLIMITED_UNITS, ApplicationState, ScreeningOutcome

_COLORS = {
    ApplicationState.SUBMITTED: "warning", ApplicationState.IN_REVIEW: "info", ApplicationState.APPROVED: "success",
    ApplicationState.REJECTED: "danger", ApplicationState.NEEDS_MORE: "warning",
}  # fmt: skip


@admin.register(Application)
class ApplicationAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "level", "standing", "hit", "submitted_at", "decided_at", "expires_at")
    list_filter = ("state", "level")
    search_fields = ("user__email", "=id")
    list_select_related = ("user",)
    ordering = ("-submitted_at", "-created_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Application]:
        waiting = Screening.objects.filter(application=OuterRef("pk"), outcome=ScreeningOutcome.REVIEW)
        rows: QuerySet[Application] = super().get_queryset(request)
        return rows.annotate(has_hit=Exists(waiting))

    @display(description="state", label={state.value: color for state, color in _COLORS.items()})  # type: ignore[untyped-decorator]
    def standing(self, row: Application) -> str:
        return str(row.state)

    @display(description="list hit", label={"waits": "danger"})  # type: ignore[untyped-decorator]
    def hit(self, row: Application) -> str:
        return "waits" if getattr(row, "has_hit", False) else ""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(document_view)
        own = path("<str:object_id>/documents/<str:document_id>/", view, name="kyc_application_document")
        urls: list[URLPattern] = super().get_urls()
        return [own, *urls]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return application_view(request, object_id, self)


def _limit(units: int) -> str:
    return "no limit" if units >= UNLIMITED_UNITS else plain(units, MONEY)


class LevelForm(forms.ModelForm):  # type: ignore[type-arg]
    daily_deposit_units = ScaledField(
        decimals=MONEY, label="Deposits a day", help_text="10000000000 and more is no limit."
    )
    daily_withdrawal_units = ScaledField(decimals=MONEY, label="Withdrawals a day", help_text="The same.")
    requirements = forms.MultipleChoiceField(choices=[(name, name) for name in REQUIREMENTS], required=False)

    class Meta:
        model = KycLevel
        fields = (
            "level", "max_leverage", "daily_deposit_units", "daily_withdrawal_units", "validity_days", "requirements",
            "two_persons", "reason",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        wanted: dict[str, Any] = super().clean() or {}
        if not KycLevel.objects.filter(level=wanted.get("level", -1)).exists():
            self.add_error("level", "There is no such level.")
        for name in ("daily_deposit_units", "daily_withdrawal_units"):
            if wanted.get(name) is not None and wanted[name] > UNLIMITED_UNITS:
                self.add_error(name, "At most 10000000000, which is no limit.")
        if not str(wanted.get("reason", "")).strip():
            self.add_error("reason", "A change needs a reason.")
        return wanted


@admin.register(KycLevel)
class KycLevelAdmin(ModelAdmin):  # type: ignore[misc]
    """A new version is asked for; none is ever changed. It is in force once a second person has agreed."""

    form = LevelForm
    list_display = (
        "level", "version", "name", "max_leverage", "deposits", "withdrawals", "validity_days",
        "two_persons", "created_at", "changed_by", "reason",
    )  # fmt: skip
    list_filter = ("level",)

    @admin.display(description="deposits a day", ordering="daily_deposit_units")
    def deposits(self, row: KycLevel) -> str:
        return _limit(row.daily_deposit_units)

    @admin.display(description="withdrawals a day", ordering="daily_withdrawal_units")
    def withdrawals(self, row: KycLevel) -> str:
        return _limit(row.daily_withdrawal_units)

    def has_change_permission(self, request: HttpRequest, obj: KycLevel | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: KycLevel | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: KycLevel, form: LevelForm, change: bool) -> None:
        """Nothing is saved here: a second person allows it, then the service makes the version."""
        wanted = form.cleaned_data
        try:
            asked = ask_to_set(level=wanted["level"], terms=wanted, actor=staff_actor(request), reason=wanted["reason"])
        except DomainError as error:
            messages.error(request, error.message)
        else:
            request.asked_at = tell(request, asked)  # type: ignore[attr-defined]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """There is no row yet."""

    def log_addition(self, request: HttpRequest, obj: KycLevel, message: Any) -> None:
        """The approval tells it all."""

    def response_add(self, request: HttpRequest, obj: KycLevel, post_url_continue: str | None = None) -> HttpResponse:
        return HttpResponseRedirect(getattr(request, "asked_at", request.path))


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    list_display = ("user", "level", "expires_at", "is_held", "updated_at")
    list_filter = ("level", "is_held")
    search_fields = ("user__email",)
    list_select_related = ("user",)
    ordering = ("-updated_at",)


@admin.register(Screening)
class ScreeningAdmin(ReadOnlyAdmin):
    list_display = ("id", "application", "list_version", "outcome", "created_at", "resolved_at", "resolved_by")
    list_filter = ("outcome", "list_version")
    ordering = ("-id",)


@admin.register(SanctionsList)
class SanctionsListAdmin(ReadOnlyAdmin):
    list_display = ("version", "source", "entry_count", "digest", "created_at")


@admin.register(SanctionsEntry)
class SanctionsEntryAdmin(ReadOnlyAdmin):
    list_display = ("reference", "names", "birth_dates", "programme", "sanctions_list")
    search_fields = ("reference",)
    list_select_related = ("sanctions_list",)


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    list_display = ("reference", "application", "provider", "state", "attempts", "next_attempt_at", "advice")
    list_filter = ("state", "provider")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadOnlyAdmin):
    list_display = ("event_id", "provider", "submission", "sequence", "event", "outcome", "received_at")
    list_filter = ("outcome", "event")


@admin.register(LimitUse)
class LimitUseAdmin(ReadOnlyAdmin):
    list_display = ("user", "kind", "amount_units", "reference", "created_at", "released_at")
    list_filter = ("kind",)
    search_fields = ("user__email", "reference")
    list_select_related = ("user",)
