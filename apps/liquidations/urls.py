from django.urls import path

from apps.liquidations import api

urlpatterns = [
    path("accounts/<account:account_id>/liquidations", api.LiquidationsView.as_view()),
    path("accounts/<account:account_id>/deleveragings", api.DeleveragingsView.as_view()),
]
