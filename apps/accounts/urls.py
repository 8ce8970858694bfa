from django.urls import path, register_converter

from apps.accounts import api, key_api, standing_api


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
    path("auth/register", standing_api.RegisterView.as_view()),
    path("auth/verify-email", standing_api.VerifyEmailView.as_view()),
    path("auth/password/reset", standing_api.ResetPasswordView.as_view()),
    path("auth/unfreeze", standing_api.UnfreezeView.as_view()),
    path("me/freeze", standing_api.FreezeView.as_view()),
    path("me/close", standing_api.CloseView.as_view()),
    path("api-keys", key_api.ApiKeysView.as_view()),
    path("accounts", api.AccountsView.as_view()),
    path("accounts/<account:account_id>", api.AccountView.as_view()),
    path("accounts/<account:account_id>/balances", api.BalancesView.as_view()),
    path("accounts/<account:account_id>/ledger", api.LedgerView.as_view()),
    path("accounts/<account:account_id>/transfers", api.TransfersView.as_view()),
]
