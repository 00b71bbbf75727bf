"""What a draft gets from the services: only what is empty, each value with its source, and sentences otherwise."""

from typing import Any

import pytest

from submissions.intake.drafts import Draft
from submissions.intake.lookups.sites import CHECK_THE_FORM
from submissions.intake.metadata import enrich
from tests.metadata_double import ATOM, MetadataDouble

DRAFT = Draft("paper", {"arxiv_id": "2301.12597"}, notes=("first",))


def source(field: str, url: str, name: str) -> dict[str, str]:
    return {"field": field, "url": url, "note": f"Read from {name}", "confidence": "unverified", "source_class": ""}


def link(kind: str, url: str) -> dict[str, str]:
    return {"kind": kind, "url": url, "label": ""}


def test_what_is_empty_is_filled_and_says_from_where(double: MetadataDouble) -> None:
    double.replies["/arxiv"] = ATOM

    enriched = enrich(Draft("paper", {"arxiv_id": "2301.12597", "name": "My own name"}))

    assert enriched == Draft(
        "paper",
        {
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
        },
        notes=("Read from arXiv: Title, Authors, Year, Released, DOI. Please check.",),
        source="https://arxiv.org/abs/2301.12597",
    )


def test_the_source_that_was_pasted_stays(double: MetadataDouble) -> None:
    double.replies["/arxiv"] = ATOM

    assert enrich(Draft("paper", {"arxiv_id": "2301.12597"}, source="a list")).source == "a list"


def test_only_fields_of_the_kind_are_filled(double: MetadataDouble) -> None:
    """A dataset has no title, authors and venue."""
    double.replies["/openreview"] = {
        "notes": [{"content": {"title": {"value": "S: A Set"}, "venue": {"value": "NeurIPS 2023 Datasets"}}}]
    }
    draft = Draft(
        "dataset", {"name": "The Set", "links": [link("paper", "https://openreview.net/forum?id=YicbFdNTTy")]}
    )

    enriched = enrich(draft)

    assert enriched.payload == {
        **draft.payload,
        "year": 2023,
        "sources": [source("year", "https://openreview.net/forum?id=YicbFdNTTy", "OpenReview")],
    }


def test_a_card_is_filled(double: MetadataDouble) -> None:
    tags = ["license:cc-by-4.0", "language:en", "task_categories:visual-question-answering", "modality:image"]
    double.replies["/hub/datasets/a/b"] = {"tags": tags}

    enriched = enrich(Draft("dataset", {"name": "b", "links": [link("data", "https://huggingface.co/datasets/a/b")]}))

    assert {key: enriched.payload[key] for key in ("licence", "languages", "tasks", "modalities")} == {
        "licence": "cc-by-4.0",
        "languages": ["en"],
        "tasks": ["visual-question-answering"],
        "modalities": ["image"],
    }


def test_another_title_is_asked_about(double: MetadataDouble) -> None:
    double.replies["/arxiv"] = ATOM

    own = enrich(Draft("paper", {"arxiv_id": "2301.12597", "title": "Visual Instruction Tuning"}))
    same = enrich(
        Draft(
            "paper",
            {
                "arxiv_id": "2301.12597",
                "title": "BLIP-2 - bootstrapping language image pre-training with frozen image encoders",
            },
        )
    )

    title = "BLIP-2: Bootstrapping Language-Image Pre-training with Frozen Image Encoders"
    assert own.payload["title"] == "Visual Instruction Tuning"
    assert own.notes[-1] == f"The title at arXiv is “{title}”: is it the same paper?"
    assert len(same.notes) == 1


def test_a_text_that_no_field_holds_is_cut(double: MetadataDouble) -> None:
    double.replies["/crossref/10.1109%2Fx"] = {"message": {"title": ["x" * 1000]}}

    enriched = enrich(Draft("paper", {"doi": "10.1109/x"}))

    assert enriched.payload["name"] == "x" * 299 + "…"
    assert enriched.notes[-2:] == (
        "Name was longer than 300 characters and was cut.",
        "Title was longer than 500 characters and was cut.",
    )


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        ((404, {}, ""), "arXiv does not know it; please check the id."),
        ((500, {}, ""), f"arXiv answered with an error (500); {CHECK_THE_FORM}"),
        (
            (429, {"Retry-After": "100"}, ""),
            "arXiv has been asked too often from here: wait 2 minutes, or fill in what is missing.",
        ),
        ("<feed", f"arXiv's answer could not be understood; {CHECK_THE_FORM}"),
        ((200, {"Content-Type": "text/html"}, ATOM), f"arXiv's answer could not be understood; {CHECK_THE_FORM}"),
        (b"x" * 2_000_001, f"arXiv sent more than can be read; {CHECK_THE_FORM}"),
        (
            (302, {"Location": "https://evil.example/"}, ""),
            f"arXiv points to another site, which is not read; {CHECK_THE_FORM}",
        ),
    ],
    ids=["404", "500", "429", "broken", "another type", "huge", "redirected"],
)
def test_a_failure_leaves_the_draft_as_it_is_with_a_note(double: MetadataDouble, reply: Any, sentence: str) -> None:
    double.replies["/arxiv"] = reply

    assert enrich(DRAFT) == Draft("paper", DRAFT.payload, notes=("first", sentence))


def test_nothing_is_asked_without_an_identifier(double: MetadataDouble) -> None:
    draft = Draft("paper", {"name": "X", "links": [link("paper", "https://example.org/")]})

    assert enrich(draft) == draft
    assert double.requested == []
