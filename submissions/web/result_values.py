"""The values of a table or file as its preview shows them: what each claims, what it would be, whether it is ticked."""

import hashlib
import json
from dataclasses import dataclass, replace

from catalog.exchange.results.names import KnownNames
from catalog.exchange.results.previewing import Outcome, Previewed
from submissions.intake.results import TABLE, ReadResults

MAX_BATCH = 200
"""Values of one batch: a moderator sees and decides them on one page."""
WITHOUT_SPLIT = "without a split it has no place on a board"


@dataclass(frozen=True)
class ValueRow:
    """A value of the preview; `number` is its position. `state` is a word, `says` what it means for this value."""

    number: int
    one: Previewed
    model: str
    place: str
    state: str
    says: str
    selected: bool

    @property
    def selectable(self) -> bool:
        return self.one.outcome.imported


def value_rows(read: ReadResults, names: KnownNames, chosen: set[str] | None) -> list[ValueRow]:
    """A row for each value. `chosen` are the numbers of the ticked ones; without it as many as a batch holds."""
    rows, ticked = list[ValueRow](), 0
    for number, one in enumerate(read.previews):
        wanted = ticked < MAX_BATCH if chosen is None else str(number) in chosen
        row = _row(number, one, names)
        rows.append(replace(row, selected=row.selectable and wanted))
        ticked += rows[-1].selected
    return rows


def digest(read: ReadResults) -> str:
    """What tells whether the values, and what would become of them, are those that a page showed."""
    shown = [[one.outcome, one.payload and sorted(one.payload.items(), key=str)] for one in read.previews]
    return hashlib.sha256(json.dumps(shown, default=str).encode()).hexdigest()


def batch_name(read: ReadResults, names: KnownNames) -> str:
    """A name for the batch: what it holds, in short."""
    matched = [one.payload for one in read.previews if one.payload]
    if not matched:
        return "A table of results" if read.format == TABLE else f"A file of {read.format}"
    models = len({(payload["paper"], payload["variant"]) for payload in matched})
    benchmarks = list(dict.fromkeys(names.benchmarks[payload["benchmark"]].name for payload in matched))
    several = f"{benchmarks[0]} and {len(benchmarks) - 1} other benchmarks"
    shown = " and ".join(benchmarks) if len(benchmarks) < 3 else several
    return f"{models} model{'s' * (models != 1)} on {shown}"[:200]


def _row(number: int, one: Previewed, names: KnownNames) -> ValueRow:
    payload = one.payload or {}
    owner = names.benchmarks.get(payload.get("benchmark", ""))
    place = [owner.name if owner else " ".join(one.stated.benchmark)]
    place += [payload.get(key, "") for key in ("part", "split", "metric")]
    state, says = state_of(one)
    if one.outcome.imported and owner and owner.splits and not payload["split"]:
        says = "; ".join(filter(None, (says, WITHOUT_SPLIT)))
    return ValueRow(
        number=number,
        one=one,
        model=_model(one, names),
        place=", ".join(filter(None, place)),
        state=state,
        says=says,
        selected=False,
    )


def _model(one: Previewed, names: KnownNames) -> str:
    """The matched model and variant; what is printed, where nothing is matched."""
    if one.payload is None:
        return " ".join(one.stated.model) or one.stated.joined
    model, variant = names.models[one.payload["paper"]], str(one.payload["variant"])
    return f"{model}: {variant}" if variant and model not in variant else variant or model


def state_of(one: Previewed) -> tuple[str, str]:
    """The state of a value in a word or two, and what that means here."""
    if one.unmatched:
        named = f"{one.unmatched.about} “{one.unmatched.name}”" if one.unmatched.name else one.unmatched.about
        return "unmatched", f"{named} {one.unmatched.reason}"
    if one.outcome is Outcome.SAME:
        return _same(one)
    if one.agrees:
        return "second source", "the same number from another source or harness is on record"
    says = {
        Outcome.RIVAL: f"{' and '.join(f'{number:f}' for number in one.known)} on record",
        Outcome.OUT_OF_BOUNDS: one.reason,
    }
    return one.outcome.value, says.get(one.outcome, "")


def _same(one: Previewed) -> tuple[str, str]:
    if one.same and one.same.waits:
        return "waiting", "you proposed it already"
    return "same", "on record already" if one.same and one.same.slug else "twice in what you brought"
