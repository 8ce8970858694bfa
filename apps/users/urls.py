from django.urls import path, register_converter

from apps.users import api


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
    path("auth/refresh", api.RefreshView.as_view()),
    path("auth/logout", api.LogoutView.as_view()),
    path("me", api.MeView.as_view()),
    path("api-keys", api.ApiKeysView.as_view()),
    path("api-keys/<api_key:key>", api.ApiKeyView.as_view()),
]
