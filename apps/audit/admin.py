"""Admin of the trail: looked at, searched and exported; an export is itself recorded."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet, Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html_join
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.decorators import action
from unfold.utils import parse_datetime_str

from apps.audit.display import UNMASKED, mask_address, mask_text, shown_time
from apps.audit.export import CONTENT_TYPES, lines
from apps.audit.models import AuditRecord
from apps.audit.services import record
from apps.audit.staff import staff_actor
from apps.common.readonly_admin import ReadOnlyAdmin

EXPORT = "audit.export_auditrecord"


class TimeFilter(RangeDateTimeFilter):  # type: ignore[misc]
    """From one moment to another, in UTC; the column counts nanoseconds."""

    def __init__(  # noqa: PLR0917 - the theme's own
        self, field: Any, request: HttpRequest, params: dict[str, Any], model: type[Model], owner: Any, field_path: str
    ) -> None:
        super(RangeDateTimeFilter, self).__init__(field, request, params, model, owner, field_path)
        self.request, self.parameter_name = request, field_path
        for name in self.expected_parameters():
            if name in params:
                value = params.pop(name)
                self.used_parameters[name] = value[0] if isinstance(value, list) else value

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditRecord]) -> QuerySet[AuditRecord]:
        for end, lookup, at in (("from", "gte", "00:00:00"), ("to", "lte", "23:59:59")):
            day = self.used_parameters.get(f"{self.parameter_name}_{end}_0")
            hour = self.used_parameters.get(f"{self.parameter_name}_{end}_1") or at
            moment = parse_datetime_str(f"{day} {hour}") if day else None
            if moment:
                queryset = queryset.filter(**{f"time_ns__{lookup}": int(moment.timestamp()) * 10**9})
        return queryset


@admin.register(AuditRecord)
class AuditRecordAdmin(ReadOnlyAdmin):
    list_display = ("place", "time", "action", "actor", "from_address", "about", "why")
    list_filter = ("actor_kind", ("time_ns", TimeFilter))
    list_filter_submit = True
    search_fields = ("action__startswith", "=actor_id", "subject__startswith", "=request_id")
    search_help_text = "How an action or a subject begins, an actor's number, a request id"
    list_select_related = ("link",)
    ordering = ("-id",)
    fields = readonly_fields = (
        "place", "time", "action", "actor", "from_address", "about", "why", "values_before", "values_after",
        "request_id", "link_hash",
    )  # fmt: skip
    actions_list = ("export_csv", "export_json")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditRecord]:
        """Each row knows whether it is shown masked: columns are asked for without the request."""
        rows: QuerySet[AuditRecord] = super().get_queryset(request)
        return rows.annotate(masked=Value(not request.user.has_perm(UNMASKED)))

    @admin.display(description="place", ordering="id")
    def place(self, row: AuditRecord) -> str:
        return str(row.link.seq) if hasattr(row, "link") else "waits"

    @admin.display(description="time (UTC)", ordering="time_ns")
    def time(self, row: AuditRecord) -> str:
        return shown_time(row.time_ns)

    @admin.display(description="actor")
    def actor(self, row: AuditRecord) -> str:
        return _text(row, f"{row.actor_kind} {row.actor_id}".strip())

    @admin.display(description="address")
    def from_address(self, row: AuditRecord) -> str:
        return mask_address(row.address) if _is_masked(row) else row.address

    @admin.display(description="subject")
    def about(self, row: AuditRecord) -> str:
        return _text(row, row.subject)

    @admin.display(description="reason")
    def why(self, row: AuditRecord) -> str:
        return _text(row, row.reason)

    @admin.display(description="before")
    def values_before(self, row: AuditRecord) -> str:
        return _table(_text(row, row.before))

    @admin.display(description="after")
    def values_after(self, row: AuditRecord) -> str:
        return _table(_text(row, row.after))

    @admin.display(description="hash")
    def link_hash(self, row: AuditRecord) -> str:
        return row.link.hash if hasattr(row, "link") else ""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.export)
        own = path("export/<str:form>/", view, name="audit_auditrecord_export")
        urls: list[URLPattern] = super().get_urls()
        return [own, *urls]

    def has_export_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(EXPORT))

    @action(description="Export as CSV", url_path="csv", permissions=["export"])  # type: ignore[untyped-decorator]
    def export_csv(self, request: HttpRequest) -> HttpResponse:
        return self._to_export(request, "csv")

    @action(description="Export as JSON lines", url_path="jsonl", permissions=["export"])  # type: ignore[untyped-decorator]
    def export_json(self, request: HttpRequest) -> HttpResponse:
        return self._to_export(request, "jsonl")

    def _to_export(self, request: HttpRequest, form: str) -> HttpResponse:
        """With the filters of the page the button was pressed on."""
        _, _, query = request.META.get("HTTP_REFERER", "").partition("?")
        address = reverse("admin:audit_auditrecord_export", args=[form])
        return HttpResponseRedirect(f"{address}?{query}" if query else address)

    def export(self, request: HttpRequest, form: str) -> StreamingHttpResponse:
        """What the list shows under the same query, oldest first, as a file that is written while it is sent."""
        if not (self.has_view_permission(request) and self.has_export_permission(request)):
            raise PermissionDenied
        if form not in CONTENT_TYPES:
            raise Http404
        rows = self.get_changelist_instance(request).get_queryset(request).order_by("id")
        masked = not request.user.has_perm(UNMASKED)
        record(
            "audit.exported",
            actor=staff_actor(request),
            after={"form": form, "query": request.GET.dict(), "rows": rows.count(), "masked": masked},
        )
        response = StreamingHttpResponse(lines(rows, form, masked=masked), content_type=CONTENT_TYPES[form])
        response["Content-Disposition"] = f'attachment; filename="audit.{form}"'
        response["Cache-Control"] = "no-store"
        return response


def _is_masked(row: AuditRecord) -> bool:
    return bool(getattr(row, "masked", True))


def _table(text: str) -> str:
    """A line a field; what is no whole object of JSON stays as it is."""
    try:
        values = json.loads(text)
    except ValueError:
        return text
    if not isinstance(values, dict):
        return text
    lines = ((name, value if isinstance(value, str) else json.dumps(value)) for name, value in values.items())
    return format_html_join("", '<div class="break-words"><strong>{}</strong>: {}</div>', lines)


def _text(row: AuditRecord, text: str) -> str:
    return mask_text(text) if _is_masked(row) else text
