"""What is pasted: what it is taken for, and what it fills in."""

from typing import Any

import pytest

from submissions.intake.drafts import Draft, Unreadable
from submissions.intake.identifiers import short_name
from submissions.intake.lists import read_many
from submissions.intake.paste import read, read_pasted
from submissions.intake.pasted_lines import ACCEPTED_FORMATS, HEADER
from tests.factories import make_component

pytestmark = pytest.mark.django_db

A, B = "https://arxiv.org/abs/2401.00008", "https://arxiv.org/abs/2401.00009"
ARXIV = {"kind": "arxiv", "url": "https://arxiv.org/abs/2409.12191", "label": ""}


def draft(text: str) -> Draft:
    parsed = read(text)
    assert isinstance(parsed, Draft), parsed
    return parsed


def refused(text: str) -> str:
    parsed = read(text)
    assert isinstance(parsed, Unreadable), parsed
    return parsed.reason


class TestLines:
    def test_a_line_of_a_paper(self) -> None:
        parsed = draft("2024 | Qwen2-VL | https://arxiv.org/abs/2409.12191v2 | Takes images at any resolution")

        assert (parsed.kind, parsed.notes, parsed.source) == ("paper", (), "https://arxiv.org/abs/2409.12191v2")
        assert parsed.payload == {
            "name": "Qwen2-VL",
            "summary": "Takes images at any resolution",
            "year": 2024,
            "links": [{"kind": "arxiv", "url": "https://arxiv.org/abs/2409.12191v2", "label": ""}],
            "arxiv_id": "2409.12191",
        }

    def test_a_line_of_a_dataset_card(self) -> None:
        parsed = draft("COCO | image, text | 330K images | CC BY 4.0")

        assert parsed.kind == "dataset"
        assert {key: parsed.payload[key] for key in ("name", "modalities", "size", "licence")} == {
            "name": "COCO",
            "modalities": ["image", "text"],
            "size": "330K images",
            "licence": "CC BY 4.0",
        }

    @pytest.mark.parametrize(
        "text",
        [
            "| 2024 | Qwen2-VL | [paper](https://arxiv.org/abs/2409.12191) | Takes images |",
            "- 2024 | Qwen2-VL | https://arxiv.org/abs/2409.12191 | Takes images",
            "2024 ｜ Qwen2-VL ｜ https://arxiv.org/abs/2409.12191 ｜ Takes images",
            "2024|Qwen2-VL|https://arxiv.org/abs/2409.12191|Takes images",
            "https://arxiv.org/abs/2409.12191 | 2024 | Qwen2-VL | Takes images",
        ],
    )
    def test_habits_of_others_are_understood(self, text: str) -> None:
        assert draft(text).payload == {
            "name": "Qwen2-VL",
            "summary": "Takes images",
            "year": 2024,
            "links": [ARXIV],
            "arxiv_id": "2409.12191",
        }

    def test_a_line_without_a_link_says_so(self) -> None:
        assert draft("2024 | Qwen2-VL | | Takes images").notes == (
            "There is no link in the line: please add where it can be read.",
        )

    def test_a_script_address_is_no_link(self) -> None:
        assert "links" not in draft("2024 | X | javascript:alert(1) | d").payload

    def test_parts_that_the_catalogue_knows_are_linked_and_others_reported(self) -> None:
        make_component(name="CLIP ViT-L/14", type="vision-encoder")

        parsed = draft(
            "2023 | LLaVA | https://arxiv.org/abs/2304.08485 | Multimodal, "
            "using CLIP ViT-L/14 for vision encoding and Vicuna as the pretrained backbone"
        )

        assert [row["component"] for row in parsed.payload["vision_encoders"]] == ["clip-vit-l-14"]
        assert parsed.notes == ("The language model “Vicuna” is not in the catalogue yet, so it was left out.",)

    def test_texts_that_are_too_long_are_cut_and_reported(self) -> None:
        parsed = draft(f"2024 | {'x' * 400} | https://arxiv.org/abs/2409.12191 | d")

        assert len(parsed.payload["name"]) == 300
        assert parsed.notes == ("Name was longer than 300 characters and was cut.",)

    def test_more_lines_than_one_are_a_list(self) -> None:
        assert refused("a | b | c | d\ne | f | g | h") == "That is more than one line. Bring it as a list instead."

    @pytest.mark.parametrize("text", ["", "   \n ", "Qwen2-VL", "https://example.org/", "javascript:alert(1)", "|||"])
    def test_an_unknown_format_is_answered_with_the_known_ones(self, text: str) -> None:
        assert refused(text) == ACCEPTED_FORMATS

    def test_a_text_without_end_is_not_read(self) -> None:
        assert refused("x" * 20_001) == "That is too long for one thing. Bring it as a list instead."


def stated(text: str, *keys: str) -> tuple[Any, ...]:
    parsed = draft(text)
    return (parsed.kind, *(parsed.payload.get(key) for key in keys))


class TestCells:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"2024-01-15 | T date | {A} | d", ("T date", 2024, "d")),
            (f"January 2024 | T date | {A} | d", ("T date", 2024, "d")),
            (f"2024\tA Tabbed Title\t{A}\tSome words", ("A Tabbed Title", 2024, "Some words")),
            (f"A Tabbed Title\t2024\t{A}", ("A Tabbed Title", 2024, None)),
            (f"CVPR 2024 | T venue | {A} | d", ("T venue", 2024, "d")),
        ],
    )
    def test_a_date_is_a_year_and_tabs_separate(self, text: str, expected: tuple[Any, ...]) -> None:
        assert stated(text, "name", "year", "summary", "arxiv_id") == ("paper", *expected, "2401.00008")

    def test_what_was_made_of_a_date_is_said(self) -> None:
        assert draft(f"2024-01-15 | T date | {A} | d").notes == ("“2024-01-15” was read as the year 2024.",)

    @pytest.mark.parametrize(
        "text",
        ["Year | Title | Link | Brief Description", "Name | Modalities | Size | License", "Title\tYear\tVenue"],
    )
    def test_a_header_is_no_entry(self, text: str) -> None:
        assert refused(text) == HEADER

    def test_a_cell_is_kept_whole(self) -> None:
        text = "Wide | image, text | 2.4M images, 9.5M QA pairs | CC BY 4.0"

        assert stated(text, "name", "size", "size_count") == (
            "dataset",
            "Wide",
            "2.4M images, 9.5M QA pairs",
            2_400_000,
        )

    def test_what_is_not_used_is_said(self) -> None:
        assert draft("Wide | image | 2M images | MIT | remark").notes == (
            "Only the first four cells were read: name, modalities, size, licence. Not used: “remark”.",
        )

    def test_links_of_all_cells_are_kept(self) -> None:
        parsed = draft(f"2024 | A Title | {A} | [code](https://github.com/a/b)")

        assert [row["kind"] for row in parsed.payload["links"]] == ["arxiv", "code"]


class TestItems:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            (f"- **Qwen T** (2025) - [A model]({A})", ("Qwen T", 2025, None, "A model")),
            (
                f"[Qwen T: a model]({A}), CVPR 2025 [[code](https://github.com/q/t)]",
                ("Qwen T", 2025, "CVPR 2025", None),
            ),
            (f"* [CVPR 2025] Qwen T [[paper]({A})]", ("Qwen T", 2025, "CVPR 2025", None)),
            (f'<li><a href="{A}">Qwen T</a> (2025)</li>', ("Qwen T", 2025, None, None)),
            (f"- **Qwen T** - [paper]({A}) | [demo](https://d.example.org/x)", ("Qwen T", None, None, None)),
            (f"**Qwen T**\n- Paper: {A}\n- Code: https://github.com/q/t", ("Qwen T", None, None, None)),
        ],
    )
    def test_what_the_reader_of_lists_reads_is_read(self, text: str, expected: tuple[Any, ...]) -> None:
        assert stated(text, "name", "year", "venue", "summary", "arxiv_id") == ("paper", *expected, "2401.00008")


class TestAddresses:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("https://dl.acm.org/doi/10.1145/3581783.3612374",
             (None, "10.1145/3581783.3612374", "https://doi.org/10.1145/3581783.3612374")),
            ("https://link.springer.com/chapter/10.1007/978-3-030-58577-8_7",
             (None, "10.1007/978-3-030-58577-8_7", "https://doi.org/10.1007/978-3-030-58577-8_7")),
            ("https://link.springer.com/content/pdf/10.1007/978-3-1.pdf",
             (None, "10.1007/978-3-1", "https://doi.org/10.1007/978-3-1")),
            ("https://openreview.net/forum?id=YicbFdNTTy", (None, None, "https://openreview.net/forum?id=YicbFdNTTy")),
            ("https://openreview.net/pdf?id=YicbFdNTTy", (None, None, "https://openreview.net/forum?id=YicbFdNTTy")),
            ("https://aclanthology.org/2020.emnlp-main.62/",
             (None, None, "https://aclanthology.org/2020.emnlp-main.62")),
            ("https://proceedings.mlr.press/v139/radford21a.html",
             (None, None, "https://proceedings.mlr.press/v139/radford21a.html")),
            ("openaccess.thecvf.com/content/CVPR2024/papers/A_B_paper.pdf",
             (None, None, "https://openaccess.thecvf.com/content/CVPR2024/html/A_B_paper.html")),
            ("papers.example.org/2024/x.html", (None, None, "https://papers.example.org/2024/x.html")),
            ("https://github.com/haotian-liu/LLaVA", ("LLaVA", None, "https://github.com/haotian-liu/LLaVA")),
            ("<https://github.com/haotian-liu/LLaVA.git>", ("LLaVA", None, "https://github.com/haotian-liu/LLaVA")),
            ("https://hf.co/Qwen/Qwen2-VL-7B/tree/main", ("Qwen2-VL-7B", None, "https://huggingface.co/Qwen/Qwen2-VL-7B")),
        ],
    )  # fmt: skip
    def test_the_address_of_a_paper_opens_its_form_with_its_one_address(
        self, text: str, expected: tuple[str | None, str | None, str]
    ) -> None:
        name, doi, url = expected
        parsed = draft(text)

        assert (parsed.kind, parsed.payload.get("name"), parsed.payload.get("doi")) == ("paper", name, doi)
        assert [row["url"] for row in parsed.payload["links"]] == [parsed.source] == [url]

    def test_of_an_address_that_no_reader_knows_is_said_that_it_is_all_that_was_read(self) -> None:
        assert draft("https://papers.example.org/2024/x.html").notes == (
            "Only the address was read: please fill in the name and the year.",
        )

    @pytest.mark.parametrize(
        ("text", "reason"),
        [
            ("https://huggingface.co/settings/tokens", "That page of Hugging Face is no model, dataset or paper."),
            ("https://huggingface.co/tasks/vqa", "That page of Hugging Face is no model, dataset or paper."),
            ("https://arxiv.org/list/cs.CV/recent", "There is no arXiv id in that address."),
            ("https://github.com/haotian-liu", ACCEPTED_FORMATS),
            ("https://me:secret@example.org/paper", "Holds a user name or password before the host; remove it."),
        ],
    )
    def test_an_address_of_something_else_is_refused(self, text: str, reason: str) -> None:
        assert refused(text) == reason

    @pytest.mark.parametrize("text", ["9912.12345", "arXiv:0704.12345", "https://arxiv.org/abs/2513.00001"])
    def test_what_cannot_be_an_arxiv_id_is_refused_with_the_reason(self, text: str) -> None:
        assert "is not an arXiv id" in refused(text)


class TestCitations:
    @pytest.mark.parametrize(
        "text", ["arXiv:2401.00008v2 [cs.CV]", "arXiv:2401.00008v2  [cs.CV]  26 Feb 2024", f"See {A}."]
    )
    def test_an_id_among_few_words_is_the_paper(self, text: str) -> None:
        assert stated(text, "arxiv_id") == ("paper", "2401.00008")

    @pytest.mark.parametrize("text", [f"Looking-2 {A}", f"Looking-2: {A}", "Looking-2 arXiv:2401.00008"])
    def test_of_few_words_beside_an_id_is_said_that_they_were_not_read(self, text: str) -> None:
        assert draft(text).notes == ("Beside the identifier, “Looking-2” was not read.",)

    def test_of_a_citation_in_words_is_said_what_was_read(self) -> None:
        text = "Lee, A. and Chen, B. “Looking: a study.” In CVPR 2024. arXiv:2401.00008."

        parsed = draft(text)

        assert {key: parsed.payload.get(key) for key in ("name", "title", "year", "venue", "arxiv_id")} == {
            "name": "Looking",
            "title": "Looking: a study",
            "year": 2024,
            "venue": "CVPR 2024",
            "arxiv_id": "2401.00008",
        }
        words = "Lee, A. and Chen, B. “Looking: a study.” In CVPR 2024"
        assert parsed.notes == (f"Of “{words}” was read: year, venue, title, name. Please check the others.",)

    def test_a_doi_in_a_citation_is_found(self) -> None:
        text = "Lee, A. Looking at things, twice. IJCV, 2022. https://doi.org/10.1007/s11263-022-1."

        assert stated(text, "doi", "year") == ("paper", "10.1007/s11263-022-1", 2022)

    @pytest.mark.parametrize(
        "text",
        ["Lee, A. Looking. IJCV, 2022. doi: 10.1007/s11263-022-1.", "Lee, A. Looking. IJCV 10.1007/s11263-022-1"],
    )
    def test_a_doi_among_words_is_found(self, text: str) -> None:
        assert stated(text, "doi") == ("paper", "10.1007/s11263-022-1")

    @pytest.mark.parametrize(
        ("text", "arxiv_id"),
        [
            ("Lee, A. Looking at things. arXiv preprint 2401.00008v1", "2401.00008"),
            ("Lee, A. CoRR abs/cs/0112017", "cs/0112017"),
        ],
    )
    def test_an_id_that_a_citation_calls_one_of_arxiv_is_found(self, text: str, arxiv_id: str) -> None:
        assert stated(text, "arxiv_id") == ("paper", arxiv_id)

    def test_the_mark_in_the_margin_says_no_year(self) -> None:
        assert draft("arXiv:2401.00008v2  [cs.CV]  26 Feb 2024").payload == {
            "arxiv_id": "2401.00008",
            "links": [{"kind": "arxiv", "url": A, "label": ""}],
        }

    def test_a_text_with_two_ids_is_of_neither(self) -> None:
        assert refused("Extends arXiv:2401.00008 and arXiv:2401.00009 by one") == ACCEPTED_FORMATS


class TestSeveral:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            (f"2024 | One | {A} | d\n2023 | Two | {B} | e", ["One", "Two"]),
            (f"Year | Title | Link\n2024 | One | {A}\n2023 | Two | {B}", ["One", "Two"]),
            (f"Title\tVenue\tLink\nOne\tCVPR 2024\t{A}\nTwo\tICLR 2023\t{B}", ["One", "Two"]),
            (f"| Title | Link |\n|---|---|\n| One | {A} |\n| Two | {B} |", ["One", "Two"]),
            ("Name | Modalities | Size | License\nOne | image | 2M images | MIT\nTwo | text | 3M pairs | MIT",
             ["One", "Two"]),
            (f"- **One** (2024) - [words]({A})\n- **Two** (2023) - [words]({B})", ["One", "Two"]),
            (f"{A}\n{B}", ["", ""]),
            (f"These two:\n{A}\n{B}", ["", ""]),
        ],
    )  # fmt: skip
    def test_each_line_is_a_draft(self, text: str, names: list[str]) -> None:
        drafts = [item for item in read_pasted(text) if isinstance(item, Draft)]

        assert [item.name for item in drafts] == names
        assert [item.line for item in drafts] == list(range(len(text.splitlines()) - 1, len(text.splitlines()) + 1))

    def test_a_byte_order_mark_is_no_part_of_the_first_cell(self) -> None:
        text = f"\ufeff2024 | One | {A} | d\n2023 | Two | {B} | e"

        assert [item.name for item in read_many(text) if isinstance(item, Draft)] == ["One", "Two"]

    def test_columns_are_read_by_their_titles(self) -> None:
        items = read_pasted(f"Venue\tTitle\tLink\nCVPR 2024\tOne\t{A}\n")

        assert [(item.payload["name"], item.payload["venue"]) for item in items if isinstance(item, Draft)] == [
            ("One", "CVPR 2024")
        ]
        assert [(item.line, item.skipped) for item in items if isinstance(item, Unreadable)] == [(1, True)]

    def test_a_line_that_cannot_be_read_is_told_among_others(self) -> None:
        items = read_pasted(f"{A}\nhttps://huggingface.co/settings/tokens\n{B}")

        assert [(item.line, isinstance(item, Draft)) for item in items] == [(1, True), (2, False), (3, True)]


class TestIdentifiers:
    def test_an_id_alone_is_a_paper_with_its_link_and_source(self) -> None:
        assert draft("arXiv:2409.12191v2") == Draft(
            "paper", {"arxiv_id": "2409.12191", "links": [ARXIV]}, source="https://arxiv.org/abs/2409.12191"
        )

    @pytest.mark.parametrize(
        ("text", "payload"),
        [
            ("arXiv:2409.12191v2 [cs.CV]", {"arxiv_id": "2409.12191", "links": [ARXIV]}),
            (
                "https://dl.acm.org/doi/10.1145/3581783.3612374",
                {
                    "doi": "10.1145/3581783.3612374",
                    "links": [{"kind": "paper", "url": "https://doi.org/10.1145/3581783.3612374", "label": ""}],
                },
            ),
            (
                "https://openreview.net/pdf?id=YicbFdNTTy",
                {"links": [{"kind": "paper", "url": "https://openreview.net/forum?id=YicbFdNTTy", "label": ""}]},
            ),
            (
                "https://aclanthology.org/2020.emnlp-main.62/",
                {"links": [{"kind": "paper", "url": "https://aclanthology.org/2020.emnlp-main.62", "label": ""}]},
            ),
            (
                "https://github.com/haotian-liu/LLaVA",
                {
                    "name": "LLaVA",
                    "links": [{"kind": "code", "url": "https://github.com/haotian-liu/LLaVA", "label": ""}],
                },
            ),
        ],
    )
    def test_the_address_of_a_paper_or_its_code_is_a_paper_with_that_link(
        self, text: str, payload: dict[str, object]
    ) -> None:
        assert draft(text) == Draft("paper", payload, source=payload["links"][0]["url"])  # type: ignore[index]

    def test_a_dataset_of_the_hub_is_a_card(self) -> None:
        parsed = draft("https://huggingface.co/datasets/HuggingFaceM4/the_cauldron")

        assert (parsed.kind, parsed.payload["huggingface_id"]) == ("dataset", "HuggingFaceM4/the_cauldron")

    @pytest.mark.parametrize(
        ("title", "name"),
        [
            ("BLIP-2: Bootstrapping Language-Image Pre-training", "BLIP-2"),
            ("Attention Is All You Need", "Attention Is All You Need"),
            (f"{'A long way round' * 4}: a study", f"{'A long way round' * 4}: a study"),
        ],
    )
    def test_a_title_gives_a_name(self, title: str, name: str) -> None:
        assert short_name(title) == name


BIBTEX = r"""@inproceedings{li2023blip2,
  title     = {{BLIP}-2: Bootstrapping Caf{\'e} {\"U}ber $\alpha$ -- Pre-training},
  author    = {M{\"u}ller, J{\"o}rg and Ole{\'s}, Anna and {OpenAI Team} and others},
  booktitle = {Int. Conf. on Machine Learning},
  year      = {2023},
  eprint    = {2301.12597v3},
  doi       = {10.1000/blip\_2},
  url       = {https://example.org/~a/b%20c\_d},
  abstract  = {A broken \begin{x} $ one},
}"""


class TestBibTeX:
    def test_a_record_is_a_paper(self) -> None:
        parsed = draft(BIBTEX)

        assert (parsed.kind, parsed.line, parsed.source) == ("paper", 1, "https://arxiv.org/abs/2301.12597")
        assert parsed.payload == {
            "name": "BLIP-2",
            "title": "BLIP-2: Bootstrapping Café Über α – Pre-training",
            "authors": ["Jörg Müller", "Anna Oleś", "OpenAI Team"],
            "year": 2023,
            "venue": "Int. Conf. on Machine Learning",
            "arxiv_id": "2301.12597",
            "doi": "10.1000/blip_2",
            "links": [
                {"kind": "arxiv", "url": "https://arxiv.org/abs/2301.12597", "label": ""},
                {"kind": "paper", "url": "https://doi.org/10.1000/blip_2", "label": ""},
                {"kind": "paper", "url": "https://example.org/~a/b%20c_d", "label": ""},
            ],
        }

    def test_a_broken_record_is_reported(self) -> None:
        assert refused("@article{x, title={broken") == (
            "the record could not be read: it does not end: a closing brace or quotation mark is missing"
        )

    def test_a_record_without_a_title_is_reported(self) -> None:
        assert refused("@article{x, year={2024}}") == "the record has no title"

    def test_two_records_are_a_list(self) -> None:
        assert refused("@misc{a,title={X}}\n@misc{b,title={Y}}") == (
            "That is more than one BibTeX entry. Bring it as a list instead."
        )

    def test_a_comment_alone_is_none(self) -> None:
        assert refused("@comment{hello}") == ACCEPTED_FORMATS


def test_nothing_that_is_pasted_makes_an_error() -> None:
    texts = [
        "\x00",
        "|",
        "||",
        "@",
        "@{",
        "@article",
        "10.",
        "arxiv.org/",
        "\u202e|\u202e",
        "[](|)",
        "hf.co/",
    ]

    assert {type(read(text)) for text in texts} <= {Draft, Unreadable}
