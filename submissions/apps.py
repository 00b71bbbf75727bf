from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"

    def ready(self) -> None:
        """Make cached pages of the catalogue, which say whether an entry is locked, depend on the locks."""
        from catalog.ledger.catalogue_version import depend_on  # noqa: PLC0415 -- models are not ready before

        locks = self.get_model("EntryLock")._meta.db_table
        depend_on(locks=f"SELECT count(*) FROM {locks}", locked_at=f"SELECT max(locked_at) FROM {locks}")  # noqa: S608 -- our own table
