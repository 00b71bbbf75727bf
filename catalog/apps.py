from importlib import import_module

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate
from django.urls import register_converter


class CatalogConfig(AppConfig):
    name = "catalog"
    verbose_name = "Catalogue"

    def import_models(self) -> None:
        """Import the models that all kinds share, then those in the kinds' folders."""
        super().import_models()
        import_module("catalog.kinds")

    def ready(self) -> None:
        from catalog.ledger.indexing import upgrade  # noqa: PLC0415 -- models are not ready before
        from catalog.management import former_sources, mending  # noqa: PLC0415 -- for the same reason
        from catalog.management.databases import refuse_foreign_tables  # noqa: PLC0415 -- for the same reason
        from catalog.web.converters import KindConverter, RevisionConverter  # noqa: PLC0415 -- for the same reason

        pre_migrate.connect(refuse_foreign_tables, sender=self)
        post_migrate.connect(upgrade.after_migrate, sender=self)
        post_migrate.connect(mending.after_migrate, sender=self)
        post_migrate.connect(former_sources.after_migrate, sender=self)
        register_converter(KindConverter, "kind")
        register_converter(RevisionConverter, "revision")
