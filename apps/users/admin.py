"""Admin of people, sessions and keys. Secrets are on no page; ending an identity goes through services."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm

from apps.common.readonly_admin import ReadOnlyAdmin
from apps.users.api_keys import revoke_api_key
from apps.users.errors import UnknownApiKey
from apps.users.models import ApiKey, Session, User
from apps.users.services import disable_user, enable_user, revoke_session, revoke_sessions_of_user

admin.site.unregister(Group)


class UserCreationForm(BaseUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    ordering = ("id",)
    list_display = ("id", "email", "account_id", "is_active", "is_staff", "created_at", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "=account_id")
    readonly_fields = ("account_id", "is_active", "created_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "password", "account_id")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")}),
        ("Dates", {"fields": ("created_at", "last_login")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)
    actions = ("disable", "enable", "end_sessions")

    @admin.action(description="Disable: no token, session or key works", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset.exclude(pk=request.user.pk or 0):
            disable_user(user_id=user.pk)
        messages.success(request, "Disabled; you cannot disable yourself.")

    @admin.action(description="Enable", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            enable_user(user_id=user.pk)
        messages.success(request, "Enabled.")

    @admin.action(description="End all sessions", permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        ended = sum(revoke_sessions_of_user(user_id=user.pk, reason="staff") for user in queryset)
        messages.success(request, f"{ended} sessions ended.")

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002
        """A new password ends the user's sessions."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            revoke_sessions_of_user(user_id=int(id), reason="password_changed")
        return response


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "address", "created_at", "refreshed_at", "revoked_at", "revoke_reason")
    list_filter = ("revoke_reason",)
    search_fields = ("=id", "user__email")
    list_select_related = ("user",)
    exclude = ("refresh_jti",)
    actions = ("revoke",)
    actions_on_top = True

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {"revoke": self.get_action("revoke")} if request.user.has_perm("users.change_session") else {}

    @admin.action(description="End these sessions")
    def revoke(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        for session in queryset:
            revoke_session(session_id=str(session.pk), reason="staff")
        messages.success(request, "Ended.")


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ("key", "label", "user", "account_id", "permissions", "is_active", "created_at", "revoked_at")
    list_filter = ("is_active",)
    search_fields = ("=key", "label", "user__email", "=account_id")
    list_select_related = ("user",)
    fields = (
        "key", "label", "user", "account_id", "permissions", "kek_id", "is_active", "created_at", "revoked_at",
    )  # fmt: skip
    actions = ("revoke",)
    actions_on_top = True

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {"revoke": self.get_action("revoke")} if request.user.has_perm("users.change_apikey") else {}

    @admin.action(description="Revoke these keys for good")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        revoked = 0
        for row in queryset:
            try:
                revoke_api_key(user_id=row.user_id, key=row.key)
            except UnknownApiKey:
                continue
            revoked += 1
        messages.success(request, f"{revoked} keys revoked.")
