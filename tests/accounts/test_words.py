"""Characters that nobody sees, in names of people and of everything else."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.words import hidden_character, is_blank

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SCALES = "\u2696\ufe0f"


@pytest.mark.parametrize(
    "hidden",
    [
        "\x00",
        "\n",
        "\x7f",
        "\u00ad",  # soft hyphen
        "\u034f",  # combining grapheme joiner
        "\u061c",
        "\u115f",
        "\u1160",
        "\u180e",
        "\u200b",
        "\u200d",
        "\u200e",
        "\u202e",
        "\u2028",
        "\u2060",
        "\u2066",
        "\u2800",
        "\u3164",
        "\ufe0f",
        "\ufeff",
        "\uffa0",
        "\uffff",
        "\ud800",
        "\U000e0041",  # a tag
        "\U000e0100",  # a variation selector of the supplement
        "\U0010ffff",
    ],
)
def test_a_character_that_is_drawn_as_nothing_is_found_in_a_name(hidden: str) -> None:
    assert hidden_character(f"CL{hidden}IP") == hidden


@pytest.mark.parametrize(
    "name",
    [
        "CLIP",
        "Qwen2.5-VL (7B)",
        "Müller",
        "Mu\u0308ller",
        "文心一言",
        "한국어",
        "العربية",
        "हिन्दी",
        "ไทย",
        "β-VAE",
        FAMILY,
        SCALES,
        "1\ufe0f\u20e3",
    ],
)
def test_a_name_in_any_script_and_joined_emoji_hide_nothing(name: str) -> None:
    assert hidden_character(name) == ""


@pytest.mark.parametrize("name", [f"{FAMILY}\u200d", f"\u200d{FAMILY}", f"{SCALES}\ufe0f\u200dx", "a\u200d\U0001f467"])
def test_a_joiner_that_joins_no_emoji_hides(name: str) -> None:
    assert hidden_character(name) in ("\u200d", "\ufe0f")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=50))
def test_printable_ascii_hides_nothing(text: str) -> None:
    assert hidden_character(text) == ""


def test_every_format_character_and_every_control_is_hidden() -> None:
    characters = map(chr, range(sys.maxunicode + 1))
    formats = [char for char in characters if unicodedata.category(char) in ("Cc", "Cf", "Zl", "Zp")]

    assert [char for char in formats if hidden_character(f"a{char}b") != char] == []


@pytest.mark.parametrize("text", ["", " ", "\u0301", "\u3164\u2800", "\u200b \u00a0"])
def test_blank_is_what_shows_nothing(text: str) -> None:
    assert is_blank(text)
