"""Reading and writing awesome lists: the seed's own layout byte for byte, and the habits of other hands."""

from collections import Counter
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from catalog.exchange.awesome.describe import card_fields, parts, sizes
from catalog.exchange.awesome.parsed import ParsedEntry, ParsedList
from catalog.exchange.awesome.reader import parse
from catalog.exchange.awesome.writer import ListLine, render, stated_values_of
from catalog.text.slugs import slug_for

ROOT = Path(__file__).parents[3]
SEED = (ROOT / "fixtures/list/awesome-vlm-README.md").read_text(encoding="utf-8")
LISTS = ROOT / "tests/data/lists"


@pytest.fixture(scope="module")
def seed() -> ParsedList:
    return parse(SEED)


def by_name(parsed: ParsedList, name: str) -> ParsedEntry:
    return next(entry for entry in parsed.entries if entry.name == name)


class TestSeed:
    def test_counts(self, seed: ParsedList) -> None:
        assert Counter(entry.kind for entry in seed.entries) == {
            "paper": 25,
            "dataset": 15,
            "benchmark": 15,
            "topic": 20,
        }
        assert sum(len(entry.payload["points"]) for entry in seed.entries if entry.kind == "topic") == 80
        assert Counter(entry.payload["family"] for entry in seed.entries if entry.kind == "topic") == {
            "research-directions": 5,
            "current-challenges": 5,
            "emerging-areas": 5,
            "ethics-and-practice": 5,
        }

    def test_sections_keep_their_emoji_and_order_and_none_is_without_rows(self, seed: ParsedList) -> None:
        assert [(section.emoji, section.name) for section in seed.sections] == [
            ("📚", "Seminal Papers/Models (Post 2021)"),
            ("📊", "Benchmarks & Datasets"),
            ("", "General VLM Training Datasets"),
            ("", "Image-Text Understanding"),
            ("", "Multimodal Video-Text"),
            ("", "Geospatial Datasets"),
            ("", "Standard Evaluation"),
            ("", "Specialized Task Benchmarks"),
            ("", "Cross-Modal Retrieval"),
            ("", "Few-Shot & Zero-Shot Learning"),
            ("", "Video-Language Benchmarks"),
            ("🔍", "Research Directions"),
            ("🚧", "Current Challenges"),
            ("🚀", "Emerging Areas"),
            ("⚖", "Ethics & Best Practices"),
        ]

    def test_notes_and_summary_are_data_and_not_entries(self, seed: ParsedList) -> None:
        assert len(seed.notes) == 3
        assert [(row.category, row.labels) for row in seed.summary][1] == (
            "Specialized VLM",
            ["GQA", "RefCOCO", "Visual Genome"],
        )
        assert len(seed.summary) == 7

    def test_the_broken_link_is_mended_and_reported(self, seed: ParsedList) -> None:
        assert [(repair.line, "broken over two lines" in repair.text) for repair in seed.repairs] == [(21, True)]
        assert by_name(seed, "NVLM").payload["links"][0]["url"] == "https://arxiv.org/pdf/2409.11402"
        assert seed.problems == []

    def test_every_line_is_in_exactly_one_block(self, seed: ParsedList) -> None:
        joined = "".join(block if isinstance(block, str) else block.raw for block in seed.blocks)

        assert joined == SEED.replace("2409.11402\n)", "2409.11402)")

    @pytest.mark.parametrize("line", [line for line in SEED.splitlines() if line.startswith("- **") and "](h" in line])
    def test_names_years_descriptions_and_links_are_verbatim(self, seed: ParsedList, line: str) -> None:
        name = line.split("**")[1]
        payload = by_name(seed, name).payload

        assert line.removesuffix(")") == (
            f"- **{payload['name']}** ({payload['year']}) - [{payload['summary']}]({payload['links'][0]['url']}"
        )

    @pytest.mark.parametrize(
        ("name", "stated", "vision", "language"),
        [
            ("Gemma3", ["1B", "4B", "12B", "27B"], [], []),
            ("Qwen2-VL", ["7B-14B"], ["EVA-CLIP ViT-L"], ["Qwen-2"]),
            ("SmolVLM", ["250M", "500M"], ["SigLIP"], ["SmolLM"]),
            ("Ola", ["7B"], ["OryxViT", "SigLIP-400M"], ["Qwen-2.5-7B"]),
            ("PH4 Mini", [], [], ["Microsoft's Phi-4 framework"]),
            ("NVLM", ["8B-24B"], [], ["Qwen-2-Instruct"]),
            ("Flamingo", ["80B"], [], ["Chinchilla"]),
            ("BLIP", [], ["ViT-B/L/g"], []),
            ("InstructBLIP", ["13B"], ["ViT"], ["Flan-T5", "Vicuna"]),
            ("CLIP", ["~400M"], [], []),
        ],
    )
    def test_structure_is_what_the_text_states(
        self, seed: ParsedList, name: str, stated: list[str], vision: list[str], language: list[str]
    ) -> None:
        entry = by_name(seed, name)

        assert [row["as_stated"] for row in entry.payload.get("variants", [])] == stated
        assert [part for part, _ in entry.components.get("vision_encoders", [])] == vision
        assert [part for part, _ in entry.components.get("language_backbones", [])] == language

    def test_a_range_and_an_estimate_give_no_number(self, seed: ParsedList) -> None:
        assert by_name(seed, "Qwen2-VL").payload["variants"][0]["total_b"] is None
        assert by_name(seed, "CLIP").payload["variants"][0]["total_b"] is None
        assert by_name(seed, "SmolVLM").payload["variants"][0]["total_b"] == "0.25"


def blocks(parsed: ParsedList) -> list[dict[str, Any]]:
    """The layout of a parsed list, with line numbers for ids."""
    slots: list[dict[str, Any]] = []
    for block in parsed.blocks:
        if isinstance(block, ParsedEntry):
            slot = {"kind": block.kind, "id": block.line, "section": block.section, "raw": block.raw}
            slots.append({"entry": {**slot, "style": vars(block.style), "parsed": stated_values_of(block.payload)}})
        elif not isinstance(block, str):
            members = [{"label": label, "kind": "", "id": None, "name": ""} for label in block.labels]
            slots.append({"summary": {**vars(block), "members": members}})
        else:
            slots.append({"text": block})
    return slots


def lines(parsed: ParsedList, **changes: dict[str, Any]) -> dict[tuple[str, int], ListLine]:
    """The live entries of a parsed list; `changes` are by name."""
    lines_of_entries = {}
    for entry in parsed.entries:
        stated = stated_values_of(entry.payload)
        values = {"year": None, "summary": "", "link": "", "section": entry.section or "", **stated}
        lines_of_entries[entry.kind, entry.line] = ListLine(
            kind=entry.kind, id=entry.line, **{**values, **changes.get(entry.name, {})}
        )
    return lines_of_entries


class TestWriter:
    def test_an_untouched_list_is_the_same_byte_for_byte_but_for_the_mended_link(self, seed: ParsedList) -> None:
        assert render(blocks(seed), lines(seed)) == SEED.replace("2409.11402\n)", "2409.11402)")

    def test_a_change_is_written_in_the_manner_of_its_neighbours(self, seed: ParsedList) -> None:
        text = render(
            blocks(seed), lines(seed, Gemma3={"name": "Gemma 3", "summary": "Two\nlines [x]"}, GQA={"year": 2019})
        )

        assert "- **Gemma 3** (2025) - [Two lines \\[x\\]](https://storage.googleapis.com" in text
        assert "| **GQA**               | 2019 | 22M compositional questions requiring" in text
        assert len(text.splitlines()) == len(SEED.splitlines()) - 1

    def test_a_retired_entry_drops_out(self, seed: ParsedList) -> None:
        live = lines(seed)
        del live["dataset", by_name(seed, "AiRound").line]

        assert "**AiRound**" not in render(blocks(seed), live)

    def test_a_new_entry_goes_behind_its_section(self, seed: ParsedList) -> None:
        live = lines(seed)
        live["dataset", 999] = ListLine("dataset", 999, "New|Set", 2026, "Fresh", "", "geospatial-datasets")
        live["paper", 998] = ListLine("paper", 998, "Lone", 2026, "Alone", "https://x.org/", "")

        text = render(blocks(seed), live)

        assert "damage assessment. |\n| **New\\|Set**          | 2026 | Fresh" in text
        assert text.endswith("## Papers and models\n\n- **Lone** (2026) - [Alone](https://x.org/)\n")

    @given(
        st.lists(
            st.tuples(
                st.text("abcXYZ 0-9.", min_size=1, max_size=12).filter(
                    lambda text: " ".join(text.split()) == text and text.strip(" .")
                ),
                st.integers(1990, 2040),
                st.text("abc []\\|*_é", max_size=20).map(lambda text: " ".join(text.split())),
            ),
            max_size=8,
            unique_by=lambda row: row[0],
        )
    )
    def test_what_is_written_reads_back(self, rows: list[tuple[str, int, str]]) -> None:
        live = {
            ("paper", n): ListLine("paper", n, name, year, summary, f"https://x.org/{n}", "")
            for n, (name, year, summary) in enumerate(rows)
        }

        entries = parse(render([{"text": "# List\n"}], live)).entries

        read = [(e.payload["name"], e.payload["year"], e.payload["links"][0]["url"]) for e in entries]
        assert read == [(name, year, f"https://x.org/{n}") for n, (name, year, _) in enumerate(rows)]
        assert [e.payload["summary"] for e in entries] == [summary for _, _, summary in rows]


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_or_summary_makes_a_link_or_html(name: str, summary: str) -> None:
    """What CommonMark makes of the line is the text itself, in one link."""
    line = ListLine("paper", 1, f"A {name}", None, summary, "https://x.org/a)b", "")
    html = MarkdownIt("commonmark").render(render([{"text": ""}], {("paper", 1): line}).split("\n\n")[-1])

    assert (html.count("<a "), html.count("<img"), html.count("<li>")) == (1, 0, 1)
    assert 'href="https://x.org/a%29b"' in html


@pytest.mark.parametrize(
    "name", ["a](b)", "![x](y)", "<script>alert(1)</script>", "**b** `c` _d_", "x\\", "&lt;b&gt; c", "snake_case"]
)
def test_markup_in_a_name_is_text_and_reads_back(name: str) -> None:
    line = ListLine("paper", 1, name, None, "Words", "https://x.org/", "")
    text = render([{"text": ""}], {("paper", 1): line})

    html = MarkdownIt("commonmark").render(text)

    assert f"<strong>{escape(name, quote=False)}</strong>" in html
    assert [entry.name for entry in parse(f"# List\n{text}").entries] == [name]


def expected(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load((LISTS / f"{name}.yaml").read_text())
    return rows


def row_of(entry: ParsedEntry) -> tuple[str, str, int | None]:
    links = entry.payload.get("links") or [{"url": ""}]
    return entry.name, links[0]["url"], entry.payload.get("year")


class TestOtherHands:
    @pytest.mark.parametrize("name", sorted(path.stem for path in LISTS.glob("*.md")))
    def test_every_entry_is_read_correctly_and_nothing_is_invented(self, name: str) -> None:
        parsed = parse((LISTS / f"{name}.md").read_text(encoding="utf-8"))

        assert [row_of(entry) for entry in parsed.entries] == [
            (r["name"], r["link"], r["year"]) for r in expected(name)
        ]

    def test_line_endings_and_a_byte_order_mark_make_no_difference(self) -> None:
        plain = parse(SEED)
        other = parse("\ufeff" + SEED.replace("\n", "\r\n"))

        assert [row_of(entry) for entry in other.entries] == [row_of(entry) for entry in plain.entries]

    def test_a_line_that_names_nothing_is_reported_with_its_number(self) -> None:
        parsed = parse("## Papers\n\n- [](https://example.org/a) [code](https://example.org/b)\n")

        assert [(problem.line, parsed.entries) for problem in parsed.problems] == [(3, [])]

    @pytest.mark.parametrize(
        ("line", "expected_values"),
        [
            ("- [A](https://a.org/) (2024) \u2014 for phones, [[code](https://b.org/)], ", (2024, "for phones")),
            ("- **A** (Oral), CVPR'24 [[No code]] [[paper](https://a.org/)]", (2024, "(Oral), CVPR'24 [[No code]]")),
            ("- **A**, arXiv:2001.20009 [paper](https://a.org/)", (None, "arXiv:2001.20009")),
            ("- **A**: seen in '98 [paper](https://a.org/)", (None, "seen in '98")),
            ("- A: words [paper](https://a.org/)", (None, "words")),
            ("- **A** (2023) - [paper](https://a.org/)", (2023, "")),
        ],
    )
    def test_a_description_and_a_year_are_what_is_written(
        self, line: str, expected_values: tuple[int | None, str]
    ) -> None:
        payload = parse(f"## Papers\n{line}\n").entries[0].payload

        assert (payload["name"], payload["year"], payload["summary"]) == ("A", *expected_values)

    def test_a_link_within_a_sentence_names_no_entry(self) -> None:
        parsed = parse("## Papers\n- It uses a [linear map](https://a.org/) between the two.\n")

        assert ([problem.line for problem in parsed.problems], parsed.entries) == ([2], [])

    def test_a_line_as_long_as_an_embedded_picture_is_left_alone(self) -> None:
        text = "## Papers\n- ![x](data:image/png;base64," + "A" * 100_000 + ") [A](https://a.org/)\n"
        parsed = parse(text)

        assert ([problem.line for problem in parsed.problems], parsed.blocks) == ([2], [text])

    @pytest.mark.parametrize("piece", ["[", "[[a](b", "<a href='", "<!--", "![", "**", "<li>", "|", "[a](http://b.c"])
    def test_a_pattern_repeated_to_the_length_of_a_line_is_read_without_backtracking(self, piece: str) -> None:
        line = piece * (4_900 // len(piece))
        text = f"## Papers\n- {line}\n{line}\n|{line}\n|-|-|\n|{line}\n"

        assert "".join(block if isinstance(block, str) else block.raw for block in parse(text).blocks) == text

    @given(st.text())
    def test_no_text_is_an_error_and_no_line_is_lost(self, text: str) -> None:
        parsed = parse(text)

        joined = "".join(block if isinstance(block, str) else block.raw for block in parsed.blocks)
        assert joined == text or parsed.repairs

    @given(
        st.lists(
            st.sampled_from(
                [
                    "# A",
                    "## Papers",
                    "- **X** [a](http://b.c)",
                    "|a|b|",
                    "|-|-|",
                    "- ](",
                    "```",
                    "  - x",
                    "",
                    "- [a](http://b.c",
                    ")",
                ]
            )
        )
    )
    def test_no_mixture_of_habits_is_an_error(self, rows: list[str]) -> None:
        parse("\n".join(rows))

    @pytest.mark.parametrize("times", [1, 8])
    def test_a_long_list_is_read_to_its_end(self, times: int) -> None:
        rows = "\n".join(f"- **Model {n}** (2024) - [A model](https://arxiv.org/abs/2401.{n:05d})" for n in range(700))

        assert len(parse("## Papers\n" + f"{rows}\n" * times).entries) == 700 * times


class TestDescriptions:
    def test_sizes_split_lists_and_keep_ranges(self) -> None:
        assert sizes("1B/4B/12B") == ["1B", "4B", "12B"]
        assert sizes("7B-14B") == ["7B-14B"]

    def test_a_card_that_starts_with_an_amount_states_its_size(self) -> None:
        assert card_fields("5.8B image-text pairs from Common Crawl, widely used.") == {
            "size": "5.8B image-text pairs",
            "size_count": 5_800_000_000,
            "size_unit": "image-text pairs",
        }
        assert card_fields("Balanced QA pairs to reduce bias.") == {}

    def test_nothing_is_made_of_what_has_no_name(self) -> None:
        assert parts("using custom ViT for vision encoder and pretrained from scratch") == {}


@given(st.text())
def test_a_slug_is_always_an_address(name: str) -> None:
    slug = slug_for(name)

    assert 1 <= len(slug) <= 80
    assert slug == slug_for(slug)
