"""Which entry a payload describes: by identifiers, then by names, never by a slug."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.ledger.identity import ByIdentity, Match, identity_of, known_entries
from catalog.models import Entry
from tests.factories import make_dataset, make_paper

pytestmark = pytest.mark.django_db

ARXIV, OTHER = "2407.01449", "2501.12948"


def match(kind: str = "paper", **payload: Any) -> Match[Entry] | None:
    identity = identity_of(KINDS[kind], payload)
    return known_entries([(KINDS[kind], identity)]).find(KINDS[kind], identity)


@pytest.mark.parametrize(
    "payload",
    [
        {"name": "ColPali", "arxiv_id": ARXIV},
        {"name": "colpali", "arxiv_id": f"{ARXIV}v2"},
        {"name": "Late interaction", "arxiv_id": ARXIV},  # an alias
        {"name": "ColPali", "doi": f"10.48550/arXiv.{ARXIV}"},
        {"name": "ColPali", "doi": "https://doi.org/10.1000/COLPALI"},
        {"name": "ColPali"},
        {"name": "ColPali", "arxiv_id": ARXIV, "doi": "10.1000/other"},  # a preprint is published again
    ],
)
def test_the_same_id_and_name_or_the_name_alone_are_the_same(payload: dict[str, str]) -> None:
    paper = make_paper(name="ColPali", aliases=["Late interaction"], arxiv_id=ARXIV, doi="10.1000/colpali")

    assert match(**payload) == Match(paper)


@pytest.mark.parametrize(
    "payload",
    [
        {"name": "ColPali", "arxiv_id": OTHER},
        {"name": "ColPali", "arxiv_id": OTHER, "doi": "10.1000/colpali"},
        {"name": "Col-Palli"},
        {"name": "ColQwen", "arxiv_id": OTHER},
    ],
)
def test_another_id_or_name_is_another_paper(payload: dict[str, str]) -> None:
    make_paper(name="ColPali", arxiv_id=ARXIV, doi="10.1000/colpali")

    assert match(**payload) is None


def test_the_same_id_under_another_name_is_said() -> None:
    paper = make_paper(name="ColPali", arxiv_id=ARXIV)

    assert match(name="ColQwen", arxiv_id=ARXIV) == Match(paper, f"has the same arXiv id {ARXIV}")


def test_the_same_code_under_another_name_is_a_weak_sign() -> None:
    links = [{"kind": "code", "url": "https://github.com/illuin-tech/colpali", "label": ""}]
    paper = make_paper(name="ColPali", links=links)
    stated = [{"kind": "code", "url": "https://github.com/illuin-tech/colpali.git", "label": ""}]
    doubtful = Match(paper, "has the same address github.com/illuin-tech/colpali", is_weak=True)

    assert match(name="ColQwen", links=stated) == doubtful
    assert match(name="ColPali", links=stated) == Match(paper)


@pytest.mark.parametrize(
    ("known", "url", "address"),
    [
        (
            {"links": [{"kind": "weights", "url": "https://huggingface.co/vidore/colpali", "label": ""}]},
            "https://hf.co/Vidore/ColPali/tree/main",
            "huggingface.co/vidore/colpali",
        ),
        (
            {"variants": [{"name": "7B", "weights_url": "https://huggingface.co/vidore/colpali"}]},
            "https://hf.co/Vidore/ColPali",
            "huggingface.co/vidore/colpali",
        ),
        (
            {"links": [{"kind": "paper", "url": "https://openreview.net/forum?id=ogjBpZ8uSi", "label": ""}]},
            "https://openreview.net/pdf?id=ogjBpZ8uSi",
            "openreview.net/forum?id=ogjBpZ8uSi",
        ),
        (
            {"doi": "10.18653/v1/2023.acl-long.1"},
            "https://www.aclweb.org/anthology/2023.acl-long.1.pdf",
            "aclanthology.org/2023.acl-long.1",
        ),
    ],
    ids=["weights", "weights of a variant", "OpenReview", "ACL"],
)
def test_the_same_weights_or_place_of_a_paper_under_another_name_is_asked(
    known: dict[str, Any], url: str, address: str
) -> None:
    paper = make_paper(name="ColPali", **known)

    stated = [{"kind": "other", "url": url, "label": ""}]

    assert match(name="ColQwen", links=stated) == Match(paper, f"has the same address {address}")
    assert match("dataset", name="ColQwen", links=stated) is None


@pytest.mark.parametrize("url", ["https://huggingface.co/blog/vlms", "https://github.com/a/b/tree/main/c"])
def test_a_page_or_a_part_of_a_repository_is_no_sign(url: str) -> None:
    links = [{"kind": "code", "url": url, "label": ""}]
    make_paper(name="ColPali", links=links)

    assert match(name="ColQwen", links=links) is None


def test_of_several_models_of_a_paper_the_one_with_the_name_is_found() -> None:
    make_paper(name="ColPali", arxiv_id=ARXIV)
    second = make_paper(name="ColQwen2", arxiv_id=ARXIV, same_paper=[{"paper": "colpali", "note": ""}])

    assert match(name="ColQwen 2", arxiv_id=ARXIV) == Match(second)


def test_a_name_of_another_script_is_not_the_name_that_its_slug_is_like() -> None:
    make_paper(name="A-CLIP")

    assert match(name="α-CLIP") is None


@pytest.mark.parametrize(
    ("known", "stated"),
    [("LLaVA", "LLaVA++"), ("Qwen2.5", "Qwen-25"), ("V", "V*"), ("A&B", "A-B"), ("Médusa 1.5", "Medusa-15")],
)
def test_a_name_that_differs_by_signs_is_doubtful_and_its_own_is_certain(known: str, stated: str) -> None:
    first = make_paper(name=known, arxiv_id=ARXIV)
    assert match(name=stated) == Match(first, "has the same name but for signs")

    second = make_paper(name=stated, arxiv_id=OTHER)

    assert [match(name=known), match(name=stated)] == [Match(first), Match(second)]


@pytest.mark.parametrize(
    ("known", "stated"),
    [("V", "v"), ("VLM R1", "VLM-R1"), ("“BLIP-2”", "BLIP 2"), ("Owl!", "🦉 Owl"), ("🚀", "🚀"), ("B", "B.")],
)
def test_dots_dashes_and_quotes_make_no_other_name(known: str, stated: str) -> None:
    paper = make_paper(name=known, arxiv_id=ARXIV)

    assert match(name=stated) == Match(paper)


def test_a_name_that_several_have_is_doubtful() -> None:
    first = make_paper(name="VLM R1", arxiv_id=ARXIV)
    make_paper(name="VLM-R1", arxiv_id=OTHER)
    doubtful = Match(first, "is one of several with this name", is_one_of_several=True)

    assert match(name="VLM R1") == doubtful
    assert match(name="VLM R1", arxiv_id=ARXIV) == Match(first)


def test_an_alias_that_several_have_is_doubtful_but_an_own_name_is_certain() -> None:
    one = make_dataset(name="One", aliases=["Shared", "Two"])
    two = make_dataset(name="Two", aliases=["Shared"])

    assert match("dataset", name="Shared") == Match(one, "is one of several with this name", is_one_of_several=True)
    assert match("dataset", name="Two") == Match(two)


def test_long_names_are_compared_in_full() -> None:
    start = "A very long name " * 13
    make_paper(name=f"{start} of one")

    assert match(name=f"{start} of two") is None


def test_data_go_by_their_name_and_are_not_the_paper_that_they_link_to() -> None:
    dataset = make_dataset(name="GQA", links=[{"kind": "arxiv", "url": f"https://arxiv.org/abs/{ARXIV}", "label": ""}])
    linked = [{"kind": "paper", "url": f"https://hf.co/papers/{ARXIV}", "label": ""}]
    other = [{"kind": "paper", "url": f"https://hf.co/papers/{OTHER}", "label": ""}]

    assert match("dataset", name="GQA balanced", links=linked) is None
    assert [match("dataset", name="GQA", links=links) for links in (linked, other, [])] == [Match(dataset)] * 3


def test_a_result_is_the_same_if_it_claims_the_same() -> None:
    claim = {"paper": "clip", "benchmark": "mmmu", "metric": "accuracy", "split": "val"}
    known = ByIdentity[str]()
    known.add(KINDS["result"], identity_of(KINDS["result"], claim), "known")

    found = [
        known.find(KINDS["result"], identity_of(KINDS["result"], payload)) for payload in (claim, claim | {"split": ""})
    ]

    assert found == [Match("known"), None]


def test_what_shares_a_key_with_many_is_compared_with_few_and_found_by_its_own() -> None:
    kind, known = KINDS["paper"], ByIdentity[int]()
    identities = [identity_of(kind, {"name": f"Model {number}", "arxiv_id": ARXIV}) for number in range(100)]
    for number, identity in enumerate(identities):
        known.add(kind, identity, number)

    assert [known.find(kind, identities[number]) for number in (3, 99)] == [Match(3), Match(99)]
