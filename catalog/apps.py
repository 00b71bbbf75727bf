from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.urls import register_converter


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catalogue"

    def import_models(self) -> None:
        """Import the models that all kinds share, then those in the kinds' folders."""
        super().import_models()
        import_module("catalog.kinds")

    def ready(self) -> None:
        from catalog.ledger.indexing.upgrade import after_migrate  # noqa: PLC0415 -- models are not ready before
        from catalog.web.converters import KindConverter  # noqa: PLC0415 -- for the same reason

        post_migrate.connect(after_migrate, sender=self)
        register_converter(KindConverter, "kind")
