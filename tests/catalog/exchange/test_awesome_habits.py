"""What lists by other hands do, one habit a test: what is read of it, and that every line is accounted for."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange.awesome.headings import is_about_lines, is_about_list
from catalog.exchange.awesome.kind_words import kind_named_in
from catalog.exchange.awesome.lines import matters, split_lines
from catalog.exchange.awesome.parsed import ParsedList
from catalog.exchange.awesome.reader import parse
from catalog.exchange.awesome.writer import ListLine, render, stated_values_of

A, B, C = (f"https://arxiv.org/abs/2301.0000{n}" for n in (1, 2, 3))


def below(text: str, heading: str = "Papers") -> ParsedList:
    return parse(f"# L\n\n## {heading}\n\n{text}")


def values(parsed: ParsedList, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(entry.payload.get(key) for key in keys) for entry in parsed.entries]


def named(parsed: ParsedList) -> list[tuple[Any, ...]]:
    return values(parsed, "name", "arxiv_id")


def fates(parsed: ParsedList) -> list[tuple[int, int, str, str]]:
    return [(account.line, account.last, account.outcome, account.text) for account in parsed.accounts]


def joined(parsed: ParsedList) -> str:
    return "".join(block if isinstance(block, str) else block.raw for block in parsed.blocks)


class TestHidden:
    @pytest.mark.parametrize(
        "text",
        [
            f"<!--\n- [Hidden]({A})\n-->\n- [Shown]({B})\n",
            f"<!-- - [Hidden]({A}) -->\n- [Shown]({B})\n",
            f"- [Shown]({B})\n\n<!-- begin\n\n- [Hidden]({A})\n",
            f"```md\n- [Hidden]({A})\n```\n- [Shown]({B})\n",
            f"~~~\n```\n- [Hidden]({A})\n~~~\n- [Shown]({B})\n",
            f"<pre>\n- [Hidden]({A})\n</pre>\n- [Shown]({B})\n",
            f"> ```\n> - [Hidden]({A})\n> ```\n\n- [Shown]({B})\n",
        ],
    )
    def test_comments_and_code_hold_no_entries(self, text: str) -> None:
        parsed = below(text)

        assert named(parsed) == [("Shown", "2301.00002")]
        assert [outcome for *_, outcome, _ in fates(parsed) if outcome != "read"] == ["skipped"]

    def test_what_only_looks_like_a_comment_hides_nothing(self) -> None:
        text = f"Write `<!--` before it, or a <!-- here.\n\n- [Shown]({A})\n"

        assert named(below(text)) == [("Shown", "2301.00001")]

    def test_a_comment_within_an_item_is_left_out_of_it(self) -> None:
        parsed = below(f"- [Shown]({A}) <!-- [Old]({B}) --> [[code](https://github.com/a/b)]\n")

        assert [len(entry.payload["links"]) for entry in parsed.entries] == [2]


class TestNames:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            (f"- [ ] [Boxed]({A})", "Boxed"),
            (f"- [x] **Ticked** [[paper]({A})]", "Ticked"),
            (f"- (arXiv 2023.2) A Survey of **Fusion**: words, [[Paper]]({A})", "A Survey of Fusion: words"),
            (f"- (CVPR 2022) Looking, [[Paper]]({A}), [[Code]](https://github.com/a/b)", "Looking"),
            (f"- **[ICLR 2024]** Looking Twice [[Paper]({A})]", "Looking Twice"),
            (f"- [2024/05] [NeurIPS'23] Looking Thrice [[Paper]({A})]", "Looking Thrice"),
            (f"- 2024-05-01: Looking On [[Paper]({A})]", "Looking On"),
            (f"- [2021]({A}) **Dated** ", "Dated"),
            (f"- [A Name]({A})<br>Ann A, Bob B", "A Name"),
            (f"- **A Name**\\\n  Ann A, Bob B\\\n  [[Paper]({A})]", "A Name"),
            (f"- **A Name**  \n  Ann A, Bob B  \n  [[Paper]({A})]", "A Name"),
            (f"- [A Name That Goes\n  On]({A})", "A Name That Goes On"),
            (f'- <a href="{A}"><b>In HTML</b></a><br/>Ann A', "In HTML"),
            (f"- 🔥 **Hot** [[Paper]({A})]", "Hot"),
            (f"- :star: [Starred]({A})", "Starred"),
            (f"- [![Stars](https://img.shields.io/x)](https://github.com/a/b) [Badged]({A})", "Badged"),
            (f"10. [Tenth]({A})", "Tenth"),
            (f"    - [Indented]({A})", "Indented"),
            (f"• [Dot]({A})", "Dot"),
            (f"– [Dash]({A})", "Dash"),
            (f"> - [Quoted]({A})", "Quoted"),
            (f"* [Referred][one]\n\n[one]: {A}", "Referred"),
            (f"- [Noted]({A})[^1]", "Noted"),
            (f"- *Emphasised*. [[pdf]({A})]", "Emphasised"),
            (f"- 2023/12 | Barred | [arXiv]({A})", "Barred"),
            (f"- [Paper]({A}) | [Code](https://github.com/a/b) - **Named Last**", "Named Last"),
            (f"- [arXiv:2301.00001]({A}) After the Id", "After the Id"),
            (f"- Lee et al. (2024). A Title in Words. Preprint. [[link]({A})]", "A Title in Words"),
            (f"- `CVPR24` [Attached]({A})", "Attached"),
            (f"+ Badged [![arXiv](https://img.shields.io/x)]({A})", "Badged"),
            (f"- [B: ImageNet-2012]({A})", "B: ImageNet-2012"),
            (f"- [A Workshop at CVPR 2024]({A})", "A Workshop at CVPR 2024"),
            (f"- **PASCAL VOC 2007** [[pdf]({A})]", "PASCAL VOC 2007"),
            (f"- [A Name (2024)]({A})", "A Name"),
            (f"- [A Name（2024）]({A})", "A Name"),
        ],
    )
    def test_a_name_is_what_names_it(self, text: str, name: str) -> None:
        parsed = below(text + "\n")

        assert [entry.name.removesuffix("[^1]") for entry in parsed.entries] == [name]
        assert [entry.payload["arxiv_id"] for entry in parsed.entries] == ["2301.00001"]

    @pytest.mark.parametrize(
        "text",
        [
            f"**A Bold Title**\n\n- Paper: {A}\n- Code: https://github.com/e/f\n",
            f"**A Bold Title**\n- [Paper]({A})\n- [PyPi](https://pypi.org/project/x)\n",
            f"**A Bold Title**\n\n[[Paper]({A})] [[Code](https://github.com/e/f)]\n",
            f"- **A Bold Title**\n  - 论文：{A}\n  - 代码：https://github.com/e/f\n",
            f"- A Bold Title\n  - Paper: [arXiv]({A})\n  - Demo: [link](https://e.example.org)\n",
            f"- [A Bold Title](https://openreview.net/forum?id=x)\n  - Paper: [arXiv]({A})\n",
        ],
    )
    def test_labels_below_a_title_are_its_links(self, text: str) -> None:
        parsed = below(text)

        assert named(parsed) == [("A Bold Title", "2301.00001")]
        assert [len(entry.payload["links"]) for entry in parsed.entries] == [2]
        assert joined(parsed).endswith(text)

    @pytest.mark.parametrize(
        "text", [f"- Paper: {A}\n", f"- [PyPi]({A})\n", f"- 2026-05-31 [link]({A})\n", f"- [CVPR 2024]({A})\n"]
    )
    def test_a_label_a_date_or_a_venue_alone_names_nothing(self, text: str) -> None:
        parsed = below(text)

        assert (named(parsed), [problem.line for problem in parsed.problems]) == ([], [5])

    def test_a_year_in_a_name_tells_it_from_others(self) -> None:
        rows = ["PASCAL VOC 2007", "PASCAL VOC 2012", "COCO-2014", "COCO 2017"]
        items = "".join(f"- [{row}](https://example.org/{n})\n" for n, row in enumerate(rows))
        table = "".join(f"| [{row}](https://example.org/{n}) | 1 |\n" for n, row in enumerate(rows))

        expected = [(row, int(row[-4:]), "") for row in rows]
        assert values(below(items, "Datasets"), "name", "year", "summary") == expected
        read = values(below(f"| Dataset | Images |\n|---|---|\n{table}", "Datasets"), "name", "year", "summary")
        assert [name for name, *_ in read] == rows

    @pytest.mark.parametrize("text", ["Seer 2096", "Seer 2049", "Full HD 1920x1080", "Frames 1234"])
    def test_a_number_that_is_no_year_of_publication_is_none(self, text: str) -> None:
        assert values(below(f"- [{text}]({A})\n"), "name", "year") == [(text, None)]

    @pytest.mark.parametrize(("text", "year"), [("1975", 1975), ("1950", 1950), ("1949", None)])
    def test_a_year_of_the_field_is_one(self, text: str, year: int | None) -> None:
        assert values(below(f"- [A name]({A}) ({text})\n"), "year") == [(year,)]


class TestParagraphs:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"**Video T: United**\\\n_Ann A_\\\narXiv, [[Paper]({A})]\\\n16 Nov 2023\n", ("Video T: United", 2023)),
            (f"**In-depth**, [Are we right? Digging]({A}),\n", ("Are we right? Digging", None)),
            (f"[A Title]({A}), CVPR 2019 [[code](https://github.com/a/b)]\n", ("A Title", 2019)),
            (f'<a href="{A}">A Title</a>, CVPR 2019\n', ("A Title", 2019)),
            (f"<details><summary><b><a href='{A}'>A Title</a></b> words of it</summary>\n\nMore.\n\n</details>\n",
             ("A Title", None)),
            (f"**A Title**, Ann Lee. *CVPR 2019*. [[Paper]]({A})\n", ("A Title", 2019)),
            (f"A Title by Ann Lee. [[Paper]]({A}) [[Code]](https://github.com/a/b)\n", ("A Title by Ann Lee", None)),
            (f"**[A Title]({A})** and then many words, more than there are after a citation, as some lists have them\n",
             ("A Title", None)),
        ],
    )  # fmt: skip
    def test_a_paragraph_that_begins_with_its_title_is_an_entry(
        self, text: str, expected: tuple[str, int | None]
    ) -> None:
        assert values(below(text), "name", "year", "arxiv_id") == [(*expected, "2301.00001")]

    def test_lines_that_each_begin_with_a_title_are_an_entry_each(self) -> None:
        parsed = below(f"[One]({A}), CVPR 2019\n[Two]({B}), ACL 2020\n")

        assert named(parsed) == [("One", "2301.00001"), ("Two", "2301.00002")]

    @pytest.mark.parametrize(
        "text",
        [
            f"#### [A Title]({A})\nAnn Lee\n",
            f"#### A Title\n\n- Paper: {A}\n- Code: https://github.com/a/b\n",
            f"### 🔥 A Title\n[[Paper]({A})]\n",
        ],
    )
    def test_a_heading_with_a_link_to_its_paper_is_an_entry(self, text: str) -> None:
        parsed = below(f"{text}\n- [Another]({B})\n")

        assert named(parsed) == [("A Title", "2301.00001"), ("Another", "2301.00002")]
        assert {entry.section for entry in parsed.entries} == {"papers"}
        assert parsed.entries[0].raw == text.splitlines(keepends=True)[0]

    def test_a_sentence_is_skipped_and_said_to_be_one(self) -> None:
        parsed = below("See also [a page](https://example.org) of ours.\n")

        assert fates(parsed) == [(5, 5, "skipped", "a sentence with a link")]


class TestVenues:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"[ScienceQA]({A}): Science questions", (None, None)),
            (f"[A name]({A}): Science", (None, None)),
            (f"[A name]({A}): Nature images", (None, None)),
            (f"[A name]({A}), WWW scale data", (None, None)),
            (f"[A name]({A}) reads RSS", (None, None)),
            (f"[A name]({A}), *Nature*", (None, "Nature")),
            (f"[A name]({A}), Nature 2021", (2021, "Nature 2021")),
            (f"[A name]({A}) reads text. RSS 2021", (2021, "RSS 2021")),
            (f"[A name]({A}) (WWW)", (None, "WWW")),
            (f"[A name]({A}) IEEE TIP", (None, "IEEE TIP")),
            (f"[WWW] [A name]({A})", (None, "WWW")),
            (f"[A name]({A}): uses 2014 COCO. NeurIPS 2021", (2021, "NeurIPS 2021")),
            (f"[A name (2023)]({A}) CVPR 2024", (2024, "CVPR 2024")),
            (f"[A name]({A}) CVPR24", (2024, "CVPR24")),
            (f"**A name (2023)**, 2014 COCO. CVPR 2024\n  - Paper: {A}", (2024, "CVPR 2024")),
        ],
    )
    def test_a_word_is_a_venue_where_it_can_be_nothing_else_and_its_year_comes_first(
        self, text: str, expected: tuple[int | None, str | None]
    ) -> None:
        assert values(below(f"- {text}\n"), "year", "venue", "arxiv_id") == [(*expected, "2301.00001")]


class TestSeveral:
    @pytest.mark.parametrize(
        "text",
        [
            f"- [One]({A}), [Two]({B}), [Three]({C})\n",
            f"- [One]({A}) | [Two]({B}) | [Three]({C})\n",
            f"- [One]({A}) [[code](https://github.com/a/b)]; [Two]({B}) and [Three]({C})\n",
            f"- [One]({A}), CVPR 2024. [Two]({B}), ICLR 2023. [Three]({C})\n",
            f"1) [One]({A})\n(1) [Two]({B})\n[1] [Three]({C})\n",
            f"1) [One]({A})\na. [Two]({B})\nb. [Three]({C})\n",
            f"<li>[One]({A})</li><li>[Two]({B})</li><li>[Three]({C})</li>\n",
        ],
    )
    def test_titles_of_several_papers_are_not_made_one(self, text: str) -> None:
        parsed = below(text)

        assert named(parsed) == []
        reasons = [(outcome, told) for *_, outcome, told in fates(parsed)]
        assert reasons == [("refused", "3 papers in one item: give each a line of its own.")]
        assert joined(parsed).endswith(text)

    @pytest.mark.parametrize(
        "text",
        [
            f"- [One]({A}), [One’s page](https://example.org), [One on a hub](https://huggingface.co/a/b)\n",
            f"- [One]({A}): goes on from [Two]({B})\n",
            f"- [One]({A}), [One, published](https://doi.org/10.1000/1)\n",
            f"- [One]({A}v1), [One, again]({A}v2)\n",
        ],
    )
    def test_one_paper_with_other_links_is_one(self, text: str) -> None:
        assert named(below(text)) == [("One", "2301.00001")]


class TestTables:
    @pytest.mark.parametrize(
        ("header", "row", "expected"),
        [
            ("Date | Architecture | Words", "2026-05-31 | Cosmos T | w", ("Cosmos T", 2026, None)),
            ("Paper | Published in | Code", f"[PaLI T]({A}) | ICLR 2023 | -", ("PaLI T", 2023, "ICLR 2023")),
            ("Title | Pub. | Code", f"[PaLI T]({A}) | ICLR'23 | -", ("PaLI T", 2023, "ICLR'23")),
            ("Title | Venue/Year", f"[PaLI T]({A}) | NeurIPS/2021", ("PaLI T", 2021, "NeurIPS/2021")),
            ("Title | Venue | Date", f"[PaLI T]({A}) | IEEE TGRS | 2022-03", ("PaLI T", 2022, "IEEE TGRS")),
            ("Title | Venue | Date", f"[PaLI T]({A}) | arXiv | 2022-03", ("PaLI T", 2022, None)),
            ("# | Title | Where it was", f"1 | [PaLI T]({A}) | CVPR 2020", ("PaLI T", 2020, "CVPR 2020")),
            ("Code | Thing", f"[x](https://github.com/a/b) | [PaLI T]({A})", ("PaLI T", None, None)),
            ("Title | Links", f"[PaLI T]({A}) <br> Ann A, Bob B | x", ("PaLI T", None, None)),
            ("Title | Links", f"[PaLI T]({A}) <br> Ann A <br> CVPR 2019 | x", ("PaLI T", 2019, "CVPR 2019")),
            ("Date | Title", f"2024-05-01 | ![s](https://img.org/a) <br> **[PaLI T]({A})**", ("PaLI T", 2024, None)),
        ],
    )
    def test_columns_give_name_year_and_venue(self, header: str, row: str, expected: tuple[Any, ...]) -> None:
        bars = "|".join("---" for _ in header.split("|"))

        parsed = below(f"| {header} |\n|{bars}|\n| {row} |\n")

        assert values(parsed, "name", "year", "venue") == [expected]

    def test_a_row_whose_name_is_a_date_is_refused(self) -> None:
        parsed = below(f"| Date | Link |\n|---|---|\n| 2026-05-31 | [x]({A}) |\n")

        assert (named(parsed), [problem.line for problem in parsed.problems]) == ([], [7])

    def test_a_card_keeps_modalities_size_and_licence(self) -> None:
        parsed = below(
            "| Dataset | Modalities | Size | License |\n|---|---|---|---|\n"
            "| Wide | image, text | 2.4M images, 9.5M QA pairs | CC BY 4.0 |\n"
        )

        assert values(parsed, "name", "modalities", "size", "size_count", "licence") == [
            ("Wide", ["image", "text"], "2.4M images, 9.5M QA pairs", 2_400_000, "CC BY 4.0")
        ]

    @pytest.mark.parametrize("glue", ["\n", "", "\n\n"])
    def test_a_table_in_html_is_read_like_one_in_markdown(self, glue: str) -> None:
        rows = [
            "<table>",
            "<tr><th>Title</th><th>Venue</th></tr>",
            f'<tr><td><a href="{A}"><b>One</b></a><br>Ann A</td><td>CVPR 2024</td></tr>',
            f"<tr><td>[Two]({B})</td><td>ICLR 2023</td></tr>",
            "</table>",
        ]

        text = glue.join(rows) + "\n"
        parsed = below(text)

        assert values(parsed, "name", "arxiv_id", "venue") == [
            ("One", "2301.00001", "CVPR 2024"),
            ("Two", "2301.00002", "ICLR 2023"),
        ]
        assert joined(parsed).endswith(text)


class TestIdentifiers:
    @pytest.mark.parametrize(
        ("url", "number"),
        [
            ("https://arxiv.org/pdf/2301.00014v2.pdf", "2301.00014"),
            ("https://doi.org/10.48550/arXiv.2301.00014", "2301.00014"),
            ("https://huggingface.co/papers/2301.00014", "2301.00014"),
            ("https://www.alphaxiv.org/overview/2301.00014v1", "2301.00014"),
            ("https://ar5iv.labs.arxiv.org/html/2301.00014", "2301.00014"),
            ("https://ar5iv.org/abs/2301.00014", "2301.00014"),
            ("https://arxiv.org/abs/cs/0112017", "cs/0112017"),
            ("https://arxiv.org/abs/math.GT/0309136", "math/0309136"),
            ("https://arxiv.org/abs/9912.12345", None),
            ("https://example.org/2301.00014", None),
        ],
    )
    def test_an_address_gives_its_arxiv_id(self, url: str, number: str | None) -> None:
        assert values(below(f"- [A title]({url}) 2023\n"), "arxiv_id", "year") == [(number, 2023)]

    def test_an_address_gives_its_doi(self) -> None:
        assert values(below("- [A title](https://doi.org/10.1000/XYZ.1)\n"), "doi") == [("10.1000/XYZ.1",)]


class TestHeadings:
    @pytest.mark.parametrize(
        ("heading", "outside"),
        [
            ("Contributing", True),
            ("How to contribute to this list", True),
            ("License", True),
            ("Star History", True),
            ("Table of Contents", True),
            ("🙏 致谢", True),
            ("目录 (Contents)", True),
            ("Other resources", True),
            ("Related Awesome Lists", True),
            ("Community detection with VLMs", False),
            ("Content creation", False),
            ("License plate recognition", False),
            ("News recommendation", False),
            ("Citation generation", False),
            ("Contact-rich manipulation", False),
            ("Support vector machines", False),
            ("Other", False),
            ("Related models", False),
            ("Updating knowledge", False),
        ],
    )
    def test_only_a_heading_that_says_nothing_else_is_about_the_list(self, heading: str, outside: bool) -> None:
        parsed = below("- [A model](https://example.org/a)\n", heading)
        names = heading.removeprefix("🙏 ")

        assert (is_about_list(names) or is_about_lines(names)) is outside
        assert named(parsed) == ([] if outside else [("A model", None)])
        assert [outcome for *_, outcome, _ in fates(parsed)] == ["skipped" if outside else "read"]

    def test_what_is_skipped_for_its_heading_says_so(self) -> None:
        parsed = below(f"- [A]({A})\n- [B]({B})\n", "Contributing")

        assert fates(parsed) == [(5, 6, "skipped", "about the list itself, below “Contributing”")]

    @pytest.mark.parametrize("heading", ["目录", "Contents", "News"])
    def test_sections_below_the_contents_are_read(self, heading: str) -> None:
        parsed = below(f"### 1. 模型\n\n- [A model]({A})\n", heading)

        assert named(parsed) == [("A model", "2301.00001")]

    def test_a_list_without_headings_is_read(self) -> None:
        assert named(parse(f"- [K model]({A})\n")) == [("K model", "2301.00001")]

    def test_what_stands_before_the_first_heading_is_skipped(self) -> None:
        parsed = parse(f"- [K model]({A})\n\n# L\n")

        assert fates(parsed) == [(1, 1, "skipped", "before the first heading")]

    @pytest.mark.parametrize(
        ("heading", "expected"),
        [
            ("CVPR 2024", (2024, "CVPR 2024")),
            ("2023", (2023, None)),
            ("2023年论文", (2023, None)),
            ("Papers at NeurIPS 2022", (2022, "NeurIPS 2022")),
            ("Post-2021 models", (None, None)),
            ("Challenge 2020 winners", (None, None)),
        ],
    )
    def test_a_heading_about_a_year_gives_it(self, heading: str, expected: tuple[int | None, str | None]) -> None:
        assert values(below(f"- [A model]({A})\n", heading), "year", "venue") == [expected]

    def test_a_year_of_the_row_comes_first(self) -> None:
        assert values(below(f"- [A model]({A}), ICLR 2020\n", "CVPR 2024"), "year", "venue") == [(2020, "ICLR 2020")]

    def test_the_title_of_the_list_gives_the_year_of_its_venue(self) -> None:
        parsed = parse(f"# CVPR 2024 论文\n\n## 模型\n\n- [A model]({A})\n")

        assert values(parsed, "year", "venue") == [(2024, "CVPR 2024")]

    @pytest.mark.parametrize(
        ("heading", "kind"),
        [
            ("Datasets", "dataset"),
            ("General VLM Training Datasets", "dataset"),
            ("Datasets for Captioning and Retrieval", "dataset"),
            ("数据集 (Datasets)", "dataset"),
            ("Benchmarks for Evaluation", "benchmark"),
            ("Applications and Datasets", ""),
            ("Datasets and Benchmarks", ""),
            ("Dataset Distillation", ""),
            ("Benchmarking", ""),
            ("Papers on Datasets", "paper"),
        ],
    )
    def test_a_heading_names_a_kind_if_its_noun_does(self, heading: str, kind: str) -> None:
        assert kind_named_in(heading) == kind

    def test_papers_below_applications_and_datasets_are_papers(self) -> None:
        parsed = below(f"### Visual QA\n\n[RUBi T: Reducing]({A}), NeurIPS 2019\n", "Applications and Datasets")

        assert [(entry.kind, entry.payload["arxiv_id"]) for entry in parsed.entries] == [("paper", "2301.00001")]

    def test_a_heading_with_more_words_than_notes_holds_entries(self) -> None:
        assert named(below(f"- [A]({A})\n", "Note-taking VLMs")) == [("A", "2301.00001")]
        assert below(f"- Words of [A]({A})\n", "📝 Notes on this list").notes == [f"Words of [A]({A})"]

    def test_a_summary_of_datasets_holds_datasets(self) -> None:
        rows = f"| Dataset | Year | Link |\n|---|---|---|\n| COCO | 2014 | [x]({A}) |\n"

        assert values(below(rows, "Summary of Datasets"), "name", "year") == [("COCO", 2014)]
        assert [row.labels for row in below(rows, "Summary table of the list").summary] == [["2014"]]

    @pytest.mark.parametrize(
        ("heading", "is_topic"),
        [
            ("🚧 Current Challenges", True),
            ("Challenges of VLMs", True),
            ("⚖ Ethics & Best Practices", True),
            ("Emerging areas", True),
            ("Challenge Papers", False),
            ("Emerging models", False),
            ("Ethics datasets", False),
        ],
    )
    def test_topics_stand_below_headings_that_say_so_alone(self, heading: str, is_topic: bool) -> None:
        parsed = below("### LLaVA\n\n- Fast model\n", heading)

        assert [entry.kind for entry in parsed.entries] == (["topic"] if is_topic else [])

    @pytest.mark.parametrize("heading", ["Emerging areas", "Emerging models", "Topics"])
    def test_a_heading_that_links_a_paper_is_its_title_also_among_topics(self, heading: str) -> None:
        parsed = below(f"### [P]({A})\n\n- x\n", heading)

        assert [(entry.kind, entry.name) for entry in parsed.entries] == [("paper", "P")]

    def test_sections_of_other_scripts_are_not_one(self) -> None:
        parsed = parse(f"# L\n\n## 模型\n\n- [A]({A})\n\n## 论文\n\n- [B]({B})\n")

        assert len({entry.section for entry in parsed.entries}) == 2


class TestTold:
    @pytest.mark.parametrize(
        ("text", "outcome", "reason"),
        [
            ("- [Relative](papers/a.pdf) 2023", "refused",
             "“papers/a.pdf” is an address within the list’s own files: write the whole address."),
            ("- [Surveys](#surveys)", "skipped", "a link within the page"),
            ("- NoLink (2020), words", "skipped", "an item without a link"),
            ("[![x](https://img.org/x)](https://a.org)", "skipped", "pictures with links"),
            ("- It uses a [map](https://a.org) for it.", "refused", "No name found in “It uses a map for it.”."),
            (f"[one]: {A}", "skipped", "where a link leads to"),
            ("### A [linked](https://a.org) heading", "skipped", "a heading"),
        ],
    )  # fmt: skip
    def test_a_line_that_is_no_entry_says_why(self, text: str, outcome: str, reason: str) -> None:
        assert fates(below(text + "\n")) == [(5, 5, outcome, reason)]


HABITS = (
    *("# L", "## Papers", "## Contributing", "### [Linked](https://a.org)", "##Glued", "Title\n===", "Title\n---"),
    *(f"- [A]({A})", f"* **B** [[paper]({B})]", "1. x", "  - y", f"      - Paper: {C}", "- [ ] t", "- ", "-"),
    *(f"• [D]({A})", f"> - [Q]({A})", f"**In**, [T]({A}),", "**Bold**", f"[T]({B}), CVPR 2020", "plain", "", "  "),
    *("| a | b |", "|---|---|", f"| [r]({A}) | 2020 |", "<table>", "</table>", "<tr><td>a</td></tr>", "<tr><th>Name"),
    *(f'<tr><td><a href="{A}">h</a>', "</td></tr>", "<li>", f"<li>[x]({A})</li>", "<details>", "<summary>s</summary>"),
    *("</details>", "```", "~~~", "<!--", "-->", f"<!-- [c]({A}) -->", f"[ref]: {A}", "[x][ref]", "[^1]: note"),
    *("![i](u)", "1986. A year", "*", "+ [ ] [x](y)"),
    *("- [a](http://b.c", ")", "\\", "text\\", "line  ", "<br>", "---", "    code", "\tx", "- - - z", "- # h", "<pre>"),
)  # fmt: skip


class TestEveryLine:
    @given(st.lists(st.sampled_from(HABITS), max_size=25), st.sampled_from(["\n", "\r\n", "\r"]))
    def test_is_accounted_for_once_and_none_is_lost(self, rows: list[str], ending: str) -> None:
        text = "\n".join(rows).replace("\n", ending)

        parsed = parse(text)

        told = [line for account in parsed.accounts for line in range(account.line, account.last + 1)]
        due = [number for number, line in enumerate(split_lines(text), 1) if matters(line)]
        assert set(due) <= set(told)
        assert all(account.text for account in parsed.accounts)
        assert joined(parsed) == text or parsed.repairs
        refused = {account.line for account in parsed.accounts if account.outcome == "refused"}
        assert {problem.line for problem in parsed.problems if problem.line in due} <= refused


class TestWritingBack:
    def test_a_changed_row_of_a_table_in_html_stays_one(self) -> None:
        rows = f"<tr><th>Title</th><th>Year</th></tr>\n<tr><td><a href='{A}'>One</a></td><td>2023</td></tr>\n"
        parsed = below(f"<table>\n{rows}</table>\n")
        entry = parsed.entries[0]
        stated = stated_values_of(entry.payload)
        slot = {"kind": "paper", "id": 1, "section": "", "raw": entry.raw, "style": vars(entry.style), "parsed": stated}
        line = ListLine("paper", 1, "One & two", 2024, "", A)

        text = render([{"entry": slot}], {("paper", 1): line})

        assert text == f'<tr><td><a href="{A}"><b>One &amp; two</b></a></td><td>2024</td></tr>'

    def test_a_changed_row_keeps_the_cells_of_other_columns(self) -> None:
        parsed = below(f"| Title | Venue | Size | Code |\n|---|---|---|---|\n| [One]({A}) | CVPR 2023 | 7B | x |\n")
        entry = parsed.entries[0]
        stated = stated_values_of(entry.payload)
        slot = {"kind": "paper", "id": 1, "section": "", "raw": entry.raw, "style": vars(entry.style), "parsed": stated}
        line = ListLine("paper", 1, "Uno", 2023, "", A)

        assert render([{"entry": slot}], {("paper", 1): line}) == "| **Uno** | CVPR 2023 | 7B   | x    |\n"
