"""The numbers of entries that the documentation states are those of the files of the seed catalogue."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.catalog.management.counting import counts_of_files

ROOT = Path(settings.BASE_DIR)
WORDS = {"models": "paper", "benchmarks": "benchmark", "protocols": "protocol", "results": "result"}
STATED = re.compile(rf"\b([0-9][0-9,]*) ({'|'.join(WORDS)})\b")


@pytest.fixture(scope="module")
def counts() -> dict[str, int]:
    return counts_of_files()


def stated(text: str) -> dict[str, int]:
    text = " ".join(text.replace("with their variants", "").split())
    return {word: int(number.replace(",", "")) for number, word in STATED.findall(text)}


def rounded(count: int, step: int) -> int:
    return count // step * step


def test_the_readme_states_them_in_round_numbers(counts: dict[str, int]) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    [sentence] = re.findall(r"load the catalogue from `fixtures/`: some (.*?),\seach", text, re.DOTALL)

    assert stated(sentence) == {
        "models": rounded(counts["paper"], 10),
        "benchmarks": rounded(counts["benchmark"], 10),
        "results": rounded(counts["result"], 100),
    }


def test_the_changelog_of_the_next_release_states_them(counts: dict[str, int]) -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    _, _, unreleased = text.partition("## Unreleased\n")
    [sentence] = re.findall(r"^- \*\*The catalogue is (.*?) of open_clip", unreleased, re.DOTALL | re.MULTILINE)

    assert stated(sentence) == {
        "models": counts["paper"],
        "benchmarks": counts["benchmark"],
        "protocols": counts["protocol"],
        "results": rounded(counts["result"], 100),
    }
