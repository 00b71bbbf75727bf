"""Payload values for display, with the present names of other entries and the sources of each value."""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Value

from catalog.forms.display import DisplayItem, Names
from catalog.forms.entry import COMMON
from catalog.kinds import KINDS, Kind
from catalog.ledger.blame import Blame
from catalog.ledger.history import FieldChange
from catalog.models import Revision, Section
from catalog.reading.sources import Attribution, attributions

LINE = 140  # characters of a value in the change log
MAX_NAME_LENGTH = 60  # characters; a longer item is a sentence
SHOWN_ELSEWHERE = frozenset({"name", "summary", "notes", "sources", "links"})
"""The keys that all entry pages show outside the table of facts."""


@dataclass(frozen=True)
class Fact:
    """A field of an entry on its page; `key` is its name in the payload."""

    key: str
    label: str
    items: list[DisplayItem]
    attributions: list[Attribution] = field(default_factory=list)

    @property
    def in_lines(self) -> bool:
        """Whether the items are sentences, each shown on its own line."""
        return len(self.items) > 1 and any(len(item.text) > MAX_NAME_LENGTH for item in self.items)


def names_for_payloads(kind: Kind, *payloads: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The present or last names of all entries and sections that payloads refer to, by (kind, slug).

    One query, and two more for slugs that no entry has now.
    """
    slugs_by_kind: dict[str, set[str]] = {}
    for payload in payloads:
        for target, slug in kind.form.references(payload):
            slugs_by_kind.setdefault(target, set()).add(slug)
    names = fetched_names(slugs_by_kind)
    missing = {(name, slug) for name, slugs in slugs_by_kind.items() for slug in slugs} - names.keys()
    return names | former_names(missing) if missing else names


def former_names(missing: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The names of entries by (kind, former slug), and by present slug too: present names, and the last ones of entries
    that were retired or merged, which are not those that they were merged into. Two queries."""
    if not missing:
        return {}
    kinds, slugs = {kind for kind, _ in missing}, {slug for _, slug in missing}
    owners = Revision.objects.filter(kind__in=kinds, slug__in=slugs).values_list("kind", "slug", "entry_id")
    ids = {(kind, slug): pk for kind, slug, pk in owners if (kind, slug) in missing}
    rows = Revision.objects.filter(kind__in=kinds, entry_id__in=set(ids.values())).order_by("number")
    last = {(kind, pk): (slug, name) for kind, pk, slug, name in rows.values_list("kind", "entry_id", "slug", "name")}
    found = {(kind, slug): last[kind, pk] for (kind, slug), pk in ids.items()}
    return {key: name for (kind, slug), (now, name) in found.items() for key in ((kind, slug), (kind, now))}


def fetched_names(slugs_by_kind: Mapping[str, set[str]]) -> dict[tuple[str, str], str]:
    """Names by (kind, slug), in one query; the kind is "section" for sections of the list."""
    managers: dict[str, Any] = {"section": Section.objects} | {name: kind.model.objects for name, kind in KINDS.items()}
    queries = [
        managers[kind].filter(slug__in=slugs).order_by().annotate(of=Value(kind)).values_list("of", "slug", "name")
        for kind, slugs in sorted(slugs_by_kind.items())
        if slugs
    ]
    if not queries:
        return {}
    rows = queries[0].union(*queries[1:], all=True).order_by() if len(queries) > 1 else queries[0]
    return {(kind, slug): name for kind, slug, name in rows}


def items_of(kind: Kind, key: str, value: Any, names: Names | None = None) -> list[DisplayItem]:
    """The display items of a payload value. `names` are the present names of other entries by (kind, slug)."""
    return kind.form.items(key, value, names or {})


def one_line_text(kind: Kind, key: str, value: Any, names: Names | None = None, length: int = LINE) -> str:
    """A payload value in one line of at most `length` characters."""
    return _cut(", ".join(item.text for item in items_of(kind, key, value, names)), length)


def one_line_change(kind: Kind, change: FieldChange, names: Names | None = None, length: int = LINE) -> tuple[str, str]:
    """The two values of a change in one line each, as the change log shows them.

    They are as in `one_line_text`. Where those would be the same, since only a note has changed, or what lies behind
    the end of the line, it is the items that differ with their notes, from where they begin to differ.
    """
    sides = change.before, change.after
    before, after = (one_line_text(kind, change.field, value, names, length) for value in sides)
    if before != after:
        return before, after
    old, new = (items_of(kind, change.field, value, names) for value in sides)
    before = _with_notes(item for item in old if item not in new)
    after = _with_notes(item for item in new if item not in old)
    if max(len(before), len(after)) > length:
        same = next((at for at, (one, other) in enumerate(zip(before, after, strict=False)) if one != other), 0)
        start = before.rfind(" ", 0, same) + 1
        before, after = (f"…{text[start:]}" if start else text for text in (before, after))
    return _cut(before, length), _cut(after, length)


def _with_notes(items: Iterable[DisplayItem]) -> str:
    return ", ".join(f"{item.text} ({item.note or item.url})" if item.note or item.url else item.text for item in items)


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def facts_of(
    kind: Kind,
    payload: Mapping[str, Any],
    names: Names,
    sources: Mapping[str, list[Attribution]],
    skip: Set[str],
) -> list[Fact]:
    """The non-empty fields of a payload, in order, each with its sources."""
    facts = []
    for key in [*kind.own_keys, *COMMON]:
        items = [] if key in skip else items_of(kind, key, payload.get(key), names)
        if items:
            facts.append(Fact(key, kind.label_of(key), items, sources[key]))
    return facts


def sources_by_field(kind: Kind, values: Iterable[Blame], names: Names) -> dict[str, list[Attribution]]:
    """The sources of an entry's values by payload key; an empty field has none."""
    grouped: dict[str, list[tuple[Blame, str]]] = {key: [] for key in kind.form.payload_keys()}
    for value in values:
        grouped[value.field].append((value, one_line_text(kind, value.field, value.item, names, MAX_NAME_LENGTH)))
    return {key: attributions(of_field) for key, of_field in grouped.items()}
