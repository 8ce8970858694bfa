"""The platform lane's map of addresses; the trading lane has its own table in apps/gateway."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("", include("apps.web.urls")),
]
