from django.urls import path

from apps.risk import api

urlpatterns = [path("risk/limits", api.LimitsView.as_view())]
