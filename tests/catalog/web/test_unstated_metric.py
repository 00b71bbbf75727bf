"""A result that was stored before a metric was required: its board, its row and its page have words instead."""

import re

import pytest
from django.test import Client

from catalog.kinds.result.model import Result
from tests.factories import make_benchmark, make_paper, make_result, make_revision

pytestmark = pytest.mark.django_db


@pytest.fixture
def result() -> Result:
    make_paper(name="CLIP")
    make_benchmark(name="VQA")
    entry = make_result(paper="clip", benchmark="vqa", split="val", value="50.0")
    Result.objects.filter(pk=entry.pk).update(metric="", name="")
    live = Result.objects.with_references().get(pk=entry.pk)
    make_revision("result", live, locator="Table 1")  # which makes a name of what there is
    return Result.objects.get(pk=entry.pk)


def text_of(client: Client, path: str, pattern: str) -> list[str]:
    """The texts of what matches, with single spaces."""
    found = re.findall(pattern, client.get(path).content.decode(), re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", "", text).split()) for text in found]


def test_its_name_ends_with_the_board(result: Result) -> None:
    assert result.name == "CLIP on VQA"


def test_board_row_and_page_say_that_it_is_unstated(client: Client, result: Result) -> None:
    (words,) = text_of(client, "/benchmarks/vqa/", r'<p class="board-words">(.*?)</p>')
    assert words.startswith("Nothing is ranked, because it is not known whether higher or lower is better.")
    assert "metric not stated" in text_of(client, "/benchmarks/vqa/", r"<th[^>]*>(.*?)</th>")
    assert "" not in text_of(client, "/benchmarks/vqa/", r"<th[^>]*>(.*?)</th>")
    assert text_of(client, result.get_absolute_url(), r'<p class="claim">(.*?)</p>') == ["50.0 metric unstated"]
    assert "val · metric unstated · setting unstated" in " ".join(client.get("/results/").content.decode().split())
