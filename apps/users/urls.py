from django.urls import path, register_converter

from apps.users import api, key_api, passkeys_api, recovery_api, security_api


class ApiKeyConverter:
    """The public text of a key; anything else is an address that does not exist."""

    regex = "[A-Za-z0-9]{64}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ApiKeyConverter, "api_key")

urlpatterns = [
    path("auth/login", api.LoginView.as_view()),
    path("auth/login/second-factor", api.SecondFactorView.as_view()),
    path("auth/passkey/options", passkeys_api.PasskeyOptionsView.as_view()),
    path("auth/passkey/login", passkeys_api.PasskeyLoginView.as_view()),
    path("auth/step-up", security_api.StepUpView.as_view()),
    path("auth/step-up/passkey-options", passkeys_api.StepUpOptionsView.as_view()),
    path("auth/verify-email/resend", recovery_api.ResendView.as_view()),
    path("auth/password/ask-reset", recovery_api.AskResetView.as_view()),
    path("auth/email/confirm", recovery_api.ConfirmEmailView.as_view()),
    path("auth/email/undo", recovery_api.UndoEmailView.as_view()),
    path("auth/refresh", api.RefreshView.as_view()),
    path("auth/logout", api.LogoutView.as_view()),
    path("me", api.MeView.as_view()),
    path("me/security", security_api.SecurityView.as_view()),
    path("me/password", security_api.PasswordView.as_view()),
    path("me/email", security_api.EmailView.as_view()),
    path("me/totp", security_api.TotpView.as_view()),
    path("me/totp/confirm", security_api.TotpConfirmView.as_view()),
    path("me/backup-codes", security_api.BackupCodesView.as_view()),
    path("me/passkeys", passkeys_api.PasskeysView.as_view()),
    path("me/passkeys/options", passkeys_api.PasskeyMakingView.as_view()),
    path("me/passkeys/<int:passkey_id>", passkeys_api.PasskeyView.as_view()),
    path("me/sessions", security_api.SessionsView.as_view()),
    path("me/sessions/<uuid:session_id>", security_api.SessionView.as_view()),
    path("api-keys/<api_key:key>", key_api.ApiKeyView.as_view()),
]
