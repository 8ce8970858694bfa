"""The page of one live setting: its value, a form with a reason, and every earlier version to go back to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

from apps.audit.staff import staff_actor
from apps.common.errors import DomainError
from apps.common.readonly_admin import ReadOnlyAdmin
from apps.configuration import live, registry
from apps.configuration.errors import SettingInvalid, UnknownSetting
from apps.configuration.services import REASON_CHARS_MAX, change, get, history, value_before
from apps.configuration.types import NO, YES, Setting

VALUE_CHARS_MAX = 220


class SettingForm(forms.Form):
    """The setting itself checks `value`; what it says stands beside the field."""

    value = forms.CharField(required=False, max_length=VALUE_CHARS_MAX, widget=UnfoldAdminTextInputWidget())
    reason = forms.CharField(
        max_length=REASON_CHARS_MAX, help_text="Kept with the version.", widget=UnfoldAdminTextInputWidget()
    )

    def __init__(self, setting: Setting[Any], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.setting = setting
        self.fields["value"].help_text = f"{setting.help} May be {setting.bounds}."
        choices = setting.choices or ((YES, NO) if setting.kind == "boolean" else ())
        if choices:
            self.fields["value"].widget = UnfoldAdminSelectWidget(choices=[(choice, choice) for choice in choices])

    def clean_value(self) -> object:
        try:
            return self.setting.parse(self.cleaned_data["value"])
        except SettingInvalid as error:
            raise forms.ValidationError(error.message) from None


class RevertForm(forms.Form):
    number = forms.IntegerField(min_value=1)
    reason = forms.CharField(max_length=REASON_CHARS_MAX)


def setting_view(request: HttpRequest, name: str, model_admin: ReadOnlyAdmin, *, may_change: bool) -> HttpResponse:
    """Show the setting, or change it and show it again."""
    try:
        setting = registry.find(name)
    except UnknownSetting:
        raise Http404 from None
    if not model_admin.has_view_permission(request):
        raise PermissionDenied
    live.read()
    form = SettingForm(setting, initial={"value": _typed(get(setting))})
    if request.method == "POST":
        if not may_change:
            raise PermissionDenied
        if "number" in request.POST:
            back = RevertForm(request.POST)
            done = back.is_valid() and _do(request, setting, back.cleaned_data)
            if not back.is_valid():
                messages.error(request, "Say why you go back.")
        else:
            form = SettingForm(setting, request.POST)
            done = form.is_valid() and _do(request, setting, form.cleaned_data)
        if done:
            return HttpResponseRedirect(reverse("admin:configuration_setting", args=[name]))
    context = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "title": name,
        "setting": setting,
        "value": setting.show(get(setting)),
        "default": setting.show(setting.default),
        "form": form,
        "may_change": may_change,
        "versions": [
            {"row": row, "before": setting.show(row.before), "after": setting.show(row.after)}
            for row in history(name, limit=200)
        ],
    }
    return TemplateResponse(request, "admin/configuration/setting.html", context)


def _typed(value: object) -> str:
    """As a person would type it."""
    return (YES if value else NO) if isinstance(value, bool) else str(value)


def _do(request: HttpRequest, setting: Setting[Any], wanted: dict[str, Any]) -> bool:
    try:
        value = value_before(setting.name, wanted["number"]) if "number" in wanted else wanted["value"]
        outcome = change(setting.name, value, actor=staff_actor(request), reason=wanted["reason"])
    except DomainError as error:
        messages.error(request, error.message)
        return False
    if outcome.version or get(setting) == value:
        messages.success(request, f"{setting.name} is {setting.show(get(setting))} now.")
    else:
        messages.info(request, f"{setting.name}: request {outcome.approval_id} waits for a second person.")
    return True
