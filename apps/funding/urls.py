from django.urls import path

from apps.funding import api

urlpatterns = [
    path("instruments/<symbol:symbol>/funding", api.FundingHistoryView.as_view()),
    path("instruments/<symbol:symbol>/funding-samples", api.FundingSamplesView.as_view()),
    path("accounts/<account:account_id>/funding-payments", api.FundingPaymentsView.as_view()),
]
