"""Routes of the web page."""

from django.urls import path

from apps.web.views import ConfirmPage, SecurityPage, TradingPage, VerificationPage

urlpatterns = [
    path("", TradingPage.as_view(), name="trade"),
    path("security", SecurityPage.as_view(), name="security"),
    path("verification", VerificationPage.as_view(), name="verification"),
    path("confirm", ConfirmPage.as_view(), name="confirm"),
]
