"""Whatever parameters a query has, list, counts, facets, feed, export, API and a past day hold the same entries: those
that plain Python finds by looking at each."""

import json
import re
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kinds import KINDS, Kind
from catalog.listing import facets, past
from catalog.listing.filterset import filterset_class
from catalog.models import Section
from tests.catalog.api.reading import every_page
from tests.examples import FULL
from tests.factories import make

pytestmark = pytest.mark.django_db
Query = list[tuple[str, str]]

DAY = "2021-06-01"
FIRST, SECOND = datetime(2020, 1, 1, tzinfo=UTC), datetime(2021, 1, 1, tzinfo=UTC)
LINK = {"url": "https://a.example/", "label": ""}
VARIANT = {**FULL["paper"]["variants"][0], "name": "13B", "total_b": "13", "as_stated": "13B"}
LINKED = {"links": [{"kind": "code", **LINK}]}
CARD = {
    "languages": ["English"],
    "modalities": ["image"],
    "tasks": ["VQA"],
    "topics": ["video"],
    **LINKED,
}
MORE: dict[str, dict[str, Any]] = {
    "paper": {
        "organisation": "OpenAI",
        "licence_code": "MIT",
        "languages": ["English"],
        "modalities_in": ["image", "text"],
        "modalities_out": ["text"],
        "architecture": "decoder-only",
        "links": [{"kind": "code", **LINK}, {"kind": "weights", **LINK}],
        "variants": [*FULL["paper"]["variants"], VARIANT],
        "training_datasets": [{"name": "COCO", "dataset": "coco"}],
    },
    "dataset": {**CARD, "licence": "CC BY"},
    "benchmark": {**CARD, "licence": "MIT"},
    "topic": {**LINKED, "status": "open"},
    "component": {"organisation": "Google", "licence": "MIT", "family": "ViT", "topics": ["video"], **LINKED},
    "result": {
        "adaptation": "few-shot",
        "shots": 4,
        "split": "val",
        "part": "EN",
        "setting": "CoT",
        "value": "12.5",
        "harness": "VLMEvalKit",
        "topics": ["video"],
    },
}
BARE: dict[str, dict[str, Any]] = {
    "result": {"paper": "older", "benchmark": "mmmu", "metric": "CIDEr", "value": "1"},
    "dataset": {"size_count": 1000},
}


SURROUNDINGS: list[tuple[str, dict[str, Any]]] = [
    ("component", {"name": "SigLIP", "family": "SigLIP"}),
    ("component", {"name": "Qwen2"}),
    *((kind, {"name": name}) for kind, name in (("dataset", "COCO"), ("paper", "Older"), ("benchmark", "MMMU"))),
    ("paper", {"name": "Sibling"}),
    *(("protocol", {"name": name}) for name in ("Direct answers", "VLMEvalKit")),
    *(("topic", {"name": name}) for name in ("Alignment", "Video")),
]


@pytest.fixture
def entries() -> None:
    """Six entries of each kind: full ones, others, and some of which little is known; and what they refer to."""
    for name in KINDS:
        Section.objects.create(slug=f"{name}-list", name="A section", kind=name)
    for kind, fields in SURROUNDINGS:
        make(kind, **fields, at=FIRST)
    for name in KINDS:
        for number in range(6):
            more = MORE.get(name, {**LINKED, "topics": ["video"]})
            about = (FULL[name], {**FULL[name], **more}, BARE.get(name, {}))[number % 3]
            year = {"year": 2020 + number} if number < 4 else {}
            if "section" in KINDS[name].form.payload_keys() and number % 2:
                about = {**about, "section": f"{name}-list"}
            at = FIRST if number % 2 else SECOND
            make(name, **{**about, "name": f"Entry {number}", **year, "at": at})


def numbers(kind: Kind, entry: Any, name: str) -> list[Any]:
    """The numbers of an entry that a range is about."""
    values = {
        "year": lambda: [entry.year],
        "size": lambda: [entry.size_count],
        "value": lambda: [Decimal(entry.value)],
        "parameters": lambda: [Decimal(row["total_b"]) for row in entry.variants],
    }[name]()
    return [number for number in values if number is not None]


def passes(kind: Kind, entry: Any, query: Query) -> bool:
    """Whether an entry passes all parameters of a query."""
    given: dict[str, list[str]] = {}
    for name, value in query:
        given.setdefault(name, []).append(value)
    for facet in kind.indexed:
        if facet.name in given and not set(given[facet.name]) & {value for value, _ in facet.values(entry)}:
            return False
    for name in {name[:-4] for name in given if name.endswith(("_min", "_max"))}:
        least = Decimal(given.get(f"{name}_min", ["-Infinity"])[0])
        most = Decimal(given.get(f"{name}_max", ["Infinity"])[0])
        if not any(least <= number <= most for number in numbers(kind, entry, name)):
            return False
    since = {"created_since": entry.created, "updated_since": entry.updated}
    return all(
        moment.date().isoformat() >= given[name][0] for name, moment in since.items() if name in given
    ) and entry.slug in given.get("slug", [entry.slug])


def candidates(kind: Kind) -> dict[str, list[str]]:
    """Values for every parameter of a kind: those that entries have, and some that none has."""
    rows = list(kind.model.objects.with_references())
    samples: dict[str, list[str]] = {}
    for name, one in filterset_class(kind).base_filters.items():
        facet = next((facet for facet in kind.indexed if facet.name == name), None)
        if facet:
            samples[name] = sorted(
                {value for entry in rows for value, _ in facet.values(entry)} | set(facet.choices[:1])
            )
        elif name.endswith(("_min", "_max")):
            known = sorted({number for entry in rows for number in numbers(kind, entry, name[:-4])})
            samples[name] = [str(number) for number in [*known, *(number + 1 for number in known)]]
        elif name.endswith("_since"):
            samples[name] = ["2019-01-01", "2020-06-01", "2030-01-01"]
        elif name == "slug":
            samples[name] = [rows[0].slug, rows[-1].slug, "none-such"]
        assert samples.get(name) or name in ("sort", "as_of"), (kind.name, name, one)
    return {name: values for name, values in samples.items() if values}


def exported(kind: Kind, query: Query) -> list[str]:
    response: Any = Client().get(f"/export/{kind.plural}.jsonl?{urlencode(query)}")
    return [json.loads(line)["slug"] for line in b"".join(response.streaming_content).splitlines()]


def fed(kind: Kind, query: Query) -> list[str]:
    text = Client().get(f"/feeds/{kind.plural}/new.atom?{urlencode(query)}").content.decode()
    return re.findall(rf'<entry>.*?<link href="[^"]*/{kind.plural}/([^/"]+)/"', text, re.DOTALL)


def check(kind: Kind, query: Query) -> None:
    """Everything that lists entries agrees with looking at each."""
    rows = list(kind.model.objects.with_references())
    expected = sorted(entry.slug for entry in rows if passes(kind, entry, query))
    context = Client().get(f"/{kind.plural}/?{urlencode(query)}").context
    in_order = [entry.slug for entry in context["page"]]

    assert (query, sorted(in_order), context["page"].paginator.count) == (query, expected, len(expected))
    assert exported(kind, query) == in_order
    assert sorted(fed(kind, query)) == expected
    assert [slug for page in every_page(f"{kind.plural}/?{urlencode(query)}") for slug in page] == expected
    past_query = [*query, ("as_of", DAY)]
    of_past = Client().get(f"/{kind.plural}/?{urlencode(past_query)}").context
    assert [entry.slug for entry in of_past["page"]] == in_order
    assert of_past["groups"] == context["groups"]
    assert exported(kind, past_query) == in_order
    assert [slug for page in every_page(f"{kind.plural}/?{urlencode(past_query)}") for slug in page] == expected
    for group in context["groups"]:
        others = [(name, value) for name, value in query if name != group.name]
        for option in [*group.options, *group.more]:
            count = sum(passes(kind, entry, [*others, (group.name, option.value)]) for entry in rows)
            assert (query, group.name, option.value, option.count) == (query, group.name, option.value, count)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_every_parameter_alone(entries: None, kind: Kind) -> None:
    for name, values in candidates(kind).items():
        for value in dict.fromkeys([*values[:2], values[-1]]):
            check(kind, [(name, value)])


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=5)
@given(data=st.data())
def test_several_parameters_together(
    entries: None, monkeypatch: pytest.MonkeyPatch, kind: Kind, few: int, data: st.DataObject
) -> None:
    monkeypatch.setattr(facets, "MAX_IDS_IN_QUERY", few)
    monkeypatch.setattr(facets, "MAX_IDS_DIVISOR", 100)
    monkeypatch.setattr("catalog.listing.changes.MAX_IDS_IN_QUERY", few)
    monkeypatch.setattr(past, "MAX_SCANNED", 2)
    pairs = [(name, value) for name, values in candidates(kind).items() for value in values]
    picked: Query = []
    for name, value in data.draw(st.lists(st.sampled_from(pairs), max_size=4)):
        single = not filterset_class(kind).base_filters[name].field.many
        if not single or name not in {other for other, _ in picked}:
            picked.append((name, value))

    check(kind, picked)
