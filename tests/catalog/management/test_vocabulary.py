"""One thing has one word: tasks and modalities of the seed catalogue are those of docs/vocabulary.md."""

from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from catalog.management.seed_files import item_files
from catalog.management.seeding import FIXTURES

VOCABULARY = Path(settings.BASE_DIR) / "docs" / "vocabulary.md"
SECTIONS = {"tasks": "Tasks", "modalities": "Modalities"}


def table(section: str) -> list[list[str]]:
    """The rows of a table of the vocabulary: the word, what it is, and words that are not used."""
    _, _, text = VOCABULARY.read_text(encoding="utf-8").partition(f"\n## {section}\n")
    lines = [line for line in text.partition("\n## ")[0].splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


@pytest.fixture(scope="module")
def used() -> dict[str, dict[str, set[str]]]:
    """The words of each field, with the entries that use them at last."""
    final: dict[tuple[str, str], dict[str, list[str]]] = {}
    for folder in ("curation", "catalogue"):
        for item in (item for file in item_files(FIXTURES / folder) for item in file.items):
            entry = final.setdefault((item.kind, item.slug), {})
            for revision in item.revisions:
                entry |= {key: revision.changes[key] for key in SECTIONS if key in revision.changes}
                if revision.slug:
                    final[item.kind, revision.slug] = entry
    words: dict[str, dict[str, set[str]]] = {key: {} for key in SECTIONS}
    for (kind, slug), entry in final.items():
        for key, values in entry.items():
            for value in values:
                words[key].setdefault(value, set()).add(f"{kind} {slug}")
    return words


@pytest.mark.parametrize(("key", "section"), SECTIONS.items())
def test_only_words_of_the_vocabulary_are_used(key: str, section: str, used: dict[str, dict[str, set[str]]]) -> None:
    known = {word for word, *_ in table(section)}

    assert {word: entries for word, entries in used[key].items() if word not in known} == {}


@pytest.mark.parametrize(("key", "section"), SECTIONS.items())
def test_every_word_of_the_vocabulary_is_used(key: str, section: str, used: dict[str, dict[str, set[str]]]) -> None:
    assert [word for word, *_ in table(section) if word not in used[key]] == []


@pytest.mark.parametrize("section", SECTIONS.values())
def test_a_word_is_listed_once_and_is_not_one_that_is_not_used(section: str) -> None:
    rows = table(section)
    instead = [word.strip() for *_, cell in rows for word in cell.split(",") if word.strip()]
    times = Counter(word for word, *_ in rows)

    assert [word for word, number in times.items() if number > 1] == []
    assert times.keys() & set(instead) == set()
