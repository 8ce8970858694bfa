"""Admin of live settings: all of them on one page, each with its own page to change it and go back."""

from __future__ import annotations

from typing import Any

from constance.admin import Config
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from apps.common.readonly_admin import ReadOnlyAdmin
from apps.configuration import live, registry
from apps.configuration.models import SettingVersion
from apps.configuration.selectors import get_version_counts
from apps.configuration.setting_form import setting_view

# The store's own page knows neither reasons nor versions.
admin.site.unregister([Config])

CHANGE = "configuration.change_settingversion"


@admin.register(SettingVersion)
class SettingVersionAdmin(ReadOnlyAdmin):
    """The list is the settings as they stand; their history is on the page of each."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.setting)
        own = path("setting/<str:name>/", view, name="configuration_setting")
        urls: list[URLPattern] = super().get_urls()
        return [own, *urls]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        self._refuse_strangers(request)
        live.read()
        known, counts = live.values(), get_version_counts()
        groups: dict[str, list[dict[str, Any]]] = {}
        for setting in registry.every():
            value = known.get(setting.name, setting.default)
            row = {
                "setting": setting,
                "value": setting.show(value),
                "default": setting.show(setting.default),
                "is_default": value == setting.default,
                "versions": counts.get(setting.name, 0),
            }
            groups.setdefault(setting.group, []).append(row)
        context = {
            **self.admin_site.each_context(request),
            **(extra_context or {}),
            "opts": self.opts,
            "title": "Live settings",
            "groups": groups,
        }
        return TemplateResponse(request, "admin/configuration/settings.html", context)

    def setting(self, request: HttpRequest, name: str) -> HttpResponse:
        self._refuse_strangers(request)
        return setting_view(request, name, self, may_change=request.user.has_perm(CHANGE))

    def _refuse_strangers(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied
