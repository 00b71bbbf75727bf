"""A list: what is read of it, and how each entry compares with the catalogue."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from submissions.intake.batch import (
    DIFFERS,
    NEW,
    QUESTION,
    REPEATED,
    SAME,
    UNREADABLE,
    ComparedDraft,
    compare_with_catalogue,
)
from submissions.intake.drafts import Draft, Unreadable
from submissions.intake.lists import read_many
from tests.factories import make_paper

pytestmark = pytest.mark.django_db

README = """# Awesome things

## Papers

- **BLIP-2** (2023) - [Bridges frozen models](https://arxiv.org/abs/2301.12597)
- **New Model** (2024) - [A vision-language model](https://arxiv.org/abs/2409.12191)
- **BLIP 2** (2023) - [The same again](https://arxiv.org/abs/2301.12597v3)
"""


def states(drafts: list[ComparedDraft]) -> list[tuple[str, str]]:
    return [(one.parsed.name if isinstance(one.parsed, Draft) else one.parsed.text, one.state) for one in drafts]


class TestReading:
    def test_a_readme_gives_its_entries_with_their_lines(self) -> None:
        drafts = read_many(README)

        assert [(read.name, read.line) for read in drafts if isinstance(read, Draft)] == [
            ("BLIP-2", 5),
            ("New Model", 6),
            ("BLIP 2", 7),
        ]

    @pytest.mark.parametrize(
        ("address", "arxiv_id"),
        [
            ("https://doi.org/10.48550/arXiv.2301.00014", "2301.00014"),
            ("https://huggingface.co/papers/2301.00015", "2301.00015"),
            ("https://arxiv.org/abs/cs/0112017", "cs/0112017"),
            ("https://www.alphaxiv.org/abs/2301.00015v2", "2301.00015"),
            ("https://example.org/2301.00015", None),
        ],
    )
    def test_a_list_has_the_ids_that_the_paste_box_has(self, address: str, arxiv_id: str | None) -> None:
        (read,) = read_many(f"# L\n\n## Papers\n\n- [A title]({address}) 2023\n")

        assert isinstance(read, Draft)
        assert read.payload.get("arxiv_id") == arxiv_id

    def test_a_bibtex_file_tells_what_is_broken_and_reads_the_rest(self) -> None:
        first, broken = "% mine\n@misc{a,\n  title={One}\n}\n", "@misc{b, title={Two\n"
        text = first + broken + "@misc{c,\n  title={Three}\n}\n@misc{a, title={Four}}\n"

        drafts = read_many(text)

        assert [(type(read), read.line) for read in drafts] == [
            (Draft, 2),
            (Unreadable, 5),
            (Draft, 6),
            (Draft, 9),
        ]


class TestComparing:
    def test_new_same_and_again(self) -> None:
        blip = make_paper(
            name="BLIP-2",
            summary="Bridges frozen models",
            year=2023,
            arxiv_id="2301.12597",
            links=[{"kind": "arxiv", "url": "https://arxiv.org/abs/2301.12597", "label": ""}],
        )

        drafts = compare_with_catalogue(read_many(README))

        assert states(drafts) == [("BLIP-2", SAME), ("New Model", NEW), ("BLIP 2", REPEATED)]
        assert (drafts[0].entry, drafts[2].earlier_line) == (blip, 5)

    def test_what_differs_becomes_an_edit_of_those_fields_alone(self) -> None:
        make_paper(
            name="BLIP2",
            year=2022,
            arxiv_id="2301.12597",
            links=[{"kind": "code", "url": "https://example.org/code", "label": ""}],
            notes="Kept.",
        )

        compared = compare_with_catalogue(read_many(README))[0]

        assert (compared.state, compared.fields) == (DIFFERS, ("year", "summary", "links"))
        assert {key: compared.payload[key] for key in ("name", "notes", "year", "summary")} == {
            "name": "BLIP2",
            "notes": "Kept.",
            "year": 2023,
            "summary": "Bridges frozen models",
        }
        assert [row["url"] for row in compared.payload["links"]] == [
            "https://example.org/code",
            "https://arxiv.org/abs/2301.12597",
        ]

    @pytest.mark.parametrize(
        "lines",
        [
            "VLM-R1](https://arxiv.org/abs/2504.07615) 2025\n- [VLM R1](https://arxiv.org/abs/2501.12948) 2025",
            "Вега](https://arxiv.org/abs/2504.07615) 2025\n- [Вега](https://doi.org/10.48550/arXiv.2501.12948) 2025",
            "α-CLIP](https://arxiv.org/abs/2504.07615) 2025\n- [CLIP](https://arxiv.org/abs/2501.12948) 2025",
            "通义视觉](https://arxiv.org/abs/2504.07615) 2025\n- [书生万象](https://arxiv.org/abs/2501.12948) 2025",
        ],
    )
    def test_two_ids_are_two_papers_whatever_they_are_called(self, lines: str) -> None:
        drafts = compare_with_catalogue(read_many(f"# L\n\n## Papers\n\n- [{lines}\n"))

        assert [one.state for one in drafts] == [NEW, NEW]

    def test_an_entry_of_the_same_name_with_another_id_is_another_paper(self) -> None:
        make_paper(name="BLIP-2", arxiv_id="2504.07615")

        assert compare_with_catalogue(read_many(README))[0].state == NEW

    def test_an_entry_of_the_same_name_without_an_id_is_the_same(self) -> None:
        blip = make_paper(name="Bootstrapping", aliases=["BLIP 2"])

        compared = compare_with_catalogue(read_many(README))[0]

        assert (compared.state, compared.entry) == (DIFFERS, blip)

    @pytest.mark.parametrize(
        "ids", [{"arxiv_id": "2301.12597"}, {"doi": "10.48550/arXiv.2301.12597"}], ids=["by its id", "by arXiv's DOI"]
    )
    def test_the_same_id_under_another_name_is_asked_and_gives_an_alias(self, ids: dict[str, str]) -> None:
        entry = make_paper(name="Querying Transformer", aliases=["Q-Former"], **ids)

        compared = compare_with_catalogue(read_many(README))[0]

        assert (compared.state, compared.entry) == (QUESTION, entry)
        assert compared.question == "It has the arXiv id 2301.12597 under this name."
        assert compared.payload["aliases"] == ["Q-Former", "BLIP-2"]
        assert compared.payload["name"] == "Querying Transformer"

    def test_the_same_id_under_another_name_in_the_list_is_asked(self) -> None:
        text = README.replace("**BLIP 2**", "**Another model**")

        asked = compare_with_catalogue(read_many(text))[2]

        assert (asked.state, asked.entry, asked.question) == (
            QUESTION,
            None,
            "Line 5, “BLIP-2”, has the same arXiv id 2301.12597.",
        )

    def test_a_link_to_the_paper_of_another_entry_makes_no_match(self) -> None:
        link = {"kind": "arxiv", "url": "https://arxiv.org/abs/2301.12597", "label": ""}
        make_paper(name="Uses it", arxiv_id="2504.07615", links=[link])

        assert compare_with_catalogue(read_many(README))[0].state == NEW

    def test_what_cannot_be_read_stays_so(self) -> None:
        assert [one.state for one in compare_with_catalogue(read_many("@misc{b, title={Two\n"))] == [UNREADABLE]

    def test_many_cost_no_more_queries_than_one(self) -> None:
        counts = []
        for many in (1, 60):
            for number in range(many):
                make_paper(name=f"Model {many}-{number}", year=2020)
            text = "\n".join(f"@misc{{k{n}, title={{Model {many}-{n}}}, year={{2021}}}}" for n in range(many))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert {one.state for one in compare_with_catalogue(read_many(text))} == {DIFFERS}
            counts.append(len(queries))

        assert counts[0] == counts[1]
