"""Slugs: readable, stable, and different for different names in any script."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.text.slugs import MAX_LENGTH, free_slug, numbered, slug_for


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Qwen2.5-VL", "qwen2-5-vl"),
        ("C++ & more", "c-plus-plus-and-more"),
        ("  --a--  ", "a"),
        ("Ünïcode Café", "unicode-cafe"),
        ("Cafe\u0301", "cafe"),
        ("VILA² ™", "vila2-tm"),
        ("a×b", "ab"),  # a sign is no letter
        ("", "entry"),
    ],
)
def test_a_slug_is_made_of_the_letters_and_digits_of_a_name(name: str, slug: str) -> None:
    assert slug_for(name) == slug


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("通义视觉", "tongyishijue"),
        ("书生万象", "shushengwanxiang"),
        ("智谱清影", "zhipuqingying"),
        ("α-CLIP", "a-clip"),
        ("Ω-VLM", "o-vlm"),
        ("Œuvre", "oeuvre"),
        ("Straße", "strasse"),
        ("Đorđe Łódź Ø", "dorde-lodz-o"),
        ("Привет", "privet"),
        ("モデル", "moderu"),
        ("한국어", "hangugeo"),
        ("🚀", "rocket"),
        ("!?", "u0021-u003f"),
    ],
)
def test_other_scripts_are_transliterated(name: str, slug: str) -> None:
    assert slug_for(name) == slug


@given(st.text(min_size=1, max_size=100))
def test_a_slug_of_any_text_is_a_slug_and_its_own(name: str) -> None:
    slug = slug_for(name)

    assert slug_for(slug) == slug
    assert 0 < len(slug) <= MAX_LENGTH


@given(st.text(max_size=4).map(lambda text: f"a\ud800{text}"))
def test_a_lone_surrogate_is_no_error(name: str) -> None:
    assert slug_for(name).startswith("a")


def test_a_slug_that_is_taken_gets_a_number() -> None:
    assert free_slug("Flamingo", {"flamingo", "flamingo-2"}.__contains__) == "flamingo-3"
    assert len(numbered("a" * MAX_LENGTH, 12)) == MAX_LENGTH
