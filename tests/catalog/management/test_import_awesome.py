"""The commands that bring a list in and write it out."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.kinds.dataset.model import Dataset
from catalog.kinds.paper.model import Paper
from catalog.ledger import publishing
from catalog.ledger import trace as traces
from catalog.ledger.publishing import PublishingError, publish, retire
from catalog.models import ListLayout, Revision, Section
from tests.factories import make_paper, make_revision, trace

pytestmark = pytest.mark.django_db
ARXIV = "https://arxiv.org/abs/2301.0000"
SITE = "https://example.org/"
SEED = Path(__file__).parents[3] / "fixtures/list/awesome-vlm-README.md"


def imported(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    call_command("import_awesome", str(SEED), *options)
    return capsys.readouterr().out


def exported(tmp_path: Path) -> str:
    call_command("export_awesome", "-o", str(tmp_path / "out.md"))
    return (tmp_path / "out.md").read_text(encoding="utf-8")


def test_the_seed_is_imported_in_full_and_exported_the_same(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    output = imported(capsys)

    assert "Read: 25 papers, 15 datasets, 15 benchmarks, 20 topics." in output
    assert "Mended, line 21" in output
    counts = {name: kind.model.objects.count() for name, kind in KINDS.items() if name not in ("component", "result")}
    assert counts == {**dict.fromkeys(counts, 0), "paper": 25, "dataset": 15, "benchmark": 15, "topic": 20}
    assert set(Revision.objects.values_list("contributor", "approver", "number")) == {("the-list", "list-moderator", 1)}
    assert exported(tmp_path) == SEED.read_text(encoding="utf-8").replace("2409.11402\n)", "2409.11402)")


def test_the_ends_of_lines_and_a_byte_order_mark_come_out_as_they_went_in(tmp_path: Path) -> None:
    text = b"\xef\xbb\xbf## Papers\r\n\r\n- **Owl** (2024) - [Sees at night](https://owl.example.org)\r\n"
    (tmp_path / "list.md").write_bytes(text)
    call_command("import_awesome", str(tmp_path / "list.md"))
    call_command("export_awesome", "-o", str(tmp_path / "out.md"))

    assert (tmp_path / "out.md").read_bytes() == text


class TestRefusals:
    def run(self, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, *options: str) -> str:
        (tmp_path / "list.md").write_text(text, encoding="utf-8")
        call_command("import_awesome", str(tmp_path / "list.md"), *options)
        assert exported(tmp_path) == text
        return capsys.readouterr().out

    def test_a_heading_with_a_character_that_nobody_sees_is_refused_with_its_line(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = "# List\n\n## Pa\u3164pers\n\n- **Owl** (2024) - [Sees at night](https://owl.example.org)\n"

        output = self.run(tmp_path, capsys, text)

        assert (
            "Not read, line 3: The heading is refused, its entries stand in no section. "
            "Holds the invisible character U+3164; remove it." in output
        )
        assert not Section.objects.exists()
        assert [paper.section for paper in Paper.objects.all()] == [None]

    def test_an_entry_that_is_refused_keeps_nothing_else_back(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        text = f"# L\n\n## Papers\n\n- [Bad](https://a@b.example.org)\n- [Good]({ARXIV}1)\n"

        output = self.run(tmp_path, capsys, text)

        assert "Not read, line 5: “Bad” is refused: links: " in output
        assert "Published 1 entries." in output
        assert [paper.name for paper in Paper.objects.all()] == ["Good"]

    @pytest.mark.parametrize(
        "text",
        ["# L\n\nNothing but words.\n", f"# L\n\n## Contributing\n\n- [A]({'https://a.org'})\n"],
    )
    def test_a_list_of_which_nothing_is_read_is_an_error(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "list.md").write_text(text)

        with pytest.raises(CommandError, match="Nothing was read as an entry"):
            call_command("import_awesome", str(tmp_path / "list.md"))

    def test_every_line_says_what_became_of_it(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        make_paper(name="Known", arxiv_id="2301.00001")
        text = (
            f"# L\n\n## Papers\n\n- [New]({ARXIV}2)\n- [Known]({ARXIV}1)\n- [NEW]({ARXIV}2)\n- [Newer]({ARXIV}2)\n"
            f"- [Unknown]({ARXIV}1)\n- [Lost](a.pdf)\n\n## License\n\n[MIT](https://a.org)\n"
        )

        output = self.run(tmp_path, capsys, text, "--every-line")

        asked = "There under another name? Left alone"
        assert output.splitlines() == [
            "Read: 5 papers.",
            "Not read, line 10: “a.pdf” is an address within the list’s own files: write the whole address.",
            "Differs from the catalogue, left alone, line 6: paper Known.",
            f"{asked}, line 8: paper Newer: line 5, “New”, has the same arXiv id 2301.00002.",
            f"{asked}, line 9: paper Unknown: an entry of the catalogue has the same arXiv id 2301.00001.",
            "Twice, line 7: paper NEW, the same as line 5.",
            "Published, line 5: paper New",
            "Skipped, line 14: about the list itself, below “License”",
            "Published 1 entries.",
        ]


class TestIdentity:
    @pytest.mark.parametrize(
        "names",
        [
            ("通义视觉", "书生万象", "智谱清影"),
            ("CLIP", "α-CLIP", "Ω-CLIP"),
            ("VLM-R1", "VLM R1", "VLM R-1"),
        ],
    )
    def test_other_ids_are_other_papers_whatever_the_names(self, tmp_path: Path, names: tuple[str, ...]) -> None:
        text = "# L\n\n## Papers\n\n" + "".join(f"- [{name}]({ARXIV}{n})\n" for n, name in enumerate(names, 1))
        (tmp_path / "list.md").write_text(text, encoding="utf-8")

        call_command("import_awesome", str(tmp_path / "list.md"))

        assert list(Paper.objects.order_by("arxiv_id").values_list("name", "arxiv_id")) == [
            (name, f"2301.0000{n}") for n, name in enumerate(names, 1)
        ]
        assert exported(tmp_path) == text

    def test_one_id_is_one_paper_whatever_its_names(self, tmp_path: Path) -> None:
        text = (
            f"# L\n\n## Papers\n\n- [One]({ARXIV}1) (2023) words\n\n## More papers\n\n- **Uno** [[pdf]({ARXIV}1v2)]\n"
        )
        (tmp_path / "list.md").write_text(text, encoding="utf-8")

        call_command("import_awesome", str(tmp_path / "list.md"))

        assert [paper.name for paper in Paper.objects.all()] == ["One"]
        assert exported(tmp_path) == text

    def test_two_models_of_one_paper_are_each_known_by_their_names(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        make_paper(name="One", arxiv_id="2301.00001")
        make_paper(name="Two", arxiv_id="2301.00001", same_paper=[{"paper": "one", "note": ""}])
        (tmp_path / "list.md").write_text(f"# L\n\n## Papers\n\n- [One]({ARXIV}1)\n- [Two]({ARXIV}1)\n")

        call_command("import_awesome", str(tmp_path / "list.md"))

        assert capsys.readouterr().out.splitlines()[1:] == [
            "Differs from the catalogue, left alone, line 5: paper One.",
            "Differs from the catalogue, left alone, line 6: paper Two.",
            "Nothing new; 0 entries are there already.",
        ]

    def test_doubtful_names_are_asked_at_each_import_and_make_no_entry(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        names = [
            f"[V]({SITE}1)",
            f"[V*]({SITE}2)",
            f"[R1]({ARXIV}1)",
            f"[R1]({ARXIV}2)",
            f"[R1]({SITE}3)",
            f"[V]({SITE}4)",
        ]
        (tmp_path / "list.md").write_text(
            "# L\n\n## Papers\n\n" + "".join(f"- {name}\n" for name in [*names, names[-1]])
        )

        for _ in range(2):
            call_command("import_awesome", str(tmp_path / "list.md"), "--every-line")

        told = capsys.readouterr().out
        assert sorted(Paper.objects.values_list("name", flat=True)) == ["R1", "R1", "V"]
        assert "line 6: paper V*: line 5, “V”, has the same name but for signs" in told
        assert "line 9: paper R1: line 7, “R1”, is one of several with this name" in told
        assert told.count("paper V, the same as line 5") == 4

    def test_what_left_the_catalogue_or_was_renamed_is_not_published_again(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        retire(entry=make_paper(name="Gone", arxiv_id="2301.00001"), trace=trace("Test."))
        make_revision("paper", entry=make_paper(name="Old Name"), name="New", slug="new")
        text = f"# L\n\n## Papers\n\n- [Gone: a long title]({ARXIV}1)\n- [OldName]({SITE}2)\n"
        (tmp_path / "list.md").write_text(text)

        call_command("import_awesome", str(tmp_path / "list.md"))

        assert [paper.name for paper in Paper.objects.all()] == ["New"]
        told = capsys.readouterr().out
        assert "an entry that was renamed, merged or retired has the same arXiv id 2301.00001" in told
        assert "Differs from the catalogue, left alone, line 6: paper OldName." in told

    def test_known_lines_cost_no_more_queries_when_they_are_many(self, tmp_path: Path) -> None:
        counts = []
        for many in (1, 30):
            text = "# L\n\n## Papers\n\n" + "".join(f"- [Model {n}]({SITE}{n})\n" for n in range(many))
            (tmp_path / "list.md").write_text(text)
            call_command("import_awesome", str(tmp_path / "list.md"))
            with CaptureQueriesContext(connection) as queries:
                call_command("import_awesome", str(tmp_path / "list.md"))
            counts.append(len(queries))

        assert counts[0] == counts[1]

    def test_a_row_that_was_refused_stands_for_no_later_one(self, tmp_path: Path) -> None:
        bad = "https://a@b.example.org"
        text = f"# L\n\n## Papers\n\n- [One]({bad})\n- [One]({ARXIV}1)\n- [One]({ARXIV}1)\n"
        (tmp_path / "list.md").write_text(text)

        call_command("import_awesome", str(tmp_path / "list.md"))

        assert [paper.name for paper in Paper.objects.all()] == ["One"]

    def test_a_line_that_was_not_made_from_an_entry_is_never_rewritten(self, tmp_path: Path) -> None:
        paper = make_paper(name="One", arxiv_id="2301.00001", summary="Ours")
        text = f"# L\n\n## Papers\n\n- [Uno]({ARXIV}1) theirs\n"
        (tmp_path / "list.md").write_text(text, encoding="utf-8")
        call_command("import_awesome", str(tmp_path / "list.md"))

        make_revision("paper", entry=Paper.objects.with_references().get(pk=paper.pk), summary="Ours, changed")

        assert exported(tmp_path) == text


def test_a_second_import_does_nothing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    imported(capsys)
    before = Revision.objects.count()

    assert "Nothing new; 75 entries are there already." in imported(capsys)
    assert Revision.objects.count() == before


def test_a_second_import_knows_what_older_code_brought_in(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    form = KINDS["dataset"].form
    monkeypatch.setattr(form, "renamed", {"about": "summary"})
    with monkeypatch.context() as older:
        older.setattr(publishing, "build_revision", in_older_shape(traces.build_revision))
        imported(capsys)

    assert "Nothing new; 75 entries are there already." in imported(capsys)


def in_older_shape(build_revision: Callable[..., Revision]) -> Callable[..., Revision]:
    """`build_revision` of code in which the summary of a dataset was called `about`."""

    def aged(*args: Any, **kwargs: Any) -> Revision:
        revision = build_revision(*args, **kwargs)
        if revision.kind == "dataset":
            revision.snapshot = {("about" if key == "summary" else key): v for key, v in revision.snapshot.items()}
            revision.shape = None
        return revision

    return aged


def test_a_list_goes_to_standard_output_unless_a_file_is_named(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    make_revision("paper", name="Owl")

    call_command("export_awesome")

    assert capsys.readouterr().out == exported(tmp_path)


def test_progress_is_shown_on_request(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    (tmp_path / "list.md").write_text("## Papers\n\n- **Owl** (2024) - [Sees at night](https://owl.example.org)\n")

    call_command("import_awesome", str(tmp_path / "list.md"), verbosity=2)

    assert capsys.readouterr().err == "1 of 1 entries\n"


def test_a_dry_run_leaves_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert "Would publish 75 entries" in imported(capsys, "--dry-run")

    assert not Revision.objects.exists()
    assert not Section.objects.exists()
    assert not ListLayout.objects.exists()


def test_a_failure_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[object] = []

    def failing(**arguments: object) -> Revision:
        calls.append(arguments)
        if len(calls) > 40:
            raise PublishingError("broken")
        return publish(**arguments)  # type: ignore[arg-type]

    monkeypatch.setattr("catalog.management.awesome.publish", failing)
    with pytest.raises(PublishingError):
        call_command("import_awesome", str(SEED))

    assert not Revision.objects.exists()
    assert not Paper.objects.exists()


def test_what_people_changed_is_left_alone_and_exported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    imported(capsys)
    gqa = Dataset.objects.with_references().get(slug="gqa")
    make_revision("dataset", entry=gqa, year=2019, name="GQA balanced")
    retire(entry=Paper.objects.get(slug="emu3"), trace=trace("Test."))

    assert "Nothing new" in imported(capsys)
    text = exported(tmp_path)
    assert "| **GQA balanced**      | 2019 |" in text
    assert "| **Specialized VLM**         | GQA balanced, RefCOCO/+/g, Visual Genome" not in text
    assert "GQA balanced, RefCOCO, Visual Genome" in text
    assert "**Emu3**" not in text


def test_an_export_that_is_imported_again_goes_on_following_the_catalogue(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = f"# L\n\n## Papers\n\n- **Owl** (2023) - [Sees at night]({ARXIV}1)\n"
    (tmp_path / "list.md").write_text(text)
    call_command("import_awesome", str(tmp_path / "list.md"))
    for year in (2024, 2025):
        make_revision("paper", Paper.objects.with_references().get(), year=year)
        (tmp_path / "list.md").write_text(exported(tmp_path) + ("\nMore words.\n" if year == 2024 else ""))

    call_command("import_awesome", str(tmp_path / "list.md"))

    assert "Differs" not in capsys.readouterr().out
    make_revision("paper", Paper.objects.with_references().get(), year=2026)
    assert "- **Owl** (2026) - " in exported(tmp_path)


@pytest.mark.parametrize(
    ("content", "message"), [(b"", "empty"), (b"\xff\xfe\x00x", "not UTF-8"), (None, "No such file")]
)
def test_a_bad_file_is_one_clear_line(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "list.md"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError, match=message):
        call_command("import_awesome", str(path))


def test_an_output_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("export_awesome", "-o", str(tmp_path / "no" / "out.md"))
