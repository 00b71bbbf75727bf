"""The seed catalogue: the list as it is, what corrects and completes it, and what other sources say, from fixtures/."""

from itertools import chain
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone

from catalog.ledger.accounts import CURATION, LIST_ACCOUNT
from catalog.management.awesome import import_list
from catalog.management.seed_files import digest_of, item_files, line_files
from catalog.management.seed_items import ItemSeeder
from catalog.management.seed_lines import LineSeeder
from catalog.management.seed_removals import RemovalSeeder
from catalog.management.seed_run import Progress, SeedReport, SeedRun
from catalog.models import SeededFixtures

MODERATOR = "list-moderator"
FIXTURES = Path(settings.BASE_DIR) / "fixtures"
LIST_FILE = "awesome-vlm-README.md"
CURATION_OF_LIST, CATALOGUE = "curation", "catalogue"
"""The folders of the fixtures: what corrects and completes the list, and all else."""


def seed(progress: Progress = lambda name, done, total: None, *, list_only: bool = False) -> SeedReport:
    """Publish what the fixtures say and the ledger does not have; with `list_only` the list and its curation.

    The digest of fixtures of which everything is published is kept, so that a further run compares nothing. Otherwise
    they are published in batches, each in a transaction of its own: a run that was interrupted continues where it
    stopped, and in between others can publish. `SeedLedger` says what is known as published, so fixtures are appended
    to and never rewritten; they may use former names of fields. An entry that somebody else than one of the seed's
    accounts changed last is left alone. One that is refused, because people have added what it collides with or stored
    what the form has come to refuse, is reported and does not keep the others; the next run reports it again. Raises
    FixtureError for a mistake in the files.

    Two runs at once, of two servers that start together, publish everything once: each batch takes the publish lock,
    and then reads what the other has published.
    """
    names = [CURATION_OF_LIST] if list_only else [CURATION_OF_LIST, CATALOGUE]
    digest, report = digest_of(FIXTURES, ["list", *names]), SeedReport()
    if SeededFixtures.objects.filter(digest=digest).exists():
        return report
    folders = [FIXTURES / name for name in names]
    files = {folder: item_files(folder) for folder in folders}
    users: Any = get_user_model().objects
    moderator = users.service(MODERATOR)
    report.imported = import_list(
        (FIXTURES / "list" / LIST_FILE).read_text(encoding="utf-8"),
        name=LIST_FILE,
        contributor=users.service(LIST_ACCOUNT),
        approver=moderator,
        progress=lambda done, total: progress(LIST_FILE, done, total),
    )
    run = SeedRun(report, users.service(CURATION), moderator, progress)
    items, lines, removals = ItemSeeder(run, chain(*files.values())), LineSeeder(run), RemovalSeeder(run)
    for folder in folders:
        for file in files[folder]:
            items.seed(file)
        for path in line_files(folder):
            lines.seed(path)
        if (path := folder / "merges.yaml").exists():
            removals.seed(path)
    if not report.refused:
        SeededFixtures.objects.get_or_create(digest=digest, defaults={"at": timezone.now()})
    return report
