"""manage.py import_awesome FILE: import an awesome list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from catalog.exchange.awesome.parsed import SKIPPED, Account
from catalog.ledger.accounts import LIST_ACCOUNT
from catalog.management.awesome import PRESENT, PUBLISHED, ImportReport, import_list

PROGRESS_INTERVAL = 100


class Command(BaseCommand):
    help = "Publish what an awesome-list README holds and the catalogue does not, and say what became of its lines."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the list, as UTF-8 Markdown")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")
        parser.add_argument("--every-line", action="store_true", help="list the lines that were read as well")
        parser.add_argument("--name", help="what the list is called as a source (default: the file's name)")
        help_text = f"the account in whose name it is imported; values are marked “the list” only for {LIST_ACCOUNT}"
        parser.add_argument("--contributor", default=LIST_ACCOUNT, help=help_text)

    def handle(self, *args: Any, **options: Any) -> None:
        text = read(Path(options["file"]))
        users: Any = get_user_model().objects
        report = import_list(
            text,
            name=options["name"] or Path(options["file"]).name,
            contributor=users.service(options["contributor"]),
            approver=users.service("list-moderator"),
            dry_run=options["dry_run"],
            progress=self.progress if options["verbosity"] > 1 or self.stderr.isatty() else None,
        )
        self.write_report(report, dry_run=options["dry_run"], every_line=options["every_line"])

    def progress(self, done: int, total: int) -> None:
        if done % PROGRESS_INTERVAL == 0 or done == total:
            self.stderr.write(f"{done} of {total} entries")

    def write_report(self, report: ImportReport, *, dry_run: bool, every_line: bool) -> None:
        counts = ", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in report.counts.items())
        self.stdout.write(f"Read: {counts or 'no entries'}.")
        self.write_lines(report, every_line=every_line)
        verb = "Would publish" if dry_run else "Published"
        if report.created:
            more = f" and {report.components} components they name" if report.components else ""
            self.stdout.write(self.style.SUCCESS(f"{verb} {len(report.created)} entries{more}."))
        elif report.present or report.differing or report.questions:
            self.stdout.write(self.style.SUCCESS(f"Nothing new; {len(report.present)} entries are there already."))
        elif report.counts:
            raise CommandError("All entries of the list are refused, for the reasons above.")
        else:
            raise CommandError("Nothing was read as an entry. What the lines were taken for is listed above.")

    def write_lines(self, report: ImportReport, *, every_line: bool) -> None:
        """What became of the lines: all of them, or those of which no entry was made."""
        for repair in report.repairs:
            self.stdout.write(f"Mended, line {repair.line}: {repair.text}")
        for problem in report.problems:
            self.stdout.write(f"Not read, line {problem.line}: {problem.text}")
        for text in report.differing:
            self.stdout.write(f"Differs from the catalogue, left alone, {text}.")
        for text in report.questions:
            self.stdout.write(f"There under another name? Left alone, {text}.")
        for text in report.twice:
            self.stdout.write(f"Twice, {text}.")
        for account in report.lines:
            if account.outcome == SKIPPED or (every_line and account.outcome in (PUBLISHED, PRESENT)):
                self.stdout.write(f"{account.outcome.capitalize()}, {_lines(account)}: {account.text}")


def _lines(account: Account) -> str:
    return f"line {account.line}" if account.last == account.line else f"lines {account.line}–{account.last}"


def read(path: Path) -> str:
    """The text of a list. Raises CommandError if the file cannot be read as UTF-8 text."""
    try:
        text = path.read_bytes().decode()  # read_text would change line endings, which the export must keep
    except OSError as error:
        raise CommandError(f"{path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"{path}: not UTF-8 text (byte {error.start}).") from error
    if not text.strip():
        raise CommandError(f"{path}: the file is empty.")
    return text.replace("\0", "")
