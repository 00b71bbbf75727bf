from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    name = "submissions"

    def ready(self) -> None:
        """Make cached pages of the catalogue, which say whether an entry is locked, depend on the locks."""
        from catalog.ledger.catalogue_version import depend_on  # noqa: PLC0415 -- models are not ready before

        locks = self.get_model("EntryLock")._meta.db_table
        # each lock adds a row and each unlocking ends one, so that both numbers together never occur twice; the times
        # tell a restored backup from what came after it
        depend_on(
            locks=f"SELECT count(*) FROM {locks} WHERE unlocked_at IS NULL",  # noqa: S608 -- our own table, as below
            locks_ever=f"SELECT count(*) FROM {locks}",  # noqa: S608
            locked_at=f"SELECT max(locked_at) FROM {locks}",  # noqa: S608
            unlocked_at=f"SELECT max(unlocked_at) FROM {locks}",  # noqa: S608
        )
