"""A list: what is read of it, and how each entry compares with the catalogue."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.exchange.awesome.queries import awesome_readme
from catalog.ledger.publishing import retire
from submissions.intake.batch import ComparedDraft, State, compare_with_catalogue
from submissions.intake.drafts import Draft, Unreadable
from submissions.intake.lists import read_many
from tests.factories import make_benchmark, make_dataset, make_paper, make_revision, make_topic, trace

pytestmark = pytest.mark.django_db

OTHER = {"url": "https://arxiv.org/abs/2301.00002"}
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


class TestOwnExport:
    """What the portal writes, it reads back without a difference."""

    def entries(self) -> None:
        link = {"kind": "arxiv", "url": "https://arxiv.org/abs/2301.00001", "label": ""}
        make_paper(
            name="Linked", year=2023, summary="Sees <b> [x] & ~y~ 1. *a* `b` | c\\", links=[link], venue="CVPR 2023"
        )
        make_paper(name="Unlinked", year=2024, summary="Two\nlines", languages=["English"])
        make_paper(name="Undescribed", year=2024, links=[link | OTHER])
        make_paper(name="Unknown")
        make_paper(
            name="VOC 2007 of *all*", year=2022, summary="23 languages", languages=["Finnish"], links=[link | OTHER]
        )
        card = {"modalities": ["image", "text"], "size": "2.4M images, 9.5M QA pairs", "licence": "CC BY 4.0 (card)"}
        make_dataset(name="Wide|Set", year=2021, summary="5B pairs of <x>, in 3 languages", **card)
        make_dataset(name="Bare")
        make_benchmark(name="HardQA", year=2020, size="1K questions", size_count=1234, size_unit="items")
        make_topic(name="Alignment", emoji="🎯", family="research-directions", points=["Better [x]", "A | b"])
        make_topic(name="Costs", family="current-challenges", points=["1. Money"])
        make_topic(name="Loose ends", points=["Some"])

    def test_by_the_page(self) -> None:
        self.entries()
        text = awesome_readme()

        compared = [one for one in compare_with_catalogue(read_many(text)) if one.state != State.SKIPPED]

        assert [(one.parsed.name, one.state, one.fields) for one in compared if isinstance(one.parsed, Draft)] == [
            (name, State.SAME, ())
            for name in (
                *("Linked", "Undescribed", "Unknown", "Unlinked", "VOC 2007 of *all*", "Bare", "Wide|Set", "HardQA"),
                *("Alignment", "Costs", "Loose ends"),
            )
        ]
        assert len(compared) == 11

    def test_by_the_command_and_exported_the_same(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.entries()
        text = awesome_readme()
        (tmp_path / "own.md").write_text(text, encoding="utf-8")

        call_command("import_awesome", str(tmp_path / "own.md"))

        assert "Nothing new;" in capsys.readouterr().out
        assert awesome_readme() == text

    def test_into_an_empty_catalogue_it_brings_cards_and_topics(self, tmp_path: Path) -> None:
        self.entries()
        (tmp_path / "own.md").write_text(awesome_readme(), encoding="utf-8")
        read = {item.name: item.payload for item in read_many(awesome_readme()) if isinstance(item, Draft)}

        assert {key: read["Wide|Set"][key] for key in ("modalities", "size", "licence")} == {
            "modalities": ["image", "text"],
            "size": "2.4M images, 9.5M QA pairs",
            "licence": "CC BY 4.0 (card)",
        }
        assert [read[name].get("family") for name in ("Alignment", "Costs", "Loose ends")] == [
            "research-directions",
            "current-challenges",
            None,
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

        assert states(drafts) == [("BLIP-2", State.SAME), ("New Model", State.NEW), ("BLIP 2", State.REPEATED)]
        assert (drafts[0].entry, drafts[2].earlier_line) == (blip, 5)

    def test_a_list_of_others_conflicts_with_nothing(self) -> None:
        entry = make_paper(name="BLIP-2", arxiv_id="2301.12597", year=2021, summary="As it was")
        make_revision("paper", entry, summary="As it is")

        [compared] = [one for one in compare_with_catalogue(read_many(README)) if one.entry == entry]

        assert (compared.state, compared.fields) == (State.DIFFERS, ("year", "summary", "links"))

    def test_what_differs_becomes_an_edit_of_those_fields_alone(self) -> None:
        make_paper(
            name="BLIP2",
            year=2022,
            arxiv_id="2301.12597",
            links=[{"kind": "code", "url": "https://example.org/code", "label": ""}],
            notes="Kept.",
        )

        compared = compare_with_catalogue(read_many(README))[0]

        assert (compared.state, compared.fields) == (State.DIFFERS, ("year", "summary", "links"))
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

        assert [one.state for one in drafts] == [State.NEW, State.NEW]

    def test_an_entry_of_the_same_name_with_another_id_is_another_paper(self) -> None:
        make_paper(name="BLIP-2", arxiv_id="2504.07615")

        assert compare_with_catalogue(read_many(README))[0].state == State.NEW

    def test_an_entry_of_the_same_name_without_an_id_is_the_same(self) -> None:
        blip = make_paper(name="Bootstrapping", aliases=["BLIP 2"])

        compared = compare_with_catalogue(read_many(README))[0]

        assert (compared.state, compared.entry) == (State.DIFFERS, blip)

    @pytest.mark.parametrize(
        "ids", [{"arxiv_id": "2301.12597"}, {"doi": "10.48550/arXiv.2301.12597"}], ids=["by its id", "by arXiv's DOI"]
    )
    def test_the_same_id_under_another_name_is_asked_and_gives_an_alias(self, ids: dict[str, str]) -> None:
        entry = make_paper(name="Querying Transformer", aliases=["Q-Former"], **ids)

        compared = compare_with_catalogue(read_many(README))[0]

        assert (compared.state, compared.entry) == (State.QUESTION, entry)
        assert compared.note == "It has the same arXiv id 2301.12597."
        assert compared.payload["aliases"] == ["Q-Former", "BLIP-2"]
        assert compared.payload["name"] == "Querying Transformer"

    def test_the_same_id_under_another_name_in_the_list_is_asked(self) -> None:
        text = README.replace("**BLIP 2**", "**Another model**")

        asked = compare_with_catalogue(read_many(text))[2]

        assert (asked.state, asked.entry, asked.note) == (
            State.QUESTION,
            None,
            "Line 5, “BLIP-2”, has the same arXiv id 2301.12597.",
        )

    @pytest.mark.parametrize("name", ["LLaVA++", "R1"])
    def test_a_doubtful_name_is_asked(self, name: str) -> None:
        make_paper(name="LLaVA", arxiv_id="2304.08485")
        make_paper(name="R1", arxiv_id="2504.07615")
        make_paper(name="R-1", arxiv_id="2501.12948")

        asked = compare_with_catalogue(read_many(f"# L\n\n## Papers\n\n- [{name}](https://github.com/x/y)\n"))[-1]

        assert (asked.state, asked.payload["aliases"]) == (State.QUESTION, [name] if name == "LLaVA++" else [])

    def test_what_was_retired_is_not_new_under_another_name(self) -> None:
        retire(entry=make_paper(name="Querying Transformer", arxiv_id="2301.12597"), trace=trace("Test."))

        compared = compare_with_catalogue(read_many(README))[0]

        assert (compared.state, compared.entry) == (State.BEHIND, None)
        assert compared.note.startswith("An entry that was retired has the same arXiv id 2301.12597. To have it again,")

    def test_a_link_to_the_paper_of_another_entry_makes_no_match(self) -> None:
        link = {"kind": "arxiv", "url": "https://arxiv.org/abs/2301.12597", "label": ""}
        make_paper(name="Uses it", arxiv_id="2504.07615", links=[link])

        assert compare_with_catalogue(read_many(README))[0].state == State.NEW

    def test_what_cannot_be_read_stays_so(self) -> None:
        assert [one.state for one in compare_with_catalogue(read_many("@misc{b, title={Two\n"))] == [State.UNREADABLE]

    def test_other_ids_are_other_papers_and_a_dataset_is_not_its_paper(self) -> None:
        make_dataset(
            name="VLM R1 Data", links=[{"kind": "arxiv", "url": "https://arxiv.org/abs/2301.00001", "label": ""}]
        )
        text = (
            "# L\n\n## Papers\n\n- [VLM-R1](https://arxiv.org/abs/2301.00001)\n- [VLM R1](https://arxiv.org/abs/2301.00002)\n"
            "\n## Datasets\n\n- [VLM R1 Set](https://arxiv.org/abs/2301.00001)\n"
        )

        assert [one.state for one in compare_with_catalogue(read_many(text)) if one.state != State.SKIPPED] == (
            [State.NEW] * 3
        )

    def test_many_cost_no_more_queries_than_one(self) -> None:
        counts = []
        for many in (1, 60):
            for number in range(many):
                make_paper(name=f"Model {many}-{number}", year=2020)
            text = "\n".join(f"@misc{{k{n}, title={{Model {many}-{n}}}, year={{2021}}}}" for n in range(many))
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert {one.state for one in compare_with_catalogue(read_many(text))} == {State.DIFFERS}
            counts.append(len(queries))

        assert counts[0] == counts[1]
