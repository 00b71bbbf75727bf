"""A run of the seed: what it publishes as whom, what it knows of the ledger, and its report."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catalog.ledger.trace import Trace
from catalog.management.awesome import ImportReport
from catalog.management.seed_ledger import SeedLedger
from catalog.models import Revision

Progress = Callable[[str, int, int], None]
"""Called with the name of a file, the number of its entries that are done, and that of all."""


@dataclass
class SeedReport:
    """The outcome of seeding: the import of the list, the number of revisions published, the entries that were not
    changed because people have changed them since, and those whose form refused it, with the reason."""

    imported: ImportReport = field(default_factory=ImportReport)
    published: int = 0
    left_alone: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class SeedRun:
    """What the parts of a run share."""

    def __init__(self, report: SeedReport, curation: Any, moderator: Any, progress: Progress) -> None:
        self.report, self.curation, self.moderator, self.progress = report, curation, moderator, progress
        self.ledger = SeedLedger()

    def trace(self, source: str, comment: str) -> Trace:
        return Trace(self.curation, self.moderator, source, comment)

    def remember(self, revision: Revision) -> None:
        self.report.published += 1
        self.ledger.remember(revision)
