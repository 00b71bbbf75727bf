"""The words of a board: conditions, sources, verification and state of a claim."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog.models import SourceClass
from catalog.reading.results.boards import Cell
from catalog.reading.results.claims import Claim, Known, Origin, Value
from catalog.reading.results.views import BoardKey
from catalog.reading.sources import SHAPES
from catalog.text.dates import partial_date

AS_REPORTED = "as reported"
WITHOUT_SPLIT = "split not stated"
LONGEST = 40
"""Of a condition, such as a prompt; what is longer is cut, and complete on the result's page."""
MOST_DECIMALS, SHOWN_DECIMALS = 4, 3
"""Of a short number: what has more decimals is cut to three, those of one below 1 behind its zeros."""
YES_OR_NO = {"chain of thought": "CoT", "tools": "tools"}
COUNTED = {"shots": ("shot", "shots"), "frames": ("frame", "frames"), "answers": ("answer", "answers")}
VERIFIED = {
    "checked-in-copy": ("in a copy", "checked in a copy of the source"),
    "checked": ("checked", "checked against the source"),
    "reproduced": ("reproduced", "reproduced"),
}
"""What is visible and what is said of claims that were verified."""
MEASURED_BY = {
    "authors": "authors",
    "benchmark-authors": "benchmark’s authors",
    "third-party": "third party",
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A condition of a row: `origin` is "stated", "inferred" or "unknown"."""

    text: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a claim was read, by whom it was measured and how it was verified.

    `shape` are the CSS classes of its mark, `meaning` says the same in words, `verified` is "" if it only was
    reported.
    """

    shape: str
    meaning: str
    text: str
    verified: str
    url: str
    note: str


def slots(claim: Claim, unknown: Iterable[str]) -> tuple[Slot, ...]:
    """What a row says of its conditions: shots and chain of thought always, then what was inferred and what of the
    reference is unknown. What is stated and like the reference is said once, above the table."""
    known, unknown = claim.conditions, set(unknown)
    shown = [_shots(claim, unknown), _slot("chain of thought", known.get("chain of thought"))]
    others = [name for name in known if name not in FIXED and known[name].origin == Origin.INFERRED]
    shown += [_slot(name, known[name]) for name in others]
    shown += [_slot(name, None) for name in sorted(unknown.difference(FIXED))]
    return (*shown, *_inferred_fields(claim))


FIXED = ("setting", "shots", "chain of thought")
FIELDS = ("variant", "part", "metric")
"""What else of a claim may have been inferred."""


def all_slots(claim: Claim, unknown: Iterable[str]) -> tuple[Slot, ...]:
    """What is said of the conditions of a claim that is compared with none: all that is known, and what is not."""
    known, unknown = claim.conditions, set(unknown)
    shown = [_slot("setting", known["setting"])] if _is_more_than_shots(known) else []
    shown += [_shots(claim, unknown), _slot("chain of thought", known.get("chain of thought"))]
    shown += [_slot(name, known[name]) for name in known if name not in FIXED]
    shown += [_slot(name, None) for name in sorted(unknown.difference(FIXED))]
    return (*shown, *_inferred_fields(claim))


def inferred_slots(claim: Claim) -> tuple[Slot, ...]:
    """What was inferred of a claim."""
    known = {name: one for name, one in claim.conditions.items() if one.origin == Origin.INFERRED}
    names = named({name: one.value for name, one in known.items()})
    return (*(_slot(name, known[name]) for name in names), *_inferred_fields(claim))


def _inferred_fields(claim: Claim) -> list[Slot]:
    """The split, variant, part and metric, as far as they were inferred."""
    split = claim.split
    shown = [Slot(str(split.value), "inferred")] if split and split.origin == Origin.INFERRED else []
    names = [name for name in FIELDS if name in claim.inferred and getattr(claim, name)]
    return shown + [Slot(f"{name} {getattr(claim, name)}", "inferred") for name in names]


def _is_more_than_shots(known: Mapping[str, Known]) -> bool:
    """Whether a setting says more than the number of shots, which is known too."""
    return "shots" in known and "setting" in known and known["setting"].value not in ("zero-shot", "few-shot")


def _shots(claim: Claim, unknown: Iterable[str]) -> Slot:
    """The slot of the shots; without a number of them the setting, which says it roughly, or the words of the source
    that no setting is read from. Where the reference has a setting, one that is unknown may be fine-tuned, which no
    number of shots says."""
    known = claim.conditions
    if claim.words and "shots" not in known and "setting" not in known:
        return Slot(f"“{cut(claim.words)}”", "stated")
    if "shots" not in known and ("setting" in known or "setting" in unknown):
        return _slot("setting", known.get("setting"))
    return _slot("shots", known.get("shots"))


def _slot(name: str, known: Known | None) -> Slot:
    if known is None:
        return Slot(f"{YES_OR_NO.get(name, name)} ?", "unknown")
    return Slot(condition(name, known.value), "inferred" if known.origin == Origin.INFERRED else "stated")


def condition(name: str, value: Value) -> str:
    """A condition in words: "0 shots", "no CoT", "judge gpt-4"."""
    if isinstance(value, bool):
        word = YES_OR_NO.get(name, name)
        return word if value else f"no {word}"
    if isinstance(value, int) and name in COUNTED:
        return f"{value} {COUNTED[name][value != 1]}"
    if name == "erratum":
        return ", ".join(_side(side) for side in str(value).split(", "))
    text = cut(str(value))
    return text if name == "setting" else f"{name} {text}"


def cut(text: str) -> str:
    """A text, or its beginning if it is longer than LONGEST."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def _side(side: str) -> str:
    """The side of a correction: "before the correction of 10 July 2026"."""
    word, _, day = side.partition(" ")
    return f"{word} the correction of {partial_date(day)}"


def named(known: Mapping[str, Value]) -> list[str]:
    """The conditions that are said; "zero-shot" says that there are no shots."""
    return [name for name in known if not (name == "shots" and known.get("setting") == "zero-shot" and not known[name])]


def conditions(known: Mapping[str, Value]) -> str:
    """Conditions in words, joined."""
    return ", ".join(condition(name, known[name]) for name in named(known))


def joined(some: Iterable[Slot]) -> str:
    """The texts of slots, joined."""
    return ", ".join(slot.text for slot in some)


def claims(cell: Cell) -> str:
    """How many claims a cell has, and how far they are apart: "2 claims, all 89.7"."""
    low, high = cell.spread
    return f"{len(cell.claims)} claims, {f'all {low:f}' if low == high else f'{low:f} to {high:f}'}"


def caveats(claim: Claim, unknown: Iterable[str]) -> tuple[str, ...]:
    """What must be known of a claim beside its number: state, what was inferred, what of the reference is unknown."""
    words = f"“{cut(claim.words)}”" if claim.words and "setting" in unknown else ""
    inferred, missing = joined(inferred_slots(claim)), ", ".join(_without_words(unknown) if words else unknown)
    said = (state(claim), inferred and f"inferred: {inferred}", words, missing and f"{missing} not stated")
    return tuple(filter(None, said))


def _without_words(unknown: Iterable[str]) -> list[str]:
    """What is unknown besides the setting, of which the source says something."""
    return [name for name in unknown if name not in ("setting", "shots")]


def short_number(number: Decimal) -> str:
    """A number for a table beside which it stands complete, on the board or the page of the result; what is cut is
    marked."""
    text = f"{number:f}"
    whole, _, decimals = text.partition(".")
    zeros = 0 if whole.strip("-0") else len(decimals) - len(decimals.lstrip("0"))
    shown = zeros + SHOWN_DECIMALS
    return text if len(decimals) <= max(MOST_DECIMALS, shown) else f"{whole}.{decimals[:shown]}…"


def board_title(key: BoardKey) -> str:
    """What the rows of a board share, as a title: "OCR, val, as reported"."""
    return ", ".join((*_of_rows(key), key.track or AS_REPORTED))


def board_line(key: BoardKey, metric: str) -> str:
    """A board by one of its metrics, in a line below the name of its benchmark: "OCR · val · Accuracy · VLMEvalKit"."""
    return " · ".join(filter(None, (*_of_rows(key), metric, key.track)))


def _of_rows(key: BoardKey) -> tuple[str, ...]:
    split = key.split or WITHOUT_SPLIT
    return (key.part, split) if key.part else (split,)


def listing(words: Iterable[str]) -> str:
    """Words as a list: "a, b and c"."""
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


def state(claim: Claim) -> str:
    """Why a claim is to be taken with care: disputed, superseded, retracted, or the correction it precedes; or ""."""
    return ", ".join(filter(None, ("" if claim.state == "live" else claim.state, claim.outdated)))


def source(claim: Claim, url: str, note: str) -> Source:
    """The source of a claim, read at `url`; `note` is the place there."""
    known = claim.source_class
    label = str(SourceClass(known).label) if known else "source type unknown"
    verified, meaning = VERIFIED.get(claim.verification, ("", "not verified"))
    return Source(
        shape=SHAPES[known] if verified else f"{SHAPES[known]} unverified",
        meaning=f"{meaning.capitalize()}, {label.lower()}:",
        text=MEASURED_BY.get(claim.measured_by, "source"),
        verified=verified,
        url=url,
        note=note,
    )
