"""What arXiv, Crossref and Hugging Face add to a draft: only what is empty, each value with its source."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache

from submissions.intake import metadata
from submissions.intake.drafts import Draft
from submissions.intake.metadata import enrich
from tests.metadata_double import ATOM, MetadataDouble


@pytest.fixture
def double(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[MetadataDouble]:
    settings.FETCH_METADATA = True
    cache.clear()
    with MetadataDouble() as double:
        settings.FETCH_TEST_HOSTS = [double.host]
        monkeypatch.setattr(metadata, "ARXIV_API", f"{double.url}/api/query?id_list=")
        monkeypatch.setattr(metadata, "CROSSREF_API", f"{double.url}/works/")
        monkeypatch.setattr(metadata, "HUB_API", f"{double.url}/api/")
        yield double


def source(field: str, url: str, name: str) -> dict[str, str]:
    return {"field": field, "url": url, "note": f"Read from {name}", "confidence": "unverified", "source_class": ""}


class TestArxiv:
    def test_fills_what_is_empty_and_says_from_where(self, double: MetadataDouble) -> None:
        double.replies["/api/query"] = ATOM

        enriched = enrich(Draft("paper", {"arxiv_id": "2301.12597", "name": "My own name"}))

        assert enriched.payload == {
            "arxiv_id": "2301.12597",
            "name": "My own name",
            "title": "BLIP-2: Bootstrapping Language-Image Pre-training with Frozen Image Encoders",
            "authors": ["Junnan Li", "Dongxu Li"],
            "year": 2023,
            "released": "2023-01-30",
            "doi": "10.1000/blip2",
            "sources": [
                source(field, "https://arxiv.org/abs/2301.12597", "arXiv")
                for field in ("title", "authors", "year", "released", "doi")
            ],
        }
        assert enriched.notes == ("title, authors, year, released, doi read from arXiv: please check.",)
        assert double.requested == ["/api/query?id_list=2301.12597"]

    @pytest.mark.parametrize(
        "feed",
        ["", "<feed", "not xml at all", "<!DOCTYPE x [<!ENTITY a 'b'>]><feed/>", "<feed/>"],
    )
    def test_an_answer_that_is_none_becomes_a_note(self, double: MetadataDouble, feed: str) -> None:
        double.replies["/api/query"] = feed
        draft = Draft("paper", {"arxiv_id": "2301.12597"})

        enriched = enrich(draft)

        assert enriched.payload == draft.payload
        assert len(enriched.notes) == 1
        assert "arXiv" in enriched.notes[0]

    def test_an_entity_is_never_unfolded(self, double: MetadataDouble) -> None:
        bomb = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
        double.replies["/api/query"] = f'<!DOCTYPE x [<!ENTITY l0 "lol">{bomb}]><feed>&l9;</feed>'

        enriched = enrich(Draft("paper", {"arxiv_id": "2301.12597"}))

        assert enriched.notes == (
            "arXiv's answer could not be understood; please check the form and fill in what is missing.",
        )


class TestCrossref:
    def test_fills_a_paper_from_its_doi(self, double: MetadataDouble) -> None:
        double.replies["/works/10.1109/x"] = {
            "message": {
                "title": ["Deep Residual Learning"],
                "author": [{"given": "Kaiming", "family": "He"}, {"name": "A Group"}, "odd", {"given": 3}],
                "issued": {"date-parts": [[2016, 6]]},
                "container-title": ["CVPR"],
            }
        }

        enriched = enrich(Draft("paper", {"doi": "10.1109/x"}))

        assert {key: value for key, value in enriched.payload.items() if key != "sources"} == {
            "doi": "10.1109/x",
            "name": "Deep Residual Learning",
            "title": "Deep Residual Learning",
            "authors": ["Kaiming He", "A Group"],
            "year": 2016,
            "venue": "CVPR",
        }

    @pytest.mark.parametrize("answer", [[], {}, {"message": 3}, {"message": {"author": "x", "title": 3}}, 7, None])
    def test_an_odd_answer_makes_no_error(self, double: MetadataDouble, answer: Any) -> None:
        double.replies["/works/10.1109/x"] = "null" if answer is None else answer

        assert enrich(Draft("paper", {"doi": "10.1109/x"})).payload["doi"] == "10.1109/x"


class TestHub:
    def test_fills_a_card_from_its_tags(self, double: MetadataDouble) -> None:
        double.replies["/api/datasets/a/b"] = {
            "tags": ["license:cc-by-4.0", "language:en", "language:de", "task_categories:visual-question-answering", 3]
        }
        row = {"kind": "data", "url": "https://huggingface.co/datasets/a/b", "label": ""}

        enriched = enrich(Draft("dataset", {"name": "b", "links": [row]}))

        assert (enriched.payload["licence"], enriched.payload["languages"], enriched.payload["tasks"]) == (
            "cc-by-4.0",
            ["en", "de"],
            ["visual-question-answering"],
        )

    def test_finds_the_paper_of_a_model(self, double: MetadataDouble) -> None:
        double.replies["/api/models/a/b"] = {"tags": ["license:apache-2.0", "arxiv:2409.12191"]}
        row = {"kind": "weights", "url": "https://huggingface.co/a/b", "label": ""}

        enriched = enrich(Draft("paper", {"name": "b", "links": [row]}))

        assert (enriched.payload["licence_weights"], enriched.payload["arxiv_id"]) == ("apache-2.0", "2409.12191")


def test_a_failure_leaves_the_draft_as_it_is_with_a_note(double: MetadataDouble) -> None:
    draft = Draft("paper", {"arxiv_id": "2301.12597"}, notes=("first",))

    enriched = enrich(draft)

    assert enriched == Draft(
        "paper", draft.payload, notes=("first", "127.0.0.1 does not know it; please check the id."), source=""
    )


def test_no_request_is_made_without_an_identifier(double: MetadataDouble) -> None:
    draft = Draft("paper", {"name": "X", "links": [{"kind": "paper", "url": "https://example.org/", "label": ""}]})

    assert enrich(draft) == draft
    assert double.requested == []
