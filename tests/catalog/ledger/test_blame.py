"""Which revision set a value, and which sources were given for it."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.blame import blame, sources_of_present_values
from catalog.ledger.payloads import payload_of
from catalog.ledger.trace import former_values
from catalog.models import Revision
from tests.factories import make_component, make_dataset, make_paper, make_revision

pytestmark = pytest.mark.django_db
PAPER = KINDS["paper"]


def source(field: str, url: str = "https://example.org/") -> dict[str, str]:
    return {"field": field, "url": url, "note": "", "confidence": "confirmed", "source_class": ""}


def paper() -> Paper:
    found: Paper = Paper.objects.with_references().get()
    return found


def history() -> list[Revision]:
    return list(Revision.objects.of("paper", paper().pk))


def sources_by_value(key: str) -> list[tuple[Any, list[str]]]:
    return [
        (row.item, [given.row["url"] for given in row.sources]) for row in blame(PAPER, history()) if row.field == key
    ]


class TestBlame:
    def test_gives_each_item_to_the_revision_that_brought_it(self) -> None:
        make_component(name="SigLIP")
        make_component(name="DINOv2")
        make_paper(name="Model", year=2020, vision_encoders=[{"component": "siglip"}])
        make_revision("paper", entry=paper(), year=2021)
        parts: list[Any] = [{"component": slug, "variants": [], "note": ""} for slug in ("siglip", "dinov2")]
        make_revision("paper", entry=paper(), vision_encoders=parts)

        assert [(row.field, row.item, row.revision.number) for row in blame(PAPER, history())] == [
            ("name", "Model", 1),
            ("year", 2021, 2),
            ("vision_encoders", parts[0], 1),
            ("vision_encoders", parts[1], 3),
        ]

    def test_a_value_that_went_and_came_back_was_set_at_its_return(self) -> None:
        make_paper(name="Model", year=2020)
        for year in (2021, 2020):
            make_revision("paper", entry=paper(), year=year)

        assert [(row.field, row.revision.number) for row in blame(PAPER, history())] == [("name", 1), ("year", 3)]

    def test_carries_the_sources_of_a_value(self) -> None:
        make_paper(name="Model", year=2020, sources=[source("year")])

        assert [(row.field, [given.row for given in row.sources]) for row in blame(PAPER, history())] == [
            ("name", []),
            ("year", [source("year")]),
        ]

    def test_a_source_that_is_given_later_is_one_of_the_value_that_it_found(self) -> None:
        make_paper(name="Model", year=2020)
        make_revision("paper", entry=paper(), sources=[source("year")])

        assert sources_by_value("year") == [(2020, ["https://example.org/"])]

    def test_an_item_that_is_added_does_not_get_the_sources_of_the_others(self) -> None:
        make_paper(name="Model", languages=["en"], sources=[source("languages", "https://one.example/")])
        make_revision("paper", entry=paper(), languages=["en", "fr"])

        assert sources_by_value("languages") == [("en", ["https://one.example/"]), ("fr", [])]

    def test_an_item_that_is_added_has_the_sources_that_came_with_it(self) -> None:
        make_paper(name="Model", languages=["en"], sources=[source("languages", "https://one.example/")])
        both = [source("languages", f"https://{name}.example/") for name in ("one", "two")]
        make_revision("paper", entry=paper(), languages=["en", "fr"], sources=both)

        assert sources_by_value("languages") == [
            ("en", ["https://one.example/"]),
            ("fr", ["https://two.example/"]),
        ]

    def test_a_value_that_is_brought_back_has_the_source_of_the_change_that_set_it_first(self) -> None:
        make_paper(name="Model", year=2020, source="https://arxiv.org/abs/2103.00020")
        make_revision("paper", entry=paper(), year=2021, source="https://example.org/")
        make_revision("paper", entry=paper(), year=2020, source=former_values(1))
        make_revision("paper", entry=paper(), title="A model")
        make_revision("paper", entry=paper(), title="", source=former_values(3))

        [year] = [row for row in blame(PAPER, history()) if row.field == "year"]
        assert (year.revision.number, year.sourced) == (3, "change")
        assert year.given_by
        assert (year.given_by.number, year.given_by.source) == (1, "https://arxiv.org/abs/2103.00020")

    def test_bringing_a_value_back_gives_it_no_source_that_it_never_had(self) -> None:
        make_paper(name="Model", year=2020)
        make_revision("paper", entry=paper(), year=2021, source="https://example.org/")
        make_revision("paper", entry=paper(), year=2020, source=former_values(1))

        assert [row.sourced for row in blame(PAPER, history()) if row.field == "year"] == ["none"]

    def test_what_a_change_only_says_that_it_brings_back_has_its_words_as_source(self) -> None:
        make_paper(name="Model", year=2020)
        make_revision("paper", entry=paper(), year=2021, source=former_values(1))

        [year] = [row for row in blame(PAPER, history()) if row.field == "year"]
        assert year.given_by
        assert (year.given_by.number, year.sourced) == (2, "change")

    def test_an_item_that_is_brought_back_has_the_source_that_its_list_kept(self) -> None:
        make_paper(name="Model", authors=["A", "B"], sources=[source("authors")])
        make_revision("paper", entry=paper(), authors=["A"])
        make_revision("paper", entry=paper(), authors=["A", "B"], source=former_values(1))

        assert sources_by_value("authors") == [("A", ["https://example.org/"]), ("B", ["https://example.org/"])]

    def test_a_source_names_the_revision_that_gave_it(self) -> None:
        make_paper(name="Model", year=2020)
        make_revision("paper", entry=paper(), sources=[source("year")])

        [year] = [row for row in blame(PAPER, history()) if row.field == "year"]
        assert (year.revision.number, [given.revision.number for given in year.sources]) == (1, [2])


class TestPublish:
    def test_the_source_of_a_value_goes_with_it(self) -> None:
        make_paper(name="Model", year=2020, organisation="Lab", sources=[source("year"), source("organisation")])

        make_revision("paper", entry=paper(), year=2021)

        assert paper().sources == [source("organisation")]
        assert history()[-1].changed == ["year", "sources"]

    def test_the_source_that_a_change_gives_stays(self) -> None:
        make_paper(name="Model", year=2020, sources=[source("year", "https://old.example/")])

        new = source("year", "https://new.example/")
        make_revision("paper", entry=paper(), year=2021, sources=[source("year", "https://old.example/"), new])

        assert paper().sources == [new]
        assert sources_by_value("year") == [(2021, ["https://new.example/"])]

    def test_the_source_of_a_list_stays_while_one_of_its_items_does(self) -> None:
        given = source("languages")
        make_paper(name="Model", languages=["en", "fr"], sources=[given])

        make_revision("paper", entry=paper(), languages=["fr", "de"])
        assert paper().sources == [given]
        make_revision("paper", entry=paper(), languages=["de"])
        assert paper().sources == []

    def test_the_source_of_an_empty_field_goes_when_it_is_filled(self) -> None:
        make_paper(name="Model", sources=[source("year", "https://nothing.example/")])

        make_revision("paper", entry=paper(), summary="Changed elsewhere.")
        assert paper().sources == [source("year", "https://nothing.example/")]
        make_revision("paper", entry=paper(), year=2021)
        assert paper().sources == []

    def test_a_reference_that_moved_keeps_its_source(self) -> None:
        dataset = make_dataset(name="COCO")
        given = source("training_datasets")
        make_paper(name="Model", training_datasets=[{"dataset": "coco", "name": "COCO"}], sources=[given])
        make_revision("dataset", entry=dataset, slug="ms-coco", name="MS COCO")

        make_revision("paper", entry=paper(), year=2021)

        assert paper().sources == [given]


def test_sources_of_present_values_are_found_in_the_history() -> None:
    make_paper(name="Model", year=2020, sources=[source("year")])
    make_revision("paper", entry=paper(), year=2021)
    first, second = history()

    newest = {**payload_of(second), "sources": [source("year")]}
    assert sources_of_present_values(PAPER, [first], newest) == []
    assert sources_of_present_values(PAPER, [], payload_of(first)) == [source("year")]
