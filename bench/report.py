"""docs/benchmarks.md: what was measured, on which machine, and how to get it."""

import os
import platform
import sqlite3
import textwrap
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import django
import psycopg
from house.base import ROOT

from bench.databases import server
from bench.load import CONNECTIONS, client
from bench.measuring import Chapter, Found
from bench.options import Options
from bench.sites import WORKERS

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
INTRODUCTION = """\
# Benchmarks

`make bench` writes this page. It fills databases of its own with a generated catalogue, starts the portal and a
baseline on the same server, and asks both for the same things in turn. The baseline (`bench/naive/`) is the Django and
Django REST framework that everybody writes first: `ListView`, `ModelViewSet`, `PageNumberPagination`, `icontains`,
`GROUP BY` for the facets, `ConditionalGetMiddleware`. **Read the ratios**: absolute figures are those of one machine.

```sh
make bench                              # 1,000 and 100,000 papers on SQLite, and on PostgreSQL where one answers
make bench SIZES=1000000 ENGINES=sqlite # other sizes and engines
make bench ROUNDS=5 SECONDS=3 SEED=2    # more rounds, longer ones, another catalogue
make bench KEEP=1                       # take the databases as they are, though the code that filled them changed
```
"""
METHOD = """\
The catalogue has as many papers as a heading says, a tenth as many datasets, twice as many results, and some
benchmarks, components and topics; descriptions are about 60 words long. The search terms stand in 0.03 % (rare), 1
% (medium), 30 % (common) and 96 % (very common) of the papers. In each of {rounds} rounds a case is asked for
{seconds} s over {connections} connections, first of one site, then of the other; figures are medians of the rounds,
a ratio is the median of the rounds' ratios. The portal keeps the history, facets, keys and search document of every
entry, searches six kinds and shows more on each page than the baseline does. What a stranger reads it makes once a
version of the catalogue and keeps ready (`PAGE_CACHE_MB`); "made anew" is asked of a portal that keeps nothing, as is
each first read after a change. Memory is the kernel's PSS of the workers, which counts the part of an SQLite file that
they have mapped (up to 256 MB); what the portal itself takes is seen on PostgreSQL.
"""
TABLE = """\
| | baseline: requests/s | p50 ms | p99 ms | portal: requests/s | p50 ms | p99 ms | ratio |
|---|--:|--:|--:|--:|--:|--:|--:|"""


def write(chapters: Sequence[Chapter], options: Options, seconds: float) -> Path:
    """Write the page and give its path; `seconds` is what the whole run took."""
    method = METHOD.format(seconds=options.seconds, rounds=options.rounds, connections=CONNECTIONS)
    about = [INTRODUCTION, paragraph(method), paragraph(conditions(options, seconds))]
    path = ROOT / "docs" / "benchmarks.md"
    path.write_text("\n".join([*about, *map(shown, chapters)]))
    return path


def paragraph(text: str) -> str:
    """A paragraph in lines of our width."""
    return textwrap.fill(" ".join(text.split()), 118) + "\n"


def conditions(options: Options, seconds: float) -> str:
    """Where and when it was measured, with what."""
    versions = [f"Python {platform.python_version()}", f"Django {django.get_version()}"]
    versions.append(f"SQLite {sqlite3.sqlite_version}")
    if "postgresql" in options.engines:
        with psycopg.connect(server()) as connection:
            versions.append(f"PostgreSQL {connection.info.server_version // 10000}")
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y} on {processor()}: {', '.join(versions)}; granian with {WORKERS} "
        f"workers of one thread each; asked by {client()} on the same machine. The run took "
        f"{seconds / 60:.0f} minutes, the filling of databases that were not there included, two at a time."
    )


def processor() -> str:
    """The processor as Linux names it, and how many cores there are."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    name = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
    return f"{os.cpu_count()} cores of {name}"


def shown(chapter: Chapter) -> str:
    """One engine at one size: how fast it loads, then the cases."""
    pair, loaded, export = chapter.pair, chapter.loaded, chapter.export
    rate = loaded.entries / loaded.portal_seconds
    papers, results = loaded.naive_seconds["paper"], loaded.naive_seconds["result"]
    lines = [
        f"## {pair.size:,} papers on {ENGINES[pair.engine]}",
        "",
        paragraph(
            f"`manage.py generate`: {loaded.entries:,} entries with history, facets, keys and search documents in "
            f"{loaded.portal_seconds:.0f} s, {rate:,.0f} a second. The baseline's bare `bulk_create` of the papers and "
            f"results: {papers:.0f} s and {results:.0f} s, {pair.size * 3 / (papers + results):,.0f} a second."
        ),
        paragraph(
            f"Two workers take {chapter.memory['portal']:.0f} MB (PSS) after all that follows, the baseline's "
            f"{chapter.memory['naive']:.0f} MB. All papers as JSON Lines are {export.size / 1e6:.0f} MB, read in "
            f"{export.seconds:.1f} s ({pair.size / export.seconds:,.0f} papers a second) while the workers grow by "
            f"{export.growth:.0f} MB."
        ),
        TABLE,
        *map(line, chapter.found),
        "",
    ]
    return "\n".join(lines)


def line(found: Found) -> str:
    """A row of the table."""
    if found.left_out:
        return f"| {found.case.name} | not measured: {found.left_out} | | | | | | |"
    naive, portal = found.middle("naive"), found.middle("portal")
    figures = [f"{row.rps:,.0f} | {row.p50:,.1f} | {row.p99:,.1f}" for row in (naive, portal)]
    failed = f" ({portal.failed} failed)" if portal.failed else ""
    return f"| {found.case.name} | {' | '.join(figures)} | **{found.ratio:,.1f}**{failed} |"
