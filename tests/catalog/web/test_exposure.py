"""Exposure on pages: the mark of each row of a board, its filter, and what entries say of training."""

import csv
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from tests.factories import (
    make_benchmark,
    make_component,
    make_dataset,
    make_many,
    make_paper,
    make_result,
    make_revision,
)

pytestmark = pytest.mark.django_db
BOARD = "/benchmarks/gqa/leaderboard/"
THEN = datetime(2025, 1, 1, tzinfo=UTC)


@pytest.fixture
def gqa() -> None:
    """A board of models: exposed by its language model, in one variant, stated clean, and unknown."""
    make_dataset(name="VQAv2", at=THEN)
    make_benchmark(
        name="GQA",
        metrics=[{"name": "Accuracy", "direction": "higher"}],
        splits=[{"name": "val"}],
        built_on=[{"name": "VQAv2", "dataset": "vqav2"}],
        at=THEN,
    )
    make_component(name="Vicuna", training_datasets=[{"name": "VQAv2", "dataset": "vqav2"}], at=THEN)
    make_paper(name="Heir", language_backbones=[{"component": "vicuna"}], at=THEN)
    own = [{"name": "GQA", "benchmark": "gqa", "variants": ["7B"]}]
    make_paper(name="Partly", variants=[{"name": "7B"}, {"name": "13B"}], training_datasets=own, at=THEN)
    make_paper(name="Clean", training_datasets=[{"name": "GQA", "benchmark": "gqa", "excluded": True}], at=THEN)
    make_paper(name="Silent", at=THEN)
    for model, variant, value in (
        *(("heir", "", "70"), ("partly", "7B", "69"), ("partly", "13B", "68"), ("clean", "", "67")),
        ("silent", "", "66"),
    ):
        claim = {"paper": model, "variant": variant, "value": value, "benchmark": "gqa", "metric": "Accuracy"}
        make_result(**claim, split="val", at=THEN)


def text_of(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def rows(text: str) -> list[tuple[str, str]]:
    """Place and model of each row of a board."""
    found = re.findall(r'<td[^>]*class="rank">\s*(\S+)\s*</td>.*?class="name"[^>]*>(.*?)</a>', text)
    return [(place, name) for place, name in found]


def marks(text: str) -> list[tuple[str, str]]:
    """The mark of each row, and why."""
    opened = r'<details class="exposure (\S+)">\s*<summary>[^<]*</summary>\s*<span class="small">\s*(.*?)\. <a'
    unknown = r'<a class="exposure (unknown)" [^>]*>'
    return [(a or c, b) for a, b, c in re.findall(f"{opened}|{unknown}", text)]


def test_each_row_has_a_mark_with_the_path(gqa: None) -> None:
    assert marks(text_of(BOARD)) == [
        ("exposed", "its language model Vicuna was trained on VQAv2, on which GQA is built"),
        ("exposed", "trained on GQA"),
        ("unknown", ""),
        ("stated-clean", "stated not to be trained on GQA"),
        ("unknown", ""),
    ]


@pytest.mark.parametrize(
    ("wanted", "left"),
    [
        ("exposed", [("1", "Heir"), ("2", "Partly")]),
        ("stated-clean", [("4", "Clean")]),
        ("unknown", [("3", "Partly"), ("5", "Silent")]),
        ("not-known", [("3", "Partly"), ("4", "Clean"), ("5", "Silent")]),
    ],
)
def test_a_board_is_filtered_by_it_and_places_stay(gqa: None, wanted: str, left: list[tuple[str, str]]) -> None:
    assert rows(text_of(f"{BOARD}?exposure={wanted}")) == left


def test_another_word_is_named_as_wrong(gqa: None) -> None:
    assert "is not one of the available choices" in text_of(f"{BOARD}?exposure=clean")


def test_the_csv_file_says_it_too(gqa: None) -> None:
    text = Client().get("/benchmarks/gqa/leaderboard.csv").content.decode("utf-8-sig")

    found = [(row["model"], row["exposure"], row["exposure_path"]) for row in csv.DictReader(text.splitlines())]
    assert found[0] == ("Heir", "exposed", "its language model Vicuna was trained on VQAv2, on which GQA is built")
    assert [verdict for _, verdict, _ in found] == ["exposed", "exposed", "unknown", "stated-clean", "unknown"]


def test_exposure_costs_no_place(gqa: None) -> None:
    before = rows(text_of(BOARD))

    for paper in Paper.objects.with_references():
        make_revision("paper", paper, training_datasets=[{"name": "VQAv2", "dataset": "vqav2"}])

    assert rows(text_of(BOARD)) == before
    assert {verdict for verdict, _ in marks(text_of(BOARD))} == {"exposed"}


def test_a_board_of_a_past_day_has_the_exposure_of_that_day(gqa: None) -> None:
    silent = Paper.objects.with_references().get(slug="silent")
    make_revision("paper", silent, training_datasets=[{"name": "VQAv2", "dataset": "vqav2"}])

    assert marks(text_of(BOARD))[-1] == ("exposed", "trained on VQAv2, on which GQA is built")
    day = (THEN + timedelta(days=1)).date().isoformat()
    assert marks(text_of(f"{BOARD}?as_of={day}"))[-1] == ("unknown", "")


def test_a_model_says_what_it_was_trained_on_and_what_that_means_for_benchmarks(gqa: None) -> None:
    text = text_of("/papers/heir/")
    section = text[text.index('id="exposure"') : text.index('id="exposure"') + 2500]

    assert "<h3>By what it inherits</h3>" in section
    assert "its language model Vicuna was trained on VQAv2" in section
    assert '<a href="/benchmarks/gqa/">GQA</a> <span class="exposure exposed">exposed</span>' in section
    assert marks(text) == [("exposed", "its language model Vicuna was trained on VQAv2, on which GQA is built")]


def test_a_model_of_which_only_one_variant_is_exposed_says_which(gqa: None) -> None:
    text = text_of("/papers/partly/")

    assert '<span class="chip">7B</span> <span class="exposure exposed">' in text
    assert sorted(marks(text)) == [("exposed", "trained on GQA"), ("unknown", "")]


def test_a_model_without_training_data_has_no_section(gqa: None) -> None:
    assert 'id="exposure"' not in text_of("/papers/silent/")


def test_a_dataset_says_which_benchmarks_it_touches_and_what_was_trained_on_it(gqa: None) -> None:
    text = text_of("/datasets/vqav2/")

    assert re.findall(r'<h2 id="trained-\d">(.*?) <span class="quiet small">(\d+)</span>', text) == [
        ("Trained on it", "1"),
        ("Exposed through what they inherit", "1"),
    ]
    assert '<a href="/benchmarks/gqa/">GQA</a>' in text
    assert '<a href="/components/vicuna/">Vicuna</a>' in text


def test_a_benchmark_counts_exposed_models_and_leads_to_them(gqa: None) -> None:
    text = text_of("/benchmarks/gqa/")

    assert "2 of 4 measured models are known to be" in text
    (url,) = re.findall(r'<a href="(/benchmarks/gqa/leaderboard/[^"]*exposure=exposed)">', text)
    assert rows(text_of(url.replace("&amp;", "&"))) == [("1", "Heir"), ("2", "Partly")]


def test_long_lists_are_cut_and_counted(gqa: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("catalog.kinds.dataset.page.REFERRING_SHOWN", 3)
    row = {"name": "VQAv2", "dataset": "vqav2"}
    make_many("paper", [{"name": f"M{number}", "training_datasets": [row]} for number in range(5)])

    text = text_of("/datasets/vqav2/")

    assert "The first 3 of 6." in text
    assert text.count('<a href="/papers/m') == 3


def test_every_mark_leads_to_what_it_means(gqa: None) -> None:
    assert text_of(BOARD).count('href="/verification/#exposure"') == 6
    assert '<h2 id="exposure">Exposure</h2>' in text_of("/verification/")


def test_a_board_costs_the_same_for_any_number_of_exposed_models(gqa: None) -> None:
    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            text_of(path)
        return len(captured)

    few = queries(BOARD)
    trained = [{"name": "VQAv2", "dataset": "vqav2"}]
    papers: list[dict[str, Any]] = [{"name": f"M{number}", "training_datasets": trained} for number in range(60)]
    about = {"benchmark": "gqa", "metric": "Accuracy", "split": "val"}
    models = make_many("paper", papers)
    make_many("result", [{**about, "paper": model.slug, "value": str(n)} for n, model in enumerate(models)])

    assert queries(BOARD) == few <= 8
    assert KINDS["result"].model.objects.count() == 65
