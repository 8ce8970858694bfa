"""Admin of trading accounts. Money moves only by command: see credit_form.py."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from unfold.admin import ModelAdmin
from unfold.decorators import action

from apps.accounts.credit_form import credit_view
from apps.accounts.ledger_admin import (
    AccountModeAdmin,
    BalanceAdmin,
    ConversionAdmin,
    LedgerEntryAdmin,
    TransferAdmin,
)
from apps.accounts.models import AccountMode, Balance, Conversion, LedgerEntry, TradingAccount, Transfer
from apps.accounts.services import open_account
from apps.common.errors import DomainError

admin.site.register(Balance, BalanceAdmin)
admin.site.register(LedgerEntry, LedgerEntryAdmin)
admin.site.register(Transfer, TransferAdmin)
admin.site.register(Conversion, ConversionAdmin)
admin.site.register(AccountMode, AccountModeAdmin)


@admin.register(TradingAccount)
class TradingAccountAdmin(ModelAdmin):  # type: ignore[misc]
    list_display = ("id", "name", "user", "group", "state", "opened_at", "created_at")
    list_filter = ("state",)
    search_fields = ("=id", "name", "user__email")
    list_select_related = ("user",)
    autocomplete_fields = ("user",)
    readonly_fields = ("opened_at", "created_at")
    actions = ("credit_selected",)
    actions_detail = ("credit",)

    def get_readonly_fields(self, request: HttpRequest, obj: TradingAccount | None = None) -> tuple[str, ...]:
        return ("user", *self.readonly_fields) if obj else self.readonly_fields

    def has_delete_permission(self, request: HttpRequest, obj: TradingAccount | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: TradingAccount, form: object, change: bool) -> None:
        super().save_model(request, obj, form, change)
        transaction.on_commit(lambda: self._tell_engine(request, obj.pk))

    def _tell_engine(self, request: HttpRequest, account_id: int) -> None:
        try:
            open_account(account_id=account_id)
        except DomainError as error:
            messages.error(request, f"Saved, but the engine has not taken it: {error.message}")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.credit_form)
        own = path("<int:object_id>/credit-form/", view, name="accounts_tradingaccount_credit_form")
        urls: list[URLPattern] = super().get_urls()
        return [own, *urls]

    def credit_form(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return credit_view(request, object_id, self)

    @admin.action(description="Credit account", permissions=["change"])
    def credit_selected(self, request: HttpRequest, queryset: QuerySet[TradingAccount]) -> HttpResponse | None:
        """One account at a time, so that every credit has its own reason."""
        if queryset.count() != 1:
            messages.error(request, "Choose one account to credit.")
            return None
        return self._to_form(queryset.get().pk)

    @action(description="Credit account", url_path="credit", permissions=["change"])  # type: ignore[untyped-decorator]
    def credit(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return self._to_form(object_id)

    def _to_form(self, account_id: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:accounts_tradingaccount_credit_form", args=[account_id]))
