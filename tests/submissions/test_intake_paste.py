"""One pasted thing: what it is taken for, and what it fills in."""

import pytest

from submissions.intake.drafts import Draft, Unreadable
from submissions.intake.identifiers import short_name
from submissions.intake.paste import ACCEPTED_FORMATS, read
from tests.factories import make_component

pytestmark = pytest.mark.django_db

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

    @pytest.mark.parametrize("text", ["9912.12345", "https://huggingface.co/settings/tokens"])
    def test_what_only_looks_like_an_identifier_is_refused(self, text: str) -> None:
        assert refused(text) == ACCEPTED_FORMATS

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
