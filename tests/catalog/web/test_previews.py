"""The picture of an entry for other sites, and what they read beside it."""

import io
import time
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from PIL import Image

from catalog.exchange.preview import Card, drawing, drawn, glyphs
from catalog.exchange.preview.glyphs import SANS, SERIF, legible
from catalog.ledger.publishing import retire
from tests.factories import make_dataset, make_paper, make_revision, make_topic, trace
from tests.people import propose

PICTURE = "/papers/clip/history/1/preview.png"
CARD = Card("Model of 2021", "CLIP", "A summary.", "VLM Portal", "revision 1")


def metas(path: str) -> list[tuple[str, str]]:
    """The metas of a page for other sites."""
    found = etree.HTML(Client().get(path).content).findall(".//meta")
    named = [(str(meta.get("property") or meta.get("name")), str(meta.get("content"))) for meta in found]
    return [(name, content) for name, content in named if name.startswith(("og:", "twitter:", "citation_"))]


@pytest.mark.django_db
class TestAddress:
    def test_a_revision_has_a_picture_for_ever(self) -> None:
        clip = make_paper(name="CLIP", summary="One.")
        first = Client().get(PICTURE)
        make_revision("paper", clip, summary="Two.")

        again, second = Client().get(PICTURE), Client().get("/papers/clip/history/2/preview.png")

        assert (first.status_code, first["Content-Type"]) == (200, "image/png")
        assert first["Cache-Control"] == "public, max-age=31536000, immutable"
        assert (again.content, again["ETag"]) == (first.content, first["ETag"])
        assert second.content != first.content
        with Image.open(io.BytesIO(first.content)) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert len(first.content) < 60_000

    def test_a_reader_that_has_it_gets_304_and_nobody_gets_it_compressed_twice(self) -> None:
        make_paper(name="CLIP")
        first = Client().get(PICTURE, headers={"Accept-Encoding": "br, gzip"})

        again = Client().get(PICTURE, headers={"If-None-Match": first["ETag"]})

        assert (again.status_code, again.content) == (304, b"")
        assert "Content-Encoding" not in first

    @pytest.mark.parametrize("path", [PICTURE, "/papers/vim/history/1/preview.png"])
    def test_what_is_not_published_has_none(self, path: str) -> None:
        propose(name="Vim")
        assert Client().get(path).status_code == 404

    @pytest.mark.parametrize("number", ["0", "2", "99999999999999999999"])
    def test_a_revision_that_is_not_there_has_none(self, number: str) -> None:
        make_paper(name="CLIP")
        assert Client().get(f"/papers/clip/history/{number}/preview.png").status_code == 404

    def test_a_pending_change_is_not_in_it(self) -> None:
        make_paper(name="CLIP", summary="One.")
        before = Client().get(PICTURE).content
        propose(name="CLIP 2", summary="Secret.")
        assert Client().get(PICTURE).content == before

    def test_it_stays_after_the_entry_left_or_moved(self) -> None:
        clip = make_paper(name="CLIP")
        make_revision("paper", clip, slug="openai-clip")
        moved = Client().get(PICTURE)
        retire(entry=make_paper(name="Other"), trace=trace("A duplicate."))

        assert (moved.status_code, moved["Location"]) == (301, "/papers/openai-clip/history/1/preview.png")
        assert Client().get("/papers/other/history/1/preview.png").status_code == 200

    def test_it_costs_three_queries(self, django_assert_max_num_queries: Any) -> None:
        make_paper(name="CLIP")
        with django_assert_max_num_queries(3):
            Client().get(PICTURE)


@pytest.mark.django_db
class TestMetas:
    def test_of_a_paper(self) -> None:
        make_paper(
            name="CLIP",
            year=2021,
            title="Learning Transferable Visual Models",
            summary="Pairs & <b>text</b>.",
            authors=["Alec Radford", "Jong Wook Kim"],
            arxiv_id="2103.00020",
            doi="10.48550/arXiv.2103.00020",
        )

        about = "Paper or model of 2021. Pairs & <b>text</b>."
        assert metas("/papers/clip/") == [
            ("og:type", "article"),
            ("og:site_name", "VLM Portal"),
            ("og:title", "CLIP"),
            ("og:description", about),
            ("og:url", "http://127.0.0.1:8000/papers/clip/"),
            ("og:image", f"http://127.0.0.1:8000{PICTURE}"),
            ("og:image:type", "image/png"),
            ("og:image:width", "1200"),
            ("og:image:height", "630"),
            ("og:image:alt", f"CLIP. {about}"),
            ("twitter:card", "summary_large_image"),
            ("citation_title", "Learning Transferable Visual Models"),
            ("citation_author", "Alec Radford"),
            ("citation_author", "Jong Wook Kim"),
            ("citation_publication_date", "2021"),
            ("citation_doi", "10.48550/arXiv.2103.00020"),
            ("citation_arxiv_id", "2103.00020"),
        ]

    def test_what_is_not_known_is_left_out(self) -> None:
        make_paper(name="CLIP", authors=["Alec Radford"])
        cited = [meta for meta in metas("/papers/clip/") if meta[0].startswith("citation_")]
        assert cited == [("citation_title", "CLIP"), ("citation_author", "Alec Radford")]

    def test_what_has_no_authors_is_no_publication(self) -> None:
        make_dataset(name="COCO", year=2014)
        make_topic(name="OCR")
        for path in ("/datasets/coco/", "/topics/ocr/"):
            assert [name for name, _ in metas(path) if name.startswith("citation_")] == []


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("CLIP 🚀 for\n all 👨‍👩‍👧!", "CLIP for all !"),
        ("通义视觉 Qwen", "TongYiShiJue Qwen"),
        ("Модель α-CLIP Œuvre ≥ ½", "Модель α-CLIP Œuvre ≥ ½"),
        ("نموذج עברית", "نموذج עברית"),
        ("नमस्ते", "nmst"),
        ("e\u0301 \u202egnp.exe \x00\ufffe", "é gnp.exe"),
        ("", ""),
    ],
)
def test_letters_that_the_font_lacks_are_transliterated_and_signs_left_out(text: str, shown: str) -> None:
    said = legible(text, SANS)
    assert said == shown
    assert [char for char in said if not glyphs.has(SANS, char)] == []


def test_the_font_of_the_headings_has_latin_letters_only() -> None:
    assert (glyphs.covers(SERIF, "CLIP: Müller"), glyphs.covers(SERIF, "Модель")) == (True, False)


@pytest.mark.parametrize("title", ["W" * 300, "A word " * 40, "Short", "i" * 300, "通义" * 150, "🚀", ""])
def test_a_name_fits_whatever_it_is(title: str) -> None:
    for size, most in drawing.TITLE_SIZES:
        lines = drawing.wrapped(legible(title, SANS), SANS, size, most)
        assert len(lines) <= most
        assert all(glyphs.font(SANS, size).getlength(line) <= 1200 - 160 for line in lines)


def test_a_text_that_is_cut_says_so() -> None:
    assert drawing.wrapped("word " * 100, SANS, 30, 2)[-1].endswith("word…")
    assert drawing.wrapped("one two", SANS, 30, 2) == ["one two"]
    assert drawing.wrapped("one two", SANS, 30, 0) == []


def test_a_picture_takes_little_time_whatever_it_says() -> None:
    drawn(CARD)  # reads the fonts
    start = time.process_time()
    for number in range(4):
        drawn(Card("W" * 300, f"{number}" + "W" * 100_000, "字 " * 100_000, "VLM Portal", "revision"))
    assert time.process_time() - start < 4


def test_the_same_picture_is_drawn_once() -> None:
    assert drawn(CARD) is drawn(Card("Model of 2021", "CLIP", "A summary.", "VLM Portal", "revision 1"))
