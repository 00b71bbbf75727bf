"""Compare many drafts with the catalogue: new, the same, or different."""

from dataclasses import dataclass, field
from typing import Any

from catalog.kinds import KINDS, Kind
from catalog.models import Entry
from submissions.intake.drafts import Draft, Read, Unreadable
from submissions.intake.duplicates import entries_by_key, is_certain_key

NEW, SAME, DIFFERS, AGAIN, UNREADABLE = "new", "same", "differs", "again", "unreadable"
NAMING = ("name", "aliases", "section", "links")


@dataclass(frozen=True)
class ComparedDraft:
    """A draft compared with the catalogue.

    `state` is new, same, differs (`keys` names the fields, `payload` is the entry's with the draft's values in them),
    again (an earlier line of the batch is the same thing: `earlier`), or unreadable.
    """

    read: Read
    state: str
    entry: Entry | None = None
    keys: tuple[str, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)
    earlier: int | None = None


def compare_with_catalogue(reads: list[Read]) -> list[ComparedDraft]:
    """Compare each draft with the catalogue and with earlier drafts, in a constant number of queries."""
    drafts = [read for read in reads if isinstance(read, Draft)]
    entries = {kind: _entries(KINDS[kind], drafts) for kind in {draft.kind for draft in drafts}}
    seen: dict[tuple[str, str], Draft] = {}
    return [_compare(read, entries, seen) for read in reads]


def _compare(read: Read, entries: dict[str, dict[str, Entry]], seen: dict[tuple[str, str], Draft]) -> ComparedDraft:
    if isinstance(read, Unreadable):
        return ComparedDraft(read, UNREADABLE)
    keys = _certain(read)
    if before := next((seen[read.kind, key] for key in keys if (read.kind, key) in seen), None):
        return ComparedDraft(read, AGAIN, earlier=before.line)
    seen.update({(read.kind, key): read for key in keys})
    entry = next((entries[read.kind][key] for key in keys if key in entries[read.kind]), None)
    if entry is None:
        return ComparedDraft(read, NEW, payload=read.payload)
    live = KINDS[read.kind].dump(entry)
    added = {**read.payload, "links": _more_links(live["links"], read.payload.get("links", []))}
    stated = {key: value for key, value in added.items() if key not in NAMING or key == "links"}
    keys_differ = tuple(key for key, value in stated.items() if value != live[key])
    if not keys_differ:
        return ComparedDraft(read, SAME, entry)
    payload = {**live, **{key: stated[key] for key in keys_differ}}
    return ComparedDraft(read, DIFFERS, entry, keys_differ, payload)


def _certain(draft: Draft) -> list[str]:
    """The keys of a draft that make an entry a certain duplicate, most reliable first."""
    order = {"doi": 0, "arxiv": 1, "claim": 2, "name": 3}
    keys = [key for key in KINDS[draft.kind].duplicate_keys(draft.payload) if is_certain_key(key)]
    return sorted(keys, key=lambda key: (order[key.partition(":")[0]], key))


def _entries(kind: Kind, drafts: list[Draft]) -> dict[str, Entry]:
    """The entries that share a key with the drafts, by key."""
    keys = {key for draft in drafts if draft.kind == kind.name for key in _certain(draft)}
    held = entries_by_key(kind, keys)
    ids = {pks[0] for pks in held.values()}
    rows: dict[int, Entry] = {}
    wanted = sorted(ids)
    for start in range(0, len(wanted), 5000):
        rows |= {
            row.pk: row for row in kind.model.objects.with_references().filter(pk__in=wanted[start : start + 5000])
        }
    return {key: rows[pks[0]] for key, pks in held.items() if pks[0] in rows}


def _more_links(live: list[dict[str, Any]], stated: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The live links, and the draft's links with other URLs."""
    known = {row["url"] for row in live}
    return live + [row for row in stated if row["url"] not in known]
