"""manage.py check_awesome FILE: say what an awesome list holds, and publish nothing."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from catalog.management.commands.import_awesome import read
from submissions.intake.batch import State
from submissions.intake.checking import PROBLEMS, READ, Finding, ListCheck, check_list

HEADINGS: dict[str, str] = {
    State.REPEATED: "Twice in the list",
    State.UNREADABLE: "Not read",
    State.QUESTION: "There under another name?",
    State.CONFLICT: "Changed in the list and in the catalogue",
    State.NEW: "Would be proposed",
    State.DIFFERS: "Would be changed",
    State.BEHIND: "Changed in the catalogue since",
    State.REMOVED: "No longer in the list",
}
EVERY = {State.SAME: "There already", READ: "Read", State.SKIPPED: "Not entries"}


class Command(BaseCommand):
    help = "Say of an awesome list what is there twice, what cannot be read, which links lead nowhere, and what is new."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the list, as UTF-8 Markdown")
        parser.add_argument("--base", help="the version that was edited, to tell its changes from the catalogue's")
        parser.add_argument("--format", choices=["text", "json", "github"], default="text")
        parser.add_argument("--offline", action="store_true", help="do not compare with the catalogue: no database")
        parser.add_argument("--every-line", action="store_true", help="list the lines without news as well (text)")
        parser.add_argument(
            "--fail-on",
            nargs="*",
            choices=list(PROBLEMS),
            default=[],
            help="exit with status 1 if there is any of these; without, only if nothing is read",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        text, before = read(Path(options["file"])), read(Path(options["base"])) if options["base"] else ""
        try:
            check = check_list(text, before, offline=options["offline"])
        except DatabaseError as error:
            raise CommandError(
                f"The catalogue cannot be read ({error}). To check the list alone: --offline."
            ) from error
        match options["format"]:
            case "json":
                self.stdout.write(orjson.dumps(check.as_json(), option=orjson.OPT_INDENT_2).decode())
            case "github":
                self.write_annotations(check, options["file"])
            case _:
                self.write_text(check, every_line=options["every_line"])
        failed = [f"{number} {problem}" for problem in options["fail_on"] if (number := check.number_of(problem))]
        if not check.entries:
            raise CommandError("Nothing was read as an entry.")
        if failed:
            raise CommandError(f"Found: {', '.join(failed)}.")

    def write_text(self, check: ListCheck, *, every_line: bool) -> None:
        counts = ", ".join(f"{number} {outcome}" for outcome, number in check.as_json()["counts"].items())
        self.stdout.write(f"{check.entries} entries ({counts or 'nothing'}).")
        for outcome, heading in (HEADINGS | (EVERY if every_line else {})).items():
            found = [one for one in check.lines if one.outcome == outcome]
            self.write_group(heading, [f"{_place(one)}{one.message}" for one in found])
        self.write_group("Links", [f"line {one.line}: {one}" for one in check.links])

    def write_group(self, heading: str, lines: list[str]) -> None:
        if lines:
            self.stdout.write(f"\n{heading}:")
            for line in lines:
                self.stdout.write(f"  {line}")

    def write_annotations(self, check: ListCheck, file: str) -> None:
        """Write what GitHub shows beside the lines of a pull request."""
        for one in check.lines:
            if one.level and one.line:
                self.stdout.write(annotation(one.level, file, one.line, one.last or one.line, one.message))
        for link in check.links:
            self.stdout.write(annotation("warning", file, link.line, link.line, str(link)))


def annotation(level: str, file: str, line: int, last: int, message: str) -> str:
    """A workflow command, with what it may not hold escaped (actions/toolkit, packages/core/src/command.ts)."""
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    name = file.replace("%", "%25").replace(":", "%3A").replace(",", "%2C")
    return f"::{level} file={name},line={line},endLine={last}::{escaped}"


def _place(finding: Finding) -> str:
    if finding.line is None:
        return ""
    is_one = finding.last in (None, finding.line)
    return f"line {finding.line}: " if is_one else f"lines {finding.line}–{finding.last}: "
