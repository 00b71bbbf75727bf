"""Names of other letters that look the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.duplicate_keys import look_alike_keys, name_keys
from catalog.text.folding import compact
from catalog.text.lookalikes import look_of


@pytest.mark.parametrize(
    ("name", "look"),
    [
        ("CLIP", "clip"),
        ("\u0421LI\u0420", "clip"),  # Cyrillic
        ("\u03a1\u0430LI", "pali"),  # Greek Rho, Cyrillic a
        ("\uff23\uff2c\uff29\uff30", "clip"),  # full width
        ("\U0001d402\U0001d40b\U0001d408\U0001d40f", "clip"),  # mathematical bold
        ("Q\u0075\u0435n", "quen"),
        ("Qwen2.5-VL", "qwen25vl"),
        ("文心", "文心"),
    ],
)
def test_the_look_of_a_name_is_in_ascii_where_its_letters_are_drawn_so(name: str, look: str) -> None:
    assert look_of(name) == look


@given(st.text(st.characters(codec="ascii"), max_size=40))
def test_the_look_of_an_ascii_name_is_the_name(name: str) -> None:
    assert look_of(name) == compact(name)


def test_the_keys_of_a_name_and_of_what_it_looks_like_meet() -> None:
    plain, odd = name_keys("CLIP"), name_keys("\u0421LI\u0420")

    assert plain == {"name:clip"}
    assert odd == {"name:\u0441li\u0440", "look:clip"}
    assert look_alike_keys(plain)["look:clip"] == look_alike_keys(odd)["name:clip"] == "look:clip"
