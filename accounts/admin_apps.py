"""The admin's own AppConfig; in a module of its own, because Django takes one default AppConfig a module."""

from django.contrib.admin.apps import AdminConfig


class PortalAdminConfig(AdminConfig):
    default_site = "accounts.sites.PortalAdminSite"
