"""Admin of people, sessions and keys. Secrets are on no page; ending an identity goes through services."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import rules
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm
from unfold.widgets import UnfoldAdminTextInputWidget

from apps.approvals.news import tell
from apps.approvals.types import ApprovalRef
from apps.audit.staff import staff_actor
from apps.common.errors import DomainError
from apps.common.readonly_admin import ReadOnlyAdmin
from apps.users import enabling, lost_factors, role_giving
from apps.users.api_keys import revoke_api_key
from apps.users.errors import UnknownApiKey
from apps.users.models import ApiKey, Session, User
from apps.users.roles import ROLES, set_roles
from apps.users.security import changed
from apps.users.services import disable_user, revoke_session, revoke_sessions_of_user

admin.site.unregister(Group)


class PersonForm(UserChangeForm):  # type: ignore[misc]
    role_reason = forms.CharField(
        label="Why these roles",
        required=False,
        max_length=500,
        help_text="Needed to give a staff role, which a second administrator allows.",
        widget=UnfoldAdminTextInputWidget(),
    )


class UserCreationForm(BaseUserCreationForm):  # type: ignore[type-arg]
    class Meta:
        model = User
        fields = ("email",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[misc,type-arg]
    form = PersonForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    ordering = ("id",)
    list_display = ("id", "email", "account_id", "is_active", "is_staff", "created_at", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "=account_id")
    filter_horizontal = ()
    readonly_fields = (
        "account_id", "is_active", "is_staff", "is_superuser", "created_at", "last_login", "email_verified_at", "disabled_at",
        "frozen_at", "frozen_by", "closed_at", "security_changed_at",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("email", "password", "account_id")}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups", "role_reason")}),
        ("Dates", {"fields": ("created_at", "last_login", "email_verified_at", "security_changed_at")}),
        ("Standing", {"fields": ("disabled_at", "frozen_at", "frozen_by", "closed_at")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "password1", "password2")}),)
    actions = ("disable", "enable", "drop_factors", "end_sessions")

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Staff vouch for the address of a person they make. A staff role is asked of a second administrator."""
        if not change:
            obj.email_verified_at = timezone.now()
        elif "groups" in form.cleaned_data:
            self._set_roles(request, obj, form)
        super().save_model(request, obj, form, change)

    def _set_roles(self, request: HttpRequest, obj: User, form: Any) -> None:
        """Less is done at once; what is only asked for yet is not in the form any more."""
        roles = sorted(group.name for group in form.cleaned_data["groups"])
        if roles == role_giving.roles_held(obj.pk):
            return
        actor, reason = staff_actor(request), form.cleaned_data.get("role_reason", "")
        if not role_giving.needs_two(obj.pk, roles):
            set_roles(user_id=obj.pk, roles=roles, actor=actor, reason=reason)
        else:
            try:
                tell(request, role_giving.ask_to_give(user_id=obj.pk, roles=roles, actor=actor, reason=reason))
            except DomainError as error:
                messages.error(request, error.message)
            form.cleaned_data["groups"] = obj.groups.all()
        obj.refresh_from_db(fields=["is_staff"])

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """A customer's row by whoever has the right, a colleague's by administrators, one's own by nobody."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or rules.test_rule("users.touch_person", request.user, obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """People are closed, never deleted: the trail and the ledger speak of them."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """An address is the key to a new password, so only its owner changes it, and both mailboxes hear of that."""
        fixed = (*self.readonly_fields, "email") if obj else self.readonly_fields
        gives_roles = obj is not None and rules.test_rule("users.give_roles", request.user, obj)
        return fixed if gives_roles else (*fixed, "groups")

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Not even the beginning of a password's hash is shown to who may not set one."""
        found = super().get_fieldsets(request, obj)
        if obj is None:
            return found
        allowed = {
            "password": rules.test_rule("users.set_password", request.user, obj),
            "role_reason": rules.test_rule("users.give_roles", request.user, obj),
        }
        return [
            (name, {**options, "fields": tuple(one for one in options["fields"] if allowed.get(str(one), True))})
            for name, options in found
        ]

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only the house's roles are given here."""
        if db_field.name == "groups":
            kwargs["queryset"] = Group.objects.filter(name__in=ROLES)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def _touchable(self, request: HttpRequest, queryset: QuerySet[User]) -> list[User]:
        return [user for user in queryset if self.has_change_permission(request, user)]

    @admin.action(description="Disable: no token, session or key works", permissions=["change"])
    def disable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in self._touchable(request, queryset):
            disable_user(user_id=user.pk, by_staff=request.user.pk)
        messages.success(request, "Disabled; you cannot disable yourself.")

    @admin.action(description="Enable (asked of a second one)", permissions=["change"])
    def enable(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Keys work again, sessions do not come back."""
        self._ask(request, queryset, enabling.ask_to_enable)

    @admin.action(description="Remove a lost second factor (asked of a second one)", permissions=["change"])
    def drop_factors(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Sessions end, withdrawals rest for a day, the mailbox hears of it."""
        self._ask(request, queryset, lost_factors.ask_to_drop)

    def _ask(self, request: HttpRequest, queryset: QuerySet[User], ask: Callable[..., ApprovalRef]) -> None:
        reason = request.POST.get("reason", "")
        for user in self._touchable(request, queryset):
            try:
                asked = ask(user_id=user.pk, actor=staff_actor(request), reason=reason)
            except DomainError as error:
                messages.error(request, f"{user.email}: {error.message}")
            else:
                tell(request, asked)

    @admin.action(description="End all sessions", permissions=["change"])
    def end_sessions(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        ended = sum(
            revoke_sessions_of_user(user_id=user.pk, reason="staff") for user in self._touchable(request, queryset)
        )
        messages.success(request, f"{ended} sessions ended.")

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> Any:  # noqa: A002
        """A new password ends the user's sessions; administrators alone set one, and only for customers."""
        person = User.objects.filter(pk=id).first() if id.isdecimal() else None
        if person is None or not rules.test_rule("users.set_password", request.user, person):
            raise PermissionDenied
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302:
            changed(int(id), "password", by_staff=request.user.pk)
        return response


@admin.register(Session)
class SessionAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "address", "created_at", "refreshed_at", "revoked_at", "revoke_reason")
    list_filter = ("revoke_reason",)
    search_fields = ("=id", "user__email")
    list_select_related = ("user",)
    fields = (
        "id", "user", "address", "user_agent", "proofs", "stepped_up_at", "created_at", "refreshed_at", "expires_at",
        "revoked_at", "revoke_reason",
    )  # fmt: skip
    actions = ("revoke",)
    actions_on_top = True

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {"revoke": self.get_action("revoke")} if request.user.has_perm("users.change_session") else {}

    @admin.display(description="signed in by")
    def proofs(self, row: Session) -> str:
        return ", ".join(row.methods)

    @admin.action(description="End these sessions")
    def revoke(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        for session in queryset:
            revoke_session(session_id=str(session.pk), reason="staff")
        messages.success(request, "Ended.")


@admin.register(ApiKey)
class ApiKeyAdmin(ReadOnlyAdmin):
    list_display = ("short_key", "key_type", "label", "user", "account_id", "rights", "is_active", "last_used_at")
    list_filter = ("is_active", "key_type")
    search_fields = ("=key", "label", "user__email", "=account_id")
    list_select_related = ("user",)
    fields = (
        "key", "key_type", "label", "user", "account_id", "rights", "from_addresses", "for_instruments", "kek_id",
        "is_active", "created_at", "expires_at", "last_used_at", "last_used_address", "revoked_at",
    )  # fmt: skip
    actions = ("revoke",)
    actions_on_top = True

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {"revoke": self.get_action("revoke")} if request.user.has_perm("users.change_apikey") else {}

    @admin.display(description="key", ordering="key")
    def short_key(self, row: ApiKey) -> str:
        return f"{row.key[:8]}..."

    @admin.display(description="permissions")
    def rights(self, row: ApiKey) -> str:
        return ", ".join(row.permissions)

    @admin.display(description="addresses")
    def from_addresses(self, row: ApiKey) -> str:
        return ", ".join(row.addresses) or "any"

    @admin.display(description="instruments")
    def for_instruments(self, row: ApiKey) -> str:
        return ", ".join(row.instruments) or "all"

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
