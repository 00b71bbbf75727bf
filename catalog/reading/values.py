"""Payload values for display, with the present names of other entries and the sources of each value."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Value

from catalog.forms.display import DisplayItem, Names
from catalog.forms.entry import COMMON
from catalog.kinds import KINDS, Kind
from catalog.models import FormerSlug, Section
from catalog.reading.sources import Mark, marks_of

MAX_NAME_LENGTH = 60  # characters; a longer item is a sentence
SHOWN_ELSEWHERE = frozenset({"name", "summary", "notes", "sources", "links"})
"""The keys that all entry pages show outside the table of facts."""


@dataclass(frozen=True)
class Fact:
    """A field of an entry on its page; `key` is its name in the payload."""

    key: str
    label: str
    items: list[DisplayItem]
    marks: list[Mark] = field(default_factory=list)

    @property
    def in_lines(self) -> bool:
        """Whether the items are sentences, each shown on its own line."""
        return len(self.items) > 1 and any(len(item.text) > MAX_NAME_LENGTH for item in self.items)


def names_for_payloads(kind: Kind, *payloads: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The present names of all entries and sections that payloads refer to, by (kind, slug).

    One query, and three more a kind for former slugs.
    """
    slugs_by_kind: dict[str, set[str]] = {}
    for payload in payloads:
        for target, slug in kind.form.references(payload):
            slugs_by_kind.setdefault(target, set()).add(slug)
    names = fetched_names(slugs_by_kind)
    missing = {(name, slug) for name, slugs in slugs_by_kind.items() for slug in slugs} - names.keys()
    return names | former_names(missing) if missing else names


def former_names(missing: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """The present names of entries by (kind, former slug)."""
    names: dict[tuple[str, str], str] = {}
    for kind in {kind for kind, _ in missing} & KINDS.keys():
        ids = FormerSlug.objects.entry_ids(kind, [slug for of_kind, slug in missing if of_kind == kind])
        present = dict(KINDS[kind].model.objects.filter(pk__in=ids.values()).order_by().values_list("pk", "name"))
        names |= {(kind, slug): present[pk] for slug, pk in ids.items() if pk in present}
    return names


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


def one_line_text(kind: Kind, key: str, value: Any, names: Names | None = None, length: int = 140) -> str:
    """A payload value in one line of at most `length` characters, as the change log shows it."""
    text = ", ".join(item.text for item in items_of(kind, key, value, names))
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


def facts_of(
    kind: Kind,
    payload: Mapping[str, Any],
    names: Names,
    listed_fields: set[str],
    skip: Set[str],
) -> list[Fact]:
    """The non-empty fields of a payload, in order, each with its sources."""
    facts = []
    for key in [*kind.own_keys, *COMMON]:
        items = [] if key in skip else items_of(kind, key, payload.get(key), names)
        if items:
            facts.append(Fact(key, kind.label_of(key), items, marks_of(key, payload["sources"], key in listed_fields)))
    return facts
