"""Admin of limits: the rows with whether the engine has them, and a page to set them and see every version."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from unfold.decorators import action, display

from apps.instruments.admin_columns import InstrumentRowsAdmin, money_column
from apps.risk.limit_form import limits_view
from apps.risk.models import AccountLimit

CHANGE = "risk.change_accountlimit"


@admin.register(AccountLimit)
class AccountLimitAdmin(InstrumentRowsAdmin):
    list_display = (
        "whose", "market", "notional", "lots", "max_open_orders", "orders_10s", "orders_1m", "version", "engine", "updated_at",
    )  # fmt: skip
    search_fields = ("=account_id",)
    search_help_text = "Account number, 0 for everybody"
    actions_list = ("set_limits",)
    notional = money_column("max_position_notional_units", "Position, notional")

    @admin.display(description="Whose", ordering="account_id")
    def whose(self, row: AccountLimit) -> str:
        return f"account {row.account_id}" if row.account_id else "everybody"

    @admin.display(description="Instrument", ordering="instrument_id")
    def market(self, row: AccountLimit) -> str:
        return self.symbol(row) if row.instrument_id else "all together"

    @admin.display(description="Position, quantity", ordering="max_position_lots")
    def lots(self, row: AccountLimit) -> str:
        return self.text_of_quantity(row, row.max_position_lots)

    @display(description="Engine", label={"has it": "success", "waits": "warning", "refused": "danger"})  # type: ignore[untyped-decorator]
    def engine(self, row: AccountLimit) -> str:
        if row.told_at is not None:
            return "has it"
        return "refused" if row.error else "waits"

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.form_page)
        own = [
            path("limits/", view, name="risk_limits_new"),
            path("limits/<int:account_id>/<int:instrument_id>/", view, name="risk_limits"),
        ]
        urls: list[URLPattern] = super().get_urls()
        return [*own, *urls]

    def form_page(
        self, request: HttpRequest, account_id: int | None = None, instrument_id: int | None = None
    ) -> HttpResponse:
        at = None if account_id is None or instrument_id is None else (account_id, instrument_id)
        return limits_view(request, at, self, may_change=request.user.has_perm(CHANGE))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A row leads to its page."""
        rows: QuerySet[AccountLimit] = AccountLimit.objects.filter(pk=object_id if object_id.isdigit() else 0)
        row = rows.first()
        if row is None:
            return HttpResponseRedirect(reverse("admin:risk_accountlimit_changelist"))
        return HttpResponseRedirect(reverse("admin:risk_limits", args=[row.account_id, row.instrument_id]))

    @action(description="Set limits", url_path="set")  # type: ignore[untyped-decorator]
    def set_limits(self, request: HttpRequest) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:risk_limits_new"))
