"""An arXiv id, a DOI and weights belong to one entry, but for models of one paper that say so."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from catalog.kinds import KINDS
from catalog.kinds.duplicate_keys import address_keys, doi_keys
from catalog.kinds.paper.identity import weights_keys
from catalog.kinds.paper.model import Paper, SamePaper
from catalog.ledger.publishing import PayloadError, merge, restore, retire
from tests.factories import make_many, make_paper, make_revision, trace

pytestmark = pytest.mark.django_db

ARXIV, DOI, WEIGHTS = "2407.01449", "10.1000/ColPali", "huggingface.co/vidore/colpali"
ADVICE = "Edit that entry; or, if one paper describes both models, name it under “Other models of this paper”."


def same_paper(*slugs: str) -> list[dict[str, str]]:
    return [{"paper": slug, "note": ""} for slug in slugs]


def weights(*urls: str) -> list[dict[str, str]]:
    return [{"name": str(number), "weights_url": url} for number, url in enumerate(urls)]


@pytest.mark.parametrize(
    ("fields", "key", "label"),
    [
        ({"arxiv_id": f"arXiv:{ARXIV}v2"}, "arxiv_id", f"arXiv id {ARXIV}"),
        ({"doi": "https://doi.org/10.1000/COLPALI"}, "doi", "DOI 10.1000/colpali"),
    ],
)
def test_an_identifier_of_another_entry_is_refused_with_its_name(fields: dict[str, Any], key: str, label: str) -> None:
    make_paper(name="ColPali", arxiv_id=ARXIV, doi=DOI)

    with pytest.raises(PayloadError) as refused:
        make_paper(name="ColQwen2", **fields)

    assert refused.value.errors == {key: [f"“ColPali” (colpali) has the {label} already. {ADVICE}"]}


def test_models_of_one_paper_share_its_identifiers_if_one_names_the_other() -> None:
    first = make_paper(name="ColPali", arxiv_id=ARXIV, doi=DOI)

    second = make_paper(name="ColQwen2", arxiv_id=ARXIV, doi=DOI, same_paper=same_paper("colpali"))
    make_revision("paper", first, summary="It can be edited, although it does not name the other.")

    assert KINDS["paper"].dump(second)["same_paper"] == same_paper("colpali")
    assert (Paper.objects.filter(arxiv_id=ARXIV).count(), first.naming_same_paper) == (2, [second])


def test_a_third_model_names_both() -> None:
    make_paper(name="ColPali", arxiv_id=ARXIV)
    make_paper(name="ColQwen2", arxiv_id=ARXIV, same_paper=same_paper("colpali"))

    with pytest.raises(PayloadError) as refused:
        make_paper(name="ColSmol", arxiv_id=ARXIV, same_paper=same_paper("colpali"))
    third = make_paper(name="ColSmol", arxiv_id=ARXIV, same_paper=same_paper("colpali", "colqwen2"))

    assert "“ColQwen2” (colqwen2) has the arXiv id" in str(refused.value)
    assert third.arxiv_id == ARXIV


def test_the_relation_cannot_be_dropped_while_the_identifier_is_shared() -> None:
    make_paper(name="ColPali", arxiv_id=ARXIV)
    second = make_paper(name="ColQwen2", arxiv_id=ARXIV, same_paper=same_paper("colpali"))

    with pytest.raises(PayloadError) as refused:
        make_revision("paper", second, same_paper=[])

    assert list(refused.value.errors) == ["arxiv_id"]


def test_an_entry_may_be_edited_retired_and_restored_with_its_own_identifier() -> None:
    paper = make_paper(name="ColPali", arxiv_id=ARXIV)
    make_revision("paper", paper, year=2024)
    retire(entry=paper, trace=trace())
    restore(kind=KINDS["paper"], entry_id=paper.pk, trace=trace())

    with pytest.raises(PayloadError):
        make_paper(name="ColQwen2", arxiv_id=ARXIV)


def test_a_retired_entry_is_not_restored_while_another_has_its_identifier() -> None:
    paper = make_paper(name="ColPali", arxiv_id=ARXIV)
    retire(entry=paper, trace=trace())
    make_paper(name="ColQwen2", arxiv_id=ARXIV)

    with pytest.raises(PayloadError) as refused:
        restore(kind=KINDS["paper"], entry_id=paper.pk, trace=trace())

    assert list(refused.value.errors) == ["arxiv_id"]


def test_a_link_to_the_paper_of_another_entry_is_no_identifier() -> None:
    make_paper(name="ColPali", arxiv_id=ARXIV)

    linked = make_paper(name="ViDoRe", links=[{"kind": "arxiv", "url": f"https://arxiv.org/abs/{ARXIV}", "label": ""}])

    assert linked.arxiv_id == ""


def test_a_merge_replaces_the_relation() -> None:
    former, target = make_paper(name="Colpali model"), make_paper(name="ColPali", arxiv_id=ARXIV)
    third = make_paper(name="ColQwen2", arxiv_id=ARXIV, same_paper=same_paper("colpali", "colpali-model"))

    merge(entry=former, into=target, trace=trace())

    assert KINDS["paper"].dump(Paper.objects.get(pk=third.pk))["same_paper"] == same_paper("colpali")


def test_many_entries_at_once_are_compared_with_the_catalogue_and_with_one_another() -> None:
    make_paper(name="ColPali", arxiv_id=ARXIV)
    payloads: list[dict[str, Any]] = [
        {"name": "ColQwen2", "arxiv_id": ARXIV},
        {"name": "CLIP", "arxiv_id": "2103.00020"},
        {"name": "CLIP again", "arxiv_id": "2103.00020v1"},
        {"name": "Related", "arxiv_id": ARXIV, "same_paper": same_paper("colpali")},
        {"name": "Related again", "arxiv_id": ARXIV, "same_paper": same_paper("colpali")},
    ]

    with pytest.raises(PayloadError) as refused:
        make_many("paper", payloads)

    assert {key: messages[0].split(" already")[0] for key, messages in refused.value.errors.items()} == {
        "row 1, arxiv_id": f"“ColPali” (colpali) has the arXiv id {ARXIV}",
        "row 3, arxiv_id": "“CLIP” has the arXiv id 2103.00020",
        "row 5, arxiv_id": f"“Related” has the arXiv id {ARXIV}",
    }


def test_weights_belong_to_one_variant() -> None:
    url = "https://huggingface.co/vidore/colpali"

    with pytest.raises(PayloadError) as refused:
        make_paper(name="ColPali", variants=weights(url, "", f"{url}/tree/main"))
    make_paper(name="ColPali", arxiv_id=ARXIV, variants=weights(url, "https://huggingface.co/vidore/colpali2"))
    with pytest.raises(PayloadError) as elsewhere:
        make_paper(name="ColQwen2", same_paper=same_paper("colpali"), variants=weights("https://hf.co/Vidore/ColPali"))

    assert refused.value.errors == {"variants": ["row 3, weights_url: these are the weights of row 1 already."]}
    assert elsewhere.value.errors == {
        "variants": [f"“ColPali” (colpali) has a variant with the weights {WEIGHTS}; weights belong to one variant."]
    }


@pytest.mark.parametrize(
    ("url", "keys"),
    [
        ("https://huggingface.co/Owner/Name", {"url:huggingface.co/owner/name"}),
        ("https://hf.co/owner/name/blob/main/model.safetensors", {"url:huggingface.co/owner/name"}),
        ("https://huggingface.co/collections/owner/all-sizes", set()),
        ("https://huggingface.co/owner", set()),
        ("https://github.com/owner/name", set()),
        ("", set()),
    ],
)
def test_only_the_address_of_one_model_is_an_identifier(url: str, keys: set[str]) -> None:
    assert weights_keys(url) == keys


def test_the_page_names_the_other_models_of_its_paper_in_both_directions() -> None:
    make_paper(name="ColPali", arxiv_id=ARXIV)
    make_paper(name="ColQwen2", arxiv_id=ARXIV, same_paper=same_paper("colpali"))

    named, naming = (Client().get(f"/papers/{slug}/").content.decode() for slug in ("colpali", "colqwen2"))

    assert 'href="/papers/colqwen2/"' in named
    assert 'href="/papers/colpali/"' in naming


def test_no_row_says_that_an_entry_shares_its_paper_with_itself() -> None:
    paper = make_paper(name="ColPali")

    with pytest.raises(IntegrityError, match="same_paper_is_another"), transaction.atomic():
        SamePaper.objects.create(owner=paper, paper=paper)


def test_identifiers_cost_one_query_more_for_one_and_for_many(django_assert_max_num_queries: Any) -> None:
    payloads = [{"name": f"Model {number}", "arxiv_id": f"2401.{number:05}"} for number in range(1, 60)]
    make_many("paper", payloads[:1])

    with django_assert_max_num_queries(40):
        make_many("paper", payloads[1:])


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.alphaxiv.org/abs/2407.01449v2", "arxiv:2407.01449"),
        ("https://hf.co/papers/2407.01449", "arxiv:2407.01449"),
        ("https://doi.org/10.48550/arXiv.2407.01449", "arxiv:2407.01449"),
        ("https://arxiv.org/abs/math.GT/0309136", "arxiv:math/0309136"),
        ("https://dl.acm.org/doi/10.1145/3581783.3612374", "doi:10.1145/3581783.3612374"),
        ("https://openreview.net/pdf?id=YicbFdNTTy", "url:openreview.net/forum?id=YicbFdNTTy"),
        ("https://www.aclweb.org/anthology/P18-1238.pdf", "url:aclanthology.org/P18-1238"),
        ("https://hf.co/Qwen/Qwen2-VL-7B/tree/main", "url:huggingface.co/qwen/qwen2-vl-7b"),
        ("https://github.com/Salesforce/LAVIS.git", "url:github.com/salesforce/lavis"),
        ("https://github.com/salesforce/LAVIS/tree/main/a", "url:github.com/salesforce/lavis/tree/main/a"),
        ("https://www.example.org/a/?utm_source=b&c=d", "url:example.org/a?c=d"),
        ("https://doi.org/10.1000/AB", "doi:10.1000/ab"),
        ("http://dx.doi.org/10.1000%2FAB.", "doi:10.1000/ab"),
        ("https://doi.org/10.1000/a%00b", "url:doi.org/10.1000/a%00b"),
        ("https://doi.org/10.1000/a%2500b", "url:doi.org/10.1000/a%2500b"),
        ("https://doi.org/10.1000/a%0Ab", "url:doi.org/10.1000/a%0Ab"),
    ],
)
def test_an_address_has_the_key_of_what_it_leads_to(url: str, key: str) -> None:
    assert address_keys(url) == {key}


@pytest.mark.parametrize(
    ("doi", "keys"),
    [
        ("10.1000/AB", {"doi:10.1000/ab"}),
        ("10.48550/arXiv.2407.01449", {"arxiv:2407.01449"}),
        ("10.18653/v1/P18-1238", {"doi:10.18653/v1/p18-1238", "url:aclanthology.org/P18-1238"}),
    ],
)
def test_a_doi_has_the_key_of_the_paper_that_it_names(doi: str, keys: set[str]) -> None:
    assert doi_keys(doi) == keys


def test_one_paper_by_its_id_and_by_the_doi_of_arxiv_is_the_same() -> None:
    make_paper(name="ColPali", arxiv_id=ARXIV)

    with pytest.raises(PayloadError) as refused:
        make_paper(name="ColQwen2", doi=f"10.48550/arXiv.{ARXIV}")

    assert refused.value.errors == {"doi": [f"“ColPali” (colpali) has the arXiv id {ARXIV} already. {ADVICE}"]}
