"""How the values of an entry are sourced is written with each revision."""

from collections import Counter
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import Sum

from catalog.kinds import KINDS
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.ledger.blame import blame
from catalog.ledger.indexing.sourcing import counts_by_field
from catalog.ledger.publishing import merge, publish, restore, retire
from catalog.ledger.trace import Trace
from catalog.models import Entry, FieldSourcing, IndexDefinition, Sourced, SourcingCount
from tests.examples import FULL, needed
from tests.factories import make, make_many, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db

COUNTS = ("own", "change", "list", "none", "weakest")


def sourcing(entry: Entry) -> dict[str, tuple[Any, ...]]:
    """What is written about an entry, by field."""
    rows = FieldSourcing.objects.filter(kind=entry.kind, entry_id=entry.pk).order_by("field")
    return {field: tuple(counts) for field, *counts in rows.values_list("field", *COUNTS)}


def counts() -> dict[tuple[str, str], tuple[int, ...]]:
    """The counts that are kept, by kind and field."""
    rows = SourcingCount.objects.values_list("kind", "field", *Sourced.values)
    return {(kind, field): tuple(numbers) for kind, field, *numbers in rows if any(numbers)}


def sums() -> dict[tuple[str, str], tuple[int, ...]]:
    """The same added up."""
    rows = FieldSourcing.objects.order_by().values_list("kind", "field").annotate(*map(Sum, Sourced.values))
    return {(kind, field): tuple(numbers) for kind, field, *numbers in rows}


def source(field: str) -> dict[str, str]:
    row = {"field": field, "url": "https://example.org/", "note": "", "confidence": "confirmed"}
    return {**row, "source_class": ""}


def test_values_are_counted_by_what_says_where_they_were_read() -> None:
    paper = make_paper(name="CLIP", year=2020, aliases=["A"], sources=[source("aliases")])
    make_revision("paper", paper, year=2021, aliases=["A", "B"], source="https://example.org/2")

    assert sourcing(paper) == {
        "aliases": (1, 1, 0, 0, "change"),
        "name": (0, 0, 0, 1, "none"),
        "year": (0, 1, 0, 0, "change"),
    }
    assert counts() == {
        ("paper", "aliases"): (1, 1, 0, 0),
        ("paper", "name"): (0, 0, 0, 1),
        ("paper", "year"): (0, 1, 0, 0),
    }


def test_values_of_the_list_are_counted_by_themselves(django_user_model: Any) -> None:
    account = django_user_model.objects.service(LIST_ACCOUNT)
    revision = publish(kind=KINDS["paper"], payload={"name": "CLIP", "year": 2021}, trace=Trace(account, source="list"))
    entry = KINDS["paper"].model.objects.get(pk=revision.entry_id)
    make_revision("paper", entry, summary="Text and images.")

    assert sourcing(entry) == {
        "name": (0, 0, 1, 0, "list"),
        "summary": (0, 0, 0, 1, "none"),
        "year": (0, 0, 1, 0, "list"),
    }


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("change_source", ["", "https://example.org/2"])
@pytest.mark.parametrize("sources", [[], [source("name"), source("links"), source("summary")]], ids=len)
def test_a_first_revision_is_counted_as_if_each_value_was_looked_for(
    kind: str, change_source: str, sources: list[dict[str, str]]
) -> None:
    for fields in needed():
        make(**fields)
    payload = {**FULL[kind], "name": "A", "sources": sources}
    revision = make_revision(kind, source=change_source, **payload)
    looked_for: dict[str, Counter[Sourced]] = {}
    for value in blame(KINDS[kind], [revision]):
        looked_for.setdefault(value.field, Counter())[value.sourced] += 1

    assert counts_by_field(KINDS[kind], [revision], {}) == looked_for


def test_a_first_revision_with_damaged_sources_is_counted_without_them() -> None:
    revision = make_revision("topic", name="A", source="https://example.org/2")
    for damaged in (None, "text", [1], [{"field": "name", "x": "y"}]):
        revision.snapshot["sources"] = damaged
        assert counts_by_field(KINDS["topic"], [revision], {}) == {"name": {Sourced.CHANGE: 1}}


def test_a_retired_entry_is_left_out_until_it_is_restored() -> None:
    paper = make_paper(name="CLIP")
    before = sourcing(paper)

    retire(entry=paper, trace=trace("A duplicate."))
    retired = sourcing(paper)
    restore(kind=KINDS["paper"], entry_id=paper.pk, trace=trace("It is none."))

    assert (retired, sourcing(paper)) == ({}, before)
    assert counts() == sums()


def test_a_merge_sets_no_value() -> None:
    goes, stays = make_paper(name="Goes"), make_paper(name="Stays")
    result = make_result(paper="goes")
    before = sourcing(result)

    merge(entry=goes, into=stays, trace=trace("The same.", source="https://example.org/merge"))

    assert sourcing(result) == before
    assert sourcing(goes) == {}
    assert counts() == sums()


@pytest.mark.usefixtures("surroundings")
@pytest.mark.parametrize("kind", KINDS)
def test_a_rebuild_writes_what_publishing_wrote(kind: str) -> None:
    """For an entry with all of its fields that was edited since, and one that was published with others."""
    entry = make(kind, **FULL[kind])
    make_revision(kind, entry, summary="Another.", source="https://example.org/")
    make_many(kind, [{**FULL[kind], **({} if kind == "result" else {"name": "Further"})}])
    rows = FieldSourcing.objects.order_by("kind", "entry_id", "field")
    written = list(rows.values_list("kind", "entry_id", "field", *COUNTS))
    counted = counts()

    call_command("reindex", verbosity=0)

    assert list(rows.values_list("kind", "entry_id", "field", *COUNTS)) == written
    assert counts() == counted == sums()
    filled = {key for key, value in FULL[kind].items() if value not in ("", None)} - {"sources"}
    assert {field for name, pk, field, *_ in written if (name, pk) == (kind, entry.pk)} >= filled


def test_migrate_writes_it_for_entries_of_an_earlier_release() -> None:
    paper = make_paper(name="CLIP")
    FieldSourcing.objects.all().delete()
    IndexDefinition.objects.filter(index="sourcing").delete()

    call_command("migrate", verbosity=0)

    assert sourcing(paper) == {"name": (0, 0, 0, 1, "none")}
