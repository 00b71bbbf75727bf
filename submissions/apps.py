from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class SubmissionsConfig(AppConfig):
    name = "submissions"

    def ready(self) -> None:
        """Make cached pages of the catalogue, which say whether an entry is locked, depend on the locks; refuse a
        setting that would leave on what it is to switch off."""
        from catalog.ledger.catalogue_version import depend_on  # noqa: PLC0415 -- models are not ready before
        from submissions.intake.lookups.sites import SITES  # noqa: PLC0415 -- as above

        keys = sorted(site.key for site in SITES)
        if unknown := sorted({*settings.FETCH_METADATA_EXCEPT} - {*keys}):
            raise ImproperlyConfigured(
                f"FETCH_METADATA_EXCEPT: there is no service {', '.join(unknown)}. There are {', '.join(keys)}."
            )
        locks = self.get_model("EntryLock")._meta.db_table
        # each lock adds a row and each unlocking ends one, so that both numbers together never occur twice; the times
        # tell a restored backup from what came after it
        depend_on(
            locks=f"SELECT count(*) FROM {locks} WHERE unlocked_at IS NULL",  # noqa: S608 -- our own table, as below
            locks_ever=f"SELECT count(*) FROM {locks}",  # noqa: S608
            locked_at=f"SELECT max(locked_at) FROM {locks}",  # noqa: S608
            unlocked_at=f"SELECT max(unlocked_at) FROM {locks}",  # noqa: S608
        )
