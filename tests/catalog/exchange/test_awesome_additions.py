"""What the portal adds to a list of others looks like the rest of it, and awesome-lint has nothing to say about it.

The forms are those that awesome-lint 2.3 demands of links, tables, bullets and tables of contents; it was run on lists
with all of them.
"""

import re
from collections.abc import Iterable
from typing import Any

import pytest

from catalog.exchange.awesome.contents import anchor_of, with_contents
from catalog.exchange.awesome.reader import parse
from catalog.exchange.awesome.writer import ListLine, render
from tests.catalog.exchange.test_awesome import blocks, lines

A = "https://arxiv.org/abs/2301.0000"
PAGE = "https://portal.ai/papers/x/"


def with_lines(text: str, new: Iterable[ListLine] = (), **changes: dict[str, Any]) -> str:
    """The list with new lines, and with changed values of others."""
    parsed = parse(text)
    return render(blocks(parsed), {**lines(parsed, **changes), **{(one.kind, one.id): one for one in new}})


def paper(number: int = 900, **values: Any) -> ListLine:
    given = {"kind": "paper", "id": number, "name": "New", "year": 2024, "summary": "Fresh", "link": ""}
    return ListLine(**{**given, **values})


class TestItems:
    @pytest.mark.parametrize(
        ("before", "added"),
        [
            ("- [Owl](https://owl.ai)\n", "- **New** (2024) - [Fresh](https://new.ai)\n"),
            ("* [Owl](https://owl.ai)\n", "* **New** (2024) - [Fresh](https://new.ai)\n"),
            ("+ [Owl](https://owl.ai)\n", "+ **New** (2024) - [Fresh](https://new.ai)\n"),
            ("*   [Owl](https://owl.ai)\n", "*   **New** (2024) - [Fresh](https://new.ai)\n"),
            ("7. [Owl](https://owl.ai)\n", "8. **New** (2024) - [Fresh](https://new.ai)\n"),
            ("> - [Owl](https://owl.ai)\n", "> - **New** (2024) - [Fresh](https://new.ai)\n"),
            ("- [Owl](https://owl.ai)\r\n", "- **New** (2024) - [Fresh](https://new.ai)\r\n"),
            ("- [Owl](https://owl.ai)", "\n- **New** (2024) - [Fresh](https://new.ai)\n"),
        ],
    )
    def test_a_new_item_has_the_mark_of_the_one_before(self, before: str, added: str) -> None:
        text = f"## Birds\n\n{before}"

        assert with_lines(text, [paper(link="https://new.ai", section="birds")]) == text + added

    def test_new_items_of_a_numbered_list_are_counted_on(self) -> None:
        text = "## Birds\n\n1. [Owl](https://owl.ai)\n2. [Jay](https://jay.ai)\n"

        added = with_lines(text, [paper(number, link="https://new.ai", section="birds") for number in (900, 901)])

        assert re.findall(r"^\d+\.", added, re.MULTILINE) == ["1.", "2.", "3.", "4."]

    @pytest.mark.parametrize("mark", ["*", "+"])
    def test_a_new_section_has_the_bullets_of_the_list(self, mark: str) -> None:
        text = f"## Birds\n\n{mark} [Owl](https://owl.ai)\n"
        topic = ListLine("topic", 901, "Costs", None, "", "", points=["Money", "Time"])

        added = with_lines(text, [paper(link="https://new.ai"), topic])

        assert re.findall(r"^([-*+]) ", added, re.MULTILINE) == [mark] * 4

    def test_a_changed_topic_keeps_its_bullets(self) -> None:
        text = "## Topics\n\n### Costs\n* Money\n* Time\n"

        assert with_lines(text, Costs={"points": ["Money", "Space"]}) == text.replace("Time", "Space")

    @pytest.mark.parametrize("mark", ["*", "+", "3.", "  -"])
    def test_a_changed_item_keeps_its_mark(self, mark: str) -> None:
        text = f"## Birds\n\n{mark} **Owl** (2023) - [Sees](https://owl.ai)\n"

        assert with_lines(text, Owl={"year": 2024}) == text.replace("2023", "2024")

    def test_an_item_without_a_link_leads_to_its_page(self) -> None:
        added = with_lines("## Birds\n\n- [Owl](https://owl.ai)\n", [paper(page=PAGE, section="birds")])

        assert added.endswith(f"- **New** (2024) - [Fresh]({PAGE})\n")

    def test_a_link_to_a_page_of_the_portal_is_none_of_the_entry(self) -> None:
        parsed = parse(f"## Birds\n\n- **New** (2024) - [Fresh]({PAGE})\n- [Owl](https://portal.ai.org/x) 2024\n")

        parsed.leave_out_links_to("https://portal.ai")

        assert [[row["url"] for row in entry.payload["links"]] for entry in parsed.entries] == [
            [],
            ["https://portal.ai.org/x"],
        ]


class TestTables:
    def rows(self, *rows: tuple[str, str]) -> list[str]:
        added = [
            ListLine("benchmark", n, name, 2020, summary, "https://x.ai") for n, (name, summary) in enumerate(rows)
        ]
        return render([{"text": "# L\n"}], {(one.kind, one.id): one for one in added}).splitlines()

    def test_the_bars_of_a_new_table_stand_below_each_other(self) -> None:
        assert self.rows(("Hard", "Many"), ("Harder QA", "Words | more")) == [
            *("# L", "", "## Benchmarks", ""),
            "| Benchmark     | Year | Description   |",
            "| ------------- | ---- | ------------- |",
            "| **Hard**      | 2020 | Many          |",
            "| **Harder QA** | 2020 | Words \\| more |",
        ]

    def test_a_table_too_wide_to_be_read_again_is_not_padded(self) -> None:
        rows = self.rows(("Hard", "word " * 990), ("Harder " * 20, "Many"))

        assert all(len(row) < 5_000 for row in rows)
        assert [entry.name for entry in parse("\n".join(rows)).entries] == ["Hard", ("Harder " * 20).strip()]


CONTENTS = """# L

## Contents

- [Birds](#birds)
  - [Owls](#owls)

## Birds

- [Owl](https://owl.ai)
"""


class TestContents:
    def test_a_new_section_is_in_the_contents(self) -> None:
        added = with_lines(CONTENTS, [ListLine("dataset", 900, "Nests", 2020, "", "https://nests.ai")])

        assert "- [Birds](#birds)\n  - [Owls](#owls)\n- [Datasets](#datasets)\n\n## Birds\n" in added
        assert "\n## Datasets\n\n| Dataset " in added

    def test_an_item_in_a_known_section_changes_no_contents(self) -> None:
        added = with_lines(CONTENTS, [paper(link="https://new.ai", section="birds")])

        assert added == CONTENTS + "- **New** (2024) - [Fresh](https://new.ai)\n"

    @pytest.mark.parametrize(
        ("text", "with_item"),
        [
            ("## Contents\n* [A](#a)\n", "## Contents\n* [A](#a)\n* [B c](#b-c)\n"),
            ("# 📖 Table of Contents\n\n+ [A](#a)", "# 📖 Table of Contents\n\n+ [A](#a)\n+ [B c](#b-c)\n"),
            ("## Contents\r\n- [A](#a)\r\n", "## Contents\r\n- [A](#a)\r\n- [B c](#b-c)\r\n"),
            ("## Contents\n- [A](#a)\n- [B c](#b-c)\n", "## Contents\n- [A](#a)\n- [B c](#b-c)\n"),
            ("## Contents\n\nWords.\n\n- [A](#a)\n", "## Contents\n\nWords.\n\n- [A](#a)\n"),
            ("## Contents\n\n1. A\n", "## Contents\n\n1. A\n"),
            ("## Papers\n- [A](#a)\n", "## Papers\n- [A](#a)\n"),
        ],
    )
    def test_items_are_added_where_there_are_such(self, text: str, with_item: str) -> None:
        assert with_contents(["first\n", text, "## Contents\n- [Z](#z)\n"], ["B c"])[1] == with_item

    @pytest.mark.parametrize(
        ("title", "anchor"),
        [("Datasets & more", "#datasets--more"), ("📊 Data", "#-data"), ("A_b-c 数据", "#a_b-c-数据")],
    )
    def test_an_anchor_is_what_github_makes_of_a_heading(self, title: str, anchor: str) -> None:
        assert anchor_of(title) == anchor
