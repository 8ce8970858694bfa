"""How far the rows are."""

from __future__ import annotations

from django.contrib import admin

from apps.common.readonly_admin import ReadOnlyAdmin
from apps.projection.models import Cursor


@admin.register(Cursor)
class CursorAdmin(ReadOnlyAdmin):
    list_display = ("seq", "time_ns")
