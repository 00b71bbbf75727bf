"""What a results file states, as plain values."""

from dataclasses import dataclass

Names = tuple[str, ...]
"""What a file calls one thing, the most exact name first."""


class UnreadableFile(ValueError):
    """The file cannot be read; the message names the line or the field, and is shown to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedResult:
    """One result as a file states it. A text is "" and a number None where the file does not state it.

    `value` and `standard_error` are printed strings, to the character. `joined` replaces `model` and `benchmark` where
    the file joins both names by "_" and does not say where one ends. `main` is false for what stands beside the score
    that the benchmark is known by, and is left out silently where the benchmark does not list it. `inferred` are fields
    that follow from the format, with the reason.
    """

    model: Names = ()
    benchmark: Names = ()
    joined: str = ""
    metric: Names = ()
    value: str
    locator: str
    part: str = ""
    split: str = ""
    scale: str = ""
    standard_error: str = ""
    sample_size: int | None = None
    model_revision: str = ""
    data_revision: str = ""
    setting: str = ""
    shots: int | None = None
    adaptation: str = ""
    chain_of_thought: bool | None = None
    judge: str = ""
    decoding: str = ""
    harness: str = ""
    harness_version: str = ""
    reported_on: str = ""
    evaluated_on: str = ""
    source_url: str = ""
    measured_by: str = ""
    notes: str = ""
    main: bool = True
    inferred: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """What a file holds and is no result to import, and why."""

    locator: str
    reason: str


Stated = StatedResult | Skipped
