"""The admin's AppConfig, in its own module, since Django allows one default AppConfig per module."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "accounts.sites.PortalAdminSite"
