"""A file is placed by its address, and tells its format."""

from pathlib import PurePath

import pytest

from catalog.exchange.results.files import Defaults, UnreadableSource, base_url, file_url, path_in, read_file
from catalog.exchange.results.formats import FORMATS
from catalog.exchange.results.formats.telling import format_told
from catalog.exchange.results.stated import StatedResult, UnreadableFile
from tests.catalog.exchange.results.samples import FILES

COMMIT = "f4cc6c8b365a3c779dbc708d6affe0b0355b2ddf"


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_tells_its_format(name: str) -> None:
    data, path = FILES[name]

    assert format_told(path, data.decode()) == name


@pytest.mark.parametrize("text", ["Model\tMMMU\nOwl\t61.0", "| a | b |\n|--|--|\n| c | 1 |", r"a & b \\ c & 1 \\"])
def test_a_table_is_no_file_of_a_tool(text: str) -> None:
    assert format_told(PurePath("pasted"), text) == ""


@pytest.mark.parametrize(
    ("text", "name", "message"),
    [
        ('{"a": 1}', "x.json", "The file does not tell what format it is: choose it."),
        ("[]", "x.json", "The file does not tell what format it is: choose it."),
        ("[1]", "x.json", "The file does not tell what format it is: choose it."),
        ("a: 1", "x.yaml", "The file does not tell what format it is: choose it."),
        ("{", "x.json", "Not JSON: line 1, column 2: "),
        ("[" * 100_000, "x.json", "Not read: it is nested too deep."),
    ],
)
def test_what_does_not_tell_its_format_says_so(text: str, name: str, message: str) -> None:
    with pytest.raises(UnreadableFile) as refused:
        format_told(PurePath(name), text)

    assert str(refused.value).startswith(message)


@pytest.mark.parametrize(
    ("source", "name", "path"),
    [
        ("https://huggingface.co/barn/owl/blob/main/.eval_results/x.yaml", "x.yaml", "barn/owl/.eval_results/x.yaml"),
        ("https://github.com/barn/r/blob/main/a/b/t%201.json", "t 1.json", "barn/r/a/b/t 1.json"),
        ("https://github.com/barn/r/tree/main/a", "t.json", "t.json"),
        ("https://owl.example.org/a/t.json", "t.json", "a/t.json"),
        ("", "t.json", "t.json"),
    ],
)
def test_folders_are_those_of_the_address_if_it_is_that_of_the_file(source: str, name: str, path: str) -> None:
    assert path_in(source, name) == PurePath(path)


def test_the_address_of_a_file_at_a_commit() -> None:
    base = base_url("https://github.com/barn/r/blob/main/a/t.json", COMMIT)

    assert file_url(base, "t.json", at_commit=True) == f"https://github.com/barn/r/blob/{COMMIT}/a/t.json"
    assert file_url("https://owl.example.org/a", "t.json", at_commit=False) == "https://owl.example.org/a"


@pytest.mark.parametrize(
    ("source", "commit", "about"),
    [
        ("nowhere", "", "source"),
        ("https://owl.example.org", COMMIT, "commit"),
        ("https://github.com/a/b", "x", "commit"),
    ],
)
def test_an_address_or_commit_that_is_none_is_refused(source: str, commit: str, about: str) -> None:
    with pytest.raises(UnreadableSource) as refused:
        base_url(source, commit)

    assert refused.value.about == about


def test_what_is_said_fills_in_what_the_file_does_not_state() -> None:
    data, path = FILES["vlmevalkit"]
    said = Defaults(harness_version="0.2", scale="percent", protocol="barn")

    stated = list(read_file(FORMATS["vlmevalkit"], data, path, url="https://owl.example.org/x", defaults=said))

    values = [one for one in stated if isinstance(one, StatedResult)]
    assert {(one.harness_version, one.scale, one.protocol, one.source_url) for one in values} == {
        ("0.2", "fraction", "barn", "https://owl.example.org/x")
    }
