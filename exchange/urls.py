"""The platform lane's map of addresses; the trading lane has its own table in apps/gateway."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from drf_spectacular.views import SpectacularJSONAPIView, SpectacularSwaggerSplitView

from apps.monitoring.api import metrics

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("apps.users.urls")),
    path("api/v1/", include("apps.accounts.urls")),
    path("api/v1/", include("apps.kyc.urls")),
    path("api/v1/", include("apps.instruments.urls")),
    path("api/v1/", include("apps.funding.urls")),
    path("api/v1/", include("apps.liquidations.urls")),
    path("api/v1/", include("apps.insurance.urls")),
    path("api/v1/", include("apps.risk.urls")),
    path("api/v1/schema", SpectacularJSONAPIView.as_view(throttle_classes=()), name="schema"),
    path("api/v1/docs", SpectacularSwaggerSplitView.as_view(url_name="schema", throttle_classes=()), name="docs"),
    path("metrics", metrics),
    path("", include("apps.web.urls")),
]

handler400 = "apps.common.error_responses.bad_request"
handler403 = "apps.common.error_responses.permission_denied"
handler404 = "apps.common.error_responses.not_found"
handler500 = "apps.common.error_responses.server_error"
