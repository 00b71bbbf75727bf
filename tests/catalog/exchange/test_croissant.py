"""Croissant, as MLCommons' own library reads it."""

from typing import Any

import pytest

from catalog.exchange.croissant import croissant
from catalog.kinds import KINDS
from tests.examples import FULL

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the libraries that the validator uses

PAGE = "https://portal.example/datasets/coco/"
FULL_NAMES = {"title": "T", "url": "", "arxiv_id": "", "doi": "", "authors": "Ada Lovelace, Grace Hopper", "year": 2020}
ET_AL = {**FULL_NAMES, "authors": "Lin et al.", "url": "https://arxiv.org/abs/1405.0312"}


def card(**fields: Any) -> dict[str, Any]:
    return croissant({**KINDS["dataset"].form.empty(), "name": "COCO", **fields}, PAGE, "2026-11-24")


def read(description: dict[str, Any]) -> Any:
    import mlcroissant  # noqa: PLC0415 -- it pulls pandas, and no other test needs it

    return mlcroissant.Dataset(jsonld=description).metadata


@pytest.mark.parametrize(
    "fields",
    [
        {},
        FULL["dataset"],
        {"licence": "CC-BY-4.0", "year": 2020, "homepage": "https://x.org", "papers": [FULL_NAMES]},
        {"licence": "Own terms", "summary": "Images.", "papers": [ET_AL]},
        {"licence": "Apache-2.0 (dataset card)", "huggingface_id": "a/b"},
    ],
)
def test_the_official_validator_finds_no_error(fields: dict[str, Any], caplog: pytest.LogCaptureFixture) -> None:
    metadata = read(card(**fields))

    assert (metadata.name, str(metadata.ctx.conforms_to)) == ("COCO", "CroissantVersion.V_1_1")
    assert not metadata.ctx.issues.errors
    assert "not standard" not in caplog.text


def test_what_a_card_does_not_state_is_left_out() -> None:
    description = card(year=2014, papers=[ET_AL])

    assert {key: value for key, value in description.items() if key != "@context"} == {
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "COCO",
        "url": PAGE,
        "sdDatePublished": "2026-11-24",
        "citeAs": "Lin et al., T, 2020, https://arxiv.org/abs/1405.0312",
    }
    metadata = read(description)
    assert (metadata.date_published, metadata.date_modified, metadata.version) == (None, None, None)
    assert (metadata.license, metadata.creators) == (None, [])


def test_what_a_card_states() -> None:
    description = card(
        summary="Images.",
        licence="CC-BY-4.0",
        homepage="https://cocodataset.org/",
        huggingface_id="a/coco",
        modalities=["image"],
        tasks=["captioning"],
        languages=["en"],
        papers=[FULL_NAMES],
    )

    assert {key: value for key, value in description.items() if key != "@context"} == {
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.1",
        "name": "COCO",
        "description": "Images.",
        "creator": [{"@type": "sc:Person", "name": "Ada Lovelace"}, {"@type": "sc:Person", "name": "Grace Hopper"}],
        "license": "https://spdx.org/licenses/CC-BY-4.0",
        "url": "https://cocodataset.org/",
        "sameAs": ["https://huggingface.co/datasets/a/coco", PAGE],
        "keywords": ["image", "captioning"],
        "inLanguage": ["en"],
        "sdDatePublished": "2026-11-24",
        "citeAs": "Ada Lovelace, Grace Hopper, T, 2020",
    }
    assert [creator.name for creator in read(description).creators] == ["Ada Lovelace", "Grace Hopper"]
