"""Results that somebody pastes as a table, or brings as a file of a tool: read, matched, and compared with those of the
catalogue and with those that wait for review."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any
from urllib.parse import parse_qsl, urlencode

from accounts.models import User
from catalog.exchange.results.catalogue import records_for
from catalog.exchange.results.files import Defaults, read_file, with_defaults
from catalog.exchange.results.formats import FORMATS
from catalog.exchange.results.formats.telling import format_told
from catalog.exchange.results.matching import SAME_THING, Unmatched
from catalog.exchange.results.names import Checkpoint, KnownNames, Place
from catalog.exchange.results.payloads import KEPT
from catalog.exchange.results.previewing import Previewed, Record, matched, preview, record_of
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile, read_at
from catalog.exchange.results.tables.grids import read_grid
from catalog.exchange.results.tables.headings import Column, checkpoints_named, choices_in, columns_named
from catalog.exchange.results.tables.reading import Said, read_table
from catalog.forms.payload import payload_errors
from catalog.kinds import KINDS
from submissions.models import Proposal

MAX_VALUES = 2_000
"""Of one table or file on a page; `manage.py import_results` reads more."""
MAX_SUGGESTED = 25
"""Questions for which nearest names are looked for."""
MAX_OPTIONS = 40
MAX_WAITING = 2_000
TABLE = "table"
LEAVE_OUT = "-"
"""The answer that leaves a model or a column out."""
ANSWER = re.compile(r"(?:model|column):.{1,500}", re.DOTALL)


class NoSource(UnreadableFile):
    """A table without the address of its source."""

    def __init__(self) -> None:
        super().__init__("Say where the table stands: the address of its source.")


@dataclass(frozen=True, kw_only=True)
class Given:
    """What somebody brings, and what they say of it. `format` is TABLE, the name of a format, or "" if the text tells;
    `answers` are those to questions, by their keys."""

    text: str
    path: PurePath
    format: str = ""
    url: str = ""
    said: Said = field(default_factory=Said)
    defaults: Defaults = field(default_factory=Defaults)
    answers: Mapping[str, str] = field(default_factory=dict)

    @property
    def format_name(self) -> str:
        """The chosen format, else the one that the text tells. Raises UnreadableFile."""
        return self.format or format_told(self.path, self.text) or TABLE


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to a question."""

    value: str
    label: str


@dataclass(frozen=True)
class Question:
    """A printed name that is not found exactly once. `key` names its answer, `times` is how many values wait for it."""

    about: str
    name: str
    reason: str
    options: tuple[Option, ...]
    times: int
    answer: str = ""

    @property
    def key(self) -> str:
        return f"{self.about}:{self.name}"

    @property
    def state(self) -> str:
        """Whether it is "open" or "answered"."""
        return "open" if self.reason else "answered"


@dataclass(frozen=True)
class ReadResults:
    """All that was read: the values with what would become of them, what is no value, the open questions, and those
    that are answered."""

    format: str
    previews: list[Previewed]
    skipped: list[Skipped]
    questions: list[Question]
    answered: list[Question]


def read_results(given: Given, names: KnownNames, waiting: Iterable[Record] = ()) -> ReadResults:
    """Read and compare. `names` learns what the answers say. Raises UnreadableFile."""
    chosen = given.format_name
    columns, left_out = _learn(given.answers, names)
    read = _of_table(given, names, columns) if chosen == TABLE else _of_file(given, chosen)
    skipped, values = list[Skipped](), list[StatedResult]()
    for one in read:
        if isinstance(one, Skipped):
            skipped.append(one)
        elif reason := _left_out(one, left_out):
            skipped.append(Skipped(one.locator, reason))
        else:
            values.append(one)
        if len(values) > MAX_VALUES:
            raise UnreadableFile(f"It holds more than {MAX_VALUES:,} values: bring it in parts.")
    pairs = matched(values, names)
    previews = preview(pairs, names, [*records_for(pairs), *waiting])
    questions = _questions(previews, names, given, is_table=chosen == TABLE)
    answered = _answered(given.answers, {one.key for one in questions}, names)
    return ReadResults(chosen, previews, skipped, questions, answered)


def waiting_for_review(author: User) -> list[Record]:
    """The open proposals of results of one author, as records."""
    kind = KINDS["result"]
    rows = Proposal.objects.open().filter(author=author, kind=kind.name).order_by("-pk")[:MAX_WAITING]
    payloads = [{**kind.form.empty(), **proposal.current_payload} for proposal in rows]
    return [replace(record_of(payload), waits=True) for payload in payloads if _is_readable(payload)]


def _is_readable(payload: dict[str, Any]) -> bool:
    """Whether a stored payload, which may be damaged, has the types of today's form and a number."""
    return not payload_errors(KINDS["result"].form, payload) and bool(KEPT.fullmatch(payload["value"]))


def answers_in(data: Mapping[str, str]) -> dict[str, str]:
    """The answers to questions in a posted form."""
    return {key: str(value)[:1000] for key, value in data.items() if ANSWER.fullmatch(key) and value}


def _of_table(given: Given, names: KnownNames, columns: dict[str, Column]) -> Iterable[Stated]:
    if not given.url:
        raise NoSource
    for one in read_table(read_grid(given.text), names, replace(given.said, columns=columns)):
        if isinstance(one, Skipped):
            yield one
        else:
            yield with_defaults(read_at(one, url=given.url, name=""), given.defaults)


def _of_file(given: Given, chosen: str) -> Iterable[Stated]:
    return read_file(FORMATS[chosen], given.text.encode(), given.path, url=given.url, defaults=given.defaults)


def _learn(answers: Mapping[str, str], names: KnownNames) -> tuple[dict[str, Column], set[str]]:
    """Take over the answers: what headings stand for, and the keys of what is left out. An answer that names nothing in
    the catalogue is none."""
    columns, left_out = dict[str, Column](), set[str]()
    for key, answer in answers.items():
        about, _, printed = key.partition(":")
        parts = dict(parse_qsl(answer))
        if answer == LEAVE_OUT:
            left_out.add(key)
        elif about == "model" and (checkpoint := _checkpoint(parts, names)):
            for name in printed.split(SAME_THING):
                names.checkpoints.given[name] = checkpoint
        elif about == "column" and (column := _column(parts, names)):
            columns[printed] = column
            for name in printed.split(SAME_THING):
                names.places.given[name] = column.place
    return columns, left_out


def _checkpoint(parts: Mapping[str, str], names: KnownNames) -> Checkpoint | None:
    model, variant = parts.get("model", ""), parts.get("variant", "")
    rows = names.variants.get(model)
    if rows is None or (variant and variant not in [row["name"] for row in rows]):
        return None
    return Checkpoint(model, variant)


def _column(parts: Mapping[str, str], names: KnownNames) -> Column | None:
    slug = parts.get("benchmark", "")
    if slug not in names.benchmarks:
        return None
    told = {key: parts.get(key, "") for key in ("metric", "split", "part")}
    if any(name and names.row(slug, f"{key}s", name) is None for key, name in told.items()):
        return None
    return Column(Place(slug, told["split"], told["part"]), told["metric"])


def _left_out(stated: StatedResult, left_out: set[str]) -> str:
    """Why a value is left out: whoever brings it left out its model or its column."""
    keys = {f"model:{SAME_THING.join(stated.model)}", f"column:{SAME_THING.join(stated.benchmark)}"}
    return "left out by you" if keys & left_out else ""


def _questions(previews: list[Previewed], names: KnownNames, given: Given, *, is_table: bool) -> list[Question]:
    """A question for each name that is not found once, in the order of the table."""
    asked: dict[tuple[str, str], tuple[Unmatched, int]] = {}
    for one in previews:
        if one.unmatched is None or one.stated.joined:
            continue
        about = "model" if one.unmatched.about == "model" else "column"
        if one.unmatched.about not in ABOUT_COLUMNS and about == "column":
            continue
        if not is_table and one.unmatched.about not in ("model", "benchmark"):
            continue
        printed = SAME_THING.join(one.stated.model if about == "model" else one.stated.benchmark)
        first, times = asked.get((about, printed), (one.unmatched, 0))
        asked[about, printed] = first, times + 1
    questions = []
    for number, ((about, printed), (unmatched, times)) in enumerate(asked.items()):
        options = _options(about, printed, unmatched, names, given.said.benchmark) if number < MAX_SUGGESTED else []
        answer = given.answers.get(f"{about}:{printed}", "")
        questions.append(Question(about, printed, unmatched.reason, tuple(options[:MAX_OPTIONS]), times, answer))
    return questions


ABOUT_COLUMNS = ("benchmark", "metric", "split", "part")


def _answered(answers: Mapping[str, str], still_open: Collection[str], names: KnownNames) -> list[Question]:
    """The answers that were taken, as questions with this answer alone: asked again, the others come back."""
    answered = []
    for key, answer in answers.items():
        about, _, printed = key.partition(":")
        parts = dict(parse_qsl(answer))
        taken = _checkpoint(parts, names) if about == "model" else _column(parts, names)
        if key in still_open or (taken is None and answer != LEAVE_OUT):
            continue
        options: tuple[Option, ...] = ()
        if isinstance(taken, Checkpoint):
            options = (model_option(taken, names),)
        elif taken:
            options = (column_option(taken, names),)
        answered.append(Question(about, printed, "", options, 0, options[0].value if options else answer))
    return answered


def _options(about: str, printed: str, unmatched: Unmatched, names: KnownNames, own: str) -> list[Option]:
    if about == "model":
        found = checkpoints_named([printed], names)[1]
        near = [one for name in names.checkpoints.nearest(printed) for one in names.checkpoints.find(name)]
        return [model_option(one, names) for one in dict.fromkeys([*sorted(found, key=str), *near])]
    columns = list(columns_named(printed, names, own))
    if len(columns) == 1 and unmatched.about != "benchmark":
        listed = choices_in(columns[0].place.benchmark, names)
        columns = [_merged(columns[0], one) for one in listed if one.tells(unmatched.about)]
    elif not columns:
        near_places = [one for name in names.places.nearest(printed) for one in names.places.find(name)]
        columns = [*(choices_in(own, names) if own else ()), *map(Column, near_places)]
    return [column_option(one, names) for one in dict.fromkeys(columns)]


def _merged(column: Column, other: Column) -> Column:
    """A column with what another one of the same benchmark tells besides."""
    place = column.place
    return Column(
        Place(place.benchmark, other.place.split or place.split, other.place.part or place.part),
        other.metric or column.metric,
    )


def model_option(found: Checkpoint, names: KnownNames) -> Option:
    """A model or one of its variants as an answer."""
    parts = {"model": found.model, "variant": found.variant}
    label = f"{names.models[found.model]}: {found.variant}" if found.variant else names.models[found.model]
    return Option(urlencode({key: value for key, value in parts.items() if value}), label)


def column_option(found: Column, names: KnownNames) -> Option:
    """What a column can stand for as an answer."""
    parts = {
        "benchmark": found.place.benchmark,
        "metric": found.metric,
        "split": found.place.split,
        "part": found.place.part,
    }
    told = [f"{key} {value}" for key, value in parts.items() if value and key != "benchmark"]
    label = ", ".join([names.benchmarks[found.place.benchmark].name, *told])
    return Option(urlencode({key: value for key, value in parts.items() if value}), label)
