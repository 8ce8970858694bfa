"""Routes of the web page."""

from django.urls import path

from apps.web.views import AccountsPage, ConfirmPage, SecurityPage, TradingPage, VerificationPage

urlpatterns = [
    path("", TradingPage.as_view(), name="trade"),
    path("accounts", AccountsPage.as_view(), name="accounts"),
    path("security", SecurityPage.as_view(), name="security"),
    path("verification", VerificationPage.as_view(), name="verification"),
    path("confirm", ConfirmPage.as_view(), name="confirm"),
]
