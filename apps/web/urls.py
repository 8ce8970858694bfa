"""Routes of the web page."""

from django.urls import path

from apps.web.views import TradingPage

urlpatterns = [path("", TradingPage.as_view(), name="trade")]
