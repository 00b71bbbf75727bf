"""The words of a board: conditions, sources, verification and state of a claim."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from catalog.models import SourceClass
from catalog.reading.results.claims import Claim, Known, Origin, Value
from catalog.reading.sources import SHAPES

LONGEST = 40
"""Of a condition, such as a prompt; what is longer is cut, and complete on the result's page."""
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
    shown = [_shots(known), _slot("chain of thought", known.get("chain of thought"))]
    others = [name for name in known if name not in FIXED and known[name].origin == Origin.INFERRED]
    shown += [_slot(name, known[name]) for name in others]
    shown += [_slot(name, None) for name in sorted(unknown.difference(FIXED))]
    if claim.split and claim.split.origin == Origin.INFERRED:
        shown.append(Slot(str(claim.split.value), "inferred"))
    return tuple(shown)


FIXED = ("setting", "shots", "chain of thought")


def _shots(known: Mapping[str, Known]) -> Slot:
    """The slot of the shots; without a number of them the setting, which says it roughly."""
    if "shots" not in known and "setting" in known:
        return _slot("setting", known["setting"])
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
    text = str(value) if len(str(value)) <= LONGEST else f"{str(value)[: LONGEST - 1].rstrip()}…"
    return text if name == "setting" else f"{name} {text}"


def conditions(known: Mapping[str, Value]) -> str:
    """Conditions in words, joined; "zero-shot" says that there are no shots."""
    names = [
        name for name in known if not (name == "shots" and known.get("setting") == "zero-shot" and not known[name])
    ]
    return ", ".join(condition(name, known[name]) for name in names)


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
