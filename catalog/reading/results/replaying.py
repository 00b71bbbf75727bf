"""The boards of a benchmark before its last changes: the present rows, with the revisions of the ledger undone one by
one in memory.

The queries are the same for any number of changes, and both the revisions read and the claims compared are bounded.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
from catalog.reading.results.board_changes import BoardChange, board_change
from catalog.reading.results.boards import Board, board
from catalog.reading.results.claims import Claim, Metric, Value
from catalog.reading.results.errata import with_outdated
from catalog.reading.results.reading import COLUMNS, Measured, Row, measured_in, protocols_by_id
from catalog.reading.results.views import BoardKey, View, key_of, view
from catalog.text.variants import checkpoint_name

MAX_CHANGES = 20
"""Of a board, how many changes are shown."""
MAX_REVISIONS = 500
"""How many revisions of the results of a benchmark are looked at for them."""
MAX_LEFT = 5_000
"""Among how many of the newest revisions of results those are looked for that left the benchmark."""
MAX_CLAIMS = 250_000
"""How many claims are compared for the changes of a board, which bounds the time: of a very large one fewer changes
are shown."""

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


@dataclass(frozen=True, slots=True)
class Step:
    """A revision that changed a board."""

    revision: Revision
    change: BoardChange


@dataclass(frozen=True)
class BoardHistory:
    """The newest changes of a board, the newest first; `names` are those of models by primary key."""

    view: View
    steps: Sequence[Step]
    names: Mapping[int, str]

    def name(self, claim: Claim) -> str:
        """The checkpoint of a claim on this board."""
        return checkpoint_name(self.names.get(claim.model, ""), claim.variant) or "A model"


def board_history(
    benchmark: Benchmark, key: BoardKey | None = None, metric: str = "", limit: int = MAX_CHANGES
) -> BoardHistory:
    """What changed a board by one of its metrics, in eleven queries at most; without a key and a metric it is the board
    that `view` shows. Fetch the benchmark with its reference protocol."""
    replay = Replay(benchmark)
    shown = view(replay.measured, key, metric)
    steps: list[Step] = []
    for step in replay.steps(shown):
        steps.append(step)
        if len(steps) == limit:
            break
    return BoardHistory(shown, steps, replay.names)


class Replay:
    """A benchmark with its results and their protocols, from which revisions are undone, the newest first."""

    def __init__(self, benchmark: Benchmark) -> None:
        self.benchmark = benchmark
        rows = list(Result.objects.filter(benchmark=benchmark).order_by("slug").values("pk", *COLUMNS))
        self.rows: dict[int, Row] = {row["pk"]: row for row in rows}
        self.protocols = dict(protocols_by_id(row["protocol_id"] for row in rows))
        self.names: dict[int, str] = {row["paper_id"]: row["paper__name"] for row in rows}
        self.compared = 0
        self.metrics: dict[str, Metric] = {}
        self.reference: Mapping[str, Value] = {}
        self.claims: dict[int, Claim] = {}
        self._read_all()
        self.ledger = _Ledger(self.benchmark, self.rows, self.protocols)
        self.names = {**self.ledger.names, **self.names}
        self.protocols = {**self.ledger.protocols, **self.protocols}

    @property
    def revisions(self) -> Sequence[Revision]:
        """The revisions that can be undone, the newest first."""
        return self.ledger.revisions

    def steps(self, shown: View) -> Iterator[Step]:
        """Undo revisions, and give those that changed the board, until there are none or enough was compared."""
        key, metric = shown.key, shown.board.metric.name
        after = shown.board
        for revision in self.revisions:
            slug_after = self.rows[revision.entry_id]["slug"] if self._holds(revision) else ""
            was = self._claim_of(revision)
            if not self.undo(revision):
                continue
            now = self._claim_of(revision)
            own = revision.kind == Result.kind
            if own and not any(one and key_of(one) == key and one.metric == metric for one in (was, now)):
                continue
            if self.compared > MAX_CLAIMS:
                return
            before = self.board(key, metric)
            slug_before = self.rows[revision.entry_id]["slug"] if self._holds(revision) else ""
            change = board_change(before, after, slug_before if own else "", slug_after if own else "")
            after = before
            if change.is_visible:
                yield Step(revision, change)

    def undo(self, revision: Revision) -> bool:
        """Bring back what a revision changed, which must be the newest that is not undone; False if nothing here
        depends on it."""
        earlier = self.ledger.earlier.get(revision.pk)
        if revision.kind == Result.kind:
            row = self.ledger.row(earlier) if earlier else None
            self._put(revision.entry_id, row)
            return True
        changed = set(readable_changes(revision))
        if earlier is None or not changed & (MEASURING if revision.kind == Benchmark.kind else PRESCRIBED):
            return False
        if revision.kind == Benchmark.kind:
            self.benchmark = self.ledger.benchmark(earlier)
        else:
            self.protocols[revision.entry_id] = protocol_row(earlier)
        self.benchmark.reference_protocol = self._reference_protocol()
        self._read_all()
        return True

    def board(self, key: BoardKey, metric: str) -> Board:
        """The board as it is after what was undone."""
        claims = self.claims_on(key)
        self.compared += len(claims)
        return board(claims, self.metrics.get(metric) or Metric(name=metric), self.reference)

    def claims_on(self, key: BoardKey) -> list[Claim]:
        return with_outdated(claim for claim in self.claims.values() if key_of(claim) == key)

    @property
    def measured(self) -> Measured:
        """All that is measured after what was undone."""
        rows = {row["slug"]: row for row in self.rows.values()}
        return Measured(self.metrics, self.reference, tuple(with_outdated(self.claims.values())), rows)

    def _holds(self, revision: Revision) -> bool:
        return revision.kind == Result.kind and revision.entry_id in self.rows

    def _claim_of(self, revision: Revision) -> Claim | None:
        return self.claims.get(revision.entry_id) if revision.kind == Result.kind else None

    def _put(self, pk: int, row: Row | None) -> None:
        """Replace the row of a result; None takes it out."""
        self.rows.pop(pk, None)
        self.claims.pop(pk, None)
        if row is None:
            return
        self.rows[pk] = row
        read = measured_in(self.benchmark, [dict(row)], self.protocols)
        self.claims[pk] = read.claims[0]
        self.metrics = {**read.metrics, **self.metrics}

    def _read_all(self) -> None:
        read = measured_in(self.benchmark, [dict(row) for row in self.rows.values()], self.protocols)
        self.compared += len(read.claims)
        plain = (replace(claim, outdated="") if claim.outdated else claim for claim in read.claims)
        self.claims = dict(zip(self.rows, plain, strict=True))
        self.metrics, self.reference = dict(read.metrics), read.reference

    def _reference_protocol(self) -> Protocol | None:
        own = self.benchmark.reference_protocol_id
        row = self.protocols.get(own) if own else None
        return Protocol(**{name: row[name] for name in ("pk", "slug", "name", *CONDITIONS)}) if row else None


class _Ledger:
    """What the ledger has of a benchmark, its results and their protocols."""

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
        since = results[-1].pk if len(results) == MAX_REVISIONS else 0
        known = (row for row in (*results, *own, *others) if row.pk >= since)
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
