"""Payload values as a page shows them: short texts with a place to go, never markup."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.db.models import Value
from django.urls import reverse

from catalog.forms.entry import COMMON
from catalog.forms.fields import PartialDateField
from catalog.kinds import KINDS, Kind
from catalog.ledger.history import label_of
from catalog.models import Confidence, FormerSlug, LinkKind, Section
from catalog.web.sources import Mark, marks_of, source_name

YES_NO = {True: "yes", False: "no"}
SENTENCE = 60  # letters; a longer item is no name any more


Names = Mapping[tuple[str, str], str]
"""Present names of entries by (kind, slug)."""


@dataclass(frozen=True)
class Item:
    """A short text; `url` is where it leads, `note` stands beside it in a smaller hand."""

    text: str
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Fact:
    """A field of an entry on its page; `key` is its name in the payload."""

    key: str
    label: str
    items: list[Item]
    marks: list[Mark] = field(default_factory=list)

    @property
    def in_lines(self) -> bool:
        """Whether the items are sentences, which stand each on a line of its own."""
        return len(self.items) > 1 and any(len(item.text) > SENTENCE for item in self.items)


ADDRESSES = {
    "arxiv_id": "https://arxiv.org/abs/",
    "doi": "https://doi.org/",
    "huggingface_id": "https://huggingface.co/datasets/",
}
REFERENCES = {
    "paper": "paper",
    "benchmark": "benchmark",
    "dataset": "dataset",
    "component": "component",
    "topics": "topic",
}


def names_in(kind: Kind, *payloads: Mapping[str, Any]) -> dict[tuple[str, str], str]:
    """The present names of all entries that payloads refer to, by (kind, slug), in one query."""
    wanted: dict[str, set[str]] = {}
    for payload in payloads:
        for key, value in payload.items():
            if key == "section" and value:
                wanted.setdefault("section", set()).add(value)
            elif key in REFERENCES:
                slugs = value if isinstance(value, list) else [value]
                wanted.setdefault(REFERENCES[key], set()).update(slug for slug in slugs if slug)
            elif isinstance(value, list):
                for row in value:
                    _add_references(row, wanted)
    names = fetched_names(wanted)
    missing = {(kind, slug) for kind, slugs in wanted.items() for slug in slugs} - names.keys()
    return names | former_names(missing) if missing else names


def former_names(missing: set[tuple[str, str]]) -> dict[tuple[str, str], str]:
    """Names of entries that a payload of an earlier day calls by a slug they no longer have."""
    slugs = {slug for _, slug in missing}
    moved = {
        (row.kind, row.entry_id): row.slug
        for row in FormerSlug.objects.filter(slug__in=slugs)
        if (row.kind, row.slug) in missing
    }
    names = {}
    for kind in {kind for kind, _ in moved}:
        ids = [entry_id for of_kind, entry_id in moved if of_kind == kind]
        for pk, name in KINDS[kind].model.objects.filter(pk__in=ids).order_by().values_list("pk", "name"):
            names[kind, moved[kind, pk]] = name
    return names


def _add_references(row: Any, wanted: dict[str, set[str]]) -> None:
    for key in ("paper", "benchmark", "dataset", "component"):
        if isinstance(row, dict) and row.get(key):
            wanted.setdefault(key, set()).add(row[key])


def fetched_names(wanted: Mapping[str, set[str]]) -> dict[tuple[str, str], str]:
    """Names by (kind, slug), in one query; "section" stands for the sections of the list."""
    managers: dict[str, Any] = {"section": Section.objects} | {name: kind.model.objects for name, kind in KINDS.items()}
    queries = [
        managers[kind].filter(slug__in=slugs).order_by().annotate(of=Value(kind)).values_list("of", "slug", "name")
        for kind, slugs in sorted(wanted.items())
        if slugs
    ]
    if not queries:
        return {}
    rows = queries[0].union(*queries[1:], all=True).order_by() if len(queries) > 1 else queries[0]
    return {(kind, slug): name for kind, slug, name in rows}


def items_of(kind: Kind, key: str, value: Any, names: Names | None = None) -> list[Item]:
    """A payload value as items. `names` gives the present name of a referred entry by (kind, slug)."""
    known = names or {}
    if value in ("", None, []):
        return []
    values = value if isinstance(value, list) else [value]
    return [_item(kind, key, one, known) for one in values]


def _item(kind: Kind, key: str, value: Any, names: Names) -> Item:
    if key == "sources":
        return _source(kind, value)
    if isinstance(value, dict):
        return ROWS[key](value, names) if key in ROWS else _plain_row(value)
    if key in REFERENCES:
        return referred(REFERENCES[key], value, names)
    if isinstance(value, bool):
        return Item(YES_NO[value])
    if isinstance(value, int):
        return Item(str(value) if key == "year" else f"{value:,}")
    return _text(kind, key, value, names)


def _text(kind: Kind, key: str, value: str, names: Names) -> Item:
    if key == "section":
        return Item(
            names.get(("section", value), value), f"{reverse('catalog:list', args=[kind.plural])}?section={value}"
        )
    if key in ADDRESSES:
        return Item(value, ADDRESSES[key] + value)
    choice = kind.form.base_fields.get(key)
    if isinstance(choice, PartialDateField):
        return Item(in_words(value))
    labels: Any = choice.choices if type(choice) is forms.TypedChoiceField else ()
    text = next((str(label) for known, label in labels if known == value), value)
    return Item(text, text if text.startswith(("https://", "http://", "mailto:")) else "")


def referred(kind_name: str, slug: str, names: Names, note: str = "") -> Item:
    """A link to another entry, by its present name where it is known."""
    url = reverse("catalog:detail", args=[KINDS[kind_name].plural, slug])
    return Item(names.get((kind_name, slug), slug), url, note)


def _link(row: Mapping[str, Any], names: Names) -> Item:
    return Item(row["label"] or LinkKind(row["kind"]).label, row["url"], row["url"])


def _part(row: Mapping[str, Any], names: Names) -> Item:
    note = "; ".join(filter(None, [row["note"], ", ".join(row["variants"])]))
    return referred("component", row["component"], names, note)


def _origin(row: Mapping[str, Any], names: Names) -> Item:
    kind = "paper" if row["paper"] else "component"
    note = "; ".join(filter(None, [row["relation"].replace("-", " "), row["note"]]))
    return referred(kind, row[kind], names, note)


def _named(row: Mapping[str, Any], names: Names) -> Item:
    for kind in ("dataset", "benchmark"):
        if slug := row.get(kind):
            return Item(row["name"], referred(kind, slug, names).url)
    return Item(row["name"])


def _variant(row: Mapping[str, Any], names: Names) -> Item:
    counts = [
        f"{row['total_b']}B parameters" if row["total_b"] else "",
        f"{row['active_b']}B active" if row["active_b"] else "",
    ]
    text = row["name"] or row["as_stated"]
    stated = row["as_stated"] if row["as_stated"] != text else ""
    return Item(text, row["weights_url"], "; ".join(filter(None, [stated, *counts, row["licence"], row["note"]])))


def _metric(row: Mapping[str, Any], names: Names) -> Item:
    span = f"{row['minimum'] or '…'} to {row['maximum'] or '…'}" if row["minimum"] or row["maximum"] else ""
    direction = f"{row['direction']} is better" if row["direction"] else ""
    return Item(
        row["name"],
        "",
        "; ".join(filter(None, ["primary" if row["primary"] else "", row["unit"], direction, span, row["note"]])),
    )


def _cited(row: Mapping[str, Any], names: Names) -> Item:
    url = row["url"] or (f"https://arxiv.org/abs/{row['arxiv_id']}" if row["arxiv_id"] else "")
    year = str(row["year"]) if row["year"] else ""
    return Item(row["title"], url, ", ".join(filter(None, [row.get("authors", ""), year, row.get("note", "")])))


def _issue(row: Mapping[str, Any], names: Names) -> Item:
    return Item(row["text"], row["url"], "not verified" if row["confidence"] == Confidence.UNVERIFIED else "")


def _source(kind: Kind, row: Mapping[str, Any]) -> Item:
    note = "not verified" if row["confidence"] == Confidence.UNVERIFIED else ""
    where = source_name(row["url"]) if row["url"] else row["note"] or "general knowledge"
    return Item(f"{label_of(kind, row['field'])}: {where}", row["url"], note)


def _plain_row(row: Mapping[str, Any]) -> Item:
    texts = [str(value) for value in row.values() if value not in ("", None, [], False)]
    return Item(texts[0] if texts else "", "", " · ".join(texts[1:]))


ROWS = {
    "links": _link,
    "vision_encoders": _part,
    "language_backbones": _part,
    "other_encoders": _part,
    "connectors": _part,
    "origins": _origin,
    "training_datasets": _named,
    "built_on": _named,
    "variants": _variant,
    "metrics": _metric,
    "papers": _cited,
    "key_references": _cited,
    "known_issues": _issue,
}


def short(kind: Kind, key: str, value: Any, names: Names | None = None, length: int = 140) -> str:
    """A payload value in one short line, as a change log shows it."""
    text = ", ".join(item.text for item in items_of(kind, key, value, names))
    return text if len(text) <= length else f"{text[: length - 1].rstrip()}…"


MONTHS = (
    *("", "January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def in_words(date: str) -> str:
    """A date as far as it is known: "2024-08-30" gives "30 August 2024", "2024-08" gives "August 2024"."""
    year, month, day = (*date.split("-"), "", "")[:3]
    return " ".join(filter(None, [day.lstrip("0"), MONTHS[int(month)] if month else "", year]))


def facts_of(
    kind: Kind,
    payload: Mapping[str, Any],
    names: Names,
    listed_fields: set[str],
    skip: set[str],
) -> list[Fact]:
    """The fields of a payload that hold something, in order, with where each was read."""
    facts = []
    own = [key for key in kind.form.payload_keys() if key not in COMMON]
    for key in [*own, *COMMON]:
        items = [] if key in skip else items_of(kind, key, payload.get(key), names)
        if items:
            facts.append(Fact(key, label_of(kind, key), items, marks_of(key, payload["sources"], key in listed_fields)))
    return facts
