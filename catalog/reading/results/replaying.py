"""A benchmark before its last changes: the present rows, with the revisions of the ledger undone one by one in memory.

The queries are the same for any number of changes, and the revisions that are read are bounded.
"""

from collections.abc import Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cached_property

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.protocol.model import Protocol
from catalog.kinds.result.model import Result
from catalog.kinds.shared.conditions import CONDITIONS
from catalog.ledger.payloads import readable_changes
from catalog.models import Revision
from catalog.reading.results.benchmark_ledger import MEASURING, PRESCRIBED, BenchmarkLedger, protocol_row
from catalog.reading.results.boards import Board, board
from catalog.reading.results.claims import Claim, Metric, Value
from catalog.reading.results.errata import with_outdated
from catalog.reading.results.fetching import protocols_by_id
from catalog.reading.results.reading import COLUMNS, Measured, ShownRows, measured_in
from catalog.reading.results.views import BoardKey, by_board
from catalog.text.rows import Row


@dataclass(frozen=True)
class State:
    """A benchmark at some time: its claims by primary key of their results, not compared with each other yet."""

    benchmark: Benchmark
    protocols: Mapping[int, Row]
    claims: Mapping[int, Claim]
    metrics: Mapping[str, Metric]
    reference: Mapping[str, Value]

    @cached_property
    def by_key(self) -> Mapping[BoardKey, list[Claim]]:
        """The claims of each board."""
        return by_board(self.claims.values())

    def is_measured_like(self, other: "State") -> bool:
        """Whether neither the benchmark nor a protocol is another than at the other time."""
        return self.benchmark is other.benchmark and self.protocols == other.protocols

    def claims_on(self, key: BoardKey) -> list[Claim]:
        """The claims of a board, with those that precede a correction."""
        return with_outdated(self.by_key.get(key, ()))

    def board(self, key: BoardKey, metric: str) -> Board:
        """A board by a metric, empty if there is none."""
        return board(self.claims_on(key), self.metrics.get(metric) or Metric(name=metric), self.reference)


class Replay:
    """A benchmark with its results and their protocols, from which revisions are undone, the newest first."""

    def __init__(self, benchmark: Benchmark) -> None:
        self.benchmark = copy(benchmark)
        rows = list(Result.objects.filter(benchmark=benchmark).order_by("slug").values("pk", *COLUMNS))
        self.rows: dict[int, Row] = {row["pk"]: row for row in rows}
        self.protocols = dict(protocols_by_id(row["protocol_id"] for row in rows))
        self.names: dict[int, str] = {row["paper_id"]: row["paper__name"] for row in rows}
        self.compared = 0
        self.metrics: dict[str, Metric] = {}
        self.reference: Mapping[str, Value] = {}
        self.claims: dict[int, Claim] = {}
        self._read_all()
        self.ledger = BenchmarkLedger(self.benchmark, self.rows, self.protocols)
        self.names = {**self.ledger.names, **self.names}
        self.protocols = {**self.ledger.protocols, **self.protocols}

    @property
    def revisions(self) -> Sequence[Revision]:
        """The revisions that can be undone, the newest first."""
        return self.ledger.revisions

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
        self.compared += len(self.claims)
        return self.state.board(key, metric)

    @property
    def state(self) -> State:
        """The benchmark as it is after what was undone."""
        return State(self.benchmark, dict(self.protocols), dict(self.claims), dict(self.metrics), self.reference)

    @property
    def measured(self) -> Measured:
        """All that is measured after what was undone."""
        rows = ShownRows(self.rows.values())
        return Measured(self.metrics, self.reference, tuple(with_outdated(self.claims.values())), rows)

    def claim_of(self, revision: Revision) -> Claim | None:
        """The claim of the result that a revision is of, as it is after what was undone."""
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
        plain = (claim._replace(outdated="") if claim.outdated else claim for claim in read.claims)
        self.claims = dict(zip(self.rows, plain, strict=True))
        self.metrics, self.reference = dict(read.metrics), read.reference

    def _reference_protocol(self) -> Protocol | None:
        own = self.benchmark.reference_protocol_id
        row = self.protocols.get(own) if own else None
        return Protocol(**{name: row[name] for name in ("pk", "slug", "name", *CONDITIONS)}) if row else None
