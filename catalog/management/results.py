"""Import results files into the catalogue, in batches that are published one after the other."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from catalog.exchange.results.catalogue import records_for
from catalog.exchange.results.documents import MAX_BYTES
from catalog.exchange.results.files import Defaults, read_file
from catalog.exchange.results.formats import ResultsFormat
from catalog.exchange.results.matching import Unmatched, suggestions
from catalog.exchange.results.names import KnownNames
from catalog.exchange.results.previewing import Outcome, Previewed, matched, preview
from catalog.exchange.results.stated import Skipped, StatedResult, UnreadableFile
from catalog.kinds import KINDS
from catalog.ledger.batches import batched
from catalog.ledger.bulk import publish_many
from catalog.ledger.publishing import PayloadError
from catalog.ledger.trace import Trace

BATCH_SIZE = 300
MOST_KEPT = 10_000
"""Different names and reasons that a report keeps; of more it keeps the number."""
SUGGESTED_FOR = 50
"""Names that nearest ones are looked for, the most frequent first."""
ROW = "row "

Progress = Callable[["ResultsReport"], None]


@dataclass(frozen=True)
class ResultsFile:
    """A file to import, and its URL at a fixed revision; "" without one."""

    path: Path
    url: str = ""


@dataclass
class ResultsReport:
    """The outcome of an import: values by outcome, and what was not imported, each with how often."""

    files: int = 0
    values: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    published: int = 0
    unmatched: Counter[Unmatched] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)
    unreadable: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    out_of_bounds: list[str] = field(default_factory=list)
    nearest: dict[Unmatched, list[str]] = field(default_factory=dict)


def import_results(
    source_format: ResultsFormat,
    files: Iterable[ResultsFile],
    *,
    names: KnownNames,
    trace: Trace | None,
    defaults: Defaults,
    progress: Progress | None = None,
) -> ResultsReport:
    """Publish the results that files state and the catalogue does not have, each batch in one transaction.

    A batch is compared with the catalogue when its turn comes, so an import that was interrupted continues where it
    stopped, and a second one finds nothing new. What the form refuses does not keep the others. Without a trace,
    nothing is published.
    """
    report = ResultsReport()
    stated = _stated(source_format, files, defaults, report)
    for batch in batched(stated, BATCH_SIZE):
        pairs = matched(batch, names)
        previews = preview(pairs, names, records_for(pairs))
        _count(report, previews)
        new = [one for one in previews if one.outcome.imported]
        if trace:
            _publish(report, new, trace)
        if progress:
            progress(report)
    report.nearest = _nearest(report, names)
    return report


def _stated(
    source_format: ResultsFormat, files: Iterable[ResultsFile], defaults: Defaults, report: ResultsReport
) -> Iterator[StatedResult]:
    """The results of all files, one file in memory at a time; the rest goes into the report."""
    for file in files:
        report.files += 1
        try:
            stated = list(read_file(source_format, _bytes(file.path), file.path, url=file.url, defaults=defaults))
        except UnreadableFile as error:
            _keep(report.unreadable, f"{file.path}: {error}")
            continue
        for one in stated:
            if isinstance(one, Skipped):
                _add(report.skipped, one.reason)
            else:
                report.values += 1
                yield one


def _bytes(path: Path) -> bytes:
    """The content of a file, no more of it than tells that it is too large. Raises UnreadableFile."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadableFile(f"{error.strerror}.") from error


def _count(report: ResultsReport, previews: Iterable[Previewed]) -> None:
    for one in previews:
        report.outcomes[one.outcome] += 1
        if one.unmatched:
            _add(report.unmatched, one.unmatched)
        if one.outcome is Outcome.OUT_OF_BOUNDS:
            _keep(report.out_of_bounds, f"{one.stated.locator}: {one.reason}")


def _publish(report: ResultsReport, previews: list[Previewed], trace: Trace) -> None:
    """Publish a batch; rows that the form refuses are reported and left out."""
    rows = previews
    while rows:
        try:
            payloads = [one.payload or {} for one in rows]
            publish_many(kind=KINDS["result"], payloads=payloads, trace=trace)
        except PayloadError as error:
            wrong = _refused(error)
            for number, messages in wrong.items():
                stated = rows[number - 1].stated
                _keep(report.refused, f"{stated.source_url or stated.read_in}, {stated.locator}: {messages}")
            rows = [one for number, one in enumerate(rows, 1) if number not in wrong]
            continue
        report.published += len(rows)
        return


def _refused(error: PayloadError) -> dict[int, str]:
    """What is wrong with each refused row of a batch, by its number."""
    rows: dict[int, str] = {}
    for place, messages in error.errors.items():
        number, _, key = place.removeprefix(ROW).partition(", ")
        rows[int(number)] = " ".join(filter(None, [rows.get(int(number), ""), f"{key}:", *messages]))
    return rows


def _nearest(report: ResultsReport, names: KnownNames) -> dict[Unmatched, list[str]]:
    """Known names near the most frequent unmatched ones."""
    most = report.unmatched.most_common(SUGGESTED_FOR)
    return {one: near for one, _ in most if (near := suggestions(one, names))}


def _add(counter: "Counter[Any]", key: Any) -> None:
    if key in counter or len(counter) < MOST_KEPT:
        counter[key] += 1


def _keep(lines: list[str], line: str) -> None:
    if len(lines) < MOST_KEPT:
        lines.append(line)
