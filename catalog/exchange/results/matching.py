"""Find the entries that a results file names. Nothing is guessed: what is not found once is unmatched, with why."""

import re
from dataclasses import dataclass
from typing import TypeVar

from catalog.exchange.results.documents import shown
from catalog.exchange.results.names import Checkpoint, Index, KnownNames, Place
from catalog.exchange.results.stated import Names, StatedResult

T = TypeVar("T", Checkpoint, Place)

SAME_THING = " = "
"""Stands between the names that a file gives one thing."""
JUDGE = re.compile(r"(?:chat)?gpt|claude|gemini|qwen|deepseek|llama|exact", re.IGNORECASE)
"""How the part of a file's name begins that is the judge and no data set (VLMEvalKit)."""
MOST_PARTS = 30
"""Of a name that joins model and data set by "_"."""
ONLY_METRIC = "The file names no metric: this is the only one, or the primary one, of the benchmark."


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A name of a file that the catalogue does not have, or has more than once. `about` is model, benchmark, metric,
    split, part, source or scale; `name` is as the file prints it."""

    about: str
    name: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The entries by slug, and the listed names, that a stated result is about."""

    model: str
    variant: str
    benchmark: str
    part: str
    split: str
    metric: str
    judge: str = ""
    inferred: tuple[tuple[str, str], ...] = ()


def match(stated: StatedResult, names: KnownNames) -> Match | Unmatched | None:
    """What a stated result is about; None for what stands beside the main score and is not matched: the main score says
    why, and a file may have a hundred values beside it."""
    matched = _match(stated, names)
    return None if isinstance(matched, Unmatched) and not stated.main else matched


def _match(stated: StatedResult, names: KnownNames) -> Match | Unmatched:
    judge = ""
    if stated.joined:
        named = _told_apart(stated.joined, names)
        if isinstance(named, Unmatched):
            return named
        checkpoint, place, judge = named
    else:
        checkpoint_found = _agreed("model", stated.model, names.checkpoints, names)
        if isinstance(checkpoint_found, Unmatched):
            return checkpoint_found
        place_found = _agreed("benchmark", stated.benchmark, names.places, names)
        if isinstance(place_found, Unmatched):
            return place_found
        checkpoint, place = checkpoint_found, place_found
    return _in_benchmark(stated, checkpoint, place, names, judge)


def _agreed(about: str, given: Names, index: Index[T], names: KnownNames) -> T | Unmatched:
    """The one thing that these names have in common; a name that nothing has is left to the others."""
    printed = SAME_THING.join(given)
    remaining: set[T] = set()
    for name in given:
        if found := index.find(name):
            both = {both for one in remaining for other in found if (both := one.joined(other))}
            if remaining and not both:
                return Unmatched(about, printed, "its names are those of different entries")
            remaining = both or found
    if len(remaining) == 1:
        return next(iter(remaining))
    if not given:
        return Unmatched(about, "", "is not named")
    if remaining:
        return Unmatched(about, printed, f"is the name of several: {_listed(remaining, names)}")
    return Unmatched(about, printed, "is not in the catalogue under this name")


def _listed(found: set[T], names: KnownNames) -> str:
    """Entries in words, a few of them."""
    words = []
    for one in found:
        if isinstance(one, Checkpoint):
            words.append(f"{one.variant} of {names.models[one.model]}" if one.variant else names.models[one.model])
        elif isinstance(one, Place):
            words.append(" ".join(filter(None, (names.benchmarks[one.benchmark].name, one.split, one.part))))
    return ", ".join(sorted(words)[:5])


def _told_apart(joined: str, names: KnownNames) -> tuple[Checkpoint, Place, str] | Unmatched:
    """Model, benchmark and judge of a name that joins them by "_", if only one way of cutting it gives known names."""
    parts = joined.split("_")
    if len(parts) > MOST_PARTS:
        return Unmatched("model", shown(joined), "has too many parts to tell model and data set apart")
    ways: set[tuple[Checkpoint, Place, str]] = set()
    for end in range(len(parts), 1, -1):
        judge = "_".join(parts[end:])
        if judge and not JUDGE.match(judge):
            continue
        for cut in range(1, end):
            checkpoints = names.checkpoints.find("_".join(parts[:cut]))
            places = names.places.find("_".join(parts[cut:end]))
            ways |= {(one, other, judge) for one in checkpoints for other in places}
        if ways:
            break
    if len(ways) == 1:
        return next(iter(ways))
    reason = "can be read as several models and data sets" if ways else "names no known model and data set"
    return Unmatched("model", joined, reason)


def _in_benchmark(
    stated: StatedResult, checkpoint: Checkpoint, place: Place, names: KnownNames, judge: str
) -> Match | Unmatched:
    """With metric, split and part as the benchmark lists them. A split or part that only follows from the format is
    left out where the benchmark does not list it."""
    listed, concluded = {"split": place.split, "part": place.part}, dict(stated.inferred)
    for key in ("part", "split"):
        given = getattr(stated, key)
        row = names.row(place.benchmark, f"{key}s", given) if given else None
        if given and row is None and key in concluded:
            del concluded[key]
            continue
        if given and row is None:
            return _unlisted(key, given, place.benchmark, names)
        if row is not None and listed[key] and row["name"] != listed[key]:
            return Unmatched(key, given, f"but the name of the benchmark says {listed[key]}")
        listed[key] = str(row["name"]) if row is not None else listed[key]
    metric = _metric(stated, place.benchmark, names)
    if isinstance(metric, Unmatched):
        return metric
    if not stated.metric:
        concluded["metric"] = ONLY_METRIC
    return Match(
        model=checkpoint.model,
        variant=checkpoint.variant,
        benchmark=place.benchmark,
        metric=metric,
        judge=judge,
        inferred=tuple(concluded.items()),
        **listed,
    )


def _metric(stated: StatedResult, benchmark: str, names: KnownNames) -> str | Unmatched:
    """The listed name of the metric; without one, that of the only or the primary metric."""
    if not stated.metric:
        rows = names.benchmarks[benchmark].metrics
        primary = [row for row in rows if row.get("primary")] or list(rows)
        if len(primary) == 1:
            return str(primary[0]["name"])
        return Unmatched("metric", "", f"is not named, and {names.benchmarks[benchmark].name} has several or none")
    rows_found = [row for name in stated.metric if (row := names.row(benchmark, "metrics", name)) is not None]
    found = {str(row["name"]) for row in rows_found}
    if len(found) == 1:
        return found.pop()
    if found:
        return Unmatched("metric", SAME_THING.join(stated.metric), f"its names are those of {', '.join(sorted(found))}")
    return _unlisted("metric", stated.metric[0], benchmark, names)


def _unlisted(key: str, given: str, benchmark: str, names: KnownNames) -> Unmatched:
    owner = names.benchmarks[benchmark]
    known = [str(row["name"]) for row in getattr(owner, f"{key}s")]
    lists = f"it lists {', '.join(known[:12])}" if known else "it lists none"
    return Unmatched(key, given, f"is no {key} of {owner.name} ({lists}); add it there first")


def suggestions(unmatched: Unmatched, names: KnownNames) -> list[str]:
    """Known names that are similar to an unmatched one of a model or benchmark."""
    nearest = {"model": names.checkpoints.nearest, "benchmark": names.places.nearest}.get(unmatched.about)
    given = unmatched.name.split(SAME_THING) if nearest else []
    return list(dict.fromkeys(near for name in given for near in nearest(name))) if nearest else []
