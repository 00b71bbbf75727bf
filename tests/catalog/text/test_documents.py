"""Characters that no document may hold are replaced, and no other is."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.text.documents import clean_bytes, without_forbidden, without_lone_surrogates

EVERY_CHARACTER = "".join(map(chr, range(0x110000)))
NONCHARACTERS = {chr(code) for code in range(0x110000) if 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE}
KEPT_CONTROLS = set("\t\n\r")


def test_exactly_noncharacters_controls_and_surrogates_are_replaced() -> None:
    replaced = {character for character in EVERY_CHARACTER if without_forbidden(character) != character}

    controls = {character for character in EVERY_CHARACTER if unicodedata.category(character) in ("Cc", "Cs")}
    assert replaced == NONCHARACTERS | controls - KEPT_CONTROLS


def test_bytes_and_text_are_cleaned_alike() -> None:
    encodable = "".join(character for character in EVERY_CHARACTER if not 0xD800 <= ord(character) <= 0xDFFF)

    assert clean_bytes(encodable.encode()).decode() == without_forbidden(encodable)


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_is_cleaned_alike(text: str) -> None:
    assert clean_bytes(text.encode()).decode() == without_forbidden(text)


@given(st.text(st.characters(codec="utf-8")), st.booleans())
def test_values_in_json_are_clean_and_nothing_else_changes(text: str, ascii_only: bool) -> None:
    document = json.dumps({"text": text}, ensure_ascii=ascii_only).encode()

    value = json.loads(clean_bytes(document, is_json=True))["text"]

    assert value == without_forbidden(text)


def test_every_escape_in_json_is_cleaned() -> None:
    document = json.dumps(list(EVERY_CHARACTER)).encode()

    values = json.loads(clean_bytes(document, is_json=True))

    assert values == [without_forbidden(character) for character in EVERY_CHARACTER]


@pytest.mark.parametrize("written", [r"\\u0001", r"\\\\b", r"\\f", r"\\"])
def test_an_escaped_backslash_begins_no_escape(written: str) -> None:
    document = f'{{"text": "{written}"}}'.encode()

    assert clean_bytes(document, is_json=True) == document


@given(st.text(st.sampled_from('a\\u\ud83d\ude00\ud800\udfff"d8é'), max_size=12))
def test_half_a_character_in_json_is_replaced_and_nothing_else(text: str) -> None:
    stored = json.dumps({text: [text]})

    half = re.compile("[\ud800-\udfff]")
    read = [half.sub("\ufffd", part) for part in json.loads(json.dumps([text]))]
    assert json.loads(without_lone_surrogates(stored)) == {read[0]: read}
