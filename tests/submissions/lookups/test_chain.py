"""Which services are asked, in which order, and what a person waits at most."""

import time
from typing import Any

import pytest

from submissions.intake.lookups import chain
from submissions.intake.lookups.chain import chain_for, look_up
from submissions.intake.lookups.sites import CHECK_THE_FORM, NotFetched
from tests.metadata_double import ATOM, MetadataDouble

ARXIV = {"arxiv_id": "2301.12597"}
ARXIV_CHAIN = [
    ("arxiv", "read_arxiv", "2301.12597"),
    ("huggingface", "read_paper", "2301.12597"),
    ("semanticscholar", "read_semantic_scholar", "ARXIV:2301.12597"),
]
PAPER = {"title": "BLIP-2: Bootstrapping"}


def steps(payload: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(one.site.key, one.reader.__name__, one.argument) for one in chain_for(payload)]


def asked(payload: dict[str, Any]) -> str:
    """Who answered, or the sentence if nobody did."""
    try:
        return look_up(chain_for(payload))[0].site.name
    except NotFetched as error:
        return str(error)


class TestOrder:
    @pytest.mark.parametrize(
        ("payload", "expected"),
        [
            (ARXIV, ARXIV_CHAIN),
            ({**ARXIV, "doi": "10.1109/x", "links": [{"url": "https://github.com/a/b"}]}, ARXIV_CHAIN),
            ({"doi": "10.48550/arXiv.2301.12597"}, ARXIV_CHAIN),
            (
                {"doi": "10.1109/x"},
                [
                    ("crossref", "read_crossref", "10.1109/x"),
                    ("datacite", "read_datacite", "10.1109/x"),
                    ("semanticscholar", "read_semantic_scholar", "DOI:10.1109/x"),
                ],
            ),
            (
                {"doi": "10.5281/zenodo.1"},
                [
                    ("datacite", "read_datacite", "10.5281/zenodo.1"),
                    ("crossref", "read_crossref", "10.5281/zenodo.1"),
                    ("semanticscholar", "read_semantic_scholar", "DOI:10.5281/zenodo.1"),
                ],
            ),
            (
                {"doi": "10.18653/v1/P19-1001"},
                [
                    ("acl", "read_acl", "P19-1001"),
                    ("crossref", "read_crossref", "10.18653/v1/P19-1001"),
                    ("datacite", "read_datacite", "10.18653/v1/P19-1001"),
                    ("semanticscholar", "read_semantic_scholar", "DOI:10.18653/v1/P19-1001"),
                ],
            ),
        ],
        ids=["arxiv", "arxiv first", "arxiv's doi", "doi", "doi of data", "doi of the acl"],
    )
    def test_an_identifier_decides(self, payload: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
        assert steps(payload) == expected

    @pytest.mark.parametrize(
        ("address", "expected"),
        [
            ("https://openreview.net/pdf?id=YicbFdNTTy", [("openreview", "read_openreview", "YicbFdNTTy")]),
            (
                "https://www.aclweb.org/anthology/P19-1001.pdf",
                [("acl", "read_acl", "P19-1001"), ("semanticscholar", "read_semantic_scholar", "ACL:P19-1001")],
            ),
            (
                "https://openaccess.thecvf.com/content/CVPR2024/papers/Liu_Improved_CVPR_2024_paper.pdf",
                [("cvf", "read_cvf", "content/CVPR2024/html/Liu_Improved_CVPR_2024_paper.html")],
            ),
            ("https://proceedings.mlr.press/v139/radford21a.html", [("pmlr", "read_pmlr", "v139/radford21a.html")]),
            ("https://huggingface.co/a/b/tree/main", [("huggingface", "read_model", "a/b")]),
            ("https://huggingface.co/datasets/a/b", [("huggingface", "read_dataset", "a/b")]),
            ("https://github.com/a/b.git", [("github", "read_repository", "a/b")]),
            ("https://example.org/", []),
            ("", []),
        ],
    )
    def test_an_address_decides(self, address: str, expected: list[tuple[str, str, str]]) -> None:
        assert steps({"links": [{"url": address}]}) == expected

    def test_the_page_of_a_paper_says_more_than_its_code(self) -> None:
        addresses = (
            "https://github.com/a/b",
            "https://huggingface.co/a/b",
            "https://openreview.net/forum?id=YicbFdNTTy",
        )

        assert [key for key, *_ in steps({"links": [{"url": url} for url in addresses]})] == ["openreview"]

    def test_nothing_is_asked_without_an_identifier(self) -> None:
        assert steps({"name": "X"}) == []


class TestFallback:
    def test_the_first_that_answers_is_enough(self, double: MetadataDouble) -> None:
        double.replies |= {"/arxiv": ATOM, "/hub/papers/2301.12597": PAPER}

        assert asked(ARXIV) == "arXiv"
        assert len(double.requested) == 1

    @pytest.mark.parametrize("failure", [(500, {}, ""), (429, {"Retry-After": "60"}, ""), "<feed", b"\x00"])
    def test_another_is_asked_when_one_fails(self, double: MetadataDouble, failure: Any) -> None:
        double.replies |= {"/arxiv": failure, "/hub/papers/2301.12597": PAPER}

        assert asked(ARXIV) == "Hugging Face"

    def test_the_last_one_is_semantic_scholar(self, double: MetadataDouble) -> None:
        double.replies |= {"/arxiv": (500, {}, ""), "/scholar/ARXIV:2301.12597": PAPER}

        assert asked(ARXIV) == "Semantic Scholar"

    def test_where_the_owner_of_an_id_knows_none_nobody_else_is_asked(self, double: MetadataDouble) -> None:
        double.replies |= {"/arxiv": "<feed/>", "/hub/papers/2301.12597": PAPER}

        assert asked(ARXIV) == "arXiv does not know it; please check the id."
        assert len(double.requested) == 1

    def test_a_doi_that_one_agency_does_not_know_is_another_ones(self, double: MetadataDouble) -> None:
        attributes = {"titles": [{"title": "Data"}]}
        double.replies["/datacite/10.1109%2Fx"] = {"data": {"attributes": attributes}}

        assert asked({"doi": "10.1109/x"}) == "DataCite"

    def test_the_first_says_what_is_wrong(self, double: MetadataDouble) -> None:
        double.replies["/crossref/10.1109%2Fx"] = (500, {}, "")

        assert asked({"doi": "10.1109/x"}) == f"Crossref answered with an error (500); {CHECK_THE_FORM}"
        assert len(double.requested) == 3

    def test_a_service_that_is_switched_off_is_passed_over(self, double: MetadataDouble, settings: Any) -> None:
        settings.FETCH_METADATA_EXCEPT = ["arxiv", "semanticscholar"]
        double.replies |= {"/arxiv": ATOM, "/hub/papers/2301.12597": PAPER}

        assert asked(ARXIV) == "Hugging Face"
        assert double.requested == ["/hub/papers/2301.12597"]

    @pytest.mark.parametrize(
        ("is_on", "sentence"),
        [
            (True, f"Reading from arXiv is switched off here; {CHECK_THE_FORM}"),
            (False, f"Reading from other sites is switched off here; {CHECK_THE_FORM}"),
        ],
    )
    def test_says_when_all_are_switched_off(
        self, double: MetadataDouble, settings: Any, is_on: bool, sentence: str
    ) -> None:
        settings.FETCH_METADATA, settings.FETCH_METADATA_EXCEPT = (
            is_on,
            ["arxiv", "huggingface", "semanticscholar"] if is_on else [],
        )

        assert asked(ARXIV) == sentence
        assert double.requested == []


class TestTime:
    @pytest.fixture
    def hung(self, double: MetadataDouble, monkeypatch: pytest.MonkeyPatch) -> MetadataDouble:
        """No service answers; the limits are a tenth of what they are."""
        monkeypatch.setattr(chain, "TIME_LIMIT", 0.8)
        monkeypatch.setattr(chain, "SITE_LIMIT", 0.4)
        monkeypatch.setattr(chain, "LEAST", 0.1)
        double.pause = 3.0
        return double

    def test_all_look_ups_of_a_draft_have_one_limit(self, hung: MetadataDouble) -> None:
        began = time.monotonic()

        assert asked(ARXIV) == f"arXiv is too slow at the moment; {CHECK_THE_FORM}"
        assert time.monotonic() - began < 1.2
        assert len(hung.requested) == 2

    def test_the_next_person_does_not_wait(self, hung: MetadataDouble) -> None:
        asked(ARXIV)
        hung.pause = 0.0
        hung.replies |= {"/arxiv": ATOM, "/scholar/ARXIV:2301.12598": PAPER}
        began = time.monotonic()

        assert asked({"arxiv_id": "2301.12598"}) == "Semantic Scholar"
        assert time.monotonic() - began < 0.3

    def test_one_hung_service_costs_its_limit_and_another_answers(
        self, double: MetadataDouble, hung: MetadataDouble
    ) -> None:
        hung.slow_paths = {"/arxiv"}
        hung.replies |= {"/arxiv": ATOM, "/hub/papers/2301.12597": PAPER}
        began = time.monotonic()

        assert asked(ARXIV) == "Hugging Face"
        assert time.monotonic() - began < 0.7

    def test_a_second_paste_does_not_wait_for_the_turn_of_arxiv(self, double: MetadataDouble) -> None:
        """Which wants three seconds between two requests."""
        double.replies |= {"/arxiv": ATOM, "/hub/papers/2301.12598": PAPER}
        asked(ARXIV)
        began = time.monotonic()

        assert asked({"arxiv_id": "2301.12598"}) == "Hugging Face"
        assert time.monotonic() - began < 2

    def test_the_same_again_asks_nobody(self, double: MetadataDouble) -> None:
        double.replies["/arxiv"] = ATOM

        assert [asked(ARXIV), asked(ARXIV)] == ["arXiv", "arXiv"]
        assert len(double.requested) == 1

    def test_a_server_has_time_to_answer_within_its_own_limit(self) -> None:
        """REQUEST_TIMEOUT is ten seconds at least."""
        assert chain.TIME_LIMIT < 10
        assert chain.LEAST < chain.SITE_LIMIT <= chain.TIME_LIMIT / 2
