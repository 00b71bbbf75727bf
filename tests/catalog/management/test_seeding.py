"""How the seed publishes its files: in batches, each thing once, whatever people have done since."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kinds import KINDS
from catalog.kinds.dataset.model import Dataset
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger.publishing import merge, publish, restore, retire
from catalog.management import seed_files, seed_lines, seeding
from catalog.management.commands.seed import Command
from catalog.management.seed_ledger import SeedLedger
from catalog.management.seeding import seed
from catalog.models import Revision, SeededFixtures
from tests.catalog.ledger.tables import all_tables
from tests.catalog.management.fixture_files import (
    LIST,
    METRICS,
    NOTHING,
    URL,
    add_revision,
    item,
    merging,
    published,
    result,
    retiring,
    write_items,
    write_lines,
    write_removals,
)
from tests.factories import make, make_revision, trace

pytestmark = pytest.mark.django_db


def test_every_revision_has_its_comment_source_and_accounts(fixtures: Path) -> None:
    report = seed()

    assert published(report) == (7, [], [])
    rows = Revision.objects.filter(kind__in=("dataset", "result")).order_by("pk")
    assert list(rows.values_list("slug", "number", "comment", "source", "contributor", "approver")) == [
        ("coco", 1, "Change 1.", f"{URL}#1", "curation", "list-moderator"),
        ("coco", 2, "Change 2.", f"{URL}#2", "curation", "list-moderator"),
        ("clip-on-vqa-a", 1, "Adds a board.", URL, "curation", "list-moderator"),
        ("clip-on-vqa-a-2", 1, "Adds a board.", URL, "curation", "list-moderator"),
    ]
    assert list(Result.objects.order_by("pk").values_list("value", "metric", "verification", "locator")) == [
        ("0.50", "a", "checked", "row 0.50"),
        ("0.625", "a", "checked", "row 0.625"),
    ]


def test_a_second_run_asks_for_the_digest_alone(fixtures: Path, django_assert_num_queries: Any) -> None:
    seed()

    with django_assert_num_queries(1):
        assert published(seed()) == NOTHING


def test_without_the_digest_a_second_run_finds_everything_in_the_ledger(fixtures: Path) -> None:
    seed()
    SeededFixtures.objects.all().delete()
    before = all_tables()

    assert published(seed()) == NOTHING
    assert {**all_tables(), "SeededFixtures": []} == {**before, "SeededFixtures": []}


def test_a_file_with_more_lines_publishes_those_alone(fixtures: Path) -> None:
    seed()
    write_lines(fixtures, "board.jsonl", [result("0.50"), result("0.7"), result("0.625")])

    assert published(seed()) == (1, [], [])
    assert Result.objects.latest("pk").value == "0.7"
    assert published(seed()) == NOTHING


def test_lines_of_one_claim_are_counted(fixtures: Path) -> None:
    """Two metrics that one cell prints are known by nothing but their names, which people may change."""
    cell = result("0.50", 7)
    write_lines(fixtures, "board.jsonl", [cell, {**cell, "metric": "b"}])
    seed()
    SeededFixtures.objects.all().delete()

    assert published(seed()) == NOTHING
    write_lines(fixtures, "board.jsonl", [cell, {**cell, "metric": "b"}, {**cell, "metric": "b", "part": "x"}])
    assert published(seed()) == (1, [], [])


def edited(entry: Result) -> None:
    changes = {"value": "0.51", "locator": "elsewhere", "source_url": f"{URL}?{entry.pk}-{entry.revision}"}
    payload = {**KINDS["result"].dump(entry), **changes}
    publish(kind=KINDS["result"], payload=payload, trace=trace(), entry=entry)


def retired(entry: Result) -> None:
    retire(entry=entry, trace=trace("Wrong."))


def restored(entry: Result) -> None:
    retired(entry)
    restore(kind=KINDS["result"], entry_id=entry.pk, trace=trace())


def merged(entry: Result) -> None:
    merge(entry=entry, into=Result.objects.exclude(pk=entry.pk).latest("pk"), trace=trace())


def with_another_model(entry: Result) -> None:
    """The model of the result moves, is merged into another, and lists its metric under another name."""
    clip, blip = (Paper.objects.with_references().get(slug=slug) for slug in ("clip", "blip"))
    make_revision("paper", clip, slug="openai-clip")
    merge(entry=Paper.objects.get(slug="openai-clip"), into=blip, trace=trace())


def with_another_metric(entry: Result) -> None:
    metrics = [{**METRICS[0], "name": "accuracy", "aliases": ["a"]}, METRICS[1]]
    vqa = KINDS["benchmark"].model.objects.with_references().get(slug="vqa")
    make_revision("benchmark", vqa, metrics=metrics, summary=f"Revision {vqa.revision + 1}.")


@pytest.mark.parametrize(
    "change", [edited, retired, restored, merged, with_another_model, with_another_metric], ids=lambda one: one.__name__
)
def test_no_line_comes_again_whatever_people_did(fixtures: Path, change: Callable[[Result], None]) -> None:
    seed()
    change(Result.objects.with_references().get(value="0.50"))
    write_lines(fixtures, "board.jsonl", [result("0.50"), result("0.625"), result("0.7")])

    assert published(seed()) == (1, [], [])
    SeededFixtures.objects.all().delete()
    assert published(seed()) == NOTHING


def test_no_line_comes_again_when_its_model_is_merged_during_the_run(
    fixtures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed()
    write_lines(fixtures, "board.jsonl", [result("0.50"), result("0.625"), result("0.7")])
    monkeypatch.setattr(seed_lines, "LINES", 1)

    def merge_meanwhile(name: str, done: int, total: int) -> None:
        if (name, done) == ("board.jsonl", 1):
            with_another_model(Result.objects.latest("pk"))

    assert published(seed(merge_meanwhile)) == (1, [], [])


def test_lines_of_models_that_the_seed_itself_merges_are_counted(fixtures: Path) -> None:
    """Two metrics of one cell, of which one is published before the merge and one after it."""
    write_lines(fixtures, "board.jsonl", [result("0.50", 7)])
    write_removals(fixtures, merging("clip", "blip", "paper"))
    write_lines(fixtures, "board.jsonl", [result("0.50", 7, paper="blip", metric="b")], part="catalogue")

    assert seed().refused == []
    assert list(Result.objects.order_by("pk").values_list("paper__slug", "metric")) == [("blip", "a"), ("blip", "b")]
    SeededFixtures.objects.all().delete()
    assert published(seed()) == NOTHING


ACTIONS = [edited, retired, restored, with_another_model, with_another_metric]


@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    steps=st.lists(st.tuples(st.integers(0, 4), st.integers(0, 9)), max_size=3),
    sizes=st.lists(st.integers(0, 6), min_size=2, max_size=3),
)
def test_any_order_of_appending_and_changing_publishes_each_line_once(
    fixtures: Path, steps: list[tuple[int, int]], sizes: list[int]
) -> None:
    with transaction.atomic():
        total = 0
        for size in sizes:
            total += size
            write_lines(fixtures, "board.jsonl", [result(f"0.{10 + number}") for number in range(total)])
            assert seed().refused == []
            for action, which in steps:
                rows = list(Result.objects.with_references().order_by("pk"))
                if rows and Paper.objects.filter(slug="clip").exists():
                    ACTIONS[action](rows[which % len(rows)])
            created = Revision.objects.filter(kind="result", number=1)
            assert created.count() == total
        transaction.set_rollback(True)


def test_a_claim_that_somebody_else_published_is_not_reported(fixtures: Path) -> None:
    write_lines(fixtures, "board.jsonl", [])
    seed()
    make("result", name="", paper="clip", benchmark="vqa", metric="a", value="0.50", scale="fraction", source_url=URL)
    write_lines(fixtures, "board.jsonl", [result("0.50"), result("0.625")])

    assert published(seed()) == (1, [], [])


def test_what_is_refused_is_named_and_keeps_no_other(fixtures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_lines(fixtures, "board.jsonl", [result("0.50"), result("1.50"), result("0.625")])
    write_items(fixtures, "03-datasets.yaml", [item("x", {"name": "X", "size_count": -1}), item("y", {"name": "Y"})])

    call_command("seed")

    printed = capsys.readouterr()
    assert printed.err.splitlines() == [
        "Not published: dataset x: size_count: Ensure this value is greater than or equal to 0.",
        (
            "Not published: board.jsonl, line 3: value: 1.50 printed as fraction is 150, but a"
            " lies between 0 and 100 %. Correct the value or say how it is printed (scale); if the bounds are wrong,"
            " correct the benchmark."
        ),
    ]
    assert printed.out == "Published 0 entries of the list and 8 sourced revisions.\n"
    assert len(seed().refused) == 2, "the next run reports it again"


def test_what_people_changed_since_is_not_overwritten(fixtures: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_items(fixtures, "03-datasets.yaml", [item("gqa", {"name": "GQA"})])
    seed()
    make_revision("dataset", Dataset.objects.with_references().get(slug="gqa"), summary="By a person.", slug="gqa-2")
    for name, slug in (("01-datasets.yaml", "coco"), ("03-datasets.yaml", "gqa")):
        write_items(fixtures, name, [item(slug, {"name": slug.upper()}, {"year": 2014}, {"summary": "By a fixture."})])

    call_command("seed")

    assert capsys.readouterr().out == (
        "Left alone, people have changed it since: dataset gqa.\n"
        "Published 0 entries of the list and 1 sourced revisions.\n"
    )
    assert dict(Dataset.objects.values_list("slug", "summary")) == {"coco": "By a fixture.", "gqa-2": "By a person."}


def test_a_revision_that_changed_nothing_does_not_come_back(fixtures: Path) -> None:
    """It has no row in the ledger, so it is missing there for ever."""
    write_items(fixtures, "01-datasets.yaml", [item("coco", {"name": "COCO", "year": 2014}, {"year": 2014})])
    seed()
    add_revision(fixtures, "01-datasets.yaml", "coco", {"year": 2015}, "The source says: 2015.")
    seed()
    write_items(fixtures, "03-datasets.yaml", [item("gqa", {"name": "GQA"})])

    assert published(seed()) == (1, [], [])
    assert Dataset.objects.get(slug="coco").year == 2015


def test_a_revision_that_changed_nothing_does_not_undo_that_of_a_later_file(fixtures: Path) -> None:
    write_items(fixtures, "01-datasets.yaml", [item("coco", {"name": "COCO", "year": 2014})])
    nothing_new = {"comment": "From the paper.", "source": URL, "changes": {"year": 2014}}
    write_items(fixtures, "03-datasets.yaml", [{"slug": "coco", "revisions": [nothing_new]}])
    later = {"comment": "Corrected.", "source": URL, "changes": {"year": 2015}, "slug": "ms-coco"}
    write_items(fixtures, "05-datasets.yaml", [{"slug": "coco", "revisions": [later]}])
    seed()
    write_items(fixtures, "07-datasets.yaml", [item("gqa", {"name": "GQA"})])

    assert published(seed()) == (1, [], [])
    assert Dataset.objects.get(slug="ms-coco").year == 2015


def test_a_revision_appended_to_an_earlier_file_does_not_undo_that_of_a_later_one(fixtures: Path) -> None:
    """A site that had the later file first says the same in the end as one that gets both at once."""
    later = {"comment": "Corrected.", "source": URL, "changes": {"year": 2015}}
    write_items(fixtures, "03-datasets.yaml", [{"slug": "coco", "revisions": [later]}])
    seed()
    add_revision(fixtures, "01-datasets.yaml", "coco", {"year": 2013, "summary": "Photographs."}, "From the paper.")

    assert published(seed()) == (1, [], [])
    assert list(Dataset.objects.values_list("year", "summary")) == [(2015, "Photographs.")]


def test_a_run_that_was_interrupted_continues(fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seed_lines, "LINES", 1)

    def interrupt(name: str, done: int, total: int) -> None:
        if name.endswith(".jsonl"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        seed(interrupt)
    assert Result.objects.count() == 1
    assert not SeededFixtures.objects.exists()

    assert published(seed()) == (1, [], [])
    assert SeededFixtures.objects.count() == 1


def test_entries_of_a_file_may_refer_to_one_another_and_move(fixtures: Path) -> None:
    origin = {"origins": [{"relation": "fine-tuned-from", "paper": "llava-1-5"}]}
    write_items(
        fixtures,
        "11-papers.yaml",
        [
            item("llava-15", {"name": "LLaVA-1.5"}, {}, moves_to="llava-1-5"),
            item("llava-next", {"name": "LLaVA-NeXT", **origin}, {"year": 2024}),
            item("otter", {"name": "Otter", "origins": [{"relation": "fine-tuned-from", "paper": "llava-15"}]}),
        ],
    )

    assert seed().refused == []
    origins = [KINDS["paper"].dump(paper)["origins"] for paper in Paper.objects.order_by("pk")[2:]]
    assert [[row["paper"] for row in rows] for rows in origins] == [[], ["llava-1-5"], ["llava-1-5"]]


def test_an_identifier_that_an_entry_gives_up_passes_to_the_next(fixtures: Path) -> None:
    """What cannot be published together is published one after the other."""
    arxiv = {"arxiv_id": "2304.08485"}
    papers = [
        item("a", {"name": "A", **arxiv}, {"arxiv_id": "2310.03744"}),
        item("b", {"name": "B", **arxiv}),
        item("c", {"name": "C"}),
    ]
    write_items(fixtures, "11-papers.yaml", papers)

    assert seed().refused == []
    ids = Paper.objects.filter(slug__in="abc").order_by("slug").values_list("slug", "arxiv_id")
    assert list(ids) == [("a", "2310.03744"), ("b", "2304.08485"), ("c", "")]


def test_fixtures_may_use_the_former_names_of_fields(fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KINDS["dataset"].form, "renamed", {"about": "summary"})
    monkeypatch.setattr(KINDS["dataset"].form, "dropped", {"colour": "Nobody filled it in."})
    write_items(fixtures, "03-datasets.yaml", [item("gqa", {"name": "GQA", "about": "Questions.", "colour": "red"})])

    assert seed().refused == []
    assert Dataset.objects.get(slug="gqa").summary == "Questions."


def test_lines_may_use_the_former_names_of_fields(fixtures: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = KINDS["result"].form
    monkeypatch.setattr(form, "renamed", {**form.renamed, "place": "locator"})
    lines = [{"paper": "clip", "value": value, "place": value} for value in ("0.50", "0.625")]
    write_lines(fixtures, "board.jsonl", lines)
    assert seed().refused == []
    SeededFixtures.objects.all().delete()

    assert published(seed()) == NOTHING
    assert list(Result.objects.order_by("pk").values_list("locator", flat=True)) == ["0.50", "0.625"]


def test_the_command_says_what_it_is_doing(
    fixtures: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("catalog.management.commands.seed.PROGRESS_SECONDS", 0.0)

    call_command("seed")

    lines = capsys.readouterr().out.splitlines()
    assert [line.partition("s: ")[2] for line in lines[:-1]] == [
        "01-datasets.yaml, 1 of 1",
        "02-benchmarks.yaml, 1 of 1",
        "10-papers.yaml, 2 of 2",
        "board.jsonl, 2 of 2",
    ]


def test_a_seed_by_hand_runs_the_system_checks() -> None:
    assert Command.requires_system_checks == "__all__"


def test_the_digest_changes_with_names_and_contents_alone(fixtures: Path) -> None:
    first = seed_files.digest_of(fixtures, ["list", "curation"])
    path = fixtures / "curation" / "01-datasets.yaml"
    path.touch()
    assert seed_files.digest_of(fixtures, ["list", "curation"]) == first

    path.rename(path.with_name("09-datasets.yaml"))
    renamed = seed_files.digest_of(fixtures, ["list", "curation"])
    (fixtures / "list" / seeding.LIST_FILE).write_text(f"{LIST}\n")
    assert len({first, renamed, seed_files.digest_of(fixtures, ["list", "curation"])}) == 3


def test_a_ledger_that_published_knows_what_one_that_reads_knows(fixtures: Path) -> None:
    write_removals(fixtures, merging("clip", "blip", "paper"), retiring("coco", "dataset"))
    seed()
    read, told = SeedLedger(), SeedLedger()
    read.catch_up()
    for revision in Revision.objects.order_by("pk"):
        told.remember(revision)
    known = known_to(told)

    assert known_to(read) == known
    read.catch_up()
    assert known_to(read) == known
    assert read.claims.made.total() == 2


def known_to(ledger: SeedLedger) -> dict[str, Any]:
    return {**vars(ledger), "claims": ledger.claims.made}
