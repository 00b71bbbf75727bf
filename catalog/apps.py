from importlib import import_module

from django.apps import AppConfig
from django.urls import register_converter


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catalogue"

    def import_models(self) -> None:
        """Import the models that all kinds share, then those in the kinds' folders."""
        super().import_models()
        import_module("catalog.kinds")

    def ready(self) -> None:
        from catalog.web.converters import KindConverter  # noqa: PLC0415 -- the kinds' models are loaded only now

        register_converter(KindConverter, "kind")
