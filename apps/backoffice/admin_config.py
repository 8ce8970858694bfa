"""django.contrib.admin with the back office's own site."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeAdminConfig(AdminConfig):
    default_site = "apps.backoffice.site.BackOfficeSite"
