"""The results of benchmarks, read from the database and kept while nothing of them changes."""

import json
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from django.db.models import Aggregate, Count, IntegerField, Max, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.protocol.model import Protocol
from catalog.kinds.result.model import Result
from catalog.kinds.shared.conditions import CONDITIONS
from catalog.models.database import is_open
from catalog.reading.results.reading import COLUMNS, Measured, measured_in
from catalog.text.rows import Row

MOST_KEPT = 20_000
"""Results that a process keeps. With all boards of theirs, ten thousand take 23 MB."""
LISTS = ("inferred", "sources")
"""Those of COLUMNS that are lists of rows, which are read as text."""
BOOLEANS = ("chain_of_thought", "tools")
"""Those that are true, false or unknown, which are read as numbers: SQLite has no others, and what Django does to each
row for one of them takes a tenth of the time."""
PLAIN = tuple(name for name in COLUMNS if name not in (*LISTS, *BOOLEANS))
READ = (*PLAIN, *LISTS, *BOOLEANS)
"""COLUMNS in the order in which they are read."""
BENCHMARK_ID, PROTOCOL_ID = READ.index("benchmark_id"), READ.index("protocol_id")
PROTOCOL = {f"protocol__{name}": name for name in ("slug", "name", *CONDITIONS)}
"""What is read of the protocol of a result, by its column in a query of results."""
Stamp = tuple[Hashable, ...]
Values = tuple[Any, ...]
"""The READ columns of a result."""


class Kept:
    """What was measured on benchmarks, each with the stamp under which it was read, the last asked for last. Nothing of
    past catalogues is kept: it would take the place of the present."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._measured = OrderedDict[int, tuple[Stamp, Measured]]()
        self._lock = Lock()

    def get(self, pk: int, stamp: Stamp) -> Measured | None:
        """What was measured on a benchmark; None if it is not kept, or has changed."""
        if is_open():
            return None
        with self._lock:
            known, measured = self._measured.get(pk, (None, None))
            if known != stamp:
                return None
            self._measured.move_to_end(pk)
            return measured

    def put(self, pk: int, stamp: Stamp, measured: Measured) -> None:
        """Keep it, in place of what was asked for longest ago."""
        if is_open():
            return
        with self._lock:
            self._measured[pk] = stamp, measured
            self._measured.move_to_end(pk)
            while sum(1 + len(one.claims) for _, one in self._measured.values()) > self.most:
                self._measured.popitem(last=False)

    def clear(self) -> None:
        with self._lock:
            self._measured.clear()


kept = Kept(MOST_KEPT)


def measured_on(benchmarks: Collection[Benchmark]) -> dict[int, Measured]:
    """All results of benchmarks by their primary keys, in three queries, or in one if they are kept; in one less with
    benchmarks from `with_stamps`. Fetch the benchmarks with their reference protocols."""
    stamps = stamps_of(benchmarks)
    found = {pk: measured for pk, stamp in stamps.items() if (measured := kept.get(pk, stamp))}
    for pk, measured in _read([one for one in benchmarks if one.pk not in found]).items():
        kept.put(pk, stamps[pk], measured)
        found[pk] = measured
    return {benchmark.pk: found[benchmark.pk] for benchmark in benchmarks}


def measured_of(model: int, benchmarks: Collection[Benchmark], whole: Collection[Benchmark]) -> dict[int, Measured]:
    """What was measured on benchmarks by their primary keys: all results of those that are in `whole` too, of the
    others those of the model alone. In two queries, or in one if nothing is left to read. Fetch the benchmarks with
    their reference protocols."""
    stamps = stamps_of(whole) if whole else {}
    found = {pk: measured for pk, stamp in stamps.items() if (measured := kept.get(pk, stamp))}
    unread = [one for one in benchmarks if one.pk not in found]
    if unread:
        others = [one.pk for one in unread if one.pk not in stamps]
        wanted = Q(benchmark__in=stamps.keys() - found.keys()) | Q(paper=model, benchmark__in=others)
        values = _values_of(Result.objects.filter(wanted), PROTOCOL)
        for pk, measured in _measured(unread, values, _protocols_in(values)).items():
            found[pk] = measured
            if pk in stamps:
                kept.put(pk, stamps[pk], measured)
    return {benchmark.pk: found[benchmark.pk] for benchmark in benchmarks}


def stamps_of(benchmarks: Collection[Benchmark]) -> dict[int, Stamp]:
    """Of each benchmark what changes whenever its results do. It is asked for before they are, so that what is kept
    under a stamp is never older than that."""
    own = {one.pk: (one.slug, one.revision, one.updated, _version(one.reference_protocol)) for one in benchmarks}
    names = _stamps("")
    if all(hasattr(one, name) for one in benchmarks for name in names):
        stamped = {one.pk: [getattr(one, name) for name in names] for one in benchmarks}
    else:
        rows = Result.objects.filter(benchmark__in=benchmarks).order_by().values("benchmark_id").annotate(**names)
        stamped = {pk: stamp for pk, *stamp in rows.values_list("benchmark_id", *names)}
    return {pk: (*version, *stamped.get(pk, ())) for pk, version in own.items()}


def with_stamps(benchmarks: QuerySet[Benchmark]) -> QuerySet[Benchmark]:
    """Benchmarks with what `stamps_of` asks for."""
    return benchmarks.annotate(**_stamps("results__"))


def stamp_rows(benchmarks: QuerySet[Benchmark], **more: Aggregate) -> list[dict[str, Any]]:
    """The primary keys and slugs of benchmarks with what `stamps_of` asks for and `more`; of many benchmarks this is
    quicker than `with_stamps`, since SQLite groups by all columns that are fetched."""
    rows: Any = benchmarks.order_by().values("pk", "slug")
    return list(rows.annotate(**_stamps("results__"), **more))


def stamped(benchmarks: Iterable[Benchmark], rows: Iterable[Mapping[str, Any]]) -> list[Benchmark]:
    """Benchmarks as `with_stamps` has them, from rows of `stamp_rows`."""
    stamps = {row["pk"]: {name: row[name] for name in _stamps("")} for row in rows}
    found = list(benchmarks)
    for benchmark in found:
        vars(benchmark).update(stamps[benchmark.pk])
    return found


def _stamps(results: str) -> dict[str, Aggregate]:
    """What changes whenever a result is published, retired or restored, or its model or protocol is. `results` leads
    to the results."""
    stamps: dict[str, Aggregate] = {"stamp_results": Count(f"{results}pk")}
    for of in ("", "paper__", "protocol__"):
        stamps |= {f"stamp_{of}{name}": Sum(f"{results}{of}{name}") for name in ("pk", "revision")}
        stamps[f"stamp_{of}updated"] = Max(f"{results}{of}updated")
    return stamps


def _version(protocol: Protocol | None) -> Hashable:
    return (protocol.pk, protocol.revision, protocol.updated) if protocol else None


def _read(benchmarks: Collection[Benchmark]) -> dict[int, Measured]:
    if not benchmarks:
        return {}
    values = _values_of(Result.objects.filter(benchmark__in=benchmarks))
    return _measured(benchmarks, values, protocols_by_id(one[PROTOCOL_ID] for one in values))


def _measured(
    benchmarks: Iterable[Benchmark], values: Iterable[Values], protocols: Mapping[int, Row]
) -> dict[int, Measured]:
    by_benchmark = defaultdict[int, list[Values]](list)
    for one in values:
        by_benchmark[one[BENCHMARK_ID]].append(one)
    return {
        benchmark.pk: measured_in(benchmark, _as_rows(by_benchmark[benchmark.pk]), protocols)
        for benchmark in benchmarks
    }


def rows_of(results: QuerySet[Result]) -> list[dict[str, Any]]:
    """Results as rows of COLUMNS, by slug."""
    return list(_as_rows(_values_of(results)))


def _values_of(results: QuerySet[Result], more: Iterable[str] = ()) -> list[Values]:
    """The READ columns of results, by slug, and behind them `more`. Tuples of texts and numbers, which Python's
    collector of garbage leaves alone; ten thousand dictionaries would be looked through several times."""
    lists = (Cast(name, TextField()) for name in LISTS)
    booleans = (Cast(name, IntegerField()) for name in BOOLEANS)
    return list(results.order_by("slug").values_list(*PLAIN, *lists, *booleans, *more))


def _as_rows(values: Iterable[Values]) -> Iterator[dict[str, Any]]:
    """One row of COLUMNS after the other. Lists that are the same are one: decoding the JSON of ten thousand takes a
    third of the time that they take to read."""
    decode = lru_cache(maxsize=None)(json.loads)
    for one in values:
        row = dict(zip(READ, one, strict=False))
        for name in LISTS:
            row[name] = decode(row[name])
        for name in BOOLEANS:
            if row[name] is not None:
                row[name] = bool(row[name])
        yield row


def _protocols_in(values: Iterable[Values]) -> dict[int, Row]:
    """The protocols of results that were read with the columns of PROTOCOL behind the others, by primary key."""
    first = {one[PROTOCOL_ID]: one[len(READ) :] for one in values if one[PROTOCOL_ID]}
    return {pk: {"pk": pk, **dict(zip(PROTOCOL.values(), one, strict=True))} for pk, one in first.items()}


def protocols_by_id(ids: Iterable[int | None]) -> dict[int, Row]:
    """Protocols by primary key, in one query; in none without ids."""
    wanted = {pk for pk in ids if pk}
    if not wanted:
        return {}
    rows = Protocol.objects.filter(pk__in=wanted).values("pk", "slug", "name", *CONDITIONS)
    return {row["pk"]: row for row in rows}
