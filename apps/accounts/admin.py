"""Admin of trading accounts. Money moves only by command: see credit_form.py."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action

from apps.accounts import standing
from apps.accounts.credit_form import credit_view
from apps.accounts.ledger_admin import (
    AccountModeAdmin,
    BalanceAdmin,
    ConversionAdmin,
    LedgerEntryAdmin,
    TransferAdmin,
)
from apps.accounts.manual_money import MONEY_ASKERS, RELEASE
from apps.accounts.models import AccountMode, Balance, Conversion, LedgerEntry, TradingAccount, Transfer
from apps.accounts.services import open_account
from apps.approvals import services as approvals
from apps.approvals.news import tell
from apps.audit.staff import REASON, staff_actor
from apps.common.errors import DomainError
from apps.common.roles import roles_of
from matcher.protocol.enums import AccountState

admin.site.register(Balance, BalanceAdmin)
admin.site.register(LedgerEntry, LedgerEntryAdmin)
admin.site.register(Transfer, TransferAdmin)
admin.site.register(Conversion, ConversionAdmin)
admin.site.register(AccountMode, AccountModeAdmin)


@admin.register(TradingAccount)
class TradingAccountAdmin(ModelAdmin):  # type: ignore[misc]
    reason_required = True
    list_display = ("id", "name", "user", "group", "state", "opened_at", "created_at")
    list_filter = ("state",)
    search_fields = ("=id", "name", "user__email")
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    readonly_fields = ("opened_at", "created_at")
    actions = ("credit_selected", "freeze_person", "unfreeze_person")
    actions_detail = ("credit",)

    def get_readonly_fields(self, request: HttpRequest, obj: TradingAccount | None = None) -> tuple[str, ...]:
        return ("user", *self.readonly_fields) if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: TradingAccount | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: TradingAccount, form: Any, change: bool) -> None:
        """Freezing is done at once; letting an account go again is asked of a second person."""
        before = TradingAccount.objects.filter(pk=obj.pk).values_list("state", flat=True).first() if change else None
        if before is not None and before != AccountState.ACTIVE and obj.state == AccountState.ACTIVE:
            obj.state = before
            self._ask_for_release(request, obj, form)
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: self._tell_engine(request, obj.pk))

    def _ask_for_release(self, request: HttpRequest, obj: TradingAccount, form: Any) -> None:
        try:
            asked = approvals.request(
                RELEASE,
                {"account_id": obj.pk, "state": obj.state},
                actor=staff_actor(request),
                reason=form.cleaned_data[REASON],
                subject=f"accounts.tradingaccount:{obj.pk}",
            )
        except DomainError as error:
            messages.error(request, error.message)
            return
        tell(request, asked)
        obj.refresh_from_db(fields=["state"])

    def _tell_engine(self, request: HttpRequest, account_id: int) -> None:
        try:
            open_account(account_id=account_id)
        except DomainError as error:
            messages.error(request, f"Saved, but the engine has not taken it: {error.message}")

    def has_money_permission(self, request: HttpRequest, object_id: object = None) -> bool:
        return not roles_of(request.user.pk or 0).isdisjoint(MONEY_ASKERS)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.credit_form)
        own = path("<int:object_id>/credit-form/", view, name="accounts_tradingaccount_credit_form")
        urls: list[URLPattern] = super().get_urls()
        return [own, *urls]

    def credit_form(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return credit_view(request, object_id, self)

    @admin.action(description="Credit or debit", permissions=["money"])
    def credit_selected(self, request: HttpRequest, queryset: QuerySet[TradingAccount]) -> HttpResponse | None:
        """One account at a time, so that every credit has its own reason."""
        if queryset.count() != 1:
            messages.error(request, "Choose one account to credit.")
            return None
        return self._to_form(queryset.get().pk)

    @admin.action(description="Freeze the person: sessions, keys and every account", permissions=["change"])
    def freeze_person(self, request: HttpRequest, queryset: QuerySet[TradingAccount]) -> None:
        """At once, for whoever finds out; only staff undo it."""
        staff = request.user.pk or 0
        people = sorted(set(queryset.values_list("user_id", flat=True)) - {staff})
        reason = request.POST.get("reason", "")
        frozen = sum(standing.freeze(user_id=user_id, by_staff=staff, reason=reason) for user_id in people)
        messages.success(request, f"{frozen} people frozen; you cannot freeze yourself.")

    @admin.action(description="Unfreeze the person (asked of a second one)", permissions=["change"])
    def unfreeze_person(self, request: HttpRequest, queryset: QuerySet[TradingAccount]) -> None:
        """Sessions do not come back, and withdrawals rest for a day."""
        for user_id in sorted(set(queryset.values_list("user_id", flat=True))):
            try:
                asked = standing.ask_to_unfreeze(
                    user_id=user_id, actor=staff_actor(request), reason=request.POST.get("reason", "")
                )
            except DomainError as error:
                messages.error(request, error.message)
            else:
                tell(request, asked)

    @action(description="Credit or debit", url_path="credit", permissions=["money"])  # type: ignore[untyped-decorator]
    def credit(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._to_form(object_id)

    def _to_form(self, account_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:accounts_tradingaccount_credit_form", args=[account_id]))
