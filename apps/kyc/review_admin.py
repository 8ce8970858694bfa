"""The reviewer's page: who, which documents, what the lists say, what was decided; and the forms to decide.

A person's details and documents are shown to those who may review, and each look is in the trail.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.approvals.selectors import list_open
from apps.audit.services import record
from apps.audit.staff import staff_actor
from apps.common.errors import DomainError
from apps.common.sealing import SealError
from apps.kyc import reviews
from apps.kyc.details import open_details
from apps.kyc.documents import PDF, read_document
from apps.kyc.models import Application
from apps.kyc.moving import subject
from apps.kyc.screening import resolve_screening
from apps.kyc.selectors import get_level, is_uuid
from apps.kyc.types import ApplicationState, ScreeningOutcome

REVIEW = "kyc.review_application"
# Nothing of a document runs, is stored, framed or told to another site, whatever it is.
DOCUMENT_HEADERS = {
    "Cache-Control": "no-store, private",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}
_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", PDF: "pdf"}


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[("start", "Take up"), ("approve", "Approve"), ("more", "Ask for more"), ("reject", "Reject")],
        widget=UnfoldAdminSelectWidget(),
    )
    reason = forms.CharField(
        max_length=500,
        required=False,
        widget=UnfoldAdminTextInputWidget(),
        help_text="Asking for more and rejecting: shown to the applicant. Approving: for the trail.",
    )


class ScreeningForm(forms.Form):
    screening = forms.IntegerField(min_value=1, widget=forms.HiddenInput())
    verdict = forms.ChoiceField(
        choices=[("cleared", "Somebody else of that name"), ("confirmed", "The very person: reject and hold")],
        widget=UnfoldAdminSelectWidget(),
    )
    reason = forms.CharField(max_length=500, widget=UnfoldAdminTextInputWidget(), help_text="For the trail alone")


def application_view(request: HttpRequest, object_id: str, model_admin: ModelAdmin[Application]) -> HttpResponse:
    """Show the case, or carry out what a form asks for and show it again."""
    _check_reviewer(request)
    row = Application.objects.select_related("user").filter(pk=object_id).first() if is_uuid(object_id) else None
    if row is None:
        raise Http404
    if request.method == "POST":
        _post(request, row)
        return HttpResponseRedirect(reverse("admin:kyc_application_change", args=[row.pk]))
    record("kyc.application_viewed", actor=staff_actor(request), subject=subject(row))
    context = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts, **_case(row)}
    answer = TemplateResponse(request, "admin/kyc/application.html", context)
    answer["Cache-Control"] = "no-store, private"
    return answer


def _case(row: Application) -> dict[str, Any]:
    person, terms = open_details(row), get_level(row.level)
    screenings = list(row.screenings.all())
    return {
        "title": f"Application of {row.user} for level {row.level}",
        "row": row,
        "person": person,
        "terms": terms,
        "documents": row.documents.all(),
        "history": row.transitions.all(),
        "screenings": screenings,
        "waiting": [
            (one, ScreeningForm(initial={"screening": one.pk}))
            for one in screenings
            if one.outcome == ScreeningOutcome.REVIEW
        ],
        "asked": list_open(kind=reviews.APPROVAL_KIND, subject=subject(row)),
        "submission": row.submissions.first(),
        "form": DecisionForm() if row.state in {*_decidable(), ApplicationState.APPROVED} else None,
    }


def _decidable() -> tuple[str, ...]:
    return (ApplicationState.SUBMITTED, ApplicationState.IN_REVIEW)


def _post(request: HttpRequest, row: Application) -> None:
    form: forms.Form = ScreeningForm(request.POST) if "verdict" in request.POST else DecisionForm(request.POST)
    if not form.is_valid():
        for name, errors in form.errors.items():
            messages.error(request, f"{name}: {' '.join(map(str, errors))}")
        return
    carry_out = _resolve if isinstance(form, ScreeningForm) else _decide
    try:
        messages.success(request, carry_out(request, row, form.cleaned_data))
    except DomainError as error:
        messages.error(request, error.message)


def _resolve(request: HttpRequest, row: Application, wanted: dict[str, Any]) -> str:
    if not row.screenings.filter(pk=wanted["screening"]).exists():
        raise DomainError("The screening belongs to another application.")
    resolve_screening(
        screening_id=wanted["screening"],
        confirmed=wanted["verdict"] == "confirmed",
        actor=staff_actor(request),
        reason=wanted["reason"],
    )
    return "The hit is decided."


def _decide(request: HttpRequest, row: Application, wanted: dict[str, Any]) -> str:
    actor, case = staff_actor(request), {"application_id": str(row.pk)}
    if wanted["decision"] == "start":
        reviews.start_review(**case, actor=actor)
        return "Taken up."
    reason = wanted["reason"]
    if wanted["decision"] == "approve":
        done = reviews.approve_application(**case, actor=actor, reason=reason)
        return "Approved." if done else "A second person is asked to allow it, under Approvals."
    verbs: dict[str, Callable[..., None]] = {"more": reviews.ask_for_more, "reject": reviews.reject_application}
    verbs[wanted["decision"]](**case, actor=actor, reason=reason)
    return "Rejected." if wanted["decision"] == "reject" else "The applicant is asked for more."


def document_view(request: HttpRequest, object_id: str, document_id: str) -> HttpResponse:
    """A document of the application: pictures marked with who looks, PDFs to be saved; nothing may run or be kept."""
    _check_reviewer(request)
    actor = staff_actor(request)
    mark = f"{request.user} {timezone.now():%Y-%m-%d %H:%M} UTC"
    try:
        row, content = read_document(document_id, application_id=object_id, actor=actor, watermark=mark)
    except (DomainError, SealError) as error:
        raise Http404(str(error)) from None
    answer = HttpResponse(content, content_type=row.content_type, headers=DOCUMENT_HEADERS)
    how = "attachment" if row.content_type == PDF else "inline"
    answer["Content-Disposition"] = f'{how}; filename="kyc-{row.pk}.{_ENDINGS[row.content_type]}"'
    return answer


def _check_reviewer(request: HttpRequest) -> None:
    if not request.user.has_perm(REVIEW):
        raise PermissionDenied
