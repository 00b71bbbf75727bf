"""After `migrate` the indexes are as the code defines them, whatever they were before."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS, Facet, Kind
from catalog.kinds.duplicate_keys import names_and_ids
from catalog.ledger.indexing import upgrade
from catalog.ledger.indexing.digests import digest
from catalog.ledger.indexing.documents import document
from catalog.models import (
    EntryKey,
    FacetSet,
    FacetValue,
    FieldSourcing,
    IndexDefinition,
    SearchDocument,
    Sourced,
    SourcingCount,
)
from tests.catalog.api.reading import slugs
from tests.factories import make_paper, make_revision

pytestmark = pytest.mark.django_db


def migrate(**options: Any) -> str:
    """What `migrate` prints about the indexes."""
    out = io.StringIO()
    call_command("migrate", stdout=out, **options)
    return "\n".join(line for line in out.getvalue().splitlines() if "Indexed" in line)


def venues(paper: Any) -> list[tuple[str, str]]:
    return [(paper.venue.lower(), paper.venue)] if paper.venue else []


def shouted(paper: Any) -> list[tuple[str, str]]:
    return [(f"{paper.venue.lower()}-loud", paper.venue)] if paper.venue else []


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Gives the papers further facets, as if their register line had them."""
    kind = KINDS["paper"]

    def inner(*further: Facet) -> None:
        monkeypatch.setitem(KINDS, "paper", changed := replace(kind, facets=(*kind.facets, *further)))
        monkeypatch.setattr("catalog.web.lists.BY_PLURAL", {"papers": changed})

    return inner


def listed(query: str) -> list[str]:
    return [entry.slug for entry in Client().get(f"/papers/?{query}&sort=name").context["page"]]


@pytest.fixture
def papers() -> None:
    for name, venue in (("A", "CVPR"), ("B", "ICML"), ("C", "")):
        make_paper(name=name, venue=venue)


def test_an_added_a_changed_and_a_removed_facet(papers: None, register: Callable[..., None]) -> None:
    register(Facet("venue", "Venue", venues))
    assert listed("venue=cvpr") == []

    assert migrate() == "  Indexed 3 papers & models again: facets"
    assert listed("venue=cvpr") == ["a"]
    assert migrate() == ""

    register(Facet("venue", "Venue", shouted))
    assert migrate() == "  Indexed 3 papers & models again: facets"
    assert (listed("venue=cvpr-loud"), listed("venue=cvpr")) == (["a"], [])

    register()
    assert migrate() == "  Indexed 3 papers & models again: facets"
    assert not FacetSet.objects.filter(facet="venue").exists()
    assert not FacetValue.objects.filter(facet="venue").exists()


def test_a_raised_version_is_a_change(papers: None, register: Callable[..., None]) -> None:
    register(Facet("venue", "Venue", venues))
    migrate()

    register(Facet("venue", "Venue", venues, version=2))

    assert migrate() == "  Indexed 3 papers & models again: facets"


def test_a_facet_published_meanwhile_stays(papers: None, register: Callable[..., None]) -> None:
    register(Facet("venue", "Venue", venues))
    migrate()
    make_revision("paper", KINDS["paper"].model.objects.with_references().get(slug="c"), venue="CVPR")

    assert listed("venue=cvpr") == ["a", "c"]
    assert slugs("papers/?architecture=decoder-only") == []


@pytest.mark.parametrize(
    ("index", "model"), [("keys", EntryKey), ("documents", SearchDocument), ("sourcing", FieldSourcing)]
)
def test_other_indexes_follow_their_definitions(papers: None, index: str, model: Any) -> None:
    rows = list(model.objects.order_by("kind", "entry_id").values_list("kind", "entry_id"))
    model.objects.all().delete()
    IndexDefinition.objects.filter(kind="paper", index=index).update(digest="of another release")

    assert migrate() == f"  Indexed 3 papers & models again: {index}"
    assert list(model.objects.order_by("kind", "entry_id").values_list("kind", "entry_id")) == rows


def test_an_existing_database_without_definitions_is_indexed_in_full(papers: None) -> None:
    before = indexes()
    for model in (IndexDefinition, FacetSet, FacetValue, EntryKey, FieldSourcing, SourcingCount):
        model.objects.all().delete()

    assert migrate() == "  Indexed 3 papers & models again: facets, keys, documents, exposure, sourcing"
    assert indexes() == before


def indexes() -> list[list[Any]]:
    """What the indexes hold."""
    return [
        sorted(FacetValue.objects.values_list("kind", "entry_id", "facet", "value", "label")),
        sorted(FacetSet.objects.values_list("kind", "facet", "value", "label", "count")),
        sorted(EntryKey.objects.values_list("kind", "entry_id", "key")),
        sorted(SearchDocument.objects.values_list("kind", "entry_id", "names", "body")),
        sorted(FieldSourcing.objects.values_list("kind", "entry_id", "field", *Sourced.values, "weakest")),
        sorted(SourcingCount.objects.values_list("kind", "field", *Sourced.values)),
    ]


def test_reindex_makes_the_same_indexes_again(papers: None) -> None:
    before = indexes()
    FacetSet.objects.all().delete()

    call_command("reindex", stdout=io.StringIO())

    assert indexes() == before


def test_without_a_change_one_query_is_spent(papers: None) -> None:
    migrate()

    with CaptureQueriesContext(connection) as captured:
        assert list(upgrade.update_indexes()) == []

    assert len(captured) == 1


def test_empty_tables_print_nothing() -> None:
    IndexDefinition.objects.all().delete()

    assert migrate() == ""
    assert IndexDefinition.objects.exclude(index="sources").count() == len(KINDS) * len(upgrade.INDEXES)


def test_an_earlier_state_of_the_tables_is_left_alone(papers: None) -> None:
    class Earlier:
        all_models: dict[str, dict[str, Any]] = {"catalog": {}}

    IndexDefinition.objects.all().delete()
    upgrade.after_migrate(sender=None, using="default", apps=Earlier())  # type: ignore[arg-type]

    assert not IndexDefinition.objects.exists()


def reads(field: str, ending: str = "") -> Callable[[Any], Any]:
    return lambda entry: getattr(entry, field) + ending


def test_a_digest_tells_definitions_apart() -> None:
    kinds: list[Kind] = list(KINDS.values())
    definitions = [
        reads("a"),
        reads("b"),
        reads("a", "."),
        venues,
        shouted,
        *(facet.values for kind in kinds for facet in kind.facets[:2]),
    ]
    different = {digest(one) for one in definitions}

    assert digest(reads("a")) == digest(reads("a"))
    assert len(different) >= len({id(one) for one in definitions}) - 1  # MODALITY and TASK are of two kinds


def test_a_digest_covers_the_constants_and_functions_used(monkeypatch: pytest.MonkeyPatch) -> None:
    documents, keys = digest(document), digest(names_and_ids)

    monkeypatch.setattr("catalog.ledger.indexing.documents.LINE", 200)
    assert (digest(document) == documents, digest(names_and_ids) == keys) == (False, True)

    monkeypatch.setattr("catalog.kinds.duplicate_keys.compact", shouted)
    assert digest(names_and_ids) != keys


def test_a_docstring_does_not_change_a_digest() -> None:
    sources = ('def f(x):\n    """One."""\n    return x', 'def f(x):\n\n    """Two."""\n\n    return x')
    functions = []
    for source in sources:
        namespace: dict[str, Any] = {}
        exec(source, namespace)  # noqa: S102 -- our own text
        functions.append(namespace["f"])

    assert digest(functions[0]) == digest(functions[1])


def test_the_definitions_of_other_kinds_change_no_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    kind = KINDS["paper"]
    before = [index.digest(kind) for index in upgrade.INDEXES]

    monkeypatch.setitem(KINDS, "topic", replace(KINDS["topic"], intro="Something else.", facets=()))
    changed = replace(kind, intro="Something else.", orders={})

    assert [index.digest(one) for one in (kind, changed) for index in upgrade.INDEXES] == [*before, *before]
