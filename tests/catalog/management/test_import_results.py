"""The command that imports results files."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from catalog.exchange.results.files import base_url
from catalog.exchange.results.formats import ResultsFormat, mteb
from catalog.kinds import KINDS
from catalog.kinds.result.model import Result
from catalog.ledger.bulk import publish_many
from catalog.management import results
from catalog.management.commands.import_results import files_of
from catalog.models import Revision
from tests.factories import make, make_benchmark, make_paper, make_revision

pytestmark = pytest.mark.django_db
REPOSITORY = "https://github.com/barn/results"
COMMIT = "0123abc"
NO_JSON = "Not JSON: line 1, column 2: Expecting property name enclosed in double quotes."
NEAR = "Owl Bench, OwlZeroShot"
ACCURACY = {"name": "accuracy", "unit": "percent", "direction": "higher", "minimum": "0", "maximum": "100"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of MTEB's results: two revisions of one model on two tasks, one of which the catalogue does not have."""
    make_paper(name="Owl", variants=[{"name": "Owl large", "weights_url": "https://huggingface.co/barn/owl-large"}])
    make_benchmark(
        name="Owl Bench",
        aliases=["OwlZeroShot"],
        metrics=[ACCURACY, {"name": "f1", "unit": "percent"}],
        splits=[{"name": "test"}],
        parts=[{"name": "fr"}],
    )
    for revision, value in (("m1", "0.6100"), ("m2", "0.08250000327825546")):
        place = tmp_path / "barn__owl-large" / revision
        place.mkdir(parents=True)
        (place / "OwlZeroShot.json").write_text(mteb_result("OwlZeroShot", value))
    (tmp_path / "barn__owl-large" / "m1" / "Unknown.json").write_text(mteb_result("Owl Bensch", "0.5"))
    (tmp_path / "barn__owl-large" / "m1" / "broken.json").write_text("{")
    return tmp_path


def mteb_result(task: str, value: str) -> str:
    score = f'{{"accuracy": {value}, "f1": 0.5, "nauc": 0.1, "hf_subset": "default", "main_score": {value}}}'
    return f'{{"dataset_revision": "d1", "task_name": "{task}", "scores": {{"test": [{score}]}}}}'


def imported(capsys: pytest.CaptureFixture[str], folder: Path, *options: str) -> str:
    call_command("import_results", "mteb", str(folder), "--source", REPOSITORY, "--commit", COMMIT, *options)
    return capsys.readouterr().out


def test_a_folder_is_imported_with_source_commit_and_locator(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    output = imported(capsys, folder, "--harness-version", "2.0")

    assert output.splitlines()[-1] == "Published 4 results."
    result = KINDS["result"].model.objects.with_references().get(value="0.08250000327825546")
    payload = KINDS["result"].dump(result)
    stated = {key: value for key, value in payload.items() if value not in ("", None, [])}
    assert stated == {
        "name": "Owl large on Owl Bench: accuracy",
        "paper": "owl",
        "variant": "Owl large",
        "model_revision": "m2",
        "benchmark": "owl-bench",
        "data_revision": "d1",
        "split": "test",
        "metric": "accuracy",
        "value": "0.08250000327825546",
        "scale": "fraction",
        "harness": "MTEB",
        "harness_version": "2.0",
        "source_url": f"{REPOSITORY}/blob/{COMMIT}/barn__owl-large/m2/OwlZeroShot.json",
        "locator": "scores.test[0].accuracy",
        "measured_by": "third-party",
        "verification": "reported",
        "state": "live",
    }
    revision = Revision.objects.filter(kind="result").latest("pk")
    assert (revision.contributor, revision.approver, revision.source, revision.comment) == (
        "curation",
        "list-moderator",
        f"{REPOSITORY}/blob/{COMMIT}",
        "Imported from mteb files.",
    )


def test_what_is_not_imported_is_said_with_near_names(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    lines = imported(capsys, folder).splitlines()

    assert lines == [
        "Read 9 values in 4 files: 2 new, 2 rival, 2 unmatched, 3 beside the main score.",
        f"Not read: {folder}/barn__owl-large/m1/broken.json: {NO_JSON}",
        f"Not matched: benchmark “Owl Bensch” is not in the catalogue under this name; near: {NEAR} (2)",
        "Published 4 results.",
    ]


def test_a_second_import_finds_nothing_new(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    imported(capsys, folder)
    before = Revision.objects.count()

    output = imported(capsys, folder)

    assert output.splitlines()[0] == "Read 9 values in 4 files: 4 same, 2 unmatched, 3 beside the main score."
    assert output.splitlines()[-1] == "Nothing new."
    assert Revision.objects.count() == before


def test_a_dry_run_writes_nothing(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    before = (Revision.objects.count(), User.objects.count())

    assert "Would publish 4 results." in imported(capsys, folder, "--dry-run")

    assert (Revision.objects.count(), User.objects.count()) == before


def test_an_interrupted_import_continues_where_it_stopped(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "BATCH_SIZE", 2)
    published: list[Any] = []

    def failing(**arguments: Any) -> list[Revision]:
        if published:
            raise KeyboardInterrupt
        published.append(arguments)
        return publish_many(**arguments)

    monkeypatch.setattr(results, "publish_many", failing)
    with pytest.raises(KeyboardInterrupt):
        imported(capsys, folder)
    before = Result.objects.count()
    monkeypatch.setattr(results, "publish_many", publish_many)

    output = imported(capsys, folder)

    assert (before, Result.objects.count()) == (2, 4)
    assert "Published 2 results." in output


def test_a_result_that_the_form_refuses_does_not_keep_the_others(
    capsys: pytest.CaptureFixture[str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder / "barn__owl-large" / "m1" / "OwlZeroShot.json"
    path.write_text(path.read_text().replace('"d1"', f'"{"d" * 101}"'))

    output = imported(capsys, folder)

    assert "Refused: " in output
    assert "data_revision: Ensure this value has at most 100 characters" in output
    assert "Published 2 results." in output


def test_another_value_from_the_same_file_is_a_rival(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    imported(capsys, folder)
    (folder / "barn__owl-large" / "m1" / "OwlZeroShot.json").write_text(mteb_result("OwlZeroShot", "0.62"))

    output = imported(capsys, folder)

    assert "1 rival" in output
    assert "Published 1 results." in output


def test_what_a_printed_name_stands_for_can_be_said(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    make_paper(name="Snowy", variants=[{"name": "Snowy/base"}])
    make_benchmark(name="Snow Bench", metrics=[ACCURACY], splits=[{"name": "test"}])

    imported(capsys, folder, "--benchmark", "Owl Bensch=snow-bench", "--model", "barn/owl-large=snowy/snowy/BASE")

    assert set(Result.objects.filter(metric="accuracy").values_list("variant", "benchmark__slug", "value")) == {
        ("Snowy/base", "owl-bench", "0.6100"),
        ("Snowy/base", "owl-bench", "0.08250000327825546"),
        ("Snowy/base", "snow-bench", "0.5"),
    }


def test_results_can_be_given_a_protocol_of_the_catalogue(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    make("protocol", name="MTEB zero-shot", harness="MTEB")

    imported(capsys, folder, "--protocol", "mteb-zero-shot")

    assert set(Result.objects.values_list("protocol__slug", "harness")) == {("mteb-zero-shot", "MTEB")}
    assert imported(capsys, folder).splitlines()[-1] == "Nothing new."


def test_a_file_whose_scale_is_not_stated_needs_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    make_paper(name="Owl")
    make_benchmark(name="Bench", huggingface_id="barn/bench", metrics=[ACCURACY])
    place = tmp_path / "barn" / "Owl" / ".eval_results"
    place.mkdir(parents=True)
    (place / "x.yaml").write_text("- {dataset: {id: barn/bench}, value: 0.50}\n")
    make_revision("paper", entry=KINDS["paper"].model.objects.with_references().get(), aliases=["barn/Owl"])

    def run(*options: str) -> str:
        call_command(
            "import_results", "hf_eval_results", str(place / "x.yaml"), "--source", "https://e.org/x", *options
        )
        return capsys.readouterr().out

    assert "scale “0.50” may be a fraction or percent: the file does not say, so say it (1)" in run()
    assert "Published 1 results." in run("--scale", "fraction")
    assert list(Result.objects.values_list("value", "scale", "source_url")) == [("0.50", "fraction", "https://e.org/x")]


def test_the_number_of_queries_does_not_grow_with_the_values(
    folder: Path, django_assert_max_num_queries: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"accuracy": number / 1000, "hf_subset": "default", "main_score": number / 1000} for number in range(200)]
    path = folder / "barn__owl-large" / "m1" / "OwlZeroShot.json"
    path.write_text(json.dumps({"task_name": "OwlZeroShot", "scores": {"test": rows}}))
    imported(capsys, folder, "--dry-run")

    with django_assert_max_num_queries(3):
        imported(capsys, folder, "--dry-run")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["mteb", "no-such-folder"], "there is no such file or folder"),
        (["mteb", ".", "--source", "ftp://x"], "--source: Not an address"),
        (["mteb", ".", "--commit", COMMIT], "--commit: Give the hash of a commit"),
        (["mteb", ".", "--source", REPOSITORY, "--commit", "main"], "--commit: Give the hash of a commit"),
        (["mteb", ".", "--as", "nobody-there"], "--as: there is no account nobody-there."),
        (["mteb", ".", "--as", "list-moderator"], "--as: list-moderator approves what is imported"),
        (["mteb", ".", "--benchmark", "X=none"], "X=none: there is no benchmark none."),
        (["mteb", ".", "--model", "X=none/y"], "X=none/y: there is no model none."),
        (["mteb", ".", "--protocol", "none"], "--protocol: there is no protocol none."),
        (["other", "."], "invalid choice"),
    ],
)
def test_a_wrong_argument_is_one_clear_line(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("import_results", *arguments)


def test_a_file_that_cannot_be_read_fails_the_command(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\xff")

    with pytest.raises(CommandError, match="No file could be read"):
        call_command("import_results", "open_clip", str(tmp_path / "x.csv"))


@pytest.mark.parametrize(
    ("source", "url"),
    [
        ("https://github.com/barn/results", f"https://github.com/barn/results/blob/{COMMIT}/x%20y.json"),
        (
            "https://github.com/barn/results/tree/main/a/b",
            f"https://github.com/barn/results/blob/{COMMIT}/a/b/x%20y.json",
        ),
        ("https://huggingface.co/datasets/barn/r", f"https://huggingface.co/datasets/barn/r/blob/{COMMIT}/x%20y.json"),
    ],
)
def test_a_source_at_a_commit_names_the_file(tmp_path: Path, source: str, url: str) -> None:
    (tmp_path / "x y.json").write_text("{}")
    chosen = ResultsFormat("x", "", mteb.read, (".json",))

    files = [*files_of(tmp_path, chosen, base_url(source, COMMIT), at_commit=True)]
    files += files_of(tmp_path / "x y.json", chosen, base_url(source, COMMIT), at_commit=True)

    assert [file.url for file in files] == [url, url]
