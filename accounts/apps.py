from django.apps import AppConfig
from django.core.checks import Tags, register
from django.urls import register_converter

from accounts import lookups
from accounts.checks import local_demo_stays_local
from accounts.converters import IdConverter


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        register(local_demo_stays_local, Tags.security)
        register_converter(IdConverter, "id")
        lookups.register()
