"""manage.py import_results FORMAT PATH: publish results from the files of evaluation tools and boards."""

import os
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from catalog.exchange.results.catalogue import known_names
from catalog.exchange.results.files import Defaults, UnreadableSource, base_url, file_url
from catalog.exchange.results.formats import FORMATS, ResultsFormat
from catalog.exchange.results.names import KnownNames
from catalog.exchange.results.previewing import Outcome
from catalog.kinds import KINDS
from catalog.ledger.accounts import CURATION
from catalog.ledger.trace import Trace
from catalog.management.results import ResultsFile, ResultsReport, import_results
from catalog.text.scales import Scale

APPROVER = "list-moderator"
SHOWN = 30


class Command(BaseCommand):
    help = "Publish the results that files state and the catalogue does not have, in batches; it can be interrupted."

    def add_arguments(self, parser: ArgumentParser) -> None:
        formats = "; ".join(f"{one.name} ({one.description})" for one in FORMATS.values())
        parser.add_argument("format", choices=FORMATS, metavar="format", help=formats)
        parser.add_argument(
            "path", type=Path, help="a file, or a folder whose files are read in the order of their names"
        )
        parser.add_argument("--source", default="", help="the URL of the file, or of what the folder was copied from")
        parser.add_argument(
            "--commit", default="", help="the commit, of a source in a repository of GitHub or Hugging Face"
        )
        parser.add_argument("--harness-version", default="", help="where the file does not state it")
        parser.add_argument("--scale", choices=Scale.values, default="", help="how values are printed, likewise")
        parser.add_argument("--protocol", default="", help="the slug of the protocol by which all was measured")
        of_model = (
            "which model, or variant of it, a printed name stands for: NAME=SLUG or NAME=SLUG/VARIANT; repeatable"
        )
        parser.add_argument("--model", action="append", default=[], metavar="NAME=SLUG", help=of_model)
        of_benchmark = "which benchmark a printed name stands for; repeatable"
        parser.add_argument("--benchmark", action="append", default=[], metavar="NAME=SLUG", help=of_benchmark)
        parser.add_argument("--as", dest="account", default=CURATION, help="the account in whose name it is imported")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done, and do nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = FORMATS[options["format"]]
        try:
            base = base_url(options["source"], options["commit"])
        except UnreadableSource as error:
            raise CommandError(f"--{error.about}: {error}") from error
        files = files_of(options["path"], chosen, base, at_commit=bool(options["commit"]))
        comment = f"Imported from {chosen.name} files."
        report = import_results(
            chosen,
            files,
            names=names_with(options["model"], options["benchmark"]),
            trace=None if options["dry_run"] else trace_of(options["account"], base, comment),
            defaults=Defaults(options["harness_version"], options["scale"], protocol_of(options["protocol"])),
            progress=self.progress if options["verbosity"] > 1 or self.stderr.isatty() else None,
        )
        self.write_report(report, dry_run=options["dry_run"])
        if not report.values and report.unreadable:
            raise CommandError("No file could be read.")

    def progress(self, report: ResultsReport) -> None:
        self.stderr.write(f"{report.files:,} files, {report.values:,} values, {report.published:,} published")

    def write_report(self, report: ResultsReport, *, dry_run: bool) -> None:
        outcomes = report.outcomes
        counts = ", ".join(f"{outcomes[one]:,} {one.value}" for one in Outcome if outcomes[one])
        self.stdout.write(f"Read {report.values:,} values in {report.files:,} files: {counts or 'nothing'}.")
        self.write_lines("Not read", report.unreadable)
        skipped = [f"{reason} ({times:,})" for reason, times in report.skipped.most_common()]
        self.write_lines("Skipped", skipped)
        self.write_lines("Not matched", list(unmatched_lines(report)))
        self.write_lines("Out of bounds", report.out_of_bounds)
        self.write_lines("Refused", report.refused)
        number = outcomes[Outcome.NEW] + outcomes[Outcome.RIVAL] if dry_run else report.published
        verb = "Would publish" if dry_run else "Published"
        self.stdout.write(self.style.SUCCESS(f"{verb} {number:,} results." if number else "Nothing new."))

    def write_lines(self, heading: str, lines: list[str]) -> None:
        for line in lines[:SHOWN]:
            self.stdout.write(f"{heading}: {line}")
        if len(lines) > SHOWN:
            self.stdout.write(f"{heading}: {len(lines) - SHOWN:,} more.")


def names_with(models: list[str], benchmarks: list[str]) -> KnownNames:
    """The names of the catalogue, with what printed names stand for besides. Raises CommandError."""
    names = known_names()
    for option in models:
        printed, _, target = option.rpartition("=")
        slug, _, variant = target.partition("/")
        with refused(option):
            names.give_model(printed, slug, variant)
    for option in benchmarks:
        printed, _, slug = option.rpartition("=")
        with refused(option):
            names.give_benchmark(printed, slug)
    return names


def protocol_of(slug: str) -> str:
    """The slug of a protocol. Raises CommandError for one that does not exist."""
    if slug and not KINDS["protocol"].model.objects.filter(slug=slug).exists():
        raise CommandError(f"--protocol: there is no protocol {slug}.")
    return slug


@contextmanager
def refused(option: str) -> Iterator[None]:
    """Raise CommandError for what an option names and the catalogue does not have."""
    try:
        yield
    except LookupError as error:
        raise CommandError(f"{option}: {error.args[0]}.") from error


def trace_of(account: str, source: str, comment: str) -> Trace:
    """Who imports. Raises CommandError for an account that does not exist, or that would approve its own import."""
    users: Any = get_user_model().objects
    if account == APPROVER:
        raise CommandError(f"--as: {APPROVER} approves what is imported; name another account.")
    if account != CURATION and not users.filter(username=account).exists():
        raise CommandError(f"--as: there is no account {account}.")
    return Trace(users.service(account), users.service(APPROVER), source, comment)


def unmatched_lines(report: ResultsReport) -> Iterator[str]:
    """What was not matched, the most frequent first, with known names that are near."""
    for one, times in report.unmatched.most_common():
        near = report.nearest.get(one)
        hint = f"; near: {', '.join(near)}" if near else ""
        named = f"{one.about} “{one.name}”" if one.name else f"the {one.about}"
        yield f"{named} {one.reason}{hint} ({times:,})"


def files_of(path: Path, chosen: ResultsFormat, base: str, *, at_commit: bool) -> Iterator[ResultsFile]:
    """The files below a path, in the order of their names, with their URLs. Raises CommandError for a path that is not
    there."""
    path = path.absolute()
    if path.is_dir():
        return (
            ResultsFile(file, f"{base}/{quote(file.relative_to(path).as_posix())}" if base else "")
            for file in walked(path, chosen.suffixes)
        )
    if not path.exists():
        raise CommandError(f"{path}: there is no such file or folder.")
    return iter([ResultsFile(path, file_url(base, path.name, at_commit=at_commit))])


def walked(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    """The files below a folder whose names end so, folder by folder, in the order of their names."""
    for place, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            if name.endswith(suffixes):
                yield Path(place) / name
