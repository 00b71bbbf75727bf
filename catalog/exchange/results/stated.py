"""What a results file states, as plain values."""

from dataclasses import dataclass, replace

Names = tuple[str, ...]
"""What a file calls one thing, the most exact name first."""


class UnreadableFile(ValueError):
    """The file cannot be read; the message names the line or the field, and is shown to people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedResult:
    """One result as a file states it. A text is "" and a number None where the file does not state it.

    - `value`, `standard_error`: printed strings, to the character.
    - `joined`: replaces `model` and `benchmark` where the file joins both names by "_" and does not say where one ends.
    - `locator`: the place in the file. `source_url`, `source_locator`: what the file names as its source, and the place
      there; what `original_source` and `read_in` mean, see `read_at`.
    - `main`: false for what stands beside the score that the benchmark is known by; it is left out silently where the
      benchmark does not list it.
    - `protocol`: the slug of a protocol that an import gives its results; no file states it.
    - `inferred`: fields that follow from the format alone, with the reason.
    - `marks`: how the number is set, and what is printed beside it: "bold", "†".
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
    protocol: str = ""
    reported_on: str = ""
    evaluated_on: str = ""
    source_url: str = ""
    source_locator: str = ""
    original_source: str = ""
    read_in: str = ""
    measured_by: str = ""
    notes: str = ""
    main: bool = True
    inferred: tuple[tuple[str, str], ...] = ()
    marks: Names = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """What a file holds and is no result to import, and why."""

    locator: str
    reason: str


Stated = StatedResult | Skipped


def read_at(stated: StatedResult, *, url: str, name: str) -> StatedResult:
    """A stated result that was read in a file with this URL and name: the file is its source, and what the file names
    the original one. Without a URL, what the file names is the source."""
    if url:
        return replace(stated, source_url=url, original_source=stated.source_url)
    if stated.source_url:
        return replace(stated, locator=stated.source_locator, read_in=name)
    return stated
