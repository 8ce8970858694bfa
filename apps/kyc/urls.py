from django.urls import path

from apps.kyc import api

urlpatterns = [
    path("kyc", api.KycView.as_view()),
    path("kyc/levels", api.LevelsView.as_view()),
    path("kyc/limits", api.LimitsView.as_view()),
    path("kyc/applications", api.ApplicationsView.as_view()),
    path("kyc/applications/<uuid:application_id>", api.ApplicationView.as_view()),
    path("kyc/applications/<uuid:application_id>/documents", api.DocumentsView.as_view()),
    path("kyc/applications/<uuid:application_id>/documents/<uuid:document_id>", api.DocumentView.as_view()),
    path("kyc/applications/<uuid:application_id>/submit", api.SubmitView.as_view()),
    path("kyc/webhooks/<slug:provider>", api.WebhookView.as_view()),
]
