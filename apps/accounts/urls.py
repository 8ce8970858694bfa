from django.urls import path, register_converter

from apps.accounts import api


class AccountNumberConverter:
    """1 .. 2**31 - 1, the engine's range."""

    regex = "[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number >= 2**31:
            raise ValueError
        return number

    def to_url(self, value: int) -> str:
        return str(value)


register_converter(AccountNumberConverter, "account")

urlpatterns = [
    path("auth/register", api.RegisterView.as_view()),
    path("accounts", api.AccountsView.as_view()),
    path("accounts/<account:account_id>", api.AccountView.as_view()),
    path("accounts/<account:account_id>/ledger", api.LedgerView.as_view()),
    path("accounts/<account:account_id>/transfers", api.TransfersView.as_view()),
]
