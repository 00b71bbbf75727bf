"""What the ledger has of a benchmark, its results and their protocols, and the benchmarks that revisions concern."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Exists, OuterRef, Q
from pyroaring import BitMap

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.protocol.model import Protocol
from catalog.kinds.result.model import Result
from catalog.kinds.shared.conditions import CONDITIONS
from catalog.ledger.history import previous_revisions
from catalog.ledger.payloads import readable_changes, readable_payload, with_value
from catalog.listing.facets import ids_in_query
from catalog.models import REMOVED_ACTIONS, Revision
from catalog.reading.results.reading import COLUMNS
from catalog.text.rows import Row

MAX_REVISIONS = 500
"""How many revisions of the results of a benchmark are read."""
MAX_LEFT = 5_000
"""Among how many of the newest revisions of results those are looked for that left the benchmark."""

MEASURING = frozenset({"metrics", "splits", "parts", "errata", "reference_protocol"})
"""The fields of a benchmark on which its boards depend."""
PRESCRIBED = frozenset({"name", *CONDITIONS})
"""Those of a protocol."""
PAPER = Paper.kind
REFERENCES = {
    "paper": PAPER,
    "benchmark": Benchmark.kind,
    "protocol": Protocol.kind,
    "reference_protocol": Protocol.kind,
}
"""What results and benchmarks refer to: the kind by key."""


class BenchmarkLedger:
    """What the ledger has of a benchmark, its results and their protocols: the `revisions` from the id `since` on, the
    newest first; it is 0 if these are all."""

    def __init__(self, benchmark: Benchmark, rows: Mapping[int, Row], protocols: Mapping[int, Row]) -> None:
        self.pk = benchmark.pk
        slugs = Revision.objects.filter(kind=Benchmark.kind, entry_id=self.pk).values_list("slug", flat=True)
        left = _left(self.pk, sorted(set(slugs)))
        of_results = Revision.objects.filter(kind=Result.kind, entry_id__in=ids_in_query(BitMap([*rows, *left])))
        results = list(of_results.latest_first()[:MAX_REVISIONS])
        own = list(Revision.objects.filter(kind=Benchmark.kind, entry_id=self.pk).latest_first()[:MAX_REVISIONS])
        self.earlier = previous_revisions([*results, *own])
        read = {row.pk: row for row in (*results, *own, *self.earlier.values())}
        self._payloads = {pk: readable_payload(row)[0] for pk, row in read.items()}
        self._owners = _owners(self._payloads.values())
        self.names = {pk: name for (kind, _), (pk, name) in self._owners.items() if kind == PAPER}
        used = {pk for (kind, _), (pk, _) in self._owners.items() if kind == Protocol.kind}.union(protocols)
        of_protocols = Revision.objects.filter(kind=Protocol.kind, entry_id__in=used)
        others = list(of_protocols.latest_first()[:MAX_REVISIONS])
        self.earlier |= previous_revisions(others)
        self.protocols = {row.entry_id: protocol_row(row) for row in reversed(others)}
        self.since = max((rows[-1].pk for rows in (results, own, others) if len(rows) == MAX_REVISIONS), default=0)
        known = (row for row in (*results, *own, *others) if row.pk >= self.since)
        self.revisions = sorted(known, key=lambda row: row.pk, reverse=True)

    def row(self, revision: Revision) -> Row | None:
        """The result after a revision as a row of COLUMNS; None if it was on another benchmark, or gone."""
        payload = self._payloads[revision.pk]
        benchmark, _ = self._owner(Benchmark.kind, payload["benchmark"])
        if revision.action in REMOVED_ACTIONS or benchmark != self.pk:
            return None
        paper, name = self._owner(PAPER, payload["paper"])
        protocol, _ = self._owner(Protocol.kind, payload["protocol"])
        return {
            **{name: value for name, value in payload.items() if name in COLUMNS},
            "slug": revision.slug,
            "benchmark_id": self.pk,
            "paper_id": paper,
            "paper__slug": payload["paper"],
            "paper__name": name or payload["paper"],
            "protocol_id": protocol,
        }

    def _owner(self, kind: str, slug: Any) -> tuple[int | None, str]:
        return self._owners.get((kind, slug), (None, ""))

    def benchmark(self, revision: Revision) -> Benchmark:
        """The benchmark after a revision, as far as its boards depend on it."""
        payload = self._payloads[revision.pk]
        found = Benchmark(pk=self.pk, slug=revision.slug, name=revision.name)
        for name in MEASURING - {"reference_protocol"}:
            setattr(found, name, payload[name])
        found.reference_protocol_id = self._owner(Protocol.kind, payload["reference_protocol"])[0]
        return found


def _left(benchmark: int, slugs: Sequence[str]) -> set[int]:
    """The results that named a benchmark by one of these slugs in one of the newest revisions, and do not any more."""
    results = Revision.objects.filter(kind=Result.kind)
    since = results.latest_first().values_list("pk", flat=True)[MAX_LEFT : MAX_LEFT + 1]
    named = Q()
    for slug in slugs:
        named |= with_value(KINDS[Result.kind], "benchmark", slug)
    there = Result.objects.filter(pk=OuterRef("entry_id"), benchmark=benchmark)
    newer = results.filter(~Exists(there), pk__gt=next(iter(since), 0))
    return set(newer.filter(named).values_list("entry_id", flat=True)) if slugs else set()


def _owners(payloads: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], tuple[int, str]]:
    """The ids and names of what results and benchmarks refer to, by kind and slug, whatever became of it."""
    slugs: dict[str, set[str]] = {kind: set() for kind in REFERENCES.values()}
    for payload in payloads:
        for key, kind in REFERENCES.items():
            if payload.get(key):
                slugs[kind].add(payload[key])
    condition = Q()
    for kind, of_kind in slugs.items():
        condition |= Q(kind=kind, slug__in=of_kind)
    rows = Revision.objects.filter(condition).order_by("pk").values_list("kind", "slug", "entry_id", "name")
    return {(kind, slug): (pk, name) for kind, slug, pk, name in rows}


def protocol_row(revision: Revision) -> Row:
    """A protocol after a revision as one of `protocols_by_id`."""
    payload, _ = readable_payload(revision)
    stated = {name: payload[name] for name in CONDITIONS}
    return {"pk": revision.entry_id, "slug": revision.slug, "name": revision.name, **stated}


def touched_benchmarks(revisions: Sequence[Revision]) -> dict[int, int]:
    """The benchmarks whose boards these revisions can have changed, each with the id of the last one that can; four
    queries at most."""
    results = [row for row in revisions if row.kind == Result.kind]
    earlier = previous_revisions(row for row in results if "benchmark" in readable_changes(row))
    payloads = {row.pk: readable_payload(row)[0] for row in (*results, *earlier.values())}
    slugs = {payload["benchmark"] for payload in payloads.values()}
    named = Revision.objects.filter(kind=Benchmark.kind, slug__in=slugs) if slugs else Revision.objects.none()
    owners = dict(named.order_by("pk").values_list("slug", "entry_id"))
    found: dict[int, int] = {}
    for row in results:
        read = (row, earlier[row.pk]) if row.pk in earlier else (row,)
        for pk in {owners.get(payloads[one.pk]["benchmark"], 0) for one in read} - {0}:
            found[pk] = row.pk
    measuring = {row.entry_id: row.pk for row in revisions if _decides(row, Benchmark.kind, MEASURING)}
    protocols = {row.entry_id: row.pk for row in revisions if _decides(row, Protocol.kind, PRESCRIBED)}
    for pk, protocol in _measured_by(protocols):
        measuring[pk] = max(measuring.get(pk, 0), protocols[protocol])
    for pk, revision in measuring.items():
        found[pk] = max(found.get(pk, 0), revision)
    return found


def _decides(revision: Revision, kind: str, keys: Collection[str]) -> bool:
    edited = revision.kind == kind and revision.number > 1
    return edited and not set(keys).isdisjoint(readable_changes(revision))


def _measured_by(protocols: Collection[int]) -> Iterable[tuple[int, int]]:
    """The benchmarks that have results by protocols, or take one as their reference, with the protocols."""
    if not protocols:
        return []
    used = Result.objects.filter(protocol__in=protocols).order_by().values_list("benchmark", "protocol").distinct()
    own = Benchmark.objects.filter(reference_protocol__in=protocols).values_list("pk", "reference_protocol")
    return [*used, *own]
