from django.urls import path

from apps.insurance import api

urlpatterns = [
    path("insurance", api.InsuranceFundsView.as_view()),
    path("insurance/<symbol:asset>", api.InsuranceHistoryView.as_view()),
]
