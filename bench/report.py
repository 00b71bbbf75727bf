"""docs/benchmarks.md: what was measured, on which machine, and how to repeat it."""

import os
import platform
import sqlite3
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import django
import psycopg
from tooling.base import ROOT

from bench.databases import server
from bench.load import CONNECTIONS, client
from bench.measuring import CaseResult, PairResult
from bench.options import Options
from bench.sites import WORKERS

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
INTRODUCTION = """\
# Benchmarks

`make bench` writes this page. It fills databases of its own with a generated catalogue, starts the portal and a
baseline on the same server, and sends both the same requests alternately. The baseline (`bench/naive/`) is the Django
and Django REST framework site that most people would write first: `ListView`, `ModelViewSet`, `PageNumberPagination`,
`icontains`, `GROUP BY` for the facets, `ConditionalGetMiddleware`. **Read the ratios**: the absolute figures are those
of one machine.

```sh
make bench                              # 1,000 and 100,000 papers on SQLite, and on PostgreSQL if a server answers
make bench SIZES=1000000 ENGINES=sqlite # other sizes and engines
make bench ROUNDS=5 SECONDS=3 SEED=2    # more rounds, longer ones, another catalogue
make bench KEEP=1                       # reuse the databases, even if the code that filled them has changed
```
"""
METHOD = """\
The catalogue has the number of papers in the heading, a tenth as many datasets, twice as many results, and some
benchmarks, components and topics; descriptions are about 60 words long. The search terms occur in 0.03 % (rare), 1 %
(medium), 30 % (common) and 96 % (very common) of the papers. In each of {rounds} rounds, each case is requested for
{seconds} s over {connections} connections, first from one site, then from the other. Figures are medians of the
rounds; a ratio is the median of the rounds' ratios. The portal maintains history, facets, duplicate keys and a search
document for every entry, searches six kinds and shows more on each page than the baseline does. It caches responses
to anonymous clients until the catalogue changes (`PAGE_CACHE_MB`); “uncached” cases run against a portal without a
cache and show what the first read after a change costs. Memory is the kernel's PSS of the workers, which includes the
mapped part of an SQLite file (up to 256 MB); the portal's own use is best seen on PostgreSQL.
"""
TABLE = """\
| | baseline: requests/s | p50 ms | p99 ms | portal: requests/s | p50 ms | p99 ms | ratio |
|---|--:|--:|--:|--:|--:|--:|--:|"""


def write(pair_results: Sequence[PairResult], options: Options, seconds: float) -> Path:
    """Write the page and return its path; `seconds` is the duration of the whole run."""
    method = METHOD.format(seconds=options.seconds, rounds=options.rounds, connections=CONNECTIONS)
    about = [INTRODUCTION, paragraph(method), paragraph(conditions(options, seconds))]
    path = ROOT / "docs" / "benchmarks.md"
    path.write_text("\n".join([*about, *map(section, pair_results)]))
    return path


def paragraph(text: str) -> str:
    """A paragraph wrapped to our line length."""
    return textwrap.fill(" ".join(text.split()), 118) + "\n"


def conditions(options: Options, seconds: float) -> str:
    """When, where and with which versions it was measured."""
    versions = [f"Python {platform.python_version()}", f"Django {django.get_version()}"]
    versions.append(f"SQLite {sqlite3.sqlite_version}")
    if "postgresql" in options.engines:
        with psycopg.connect(server()) as connection:
            versions.append(f"PostgreSQL {connection.info.server_version // 10000}")
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y} on {processor()}: {', '.join(versions)}; granian with {WORKERS} "
        f"workers of one thread each; requests by {client()} on the same machine. The run took "
        f"{seconds / 60:.0f} minutes, including filling the databases that were missing, two at a time."
    )


def processor() -> str:
    """The number of cores and Linux's name of the processor."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    name = next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores of {name}"


def section(pair_result: PairResult) -> str:
    """The section of one engine and size: load times, memory, and the table of cases."""
    pair, loaded, export = pair_result.pair, pair_result.loaded, pair_result.export
    rate = loaded.entries / loaded.portal_seconds
    papers, results = loaded.naive_seconds["paper"], loaded.naive_seconds["result"]
    lines = [
        f"## {pair.size:,} papers on {ENGINES[pair.engine]}",
        "",
        paragraph(
            f"`manage.py generate`: {loaded.entries:,} entries with history, facets, keys and search documents in "
            f"{loaded.portal_seconds:.0f} s, {rate:,.0f} per second. The baseline's bare `bulk_create` of the papers "
            f"and results: {papers:.0f} s and {results:.0f} s, {pair.size * 3 / (papers + results):,.0f} per second."
        ),
        paragraph(
            f"Two workers take {pair_result.memory['portal']:.0f} MB (PSS) after all cases, the baseline's "
            f"{pair_result.memory['naive']:.0f} MB. All papers as JSON Lines are {export.size / 1e6:.0f} MB, read in "
            f"{export.seconds:.1f} s ({pair.size / export.seconds:,.0f} papers per second), during which the workers "
            f"grow by {export.growth:.0f} MB."
        ),
        TABLE,
        *map(case_row, pair_result.results),
        "",
    ]
    return "\n".join(lines)


def case_row(result: CaseResult) -> str:
    """A row of the table."""
    if result.skip_reason:
        return f"| {result.case.name} | not measured: {result.skip_reason} | | | | | | |"
    naive, portal = result.medians("naive"), result.medians("portal")
    figures = [f"{row.rps:,.0f} | {row.p50:,.1f} | {row.p99:,.1f}" for row in (naive, portal)]
    failed = f" ({portal.failed} failed)" if portal.failed else ""
    return f"| {result.case.name} | {' | '.join(figures)} | **{result.ratio:,.1f}**{failed} |"
