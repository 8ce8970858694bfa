"""The back office's site: who comes in, and a record of everything they look at and send.

Every ModelAdmin is registered as an audited one; pages of their own need not think of it: what left no record by itself
is recorded here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from unfold.sites import UnfoldAdminSite

from apps.audit.recorded import recorded_so_far
from apps.audit.services import record
from apps.audit.staff import staff_actor
from apps.audit.types import Actor
from apps.backoffice.audited import audited
from apps.backoffice.sign_in import SignInForm, has_shown_factor, remember_factor
from apps.common.roles import STAFF_ROLES
from apps.users.factors import methods_of
from apps.users.role_table import TABLE

# Pages that show nobody's data.
_PLAIN_PAGES = {"index", "login", "logout", "jsi18n", "app_list", "password_change", "password_change_done"}
_FIELDS_MAX = 50


class BackOfficeSite(UnfoldAdminSite):  # type: ignore[misc]
    login_form = SignInForm
    login_template = "admin/sign_in.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        super().register(model_or_iterable, audited(admin_class or ModelAdmin), **options)

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(super().has_permission(request)) and has_shown_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, extra_context)
        if request.method == "POST":
            address = request.META.get("REMOTE_ADDR") or ""
            if response.status_code == 302 and request.user.is_authenticated:
                if methods_of(request.user.pk):
                    remember_factor(request.session, request.user.pk)
                record("auth.admin_login", actor=staff_actor(request), subject=f"users.user:{request.user.pk}")
            else:
                given = {"email": request.POST.get("username", "")[:254]}
                record("auth.admin_login_failed", actor=Actor("anonymous", "", address), after=given)
        return response

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        actor = staff_actor(request)
        response: HttpResponse = super().logout(request, extra_context)
        if request.method == "POST" and actor.id:
            record("auth.admin_logout", actor=actor, subject=f"users.user:{actor.id}")
        return response

    def admin_view(self, view: Callable[..., HttpResponse], cacheable: bool = False) -> Callable[..., HttpResponse]:
        inner = super().admin_view(view, cacheable)

        def watched(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            before = recorded_so_far()
            try:
                response: HttpResponse = inner(request, *args, **kwargs)
            except PermissionDenied:
                _record_visit(request, "admin.denied")
                raise
            if self.has_permission(request):
                if request.method not in {"GET", "HEAD", "OPTIONS"}:
                    if recorded_so_far() == before:
                        _record_visit(request, "admin.posted", fields=sorted(request.POST)[:_FIELDS_MAX])
                elif _is_privileged(request):
                    _record_visit(request, "admin.read")
            return response

        return update_wrapper(watched, inner)


def _record_visit(request: HttpRequest, action: str, **more: Any) -> None:
    record(
        action,
        actor=staff_actor(request),
        subject=_subject(request),
        after={"path": request.path, "query": request.GET.dict(), **more},
    )


def _is_privileged(request: HttpRequest) -> bool:
    """Whether the page shows what not all staff may see."""
    match = request.resolver_match
    if match is None or match.url_name in _PLAIN_PAGES:
        return False
    grant = TABLE.get(_label(request))
    return grant is None or set(grant.view.split()) != set(STAFF_ROLES)


def _label(request: HttpRequest) -> str:
    """Of the page users_user_change: "users.user"; as much as the name tells of any other."""
    name = (request.resolver_match.url_name or "") if request.resolver_match else ""
    return ".".join(name.split("_")[:2])


def _subject(request: HttpRequest) -> str:
    number = request.resolver_match.kwargs.get("object_id", "") if request.resolver_match else ""
    return f"{_label(request)}:{number}" if number else _label(request)
