"""The generated catalogue: the same for the same seed, of the shape it says, and only in a database of its own."""

from collections import Counter
from datetime import date
from io import StringIO
from itertools import islice
from random import Random

import pytest
from django.core.management import CommandError, call_command

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.management import generating, words
from catalog.management.generating import SERIALS, ForeignEntries, Plan, generate, publication
from catalog.models import Revision
from catalog.reading.search import search
from catalog.text.identifiers import arxiv_error
from submissions.management.commands import verify_ledger
from tests.factories import make_paper

SMALL = Plan(20)


def shares(size: int) -> dict[str, float]:
    """In how many of a hundred papers each term stands."""
    summaries = [payload["summary"].lower() for payload in Plan(size).payloads("paper")]
    terms = (words.RARE, words.MEDIUM, words.COMMON, words.VERY_COMMON)
    return {term: 100 * sum(term in summary for summary in summaries) / size for term in terms}


def test_plan_gives_the_same_payloads_for_the_same_seed() -> None:
    one, same, other = (list(Plan(5, seed).payloads("paper")) for seed in (7, 7, 8))

    assert one == same
    assert one != other


def test_plan_makes_each_payload_by_its_number_alone() -> None:
    assert list(SMALL.payloads("result", 37)) == list(SMALL.payloads("result"))[37:]


def test_plan_counts_a_tenth_as_many_datasets_and_twice_as_many_results() -> None:
    assert Plan(100_000).counts == {
        "topic": 200,
        "component": 1000,
        "dataset": 10_000,
        "benchmark": 500,
        "paper": 100_000,
        "result": 200_000,
    }


def test_plan_puts_the_terms_into_known_shares_of_the_descriptions() -> None:
    percentages = shares(4000)

    assert percentages[words.RARE] == 0.05  # two of 4,000: 0.03 % of a larger catalogue
    assert percentages[words.MEDIUM] == 1.0
    assert 28 < percentages[words.COMMON] < 32
    assert 95 < percentages[words.VERY_COMMON] < 97


def test_plan_describes_a_paper_in_about_sixty_words() -> None:
    lengths = [len(payload["summary"].split()) for payload in islice(Plan(300).payloads("paper"), 300)]

    assert 52 <= min(lengths) <= 58
    assert 62 <= max(lengths) <= 68


def test_no_two_papers_of_a_plan_share_an_arxiv_id_and_each_can_exist() -> None:
    numbers = [number + block * SERIALS for number in range(40) for block in range(9)]
    ids = {number: publication(number, Random(number))[2] for number in [*numbers, SERIALS - 1]}  # noqa: S311 -- no secret

    assert len(set(ids.values())) == len(ids)
    assert {arxiv_error(arxiv_id, date(2026, 1, 1)) for arxiv_id in ids.values()} == {""}


def test_words_of_the_prose_begin_with_no_term() -> None:
    terms = (words.RARE, words.MEDIUM, words.COMMON, words.VERY_COMMON)

    assert [word for word in words.PROSE if word.startswith(terms)] == []


@pytest.mark.django_db
def test_generate_publishes_the_plan_into_a_sound_catalogue() -> None:
    written = generate(SMALL)

    assert written == sum(SMALL.counts.values())
    assert {kind.name: kind.model.objects.count() for kind in KINDS.values()} == {
        **dict.fromkeys(KINDS, 0),
        **SMALL.counts,
    }
    assert Counter(Revision.objects.values_list("kind", flat=True)) == Counter(SMALL.counts)
    assert (
        Paper.objects.filter(slug=SMALL.slug("paper", 3)).values_list("summary", flat=True).get()
        == next(SMALL.payloads("paper", 3))["summary"]
    )
    assert search(words.MEDIUM, kind="paper").total == 1
    call_command(verify_ledger.Command(), stdout=StringIO())


@pytest.mark.django_db
def test_generate_goes_on_where_a_load_was_cut_short(monkeypatch: pytest.MonkeyPatch) -> None:
    class Cut(Exception):
        pass

    def cut(kind: str, done: int, count: int) -> None:
        if kind == "paper":
            raise Cut

    monkeypatch.setattr(generating, "CHUNK_SIZE", 8)
    with pytest.raises(Cut):
        generate(SMALL, cut)
    there = Revision.objects.count()

    assert generate(SMALL) == sum(SMALL.counts.values()) - there
    assert sorted(Result.objects.values_list("slug", flat=True)) == sorted(f"result-{number}" for number in range(40))


@pytest.mark.django_db
def test_generate_does_nothing_a_second_time() -> None:
    generate(SMALL)

    assert generate(SMALL) == 0


@pytest.mark.django_db
def test_generate_refuses_a_catalogue_that_people_made() -> None:
    make_paper(name="Flamingo")

    with pytest.raises(ForeignEntries, match="entries that were not generated"):
        generate(SMALL)
    assert Revision.objects.count() == 1


@pytest.mark.django_db
def test_generate_refuses_another_generated_catalogue() -> None:
    generate(SMALL)

    with pytest.raises(ForeignEntries, match=r"Generated: 20 papers, seed 1\."):
        generate(Plan(20, seed=2))


@pytest.mark.django_db
def test_command_says_how_many_entries_it_published() -> None:
    output = StringIO()
    call_command("generate", "5", stdout=output)
    call_command("generate", "5", stdout=output)

    first, second = output.getvalue().splitlines()
    assert first.startswith(f"Published {sum(Plan(5).counts.values())} entries in ")
    assert second == "The generated catalogue is in place; nothing to do."


@pytest.mark.django_db
def test_command_refuses_a_size_below_one() -> None:
    with pytest.raises(CommandError, match="1 or more"):
        call_command("generate", "0")
