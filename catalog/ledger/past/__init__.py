"""The past catalogue: the catalogue as of a past time, rebuilt from the ledger into a database of its own.

Pages read a past day by the same code as today:

    with past.reading(at):
        ...                        # every query of the catalogue's tables answers as of that time

catalog.models.database leads queries to it, `build` fills it, `store` keeps the last ones on disk.
"""

from catalog.ledger.past.store import Busy, TooManyRevisions, reading

__all__ = ["Busy", "TooManyRevisions", "reading"]
