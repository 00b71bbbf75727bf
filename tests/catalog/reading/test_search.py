"""Finding entries, on whichever engine the tests run."""

from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kinds import KINDS
from catalog.ledger.publishing import restore, retire
from catalog.models import SearchDocument
from catalog.reading import search
from catalog.text.folding import arxiv_ids, compact, marked, query_tokens, tokenize
from tests.factories import (
    make_benchmark,
    make_component,
    make_dataset,
    make_paper,
    make_result,
    make_revision,
    trace,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def catalogue() -> None:
    make_component(name="SigLIP-SO400M", family="SigLIP")
    make_paper(name="Qwen2.5-VL", authors=["Shuai Bai"], arxiv_id="2502.13923", summary="Reads documents and video.")
    make_paper(name="Qwen2-VL", arxiv_id="2409.12191")
    make_paper(name="LLaVA-1.5", title="Improved Baselines with Visual Instruction Tuning", arxiv_id="2310.03744")
    make_paper(name="Flamingo", summary="A visual language model for few-shot learning.")
    make_paper(name="Phi-4-Multimodal", aliases=["PH4 Mini"], vision_encoders=[{"component": "siglip-so400m"}])
    make_dataset(name="Visual Genome", summary="Dense annotations.", availability="public")
    make_benchmark(name="DocVQA", summary="Documents and questions. Flamingo is one of the models scored on it.")
    make_result(paper="flamingo", benchmark="docvqa", variant="Flamingo-80B")


def names(query: str, **narrowed: Any) -> list[str]:
    return [hit.text for hit in search.search(query, **narrowed).hits]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Qwen2.5-VL", "Qwen2.5-VL"),
        ("Qwen2.5 VL", "Qwen2.5-VL"),
        ("qwen2.5-vl", "Qwen2.5-VL"),
        ("qwen25vl", "Qwen2.5-VL"),
        ("llava 1.5", "LLaVA-1.5"),
        ("LLAVA", "LLaVA-1.5"),
        ("flam", "Flamingo"),
        ("flamigno", "Flamingo"),
        ("qwem2-vl", "Qwen2-VL"),
        ("PH4 Mini", "Phi-4-Multimodal"),
        ("2310.03744", "LLaVA-1.5"),
        ("arXiv:2310.03744v2", "LLaVA-1.5"),
        ("https://arxiv.org/abs/2310.03744", "LLaVA-1.5"),
        ("shuai bai", "Qwen2.5-VL"),
        ("instruction tuning", "LLaVA-1.5"),
        ("siglip so400m", "SigLIP-SO400M"),
        ("few shot", "Flamingo"),
        ("vísual génome", "Visual Genome"),
        ("docvqa", "DocVQA"),
    ],
)
def test_the_right_entry_is_first(catalogue: None, query: str, first: str) -> None:
    assert names(query)[0] == first


def test_a_name_goes_before_a_mention_and_a_model_before_its_results(catalogue: None) -> None:
    assert names("flamingo") == ["Flamingo", "Flamingo-80B on DocVQA: accuracy", "DocVQA"]


def test_all_words_must_match_and_any_will_do_when_nothing_matches_all(catalogue: None) -> None:
    assert names("documents video") == ["Qwen2.5-VL"]
    guess = search.search("documents zebra")
    assert guess.guessed
    assert {hit.text for hit in guess.hits} == {"Qwen2.5-VL", "DocVQA"}


def test_kind_and_year_narrow(catalogue: None) -> None:
    assert names("flamingo", kind="benchmark") == ["DocVQA"]
    assert names("flamingo", year=1999) == []


def test_counts_are_by_kind(catalogue: None) -> None:
    assert search.search("flamingo").kinds == [("paper", 1), ("result", 1), ("benchmark", 1)] or sorted(
        search.search("flamingo").kinds
    ) == [("benchmark", 1), ("paper", 1), ("result", 1)]


def test_search_finds_the_new_text_of_an_edit_and_not_the_old(catalogue: None) -> None:
    paper = make_paper(name="Striped", summary="A zebra.")
    make_revision("paper", entry=paper, summary="An okapi.")

    assert names("okapi") == ["Striped"]
    assert names("zebra") == []


def test_a_retired_entry_is_in_no_result(catalogue: None) -> None:
    retire(entry=make_paper(name="Zebra"), trace=trace("No."))

    assert names("zebra") == []
    assert not SearchDocument.objects.filter(slug="zebra").exists()


def test_what_is_rolled_back_leaves_no_ghost(catalogue: None) -> None:
    with transaction.atomic():
        make_paper(name="Zebra")
        transaction.set_rollback(True)

    assert names("zebra") == []


def test_a_search_for_a_renamed_component_finds_its_models(catalogue: None) -> None:
    component = make_component(name="Old Eye")
    make_paper(name="Watcher", vision_encoders=[{"component": "old-eye"}])
    make_revision("component", entry=component, name="Keen Eye")

    assert "Watcher" in names("keen eye")


@pytest.mark.parametrize(
    "query",
    [
        '"',
        "'",
        "(",
        ")",
        "a-b",
        "-x",
        "NOT",
        "a AND",
        "OR OR",
        "NEAR(a b)",
        "*",
        "a*",
        "name:x",
        "^x",
        "🦩",
        "\ud800",
        "a\x00b",
        "%",
        "_",
        "\\",
        "<b>",
        "&|!",
        ":*",
        "x" * 7_900,  # what a query may hold
        "a " * 3_900,
    ],
)
def test_every_query_is_text(catalogue: None, client: Client, query: str) -> None:
    search.search(query)
    search.suggest(query)
    assert client.get("/search/", {"q": query.encode("utf-8", "replace").decode()}).status_code == 200


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(query=st.text(max_size=80))
def test_no_query_is_an_error(catalogue: None, query: str) -> None:
    page = search.search(query)

    assert page.total >= len(page.hits)


def test_a_search_costs_a_bounded_number_of_queries(catalogue: None, django_assert_max_num_queries: Any) -> None:
    for query in ("flamingo", "flamigno", "documents zebra", "nothing at all here"):
        with django_assert_max_num_queries(8):
            search.search(query)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="how SQLite orders its tables")
def test_the_text_is_searched_once_and_not_once_a_document(catalogue: None) -> None:
    with CaptureQueriesContext(connection) as captured:
        search.search("flamingo", kind="paper")

    with connection.cursor() as cursor:
        for query in captured.captured_queries[:2]:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            assert "VIRTUAL TABLE" in cursor.fetchone()[3]


def test_equal_matches_are_in_the_order_of_their_entries_whenever_they_were_indexed() -> None:
    first, second = make_paper(name="Zebra A"), make_paper(name="Zebra B")
    retire(entry=first, trace=trace())
    restore(kind=KINDS["paper"], entry_id=first.pk, trace=trace())

    assert [hit.slug for hit in search.search("zebra").hits] == [first.slug, second.slug]
    assert [hit.slug for hit in search.suggest("zebra x")] == [first.slug, second.slug]


def test_suggestions_for_a_page_that_is_not_there(catalogue: None, client: Client) -> None:
    response = client.get("/papers/qwen2-5-lv/")

    assert response.status_code == 404
    assert 'href="/papers/qwen2-5-vl/"' in response.content.decode()


def test_the_page_marks_what_matched(catalogue: None, client: Client) -> None:
    page = client.get("/search/?q=few-shot").content.decode()

    assert "<mark>few-shot</mark>" in page
    assert client.get("/search/?q=few&page=99999").status_code == 200
    assert client.get("/search/?q=few&kind=odd&year=odd").status_code == 200


class TestText:
    def test_spellings_meet(self) -> None:
        assert compact("Qwen2.5-VL") == compact("qwen 2.5 vl") == "qwen25vl"

    def test_arxiv_ids_lose_their_version(self) -> None:
        assert arxiv_ids("see arXiv:2304.08485v2") == ["230408485"]
        assert query_tokens("2304.08485v2") == ["2304", "08485"]

    @given(st.text(max_size=60), st.lists(st.text(max_size=5), max_size=3))
    def test_marking_loses_nothing(self, text: str, words: list[str]) -> None:
        assert "".join(piece for piece, _ in marked(text, words)) == text


@given(st.text(st.characters(max_codepoint=127)))
def test_a_plain_text_folds_as_any_other(text: str) -> None:
    assert tokenize(text) == tokenize(f"{text} é")[:-1]
