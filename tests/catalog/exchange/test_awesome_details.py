"""What lists say of an entry in other places than its line: below it, in badges, in brackets, in spanned cells."""

from typing import Any

import pytest

from catalog.exchange.awesome.parsed import ParsedList
from catalog.exchange.awesome.reader import parse
from tests.catalog.exchange.test_awesome_habits import A, B, below, fates, joined, named, values

CODE = "https://github.com/a/b"
BADGE = "https://img.shields.io/badge"


def stated(parsed: ParsedList) -> list[tuple[Any, ...]]:
    return values(parsed, "name", "arxiv_id", "year", "venue")


class TestBelowTheTitle:
    @pytest.mark.parametrize(
        ("text", "year", "venue"),
        [
            (f"1. **Far Sight.** Preprint.\n\n   *Ann A, Bob B.* [[pdf]({A})], 2021.6\n", 2021, None),
            (f"1. **Far Sight.** ICLR 2020. ![]({BADGE}/x-blue)\n   *Ann A* [[pdf]({A})]\n", 2020, "ICLR 2020"),
            (f"- Far Sight\n  - Ann A, Bob B. [[pdf]({A})] 2021\n", 2021, None),
            (f"- [Far Sight]({A})\n  - Ann A\n  - 📅 Date: May 2, 2026\n  - Publisher: FSE 2026\n", 2026, "FSE 2026"),
            (f"- **Far Sight** [[pdf]]({A})\n\n  `ECCV 2022` ![]({BADGE}/x-blue)\n", 2022, "ECCV 2022"),
            (f"- [Far Sight]({A}) <br>[2025-03-06]\n", 2025, None),
            (f"**Far Sight**\n\n- CVPR 2020 Oral\n\n- 论文：{A}\n- 代码：还未公布\n", 2020, "CVPR 2020"),
            (f"**Far Sight**\n\n- Oral\n- 论文下载链接：{A}\n- 代码（即将开源）：{CODE}\n", None, None),
            (f"🔥 **Far Sight**  \n<p>\n<img src='a.png'>\n</p>\n\n<font><div>[[📖 Long Paper]({A})]</div></font>\n",
             None, None),
            (f"**Far Sight**  \n**[Page](https://a.org)** | **[Paper]({A})** | **[Try Gadget](https://b.org)**\n",
             None, None),
            (f"**Far Sight**\n\n*Ann A, Bob B*\n\n[[paper]({A})] [[code]({CODE})]\n", None, None),
            (f"<details>\n<summary><b>Far Sight</b> (CVPR 2024)</summary>\n\n- Paper: {A}\n\n</details>\n",
             2024, "CVPR 2024"),
            (f"- [Far Sight]({A})\n  <details>\n  <summary>Ann A <em>ECCV</em> 2023</summary>\n  Word.\n  </details>\n",
             2023, "ECCV 2023"),
        ],
    )  # fmt: skip
    def test_links_year_and_venue_are_found(self, text: str, year: int | None, venue: str | None) -> None:
        parsed = below(text)

        assert stated(parsed) == [("Far Sight", "2301.00001", year, venue)]
        assert joined(parsed).endswith(text)

    def test_a_line_that_tells_something_is_read_and_stays_where_it_is(self) -> None:
        parsed = below(f"- [Far Sight]({A})\n  - Date: 2024-05-01\n")

        assert fates(parsed)[1:] == [(6, 6, "read", "details of “Far Sight”")]
        assert parsed.entries[0].raw == f"- [Far Sight]({A})\n"

    def test_an_item_that_groups_others_is_no_entry(self) -> None:
        parsed = below(f'* General:\n  * **FS**: "Far Sight", CVPR, 2020 (*Uni*). [[Paper]({A})]\n')

        assert values(parsed, "name", "summary", "venue") == [("FS", "Far Sight", "CVPR")]

    @pytest.mark.parametrize("label", ["Click to expand", "More information", "BibTeX", "点击展开"])
    def test_what_asks_to_unfold_is_no_title(self, label: str) -> None:
        assert named(below(f"<details><summary>{label}</summary>\n\n[Paper]({A})\n\n</details>\n")) == []

    def test_a_heading_with_badges_below_its_description_is_an_entry(self) -> None:
        text = (
            f"### **Far Sight: Seeing**\n\nIt sees far.\n\n[![arXiv]({BADGE}/arXiv-x-red)]({A}) "
            f"[![Site]({BADGE}/a-b-c)](https://a.org)\n\nAnn A et al.<br>\n**Released:** 2026-06-11\n\nMore words.\n"
        )
        parsed = below(text)

        assert stated(parsed) == [("Far Sight: Seeing", "2301.00001", 2026, None)]
        assert joined(parsed).endswith(text)

    def test_a_section_with_badges_and_entries_is_none(self) -> None:
        parsed = below(f"### Surveys\n\nOur own.\n\n[![arXiv]({BADGE}/arXiv-x-red)]({A})\n\n- [Far Sight]({B})\n")

        assert named(parsed) == [("Far Sight", "2301.00002")]

    @pytest.mark.parametrize(
        ("heading", "expected"),
        [
            (f"# [A Survey]({A}) [![x]({BADGE}/a-b-c)](https://a.org)", ("A Survey", "2301.00001", None, None)),
            (f"### [CVPR 2024] [Far Sight]({A})", ("Far Sight", "2301.00001", 2024, "CVPR 2024")),
            (f"#### Far Sight ([paper]({A}), [code]({CODE}))", ("Far Sight", "2301.00001", None, None)),
        ],
    )
    def test_a_heading_that_links_its_paper_is_an_entry(self, heading: str, expected: tuple[Any, ...]) -> None:
        parsed = parse(f"## Papers\n\n{heading}\n\n- [Another]({B})\n")

        assert stated(parsed) == [expected, ("Another", "2301.00002", None, None)]


class TestTitles:
    @pytest.mark.parametrize(
        ("text", "name"),
        [
            (f'- "Far Sight: A Way", *arXiv, Dec 2023*. [[Paper]({A})]', "Far Sight: A Way"),
            (f'- **[FS]** "Far Sight", *arXiv, May 2023*.\n[[Paper]({A})]', "Far Sight"),
            (f'- **?**: "Far Sight", CVPR, 2022 (*Uni*). [[Paper]({A})]', "Far Sight"),
            (f'- **FS**: "Seeing using\n  Long Glasses", *IROS, 2023*. [[Paper]({A})]', "FS"),
            (f'- [May 2024] **"Far Sight."** *Ann A et al.* [[paper]({A})]', "Far Sight"),
            (f'- Ann Alpha, Bob Beta. "Far Sight." 2024. [[paper]({A})]', "Far Sight"),
            (f"- Far Sight. *Ann A, Bob B*. 2024. [pdf]({A})", "Far Sight"),
            (f"- Far Sight, CVPR 2024, {A}", "Far Sight"),
            (f"- Far Sight [[paper]({A})], Ann Alpha and Bob Beta. (2024)", "Far Sight"),
            (f"- Far Sight ([Ann A et al., 2024]({A}))", "Far Sight"),
            (f"- Far Sight [arXiv:2301.00001]({A})", "Far Sight"),
            ("- Far Sight arXiv:2301.00001", "Far Sight"),
            (f"- [[2019 ICCV] Far Sight]({A})", "Far Sight"),
            (f"- 【CVPR 2024】Far Sight【[Paper]({A})】", "Far Sight"),
            (f"- **2023-05** | **Far Sight** | [paper]({A})", "Far Sight"),
            (f"- [Far Sight]()<br>:star:[dataset](https://a.org) [[paper]({A})]", "Far Sight"),
            (f"- DecoFar: words [[paper]({A})]", "DecoFar"),
            (f"- **Octofar** [[paper]({A})]", "Octofar"),
            (f"- [🔭 Far Sight]({A}) ⏰ *2024-06*", "Far Sight"),
            (f"- 🔭 [∞Sight]({A})", "∞Sight"),
            (
                f"2025-7-22: Far Sight with Glasses  📄 [arXiv 2301.00001]({A})  🤗 [Papers](https://a.org)",
                "Far Sight with Glasses",
            ),
            (f"2025-6 Far: Sight [Github]({CODE}) [Paper]({A})", "Far"),
            (f"Far Sight with Glasses  \nEMNLP 2021 [paper]({A})", "Far Sight with Glasses"),
            (
                f"- Far-Eastern Art (FEA) Seen with Glasses (Paris) [paper]({A})",
                "Far-Eastern Art (FEA) Seen with Glasses",
            ),
            (f"- Far-Eastern Art (FEA) is seen with glasses [paper]({A})", "Far-Eastern Art"),
            (f"- [FS]: Far Sight  \n  CVPR 2018 [paper]({A})", "Far Sight"),
            (f"- [FS]: Far Sight\n  EMNLP 2020 [paper]({A})", "Far Sight"),
            (f"- [**Far Sight**] [[**Github**]({CODE})] [[paper]({A})]<br>\n  Words of it.", "Far Sight"),
            (f"1. <span id='1'>**[FS]**</span> | **CVPR'24** | Far Sight | [`[pdf]`]({A})", "Far Sight"),
            (f"1. <span id='1'>**[FS]**</span> | **ArXiv'2403** | Far Sight | [`[pdf]`]({A})", "Far Sight"),
            (f'- Ann Alpha, Bob Beta.<br />\n  "Far Sight." ArXiv (2022).\n  [[paper]({A})]', "Far Sight"),
            (f'- **FS:** Ann Alpha, Bob Beta.<br />\n  "Far Sight." TIP (2025).\n  [[paper]({A})]', "FS"),
            (f"**[CVPR 2024] Far Sight** \n[[paper]({A})] [[code]({CODE})]", "Far Sight"),
            (f"| Paper | arXiv |\n|--|--|\n| Far Sight | [x]({A}) |", "Far Sight"),
        ],
    )
    def test_are_what_is_in_quotes_in_bold_or_first(self, text: str, name: str) -> None:
        assert named(below(text + "\n")) == [(name, "2301.00001")]

    def test_of_paragraphs_after_their_venue(self) -> None:
        parsed = below(
            f"(TIP 2021) [Far\nSight]({A}) [[Code]]({CODE}) by Alpha et al.\n\n"
            f"(ABC 2022) [Near Sight]({B}) by Beta et al.\n\n"
            f"(ICCV 2023) [Far]({A}) is a way of seeing that all who want to see things far away should know.\n"
        )

        assert stated(parsed) == [
            ("Far Sight", "2301.00001", 2021, "TIP 2021"),
            ("Near Sight", "2301.00002", 2022, "ABC 2022"),
        ]

    def test_news_of_the_authors_is_none(self) -> None:
        assert named(below(f"2025-6 We opened the code of Far [Github]({CODE}) [Paper]({A})\n")) == []

    def test_words_in_quotes_before_a_colon_are_a_part_of_the_title(self) -> None:
        assert values(below(f'- "All Good": Reading Far [[pdf]({A})]\n'), "name", "summary") == [
            ("All Good", "Reading Far")
        ]

    def test_an_item_whose_link_is_empty_says_so(self) -> None:
        assert fates(below("- [Far Sight]() words\n")) == [(5, 5, "refused", "A link without an address.")]

    def test_links_to_the_sections_of_the_page_are_contents(self) -> None:
        parsed = below(f"- [Far Surveys](https://github.com/a/list#far-surveys)\n- [b#c]({CODE}#c)\n")

        assert (named(parsed), fates(parsed)[0]) == ([("b#c", None)], (5, 5, "skipped", "a link within the page"))


class TestBelowContents:
    def test_a_title_that_links_its_paper_is_an_entry(self) -> None:
        parsed = below(f'- [Far Sight]({A})远视\n- "Near Sight", *arXiv*. [[Paper]({B})]\n', "目录")

        assert named(parsed) == [("Far Sight", "2301.00001"), ("Near Sight", "2301.00002")]

    @pytest.mark.parametrize(
        "text", [f"- [2024.05] [Far Sight]({A}) is out", f"- [Far Sight]({A}) is accepted", f"- Read [it]({A})"]
    )
    def test_news_of_a_paper_is_none(self, text: str) -> None:
        assert named(below(text + "\n", ":boom: Update Log")) == []


class TestPlaceAndTime:
    @pytest.mark.parametrize(
        ("text", "year", "venue"),
        [
            ("[**Image Analysis Letters 2022**] T", 2022, "Image Analysis Letters 2022"),
            ("[**ABC W 2023**] T", 2023, "ABC W 2023"),
            ("[**arXiv 2022**] T", 2022, None),
            ("(arXiv.2021.02) T", 2021, None),
            ("[CVPR-2024] T", 2024, "CVPR-2024"),
            ("T (Feb. 2018, ICLR 2018)", 2018, "ICLR 2018"),
            ("T, *CORL 2023*.", 2023, "CORL 2023"),
            ("T, *Neurips 2023*.", 2023, "Neurips 2023"),
            ("**T.** CVPR 24.", 2024, "CVPR 24"),
            ("**T**, 2024.10, Science,", 2024, "Science"),
            ("**T**: words of social Science", None, None),
            ("**T**, ABC 2024,", 2024, "ABC 2024"),
            (f"**T** ![]({BADGE}/CVPR-2024-blue)", 2024, "CVPR 2024"),
            (f"**T** ![]({BADGE}/arXiv-2301.00001-red)", None, None),
            (f"25.03 [T]({A})", 2025, None),
            ("**T.** [1st April, 2022] [ABCD, 2022].", 2022, "ABCD, 2022"),
            (f"[T (2025-7, 2025ICCV)]({A})", 2025, "ICCV"),
            (f"[T (2024-12)]({A})", 2024, None),
            (f"24-03 (NeurIPS24)[T]({A})", 2024, "NeurIPS24"),
            (f"(arXiv preprint 2022) [💬Topic] **T** [[v1]({A}v1)](2022.02.18)", 2022, None),
            ("[**T**](https://a.org) [**ICLR 2024 Workshop ABC**]", 2024, "ICLR 2024 Workshop"),
            (f"**T** [![CVPR 2024]({BADGE}/x-y-z)](https://a.org)", 2024, "CVPR 2024"),
        ],
    )
    def test_of_an_item(self, text: str, year: int | None, venue: str | None) -> None:
        assert values(below(f"- {text} [[pdf]({A})]\n"), "name", "year", "venue", "summary") == [
            ("T", year, venue, "words of social Science" if "words" in text else "")
        ]

    @pytest.mark.parametrize(
        ("header", "row", "expected"),
        [
            ("Paper | Date", f"[T]({A}) | ![Feb 26, 2026]({BADGE}/Feb_26,_2026-red)", (2026, None, "")),
            ("Paper | Venue", f"[T]({A}) | ![]({BADGE}/CVPR-2024-blue)", (2024, "CVPR 2024", "")),
            ("Paper | Date | Note", f"[T]({A}) | 2023-11-24 | accepted by CVPR-24", (2023, "CVPR-24", "")),
            ("Paper | Note", f"[T]({A}) | - ", (None, None, "")),
            ("Paper | Note", f"[T]({A}) <br> A. Ann, B. Bob, and C. Cid. | [arXiv]({A}) ", (None, None, "")),
            ("Paper | Note", f"[T]({A}) (T2) | words", (None, None, "words")),
            ("Paper | Challenge", f"[[MICCAI'2022] T]({A}) | -", (2022, "MICCAI'2022", "")),
            ("Paper | arXiv", "T | 2301.00001", (None, None, "")),
            ("Title & Time | Links", f"T (2024-12) | [Paper]({A})", (2024, None, "")),
            ("Title & Time | Links", f"T (ICCV 2023)(2023-3) | [Paper]({A})", (2023, "ICCV 2023", "")),
            ("数据集名称 | 内容概述 | 获取链接", f"T | 词 | [下载链接]({A})", (None, None, "词")),
        ],
    )
    def test_of_a_row(self, header: str, row: str, expected: tuple[Any, ...]) -> None:
        bars = "|".join("---" for _ in header.split("|"))

        parsed = below(f"| {header} |\n|{bars}|\n| {row} |\n")

        assert values(parsed, "name", "arxiv_id", "year", "venue", "summary") == [("T", "2301.00001", *expected)]


class TestTables:
    def test_a_header_that_links_a_paper_is_a_row(self) -> None:
        text = f"| [Far Sight]({A}) | 2024 |\n|---|---|\n| [Near Sight]({B}) | 2025 |\n"
        parsed = below(text)

        assert named(parsed) == [("Far Sight", "2301.00001"), ("Near Sight", "2301.00002")]
        assert joined(parsed).endswith(text)

    def test_a_row_of_words_among_linked_names_is_a_heading(self) -> None:
        parsed = below(f"| Paper | Code |\n|---|---|\n| **Far** | |\n| [Far Sight]({A}) | - |\n")

        assert named(parsed) == [("Far Sight", "2301.00001")]

    def test_a_legend_holds_no_entries(self) -> None:
        parsed = below(
            "| Modality | Input |\n|---|---|\n| ![Text][t] | Words and numbers |\n\n[t]: https://a.org/t.svg\n"
        )

        assert named(parsed) == []

    @pytest.mark.parametrize(
        ("column", "kind"),
        [("Benchmark Dataset", "dataset"), ("Dataset Benchmark", "benchmark"), ("Model", "paper"), ("Thing", "paper")],
    )
    def test_a_column_of_two_nouns_is_about_the_last(self, column: str, kind: str) -> None:
        parsed = below(f"| {column} | Metric |\n|---|---|\n| [Far](https://a.org) | x |\n", "Far and near")

        assert [entry.kind for entry in parsed.entries] == [kind]

    @pytest.mark.parametrize(
        ("cells", "name"),
        [
            (f"FarSight | 2022 | [Alpha et al.]({A})", "FarSight"),
            (f"Eyes | 2022 | [Far Sight]({A})", "Far Sight"),
            (f"1 | 2022 | [Far Sight]({A})", "Far Sight"),
        ],
    )
    def test_a_paper_that_only_names_its_authors_is_named_before(self, cells: str, name: str) -> None:
        parsed = below(f"| Medical VLM | Year | Paper |\n|---|---|---|\n| {cells} |\n")

        assert stated(parsed) == [(name, "2301.00001", 2022, None)]

    def test_a_row_that_names_nothing_is_refused(self) -> None:
        assert named(below(f"| No | Paper |\n|---|---|\n| 1 | [Alpha et al.]({A}) |\n")) == []

    def test_headings_within_what_is_folded_are_sections(self) -> None:
        parsed = below("<details open>\n<summary><h3>Far Benchmarks (2)</h3></summary>\n\n- [Far](https://a.org)\n")

        assert [(entry.kind, entry.section) for entry in parsed.entries] == [("benchmark", "far-benchmarks-2")]

    def test_cells_that_span_others_are_those_of_each_row(self) -> None:
        text = (
            '<table>\n<tr><td rowspan="2">Venue</td><td colspan=2>Sight</td><td rowspan=2>Title</td></tr>\n'
            "<tr><td>Near</td><td>Far</td></tr>\n"
            f'<tr><td rowspan="2">ECCV 2022</td><td>-</td><td>x</td><td><a href="{A}">One</a></td></tr>\n'
            f'<tr><td colspan="2">x</td><td><a href="{B}">Two</a></td></tr>\n</table>\n'
        )
        parsed = below(text)

        assert stated(parsed) == [
            ("One", "2301.00001", 2022, "ECCV 2022"),
            ("Two", "2301.00002", 2022, "ECCV 2022"),
        ]
        assert [entry.style.columns for entry in parsed.entries] == [
            ["venue", "other", "other", "name"],
            ["other", "name"],
        ]
        assert joined(parsed).endswith(text)
