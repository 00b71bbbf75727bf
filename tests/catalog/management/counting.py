"""How many entries the files of the seed catalogue make."""

from collections import Counter

from catalog.exchange.awesome.reader import parse
from catalog.management.seed_files import RESULT, SeedItem, item_files, line_files, read_lines, read_removals
from catalog.management.seeding import CATALOGUE, CURATION_OF_LIST, FIXTURES, LIST_FILE
from catalog.text.slugs import slug_for

Entries = set[tuple[str, str]]
"""Kinds and slugs."""


def counts_of_files() -> dict[str, int]:
    """The number of entries by kind, once the list and all files are published."""
    live, former, lines = of_list(), Entries(), 0
    for folder in (FIXTURES / CURATION_OF_LIST, FIXTURES / CATALOGUE):
        for item in (item for file in item_files(folder) for item in file.items):
            add(item, live, former)
        lines += sum(1 for path in line_files(folder) for _ in read_lines(path))
        if (removals := folder / "merges.yaml").exists():
            live -= {(removal.kind, removal.slug) for removal in read_removals(removals)}
    counts = Counter(kind for kind, _ in live)
    counts[RESULT] += lines
    return dict(counts)


def of_list() -> Entries:
    """The entries of the list, and the components that it names."""
    entries = parse((FIXTURES / "list" / LIST_FILE).read_text(encoding="utf-8")).entries
    named = {name for entry in entries for parts in entry.components.values() for name, _ in parts}
    return {(entry.kind, slug_for(entry.name)) for entry in entries} | {("component", slug_for(name)) for name in named}


def add(item: SeedItem, live: Entries, former: Entries) -> None:
    """Add an entry, unless the files had it before, and move it where its revisions do."""
    known = (item.kind, item.slug)
    if known not in former:
        live.add(known)
    for slug in (revision.slug for revision in item.revisions if revision.slug):
        live.discard(known)
        former.add(known)
        known = (item.kind, slug)
        live.add(known)
