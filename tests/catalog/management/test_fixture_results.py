"""The results of the fixtures, as far as their files tell: names, bounds, scales, sources, and the printed values.

The stored sources that they were read from may lie beside the repository; where they do not, the last test is skipped.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from catalog.kinds import KINDS
from catalog.kinds.result import claims
from catalog.kinds.result.model import MeasuredBy, ResultState, Verification
from catalog.kinds.result.vocabulary import out_of_bounds
from catalog.management.seed_files import SeedItem, SeedLine, item_files, read_lines
from catalog.management.seeding import FIXTURES
from catalog.text.scales import POWERS, Scale, scale_of_unit
from catalog.text.source_classes import source_class

FOLDERS = (FIXTURES / "curation", FIXTURES / "catalogue")
STORED = Path(settings.BASE_DIR).parent / "shared" / "data" / "results"
PINNED = re.compile(r"https://github\.com/[\w.-]+/[\w.-]+/(blob|tree)/[0-9a-f]{40}/\S+")
LEAST = 12_000
SHOWN = 20
COPIES = {"llm_leaderboard", "benchmark_stitching"}
"""Files of collections that measured nothing themselves."""

Lists = dict[str, dict[str, list[dict[str, Any]]]]


def file_of(line: SeedLine) -> str:
    return line.place.partition(".jsonl")[0]


@pytest.fixture(scope="module")
def items() -> list[SeedItem]:
    """The entries of all files, in their order."""
    return [item for folder in FOLDERS for file in item_files(folder) for item in file.items]


def final_lists(items: list[SeedItem], kind: str, *keys: str) -> Lists:
    """What the entries of a kind list after their last revision, by their last slug."""
    entries: Lists = {}
    for item in (item for item in items if item.kind == kind):
        entry, at = entries.setdefault(item.slug, {key: [] for key in keys}), item.slug
        for revision in item.revisions:
            entry.update({key: revision.changes[key] for key in keys if key in revision.changes})
            if revision.slug:
                entries[revision.slug] = entries.pop(at)
                at = revision.slug
    return entries


@pytest.fixture(scope="module")
def lines() -> list[SeedLine]:
    return [line for path in sorted((FIXTURES / "catalogue" / "results").glob("*.jsonl")) for line in read_lines(path)]


@pytest.fixture(scope="module")
def benchmarks(items: list[SeedItem]) -> Lists:
    return final_lists(items, "benchmark", "metrics", "splits", "parts")


def wrong(lines: list[SeedLine], problem: Callable[[dict[str, Any]], str]) -> list[str]:
    """What is wrong with results, the first of it."""
    found = (f"{line.place}: {text}" for line in lines if (text := problem(line.payload)))
    return [text for text, _ in zip(found, range(SHOWN), strict=False)]


def metric_of(payload: dict[str, Any], benchmarks: Lists) -> dict[str, Any]:
    return next(row for row in benchmarks[payload["benchmark"]]["metrics"] if row["name"] == payload["metric"])


def test_there_are_many(lines: list[SeedLine]) -> None:
    """The counts are shown with `pytest -rP`."""
    for name in ("source", "verification", "measured_by", "protocol"):
        counts = Counter(counted(line, name) for line in lines)
        sys.stdout.write(f"{name}: {', '.join(f'{count} {value}' for value, count in counts.most_common())}\n")

    assert len(lines) >= LEAST


def counted(line: SeedLine, name: str) -> str:
    """What a result is counted by."""
    if name == "source":
        return f"{file_of(line)} ({source_class(line.payload['source_url']) or 'not classed'})"
    return str(line.payload.get(name, "not stated"))


def test_payloads_have_the_fields_of_the_form(lines: list[SeedLine]) -> None:
    allowed = set(KINDS["result"].form.payload_keys())

    assert wrong(lines, lambda payload: ", ".join(payload.keys() - allowed)) == []
    assert (
        wrong(lines, lambda payload: ", ".join(key for key, value in payload.items() if value in ("", None, []))) == []
    )


def test_models_declare_the_variants(lines: list[SeedLine], items: list[SeedItem]) -> None:
    models = final_lists(items, "paper", "variants")
    names = {slug: {row["name"] for row in model["variants"]} for slug, model in models.items()}

    assert (
        wrong(
            lines,
            lambda row: "" if row["variant"] in names.get(row["paper"], ()) else f"{row['paper']}: {row['variant']}",
        )
        == []
    )


def test_benchmarks_list_metrics_splits_and_parts(lines: list[SeedLine], benchmarks: Lists) -> None:
    names = {
        (slug, key): {row["name"] for row in rows} for slug, lists in benchmarks.items() for key, rows in lists.items()
    }

    def unlisted(row: dict[str, Any]) -> str:
        used = {key: row.get(key, "") for key in ("metric", "split", "part")}
        missing = [
            name for key, name in used.items() if name and name not in names.get((row["benchmark"], f"{key}s"), ())
        ]
        return f"{row['benchmark']}: {', '.join(missing)}" if missing or not used["metric"] else ""

    assert wrong(lines, unlisted) == []


def test_protocols_are_there(lines: list[SeedLine], items: list[SeedItem]) -> None:
    there = {item.slug for item in items if item.kind == "protocol"}

    assert wrong(lines, lambda row: "" if row.get("protocol") in {None, *there} else row["protocol"]) == []


def test_values_lie_within_the_bounds_of_the_metric(lines: list[SeedLine], benchmarks: Lists) -> None:
    def problem(row: dict[str, Any]) -> str:
        metric = {"unit": "", "minimum": None, "maximum": None, "aliases": [], **metric_of(row, benchmarks)}
        return out_of_bounds({**row, "benchmark": SimpleNamespace(metrics=[metric])})

    assert wrong(lines, problem) == []


def test_the_scale_of_each_value_is_known(lines: list[SeedLine], benchmarks: Lists) -> None:
    """A value that is printed as a share is one of a metric that is a share; points are as the unit of the metric."""

    def problem(row: dict[str, Any]) -> str:
        unit = metric_of(row, benchmarks).get("unit") or ""
        fits = row["scale"] == Scale.POINTS or (row["scale"] in POWERS and scale_of_unit(unit))
        return "" if fits else f"{row['value']} printed as {row['scale'] or 'nothing'} of {unit or 'no unit'}"

    assert wrong(lines, problem) == []


def test_sources_are_at_a_commit_and_say_where(lines: list[SeedLine]) -> None:
    def problem(row: dict[str, Any]) -> str:
        return "" if PINNED.fullmatch(row["source_url"]) and row["locator"].strip() else row["source_url"]

    assert wrong(lines, problem) == []
    assert [line.source for line in lines if not PINNED.fullmatch(line.source) or not line.comment][:SHOWN] == []


def test_what_was_read_in_a_copy_says_so(lines: list[SeedLine]) -> None:
    """A collection measured nothing, and a number that authors gave to a board is theirs, not the board's."""
    copied = [line for line in lines if line.payload["verification"] == Verification.CHECKED_IN_COPY]
    copies = [
        line for line in lines if file_of(line) in COPIES or line.payload.get("measured_by") == MeasuredBy.AUTHORS
    ]

    assert copied == copies
    assert (
        wrong(copied, lambda row: "" if row.get("original_source") or row.get("reported_by") else "whose is it?") == []
    )
    assert {line.payload["verification"] for line in lines} == {Verification.CHECKED_IN_COPY, Verification.CHECKED}


def test_disputed_results_say_why(lines: list[SeedLine]) -> None:
    unusual = [line for line in lines if line.payload.get("state", ResultState.LIVE) != ResultState.LIVE]

    assert wrong(unusual, lambda row: "" if row.get("notes") else "no reason is given") == []


def test_no_claim_is_there_twice(lines: list[SeedLine]) -> None:
    where = defaultdict[str, list[str]](list)
    for line in lines:
        (identifier,) = claims.identifiers(line.payload)
        where[identifier].append(line.place)

    assert [places for places in where.values() if len(places) > 1][:SHOWN] == []


@pytest.mark.skipif(not STORED.is_dir(), reason="The stored sources are not beside this repository.")
def test_values_are_those_of_the_stored_sources(lines: list[SeedLine]) -> None:
    printed = defaultdict[tuple[str, str], set[str]](set)
    for path in STORED.glob("*.jsonl"):
        with path.open(encoding="utf-8") as file:
            for row in map(json.loads, file):
                value = row["value_as_printed"]
                in_full = f"{Decimal(value):f}" if "e" in value.casefold() else value
                printed[row["source"], row["locator"]].add(in_full)

    def problem(row: dict[str, Any]) -> str:
        there = printed.get((row["source_url"], row["locator"]), set())
        return (
            "" if row["value"] in there else f"{row['value']}, but printed is {', '.join(sorted(there)) or 'nothing'}"
        )

    assert wrong(lines, problem) == []
