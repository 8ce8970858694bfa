"""Admin of requests: a list, and a page for each with the buttons to allow or refuse it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.decorators import display
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.approvals import registry
from apps.approvals.models import ApprovalRequest
from apps.approvals.selectors import payload_of
from apps.approvals.services import approve, may_decide, reject
from apps.approvals.types import ApprovalState
from apps.audit.staff import staff_actor
from apps.common.errors import DomainError
from apps.common.readonly_admin import ReadOnlyAdmin

APPROVE, REJECT = "approve", "reject"
_COLORS = {
    ApprovalState.PENDING: "warning", ApprovalState.APPROVED: "info", ApprovalState.EXECUTING: "info",
    ApprovalState.EXECUTED: "success", ApprovalState.FAILED: "danger",
}  # fmt: skip


class DecisionForm(forms.Form):
    reason = forms.CharField(max_length=500, widget=UnfoldAdminTextInputWidget())
    decision = forms.ChoiceField(choices=[(APPROVE, "Approve"), (REJECT, "Reject")])


@admin.register(ApprovalRequest)
class ApprovalAdmin(ReadOnlyAdmin):
    list_display = ("id", "what", "subject", "standing", "asked_by", "requested_at", "decided", "result")
    list_filter = ("state", "kind")
    search_fields = ("=id", "subject", "=requested_by", "=decided_by", "reason")
    search_help_text = "Number, subject, person's number or words of the reason"
    ordering = ("-id",)

    @admin.display(description="request")
    def what(self, row: ApprovalRequest) -> str:
        return _title(row)

    @display(description="state", label={state.value: color for state, color in _COLORS.items()})  # type: ignore[untyped-decorator]
    def standing(self, row: ApprovalRequest) -> str:
        return row.state

    @admin.display(description="asked by")
    def asked_by(self, row: ApprovalRequest) -> str:
        return _person(row.requested_by)

    @admin.display(description="decided by")
    def decided(self, row: ApprovalRequest) -> str:
        return _person(row.decided_by)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        row = ApprovalRequest.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        if row is None:
            raise Http404
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        form = DecisionForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            _decide(request, row, form.cleaned_data)
            return HttpResponseRedirect(reverse("admin:approvals_approvalrequest_change", args=[row.pk]))
        is_open = row.state == ApprovalState.PENDING
        is_own = str(request.user.pk) == row.requested_by
        kind = registry.find(row.kind)
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "opts": self.opts,
            "title": f"{_title(row)} ({row.pk})",
            "row": row,
            "asked_by": _person(row.requested_by),
            "decided_by": _person(row.decided_by),
            "lines": kind.describe(payload_of(row)) if kind else list(payload_of(row).items()),
            "roles": ", ".join(sorted(kind.roles)) if kind else "",
            "form": form,
            "is_own": is_own,
            "may_approve": is_open and may_decide(row.pk, staff_actor(request)),
            "may_reject": is_open and (is_own or may_decide(row.pk, staff_actor(request))),
        }
        return TemplateResponse(request, "admin/approvals/request.html", context)


def _decide(request: HttpRequest, row: ApprovalRequest, wanted: dict[str, Any]) -> None:
    verb = approve if wanted["decision"] == APPROVE else reject
    try:
        done = verb(row.pk, actor=staff_actor(request), reason=wanted["reason"])
    except DomainError as error:
        messages.error(request, error.message)
        return
    said = f"{_title(row)}: {done.state}. {done.result}".strip()
    (messages.error if done.state == ApprovalState.FAILED else messages.success)(request, said)


def _title(row: ApprovalRequest) -> str:
    kind = registry.find(row.kind)
    return kind.title if kind else row.kind


def _person(number: str) -> str:
    """The e-mail of a person; jobs are named as they are."""
    if not number.isdecimal():
        return number
    person = get_user_model().objects.filter(pk=int(number)).first()
    return str(person) if person else number
