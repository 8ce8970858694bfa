"""What every ModelAdmin of the site gets: its writes are recorded with before, after and a reason.

A ModelAdmin that says `reason_required = True` asks for the reason of every change and of every action on its rows, and
with `reason_for_new = True` for that of new rows too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.forms import ActionForm
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.audit.services import record
from apps.audit.staff import REASON, staff_actor
from apps.backoffice.snapshots import difference, related_values, stored_values, values_of

if TYPE_CHECKING:
    _Base = ModelAdmin[Model]
else:
    _Base = object

IDS_MAX = 100
_NAVIGATION = "_selected"  # actions so named only open a page of their own, which asks for its own reason


class ReasonField(forms.CharField):
    def __init__(self, *, required: bool) -> None:
        super().__init__(
            label="Reason",
            required=required,
            max_length=500,
            help_text="Kept in the audit trail with what was before and after.",
            widget=UnfoldAdminTextInputWidget(),
        )


class ReasonedActionForm(ActionForm):  # type: ignore[misc]
    reason = forms.CharField(
        label="",
        required=False,
        max_length=500,
        widget=UnfoldAdminTextInputWidget(attrs={"placeholder": "Reason", "aria-label": "Reason", "x-show": "action"}),
    )


class Audited(_Base):
    """Stands before the ModelAdmin's own class; see `audited`."""

    reason_required = False
    reason_for_new = False
    action_form = ReasonedActionForm

    def get_fieldsets(self, request: HttpRequest, obj: Model | None = None) -> Any:
        found = super().get_fieldsets(request, obj)
        if not self.reason_required:
            return found
        rest = [(name, {**options, "fields": _without_reason(options["fields"])}) for name, options in found]
        asks = self.reason_for_new if obj is None else self.has_change_permission(request, obj)
        return [*rest, ("Why", {"fields": (REASON,)})] if asks else rest

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        request.audit_before = stored_values(obj) if change else {}  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        row = form.instance
        related = related_values(row, form, formsets) if change else {}
        super().save_related(request, form, formsets, change)
        before, after = difference(
            {**getattr(request, "audit_before", {}), **related},
            {**stored_values(row), **related_values(row, form, formsets)},
        )
        if before or after:
            self._record(request, "admin.changed" if change else "admin.added", row, before=before, after=after)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        self._record(request, "admin.deleted", obj, before=values_of(obj))
        super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for row in queryset:
            self._record(request, "admin.deleted", row, before=values_of(row))
        super().delete_queryset(request, queryset)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Asked for here too, since a list of one's own may forget."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().changelist_view(request, extra_context)

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any], *args: Any) -> HttpResponse | None:
        name, reason = request.POST.get("action", ""), request.POST.get("reason", "").strip()
        if not name or name.endswith(_NAVIGATION):
            return super().response_action(request, queryset, *args)
        if self.reason_required and not reason:
            messages.error(request, "Give a reason.")
            return None
        chosen = request.POST.getlist("_selected_action")
        response = super().response_action(request, queryset, *args)
        record(
            "admin.action",
            actor=staff_actor(request),
            subject=self.opts.label_lower,
            reason=reason,
            after={"action": name, "rows": chosen[:IDS_MAX], "count": len(chosen), "all": _wants_all(request)},
        )
        return response

    def _record(
        self,
        request: HttpRequest,
        action: str,
        row: Model,
        *,
        before: dict[str, Any],
        after: dict[str, Any] | None = None,
    ) -> None:
        record(
            action,
            actor=staff_actor(request),
            subject=f"{self.opts.label_lower}:{row.pk}",
            reason=request.POST.get(REASON, "") or request.POST.get("reason", ""),
            before=before,
            after=after,
        )


def audited(admin_class: type[ModelAdmin[Any]]) -> type[ModelAdmin[Any]]:
    """The class with `Audited` in front of it."""
    if issubclass(admin_class, Audited):
        return admin_class
    attributes: dict[str, Any] = {"__module__": admin_class.__module__}
    if getattr(admin_class, "reason_required", False):
        attributes["reason_required"] = True
        attributes["reason_for_new"] = getattr(admin_class, "reason_for_new", False)
        attributes["form"] = _with_reason(admin_class.form, for_new=attributes["reason_for_new"])
    return type(admin_class.__name__, (Audited, admin_class), attributes)


def _with_reason(form: Any, *, for_new: bool) -> Any:
    """The form with a reason, which a new row needs only `for_new`."""

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        super(made, self).__init__(*args, **kwargs)
        if self.instance._state.adding and not for_new:  # noqa: SLF001 - Django's own way to ask
            self.fields.pop(REASON, None)

    made: Any = type(form)(form.__name__, (form,), {REASON: ReasonField(required=True), "__init__": init})
    return made


def _without_reason(names: Any) -> tuple[Any, ...]:
    return tuple(name for name in names if name != REASON)


def _wants_all(request: HttpRequest) -> bool:
    return request.POST.get("select_across") == "1"
