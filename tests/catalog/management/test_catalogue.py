"""The whole catalogue as a new portal gets it: published once, then audited."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.component.model import Component
from catalog.kinds.paper.model import Paper, SamePaper
from catalog.kinds.result.model import Result
from catalog.management.seed_run import SeedReport
from catalog.management.seeding import seed
from catalog.models import Revision, SeededFixtures
from catalog.reading.results.fetching import kept, measured_on
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import boards_of, view
from catalog.text.source_classes import source_class
from tests.catalog.management.counting import counts_of_files

EDITING = re.compile(
    r"\b(the seed|not re-read|re-read here|unverified|keep the entry|misreading|todo|fixme)\b",
    re.IGNORECASE,
)
"""Remarks of whoever enters data; a summary is about its entry."""
REPORTS: list[SeedReport] = []


@pytest.fixture(scope="module")
def catalogue(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The catalogue, published once for the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        REPORTS.append(seed())
        yield
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("catalogue")]


@pytest.fixture(scope="module")
def measured(catalogue: None, django_db_blocker: Any) -> list[Measured]:
    """What is measured on each benchmark."""
    with django_db_blocker.unblock():
        return list(measured_on(list(Benchmark.objects.select_related("reference_protocol"))).values())


def repeated(names: Iterable[str]) -> list[str]:
    return [name for name, times in Counter(names).items() if times > 1]


def test_everything_is_published_and_nothing_refused() -> None:
    [report] = REPORTS
    assert (report.refused, report.left_alone) == ([], [])


def test_a_second_run_compares_everything_and_finds_nothing_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """As at an edition of the fixtures that differs in nothing but its digest."""
    before = Revision.objects.count()
    digests = SeededFixtures.objects.all()
    assert digests.delete()[0] == 1

    call_command("seed")

    printed = capsys.readouterr()
    assert ("nothing to do" in printed.out, printed.err, Revision.objects.count()) == (True, "", before)
    assert digests.count() == 1


def test_every_entry_of_the_files_is_there() -> None:
    """Every result, too: none is refused as a rival of another. The counts are shown with `pytest -rP`."""
    counts = {name: kind.model.objects.count() for name, kind in KINDS.items()}
    classes = Counter(source_class(url) or "not classed" for url in Result.objects.values_list("source_url", flat=True))
    print(counts, dict(classes))  # noqa: T201 -- to be read with -rP

    assert counts == dict.fromkeys(KINDS, 0) | counts_of_files()


def test_nine_of_ten_results_are_on_a_ranked_board(measured: list[Measured]) -> None:
    total, on_ranked, large = 0, 0, 0
    for one in measured:
        for key, claims in boards_of(one).items():
            total += len(claims)
            for name in {claim.metric for claim in claims}:
                board = view(one, key, name).board
                if board.has_places:
                    on_ranked += sum(claim.metric == name for claim in claims)
                    large += len({row.claim.checkpoint for row in board.ranked}) >= 10
    print(f"{on_ranked} of {total} results on ranked boards; {large} with ten or more")  # noqa: T201
    assert on_ranked >= 0.9 * total
    assert large >= 120


def test_a_checkpoint_of_two_harnesses_stands_on_both_boards(measured: list[Measured]) -> None:
    tracks = defaultdict[tuple[Any, ...], set[str]](set)
    for one in measured:
        for claim in one.claims:
            tracks[claim.benchmark, claim.metric, *claim.checkpoint].add(claim.track.partition(",")[0])
    assert sum({"open_clip", "MTEB"} <= names for names in tracks.values()) >= 100


def test_no_two_entries_are_one() -> None:
    same = {frozenset(pair) for pair in SamePaper.objects.values_list("owner", "paper")}
    by_id = defaultdict[str, list[int]](list)
    for pk, arxiv_id in Paper.objects.exclude(arxiv_id="").values_list("pk", "arxiv_id"):
        by_id[arxiv_id].append(pk)
    clashes = [
        arxiv_id
        for arxiv_id, pks in by_id.items()
        if any(frozenset((one, other)) not in same for one in pks for other in pks if one < other)
    ]
    assert clashes == []
    weights = [
        row["weights_url"]
        for variants in Paper.objects.values_list("variants", flat=True)
        for row in variants
        if row.get("weights_url")
    ]
    assert repeated(weights) == []
    for kind in KINDS.values():
        if kind.name != "result":
            names = kind.model.objects.values_list("name", flat=True)
            assert repeated(name.casefold() for name in names) == [], kind.name


def test_no_benchmark_is_without_a_metric() -> None:
    doubtful = ("not-a-benchmark", "unconfirmed")
    bare = Benchmark.objects.filter(metrics=[], results__isnull=False).distinct()
    assert [one.slug for one in bare] == []
    assert [one.slug for one in Benchmark.objects.filter(metrics=[]).exclude(standing__in=doubtful)] == []


def test_every_component_has_a_type_and_a_source() -> None:
    assert [one.slug for one in Component.objects.all() if not one.type or not one.sources] == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_no_summary_is_about_editing(kind: Any) -> None:
    texts = kind.model.objects.values_list("slug", "summary", "notes")
    found = [slug for slug, *rest in texts if any(EDITING.search(text) for text in rest)]
    assert found == []


def test_every_result_names_a_variant_that_its_model_lists() -> None:
    listed = {pk: {row["name"] for row in variants} for pk, variants in Paper.objects.values_list("pk", "variants")}
    named = Result.objects.exclude(variant="").values_list("slug", "paper", "variant")
    assert [slug for slug, paper, variant in named if variant not in listed[paper]] == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 20),  # of which seven look for the names of what was merged
        ("/benchmarks/mmmu/", 12),
        ("/benchmarks/mmmu/leaderboard/", 8),
        ("/papers/openclip-laion/", 13),
        ("/papers/clip/", 15),
    ],
)
def test_the_largest_pages_stay_within_their_queries(
    client: Client, path: str, most: int, django_assert_max_num_queries: Any
) -> None:
    kept.clear()
    with django_assert_max_num_queries(most):
        assert client.get(path).status_code == 200
