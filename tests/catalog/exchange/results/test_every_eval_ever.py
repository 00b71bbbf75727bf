"""Results as Every Eval Ever: what a document says, that it is valid, and that it can be imported again."""

import json
import os
import subprocess
from pathlib import Path, PurePath
from typing import Any

import pytest
from django.test import Client

from catalog.exchange.results.catalogue import known_names, records_for
from catalog.exchange.results.every_eval_ever import chosen_by, documents, lines
from catalog.exchange.results.formats import FORMATS
from catalog.exchange.results.previewing import Outcome, matched, preview
from catalog.exchange.results.stated import StatedResult, read_at
from catalog.kinds import KINDS
from tests.factories import make_benchmark, make_paper, make_result

SITE = "https://portal.example.org"
URL = "https://owl.example.org/report"
VALIDATE = """
import sys
from pathlib import Path
from every_eval_ever.validation_core import validate_file
reports = [validate_file(Path(path)) for path in sys.argv[1:]]
print(*(error for report in reports for error in report.errors), sep="\\n", end="")
sys.exit(not all(report.valid and report.file_type == "aggregate" for report in reports))
"""


@pytest.fixture
def results(db: None) -> None:
    """Results of two checkpoints on a benchmark, with all conditions and with none."""
    weights = "https://huggingface.co/barn/owl-7b"
    variants = [{"name": "7B", "weights_url": weights}, {"name": "Owl mini"}]
    make_paper(name="Owl", organisation="Barn", variants=variants)
    accuracy = {"name": "accuracy", "unit": "percent", "direction": "higher", "minimum": "0", "maximum": "100"}
    make_benchmark(
        name="Bench",
        huggingface_id="barn/bench",
        metrics=[accuracy, {"name": "taste"}],
        splits=[{"name": "val"}],
        parts=[{"name": "hard"}],
    )
    shared = {"paper": "owl", "benchmark": "bench", "source_url": URL}
    make_result(
        **{**shared, "variant": "7B", "model_revision": "m1", "data_revision": "d1", "part": "hard", "split": "val"},
        value="0.08250000327825546",
        scale="fraction",
        standard_error="0.010",
        sample_size=100,
        harness="MTEB",
        harness_version="2.0",
        adaptation="few-shot",
        shots=5,
        judge="owl-4",
        chain_of_thought=False,
        setting="five examples",
        decoding="greedy",
        locator="Table 2",
        evaluated_on="2026-01-02",
        measured_by="benchmark-authors",
    )
    make_result(**shared, variant="Owl mini", value="61.50")
    make_result(**shared, variant="Owl mini", value="3", metric="taste")
    make_result(**shared, variant="Owl mini", value="60.0", state="retracted")


def exported(kind: str = "benchmark", slug: str = "bench") -> list[dict[str, Any]]:
    return list(documents(chosen_by(kind, [slug]), SITE))


@pytest.mark.usefixtures("results")
def test_a_document_says_what_the_result_says() -> None:
    document = next(one for one in exported() if one["model_info"]["id"] == "barn/owl-7b")

    del document["retrieved_timestamp"], document["evaluation_id"]
    assert document == {
        "schema_version": "0.3.0",
        "evaluation_timestamp": "2026-01-02",
        "source_metadata": {
            "source_name": "owl.example.org",
            "source_type": "documentation",
            "source_organization_name": "owl.example.org",
            "evaluator_relationship": "third_party",
            "additional_details": {"source": URL, "measured_by": "benchmark-authors", "recorded_by": SITE},
        },
        "eval_library": {"name": "MTEB", "version": "2.0", "additional_details": {}},
        "model_info": {
            "name": "Owl 7B",
            "id": "barn/owl-7b",
            "developer": "Barn",
            "additional_details": {
                "deployment_type": "unknown",
                "model_availability": "open_weights",
                "revision": "m1",
            },
        },
        "evaluation_results": [
            {
                "evaluation_result_id": "7b-on-hard-accuracy",
                "evaluation_name": "Bench",
                "source_data": {
                    "dataset_name": "barn/bench",
                    "source_type": "hf_dataset",
                    "hf_repo": "barn/bench",
                    "additional_details": {"split": "val", "part": "hard", "revision": "d1"},
                },
                "metric_config": {
                    "metric_id": "accuracy",
                    "metric_name": "accuracy",
                    "metric_unit": "proportion",
                    "lower_is_better": False,
                    "score_type": "continuous",
                    "min_score": 0,
                    "max_score": 1,
                    "additional_details": {"judge": "owl-4"},
                },
                "score_details": {
                    "score": 0.08250000327825546,
                    "details": {
                        "as_printed": "0.08250000327825546",
                        "locator": "Table 2",
                        "state": "live",
                        "verification": "reported",
                        "url": f"{SITE}/results/7b-on-hard-accuracy/",
                    },
                    "uncertainty": {"standard_error": {"value": 0.01}, "num_samples": 100},
                },
                "generation_config": {
                    "generation_args": {"reasoning": False},
                    "additional_details": {
                        "setting": "five examples",
                        "adaptation": "few-shot",
                        "shots": "5",
                        "decoding": "greedy",
                    },
                },
            }
        ],
    }


@pytest.mark.usefixtures("results")
def test_a_metric_without_a_direction_says_that_the_format_demands_one() -> None:
    rows = {row["metric_config"]["metric_id"]: row for one in exported() for row in one["evaluation_results"]}

    assert rows["taste"]["metric_config"] == {
        "metric_id": "taste",
        "metric_name": "taste",
        "metric_unit": "",
        "lower_is_better": False,
        "additional_details": {"direction": "not stated; lower_is_better is required by the format"},
    }


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize(
    ("kind", "slug", "count"), [("benchmark", "bench", 3), ("paper", "owl", 3), ("result", "x", 0)]
)
def test_the_results_of_an_entry_are_chosen_without_retracted_ones(kind: str, slug: str, count: int) -> None:
    assert sum(len(one["evaluation_results"]) for one in exported(kind, slug)) == count


@pytest.mark.usefixtures("results")
def test_what_is_exported_is_imported_as_the_same() -> None:
    data = "".join(lines(chosen_by("paper", ["owl"]), SITE)).encode()
    stated = [one for one in FORMATS["every_eval_ever"].read(data, PurePath("x.json")) if isinstance(one, StatedResult)]
    names = known_names()
    pairs = matched([read_at(one, url="", name="x.json") for one in stated], names)

    previews = preview(pairs, names, records_for(pairs))

    assert [one.outcome for one in previews] == [Outcome.SAME] * 3
    mine = {one.rivals[0]: one.payload for one in previews}
    kept = KINDS["result"].dump(KINDS["result"].model.objects.with_references().get(slug="7b-on-hard-accuracy"))
    payload = mine["7b-on-hard-accuracy"] or {}
    differing = {key: (value, kept[key]) for key, value in payload.items() if value != kept[key]}
    assert differing == {"read_in": ("x.json", ""), "standard_error": ("0.01", "0.010")}


@pytest.mark.usefixtures("results")
@pytest.mark.parametrize(
    ("path", "count"), [("benchmarks/bench", 2), ("papers/owl", 2), ("results/7b-on-hard-accuracy", 1)]
)
def test_an_entry_has_a_download(client: Client, path: str, count: int) -> None:
    response: Any = client.get(f"/export/{path}.every_eval_ever.json")

    body = json.loads(b"".join(response.streaming_content))
    assert (response.status_code, len(body)) == (200, count)


def test_a_benchmark_without_results_is_an_empty_list(client: Client, db: None) -> None:
    make_benchmark(name="Bench")

    response: Any = client.get("/export/benchmarks/bench.every_eval_ever.json")

    assert b"".join(response.streaming_content) == b"[]\n"


@pytest.mark.usefixtures("results")
def test_the_number_of_queries_does_not_grow_with_the_results(django_assert_num_queries: Any) -> None:
    for number in range(5):
        make_result(paper="owl", benchmark="bench", variant="7B", value=f"{number}", source_url=URL)

    with django_assert_num_queries(1):
        exported()


@pytest.mark.usefixtures("results")
def test_documents_are_valid(tmp_path: Path) -> None:
    """Against the package every-eval-ever, where an interpreter has it: it needs Python 3.12 or newer."""
    python = interpreter()
    if not python:
        pytest.skip("no Python 3.12 or newer with the package every-eval-ever (EVERY_EVAL_EVER_PYTHON names one)")

    files = []
    for number, one in enumerate(exported()):
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json.dumps(one))

    checked = subprocess.run([python, "-c", VALIDATE, *files], capture_output=True, text=True, check=False)

    assert (checked.returncode, checked.stdout) == (0, "")


def interpreter() -> str:
    """A Python that has the package every-eval-ever; "" if there is none."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    named = os.environ.get("EVERY_EVAL_EVER_PYTHON")
    found = [named] if named else sorted(map(str, pyenv.glob("3.1[2-9]*/bin/python")), reverse=True)
    for python in found:
        tried = subprocess.run(
            [python, "-c", "import every_eval_ever.validation_core"], capture_output=True, check=False
        )
        if tried.returncode == 0:
            return python
    return ""
