"""Admin of rows that two people change (guarded_rows.py): nothing is saved here, another allows it first."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from unfold.admin import ModelAdmin

from apps.approvals.guarded_rows import ask_to_save
from apps.approvals.news import tell
from apps.audit.staff import REASON, staff_actor
from apps.common.errors import DomainError


class GuardedAdmin(ModelAdmin):  # type: ignore[misc]
    """`guarded_kind` names what the model was guarded as. Rows are switched off, never deleted."""

    guarded_kind = ""
    reason_required = True
    reason_for_new = True

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        fixed = tuple(super().get_readonly_fields(request, obj))
        key = self.opts.pk
        return (*fixed, key.name) if obj is not None and not key.auto_created else fixed

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        """Another person decides first."""

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        try:
            asked = ask_to_save(
                self.guarded_kind, form.instance, actor=staff_actor(request), reason=form.cleaned_data[REASON]
            )
        except DomainError as error:
            messages.error(request, error.message)
            return
        if asked is None:
            messages.info(request, "Nothing was changed.")
        else:
            request.asked_at = tell(request, asked)  # type: ignore[attr-defined]

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """The approval tells it all."""

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        """The approval tells it all."""

    def response_add(self, request: HttpRequest, obj: Model, post_url_continue: str | None = None) -> HttpResponse:
        return self._to_approval(request)

    def response_change(self, request: HttpRequest, obj: Model) -> HttpResponse:
        return self._to_approval(request)

    def _to_approval(self, request: HttpRequest) -> HttpResponse:
        here = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        return HttpResponseRedirect(getattr(request, "asked_at", here))
