from django.apps import AppConfig
from django.core.checks import Tags, register

from accounts.checks import local_demo_stays_local


class AccountsConfig(AppConfig):
    name = "accounts"

    def ready(self) -> None:
        register(local_demo_stays_local, Tags.security)
