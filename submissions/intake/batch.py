"""Compare many drafts with the catalogue: new, the same, or different."""

from dataclasses import dataclass, field
from typing import Any

from catalog.kinds import KINDS, Kind
from catalog.models import Entry
from submissions.intake.drafts import Draft, ParsedItem, Unreadable
from submissions.intake.duplicates import entries_by_key, is_certain_key

NEW, SAME, DIFFERS, REPEATED, UNREADABLE = "new", "same", "differs", "again", "unreadable"
IDENTIFYING_FIELDS = ("name", "aliases", "section", "links")


@dataclass(frozen=True)
class ComparedDraft:
    """A draft compared with the catalogue.

    `state` is new, same, differs (`fields` names the keys that differ, `payload` is that of the entry with the draft's
    values for them), again (the draft at `earlier_line` describes the same entry), or unreadable.
    """

    parsed: ParsedItem
    state: str
    entry: Entry | None = None
    fields: tuple[str, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)
    earlier_line: int | None = None


def compare_with_catalogue(parsed_items: list[ParsedItem]) -> list[ComparedDraft]:
    """Compare each draft with the catalogue and with earlier drafts, in a constant number of queries."""
    drafts = [parsed for parsed in parsed_items if isinstance(parsed, Draft)]
    entries = {kind: _entries(KINDS[kind], drafts) for kind in {draft.kind for draft in drafts}}
    seen: dict[tuple[str, str], Draft] = {}
    return [_compare(parsed, entries, seen) for parsed in parsed_items]


def _compare(
    parsed: ParsedItem, entries: dict[str, dict[str, Entry]], seen: dict[tuple[str, str], Draft]
) -> ComparedDraft:
    if isinstance(parsed, Unreadable):
        return ComparedDraft(parsed, UNREADABLE)
    keys = _certain_keys(parsed)
    if earlier := next((seen[parsed.kind, key] for key in keys if (parsed.kind, key) in seen), None):
        return ComparedDraft(parsed, REPEATED, earlier_line=earlier.line)
    seen.update({(parsed.kind, key): parsed for key in keys})
    entry = next((entries[parsed.kind][key] for key in keys if key in entries[parsed.kind]), None)
    if entry is None:
        return ComparedDraft(parsed, NEW, payload=parsed.payload)
    live = KINDS[parsed.kind].dump(entry)
    added = {**parsed.payload, "links": _merged_links(live["links"], parsed.payload.get("links", []))}
    stated = {key: value for key, value in added.items() if key not in IDENTIFYING_FIELDS or key == "links"}
    changed_keys = tuple(key for key, value in stated.items() if value != live[key])
    if not changed_keys:
        return ComparedDraft(parsed, SAME, entry)
    payload = {**live, **{key: stated[key] for key in changed_keys}}
    return ComparedDraft(parsed, DIFFERS, entry, changed_keys, payload)


def _certain_keys(draft: Draft) -> list[str]:
    """The keys of a draft that make an entry a certain duplicate, most reliable first."""
    order = {"doi": 0, "arxiv": 1, "claim": 2, "name": 3}
    keys = [key for key in KINDS[draft.kind].duplicate_keys(draft.payload) if is_certain_key(key)]
    return sorted(keys, key=lambda key: (order[key.partition(":")[0]], key))


def _entries(kind: Kind, drafts: list[Draft]) -> dict[str, Entry]:
    """The entries that share a key with the drafts, by key."""
    keys = {key for draft in drafts if draft.kind == kind.name for key in _certain_keys(draft)}
    ids_by_key = entries_by_key(kind, keys)
    ids = {pks[0] for pks in ids_by_key.values()}
    rows: dict[int, Entry] = {}
    sorted_ids = sorted(ids)
    for start in range(0, len(sorted_ids), 5000):
        rows |= {
            row.pk: row for row in kind.model.objects.with_references().filter(pk__in=sorted_ids[start : start + 5000])
        }
    return {key: rows[pks[0]] for key, pks in ids_by_key.items() if pks[0] in rows}


def _merged_links(live: list[dict[str, Any]], stated: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The live links, then those of the draft whose URLs are new."""
    known = {row["url"] for row in live}
    return live + [row for row in stated if row["url"] not in known]
