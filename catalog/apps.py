from importlib import import_module

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catalogue"

    def import_models(self) -> None:
        """Import the models that all kinds share, then those in the kinds' folders."""
        super().import_models()
        import_module("catalog.kinds")
