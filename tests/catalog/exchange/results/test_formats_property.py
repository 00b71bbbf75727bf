"""Whatever a results file holds, reading it gives values or one clear error."""

import csv
import io
import json
from pathlib import PurePath
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.exchange.results.formats import FORMATS
from catalog.exchange.results.stated import Skipped, StatedResult, UnreadableFile
from tests.catalog.exchange.results.samples import FILES

TEXTS = st.text(max_size=8) | st.sampled_from(["", "-", "NaN", "0.50", "1e400", "\ud800", "default", "x" * 600])
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=8
)
BY_ENDING = {
    ending: sorted(name for name, (_, path) in FILES.items() if path.suffix in endings)
    for ending, endings in {"json": (".json",), "csv": (".csv",), "yaml": (".yaml", ".md")}.items()
}


def check(name: str, data: bytes, path: PurePath) -> None:
    """Read a file; anything but values or UnreadableFile fails the test."""
    try:
        stated = FORMATS[name].read(data, path)
    except UnreadableFile as error:
        assert str(error).isprintable()  # noqa: PT017 -- both outcomes are right
        return
    for row in stated:
        assert isinstance(row, StatedResult | Skipped)
        assert row.locator.isprintable()


@pytest.mark.parametrize("name", sorted(FORMATS))
@given(data=st.binary(max_size=80))
def test_any_bytes(name: str, data: bytes) -> None:
    check(name, data, FILES[name][1])


@pytest.mark.parametrize("name", BY_ENDING["json"])
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_json_file_with_one_value_replaced(name: str, data: st.DataObject) -> None:
    document = json.loads(FILES[name][0])
    document = replaced(document, data)

    check(name, json.dumps(document).encode(), FILES[name][1])


@pytest.mark.parametrize("name", BY_ENDING["yaml"])
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_a_yaml_file_with_one_value_replaced(name: str, data: st.DataObject) -> None:
    text = FILES[name][0].decode().removeprefix("---\n").partition("\n---")[0]
    document = replaced(yaml.safe_load(text), data)

    check(name, yaml.safe_dump(document).encode(errors="surrogatepass"), FILES[name][1])


@pytest.mark.parametrize("name", BY_ENDING["csv"])
@given(rows=st.lists(st.lists(TEXTS, max_size=5), max_size=5))
def test_any_csv(name: str, rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["name", "pretrained", "Owl"], *rows])

    check(name, buffer.getvalue().encode(errors="surrogatepass"), FILES[name][1])


def replaced(document: Any, data: st.DataObject) -> Any:
    """The document with the value at a random place replaced, or with another one beside it."""
    if not isinstance(document, dict | list) or not document or data.draw(st.integers(0, 5)) == 0:
        return data.draw(VALUES)
    if isinstance(document, list):
        at = data.draw(st.integers(0, len(document) - 1))
        return [replaced(one, data) if number == at else one for number, one in enumerate(document)]
    key = data.draw(st.sampled_from(sorted(document)) | TEXTS)
    return {**document, key: replaced(document.get(key), data)}
