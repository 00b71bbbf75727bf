"""A list: what is read of it, and how each entry compares with the catalogue."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from submissions.intake.batch import DIFFERS, NEW, REPEATED, SAME, UNREADABLE, ComparedDraft, compare_with_catalogue
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
