"""The command that checks a list: what it says, in which format, and when it fails."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from catalog.models import Revision
from submissions.intake.checking import check_list
from submissions.management.commands import check_awesome
from submissions.management.commands.check_awesome import annotation
from tests.factories import make_paper, make_revision

A = "https://arxiv.org/abs/2301.0000"
LIST = f"""# Birds

## Papers

- **Owl** (2023) - [Sees]({A}1)
- **Wren** (2022) - [Sings]({A}2)
- **OWL** (2023) - [Sees]({A}1)
- [Lost](lost.pdf)
- **Lark** (2024) - [Flies](http://arxiv.org/abs/2301.00004)

## License

[MIT](https://mit.edu)
"""
LOST = "“lost.pdf” is an address within the list’s own files: write the whole address."
LINK = "“Flies”, http://arxiv.org/abs/2301.00004: it has no https. Better: https://arxiv.org/abs/2301.00004"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "list.md"
    path.write_text(LIST)
    return path


def output(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[str]:
    call_command("check_awesome", *arguments)
    return capsys.readouterr().out.splitlines()


@pytest.mark.django_db
class TestWithTheCatalogue:
    def test_says_what_is_wrong_and_what_would_be_proposed(
        self, capsys: pytest.CaptureFixture[str], file: Path
    ) -> None:
        link = {"kind": "arxiv", "url": f"{A}2", "label": ""}
        make_paper(name="Wren", year=2021, summary="Sings", arxiv_id="2301.00002", links=[link])

        assert output(capsys, str(file)) == [
            "4 entries (2 new, 1 differs, 1 again, 1 unreadable, 1 skipped).",
            "",
            "Twice in the list:",
            "  line 7: “OWL” is in line 5 already.",
            "",
            "Not read:",
            f"  line 8: {LOST}",
            "",
            "Would be proposed:",
            "  line 5: “Owl” is not in the catalogue: it would be proposed (paper or model).",
            "  line 9: “Lark” is not in the catalogue: it would be proposed (paper or model).",
            "",
            "Would be changed:",
            "  line 6: A change of “Wren” would be proposed. Year: 2021 to 2022.",
            "",
            "Links:",
            f"  line 9: {LINK}",
        ]
        assert Revision.objects.count() == 1

    def test_the_version_before_shows_conflicts(
        self, capsys: pytest.CaptureFixture[str], file: Path, tmp_path: Path
    ) -> None:
        link = {"kind": "arxiv", "url": f"{A}2", "label": ""}
        entry = make_paper(name="Wren", year=2021, summary="Sings", arxiv_id="2301.00002", links=[link])
        make_revision("paper", entry, year=2020)
        (tmp_path / "before.md").write_text(LIST.replace("2022", "2021"))

        lines = output(capsys, str(file), "--base", str(tmp_path / "before.md"))

        assert (
            "  line 6: The catalogue has changed “Wren” as well. Year: 2022 in the list, 2020 in the catalogue, "
            "2021 before." in lines
        )

    def test_json_is_the_whole_check(self, capsys: pytest.CaptureFixture[str], file: Path) -> None:
        call_command("check_awesome", str(file), format="json")

        found = json.loads(capsys.readouterr().out)
        assert found == json.loads(json.dumps(check_list(LIST).as_json()))
        assert [one["line"] for one in found["lines"]] == [5, 6, 7, 8, 9, 13]


class TestWithoutADatabase:
    """No test here may reach the database: pytest-django refuses it."""

    def test_says_what_is_wrong(self, capsys: pytest.CaptureFixture[str], file: Path) -> None:
        lines = output(capsys, str(file), "--offline", "--every-line")

        assert lines[0] == "4 entries (1 again, 1 unreadable, 1 skipped, 3 read)."
        assert "  line 5: “Owl” is read (paper or model)." in lines
        assert "  line 13: about the list itself, below “License”" in lines

    def test_annotations_stand_at_their_lines(self, capsys: pytest.CaptureFixture[str], file: Path) -> None:
        lines = output(capsys, str(file), "--offline", "--format", "github")

        name = str(file)
        assert lines == [
            f"::warning file={name},line=7,endLine=7::“OWL” is in line 5 already.",
            f"::warning file={name},line=8,endLine=8::{LOST}",
            f"::warning file={name},line=9,endLine=9::{LINK}",
        ]

    def test_an_annotation_escapes_what_would_end_it(self) -> None:
        assert annotation("warning", "a,b:c.md", 1, 2, "50 %\nmore") == (
            "::warning file=a%2Cb%3Ac.md,line=1,endLine=2::50 %25%0Amore"
        )

    @pytest.mark.parametrize(
        ("problems", "message"),
        [
            (["duplicates"], "Found: 1 duplicates."),
            (["duplicates", "unread", "links"], "Found: 1 duplicates, 1 unread, 1 links."),
        ],
    )
    def test_fails_on_what_it_is_told_to(self, file: Path, problems: list[str], message: str) -> None:
        with pytest.raises(CommandError) as raised:
            call_command("check_awesome", str(file), "--offline", "--fail-on", *problems)

        assert str(raised.value) == message

    def test_does_not_fail_on_what_there_is_not(self, file: Path) -> None:
        call_command("check_awesome", str(file), "--offline", "--fail-on", "questions", "conflicts")

    def test_fails_if_nothing_is_read(self, file: Path) -> None:
        file.write_text("# L\n\nNothing but words.\n")

        with pytest.raises(CommandError, match="Nothing was read as an entry"):
            call_command("check_awesome", str(file), "--offline")

    def test_a_database_that_does_not_answer_is_one_clear_line(
        self, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(*args: object, **kwargs: object) -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(check_awesome, "check_list", fails)

        with pytest.raises(CommandError, match=r"cannot be read \(connection refused\).*--offline"):
            call_command("check_awesome", str(file))
