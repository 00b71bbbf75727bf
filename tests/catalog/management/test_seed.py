"""The seed catalogue: faithful to the list first, then corrected, every value with its source."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.test import Client

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.component.model import Component
from catalog.kinds.dataset.model import Dataset
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger.blame import blame
from catalog.ledger.checking import find_refused_values
from catalog.ledger.integrity import find_errors
from catalog.management.seed_files import item_files
from catalog.management.seed_ledger import SeedLedger
from catalog.management.seeding import FIXTURES, seed
from catalog.models import FormerSlug, Revision
from catalog.reading.lineage import descendants
from catalog.reading.results.fetching import measured_on
from catalog.reading.results.overview import board_results
from catalog.reading.results.views import BoardKey, view
from submissions.forms import payload_from_post, rendered_form
from tests.posting import fields_of

REAL_CURATION_ERRORS = 110


@pytest.fixture(scope="module")
def seeded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """One seeded database for the module; each test's own changes are rolled back, and this one at the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed(list_only=True)
        yield
        transaction.set_rollback(True)


pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]


def snapshots(kind: str, slug: str) -> list[Revision]:
    entry = KINDS[kind].model.objects.get(slug=slug)
    return list(Revision.objects.of(kind, entry.pk))


def test_counts() -> None:
    assert {name: kind.model.objects.count() for name, kind in KINDS.items() if name != "component"} == {
        **dict.fromkeys(KINDS.keys() - {"component"}, 0),
        "paper": 25,
        "dataset": 29,
        "benchmark": 51,
        "topic": 20,
        "result": 870,
    }


def test_revision_one_is_what_the_list_says_and_the_rest_is_curation() -> None:
    listed = Revision.objects.filter(contributor="the-list").exclude(kind="component")

    assert {revision.number for revision in listed} == {1}
    assert listed.count() == 75
    assert set(Revision.objects.values_list("contributor", "approver")) == {
        ("the-list", "list-moderator"),
        ("curation", "list-moderator"),
    }


def test_every_error_of_the_list_is_reported_in_plain_english() -> None:
    comments = Revision.objects.filter(contributor="curation").values_list("comment", flat=True)

    assert sum(comment.count("The list said: ") for comment in comments) == REAL_CURATION_ERRORS
    assert sum(comment.count("The source says: ") for comment in comments) == REAL_CURATION_ERRORS


def test_history_shows_the_value_of_the_list_and_that_of_the_source() -> None:
    first, *_, newest = snapshots("paper", "qwen2-vl")

    assert [row["as_stated"] for row in first.snapshot["variants"]] == ["7B-14B"]
    assert newest.snapshot["variants"][0]["as_stated"] == "2B"
    brought = {row.field: row.revision for row in blame(KINDS["paper"], snapshots("paper", "qwen2-vl"))}
    assert "The list said" in brought["variants"].comment
    assert brought["section"].contributor == "the-list"


def test_every_entry_can_say_where_its_facts_were_read() -> None:
    for kind in ("paper", "dataset", "benchmark", "result"):
        without = [entry.slug for entry in KINDS[kind].model.objects.all() if not entry.sources]
        assert without == []


def test_general_knowledge_is_marked() -> None:
    marked = [
        entry for entry in Dataset.objects.all() if any(row["confidence"] == "unverified" for row in entry.sources)
    ]

    assert len(marked) == 29


def test_it_is_kept_apart_what_was_read_in_the_source_and_what_in_a_copy() -> None:
    assert Counter(Result.objects.values_list("verification", flat=True)) == {
        "checked": 440,
        "checked-in-copy": 416,
        "reported": 14,
    }
    copies = Result.objects.filter(Q(read_in__startswith="reading notes") | Q(read_in__contains="copy of"))
    assert set(copies.values_list("verification", flat=True)) == {"checked-in-copy"}
    assert set(Result.objects.filter(state="disputed").values_list("paper__slug", "benchmark__slug")) == {
        ("blip-2", "flickr30k-retrieval"),
        ("blip-2", "ok-vqa"),
        ("blip-2", "vqav2"),
    }


def test_values_are_stored_as_printed() -> None:
    printed = [newest_changes(row)["value"] for row in raw_results()]

    assert sorted(printed) == sorted(Result.objects.values_list("value", flat=True))
    fractions = Result.objects.filter(scale="fraction")
    assert fractions.count() == 108
    assert {value[:2] for value in fractions.values_list("value", flat=True)} == {"0."}
    gemma = Result.objects.get(slug="gemma-3-27b-it-vqav2-val-accuracy")
    assert (gemma.value, gemma.scale, gemma.number) == ("0.71", "fraction", Decimal(71))


def test_what_was_inferred_is_marked_and_says_how_it_was_concluded() -> None:
    rows = [row for result in Result.objects.all() for row in result.inferred]

    assert Counter(row["field"] for row in rows) == {
        "setting": 134,
        "split": 304,
        "adaptation": 116,
        "shots": 72,
        "judge": 15,
        "part": 5,
        "variant": 6,
        "metric": 2,
    }
    assert [row for row in rows if not row["reason"]] == []


def test_results_name_what_their_benchmark_and_model_list() -> None:
    unlisted = []
    for result in Result.objects.select_related("benchmark", "paper"):
        benchmark, model = result.benchmark, result.paper
        lists = {
            "metric": benchmark.metrics,
            "split": benchmark.splits,
            "part": benchmark.parts,
            "variant": model.variants,
        }
        named = {key: getattr(result, key) for key in lists}
        unlisted += [
            (result.slug, key, name)
            for key, name in named.items()
            if name and name not in [row["name"] for row in lists[key]]
        ]
    assert unlisted == []


def raw_results() -> list[dict[str, Any]]:
    files = sorted((FIXTURES / "curation/results").glob("*.yaml"))
    return [row for path in files for row in yaml.load(path.read_text(), Loader=yaml.CSafeLoader)]


def newest_changes(row: dict[str, Any]) -> dict[str, Any]:
    """What the revisions of a row of the fixtures say together."""
    changes: dict[str, Any] = {}
    for revision in row["revisions"]:
        changes |= revision["changes"]
    return changes


def test_the_files_hold_no_float_and_each_slug_once() -> None:
    def floats(value: Any) -> list[float]:
        if isinstance(value, dict):
            return [number for one in value.values() for number in floats(one)]
        if isinstance(value, list):
            return [number for one in value for number in floats(one)]
        return [value] if isinstance(value, float) else []

    for folder in (FIXTURES / "curation", FIXTURES / "catalogue"):
        for file in item_files(folder):
            slugs = Counter(item.slug for item in file.items)
            assert [slug for slug, times in slugs.items() if times > 1] == [], file.name
            assert [item.slug for item in file.items if floats([row.changes for row in item.revisions])] == [], (
                file.name
            )


def test_each_comment_is_there_once_of_an_entry() -> None:
    """A revision is known by it: a second one with the same comment would count as published."""
    comments = Counter[tuple[str, int, str]]()
    ledger = SeedLedger()
    ledger.catch_up()
    for file in item_files(FIXTURES / "curation"):
        for item in file.items:
            entry_id = ledger.ids[item.kind, item.slug]
            comments.update((item.kind, entry_id, row.comment) for row in item.revisions)
    assert [known for known, times in comments.items() if times > 1] == []


def test_rival_values_stay_side_by_side() -> None:
    same = Result.objects.filter(benchmark__slug="ai2d", paper__slug="nvlm-1-0").values_list("value", flat=True)
    assert {"94.2", "85.2"} <= set(same)
    benchmarks = list(Benchmark.objects.select_related("reference_protocol"))
    boards = [view(measured).board for measured in measured_on(benchmarks).values()]
    assert any(cell.rivals for board in boards for row in board.ranked for cell in row.cells.values())


def test_the_best_number_on_mmmu_is_first() -> None:
    mmmu = Benchmark.objects.select_related("reference_protocol").get(slug="mmmu")
    shown = view(measured_on([mmmu])[mmmu.pk])

    assert shown.key == BoardKey(part="", split="validation", track="")
    assert [str(row.claim.number) for row in shown.board.ranked[:2]] == ["70.2", "64.9"]
    assert shown.board.better_but_unlike == ()


def test_every_result_has_a_place_or_a_reason_why_not() -> None:
    benchmarks = list(Benchmark.objects.select_related("reference_protocol"))
    rows = [row for measured in measured_on(benchmarks).values() for row in board_results(measured)]
    claims = {claim.slug: row for row in rows for claim in row.cell.claims}

    assert claims.keys() == set(Result.objects.values_list("slug", flat=True))
    assert [slug for slug, row in claims.items() if not row.place and not row.reason] == []
    assert sum(row.place is not None for row in claims.values()) >= 0.65 * len(claims)


def test_a_name_that_was_wrong_moved_and_still_leads_there(client: Client) -> None:
    assert client.get("/papers/ph4-mini/")["Location"] == "/papers/phi-4-multimodal/"
    assert FormerSlug.objects.filter(kind="dataset", slug="msrvtt").exists()
    assert "PH4 Mini" in Paper.objects.get(slug="phi-4-multimodal").aliases


def test_every_lineage_link_is_there() -> None:
    origins = [link for model in (Paper, Component) for entry in model.objects.all() for link in descendants(entry)]
    parts = [
        (part, paper) for paper in Paper.for_rows(Paper.objects.all()) for _, parts in paper.chain for part in parts
    ]
    links = {(link.source.name, link.descendant.name, str(link.relation)) for link in origins}
    links |= {(part.component.name, paper.name, part.role) for part, paper in parts}

    for link in (
        ("SigLIP-400M", "Gemma 3", "vision_encoders"),
        ("Qwen2-VL", "Qwen2.5-VL", "successor-of"),
        ("LLaVA-1.5", "LLaVA-NeXT", "successor-of"),
        ("BERT-base", "Q-Former", "initialised-from"),
        ("SAM-B", "DeepSeek-VL", "vision-encoder"),
        ("Perceiver Resampler", "Flamingo", "connectors"),
        ("CosyVoice", "Ola", "initialised-from"),
    ):
        assert link in links
    assert len(links) >= 119


def test_a_doubtful_benchmark_says_so(client: Client) -> None:
    assert Benchmark.objects.get(slug="metaprompt").standing == "not-a-benchmark"
    assert "Not a benchmark" in client.get("/benchmarks/metaprompt/").content.decode()


def test_a_second_seeding_does_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    before = Revision.objects.count()

    call_command("seed", "--list-only")

    assert "nothing to do" in capsys.readouterr().out
    assert Revision.objects.count() == before


def test_a_further_revision_mends_a_value_that_was_published_before_it_was_refused() -> None:
    paper = Paper.objects.get(slug="smolvlm")
    comments = [revision.comment for revision in snapshots("paper", "smolvlm")]

    assert any(comment.startswith("SmolVLM was named as a successor of itself") for comment in comments)
    assert [row["component"] for row in KINDS["paper"].dump(paper)["origins"]] == ["idefics3"]


def test_the_ledger_and_the_live_entries_agree() -> None:
    assert [*find_errors()] == []


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_every_entry_has_a_page(client: Client, kind: Any) -> None:
    entries = list(kind.model.objects.all())[:60]

    pages = [entry.get_absolute_url() for entry in entries]
    pages += [f"{page}blame/" for page in pages[:10]]

    assert {page: client.get(page).status_code for page in pages} == dict.fromkeys(pages, 200)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/papers/",
        "/results/?size=100",
        "/changes/",
        "/papers/blip-2/",
        "/benchmarks/vqav2/",
        "/papers/clip/blame/",
    ],
)
def test_no_page_runs_more_than_twelve_queries(client: Client, path: str, django_assert_max_num_queries: Any) -> None:
    client.get(path)
    with django_assert_max_num_queries(12):
        assert client.get(path).status_code == 200


def test_the_forms_accept_every_entry_of_the_seed() -> None:
    assert [str(finding) for finding in find_refused_values()] == []
    assert seed(list_only=True).refused == []


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of the libraries that the validator uses
def test_every_dataset_card_is_valid_croissant(client: Client) -> None:
    import mlcroissant  # noqa: PLC0415 -- it pulls pandas

    for dataset in Dataset.objects.all():
        reply: Any = client.get(f"/export/datasets/{dataset.slug}.croissant.json")
        card = mlcroissant.Dataset(jsonld=reply.json())

        assert (card.metadata.name, list(card.metadata.ctx.issues.errors)) == (dataset.name, [])


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_form_of_an_entry_posts_its_payload(kind: Any) -> None:
    """Every entry, and of the many results one in fifty: what the form shows is what it sends."""
    rows = kind.model.objects.with_references().order_by("pk")
    changed = []
    for entry in rows if kind.name != "result" else rows[::50]:
        payload = kind.dump(entry)
        context = {"entry_form": rendered_form(kind, payload), "errors": {}}
        html = render_to_string("components/entry-form-sections.html", context)
        posted = payload_from_post(kind, fields_of(f'<form class="sheet">{html}</form>'))
        if any(posted[key] != value for key, value in payload.items() if key not in kind.set_by_moderators):
            changed.append(entry.slug)
    assert changed == []
