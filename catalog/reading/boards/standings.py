"""What is said of benchmarks and results beside their names: the first row, and the place on a board."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count, Q

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.model import Result
from catalog.reading.boards.change_sentences import why_no_place
from catalog.reading.boards.firsts import notes_of_first
from catalog.reading.boards.words import all_slots, joined
from catalog.reading.results.board_changes import first, standing
from catalog.reading.results.boards import Board
from catalog.reading.results.claims import Claim, Value
from catalog.reading.results.comparing import Against
from catalog.reading.results.fetching import measured_on, protocols_by_id, rows_of
from catalog.reading.results.reading import Measured, measured_in
from catalog.reading.results.views import board_of, key_of, view
from catalog.reading.search import SearchPage
from catalog.text.variants import full_name

MAX_RESULTS = 2_000
"""How many results are read for the entries of a page; of the benchmarks beyond, no first row and no place is said."""

Entries = Collection[tuple[str, str]]
"""Entries by kind and slug."""


def standings(entries: Entries) -> dict[tuple[str, str], str]:
    """What is said of those entries that are benchmarks with results, or results, in seven queries at most."""
    wanted = {kind: [slug for of, slug in entries if of == kind] for kind in (Benchmark.kind, Result.kind)}
    if not any(wanted.values()):
        return {}
    rows = rows_of(Result.objects.filter(slug__in=wanted[Result.kind]))
    own = Q(slug__in=wanted[Benchmark.kind]) | Q(pk__in={row["benchmark_id"] for row in rows})
    counted = Benchmark.objects.filter(own).annotate(measured=Count("results")).select_related("reference_protocol")
    benchmarks = {benchmark.pk: benchmark for benchmark in counted.order_by("measured", "slug")}
    measured = measured_on(list(_within(MAX_RESULTS, benchmarks.values())))
    read = {pk: _Boards(one) for pk, one in measured.items()}
    said = {(Benchmark.kind, benchmarks[pk].slug): one.first() for pk, one in read.items()}
    protocols = protocols_by_id(row["protocol_id"] for row in rows if row["benchmark_id"] not in read)
    for row in rows:
        pk, slug = row["benchmark_id"], row["slug"]
        if pk not in read:
            alone = _Boards(measured_in(benchmarks[pk], [row], protocols))
            said[Result.kind, slug] = alone.claimed(slug)
        elif slug in read[pk].claims:
            said[Result.kind, slug] = read[pk].place(slug)
    return {entry: text for entry, text in said.items() if entry in entries and text}


def with_standings(page: SearchPage) -> SearchPage:
    """A page of hits with what is said of them."""
    said = standings({(hit.kind, hit.slug) for hit in page.hits})
    return replace(page, hits=[replace(hit, standing=said.get((hit.kind, hit.slug), "")) for hit in page.hits])


def _within(limit: int, benchmarks: Iterable[Any]) -> Iterator[Benchmark]:
    """The smallest benchmarks, as many as have so many results together."""
    for benchmark in benchmarks:
        limit -= benchmark.measured
        if limit < 0:
            return
        yield benchmark


class _Boards:
    """The boards of a benchmark."""

    def __init__(self, measured: Measured) -> None:
        self.measured = measured
        self.claims = {claim.slug: claim for claim in measured.claims}

    def first(self) -> str:
        """The first row of the largest board with what must be known of it, or why there is none."""
        if not self.measured.claims:
            return ""
        shown = view(self.measured)
        row = first(shown.board)
        if row is None:
            return f"No row has a place: {shown.board.reason}"
        number = f"First: {self.name(row.claim)} {row.claim.number:f} {_where(row.claim)}"
        return _said(number, *notes_of_first(shown, self.measured))

    def place(self, slug: str) -> str:
        """What a result claims, its place or why it has none, and its conditions."""
        claim = self.claims[slug]
        on = self.board(claim)
        now = standing(on, slug)
        place = ""
        if now and now.place and now.shown:
            place = f"place {now.place.text} of {len(on.ranked):,}"
        elif now:
            place = why_no_place(now, on)
        return _said(_value(claim), place, _conditions(claim, on.reference))

    def claimed(self, slug: str) -> str:
        """The same without a place."""
        return _said(_value(self.claims[slug]), _conditions(self.claims[slug], {}))

    def board(self, claim: Claim) -> Board:
        return board_of(self.measured, key_of(claim), self.measured.metrics[claim.metric])

    def name(self, claim: Claim) -> str:
        return full_name(claim.variant, str(self.measured.rows[claim.slug]["paper__name"]))


def _said(*parts: str) -> str:
    return " · ".join(filter(None, parts))


def _value(claim: Claim) -> str:
    return f"{claim.number:f} {claim.metric} {_where(claim)}"


def _where(claim: Claim) -> str:
    """The board of a claim in words: "on validation, by VLMEvalKit"."""
    split = str(claim.split.value) if claim.split else "a split not stated"
    return ", ".join(filter(None, (f"on {split}", claim.part, claim.track and f"by {claim.track}")))


def _conditions(claim: Claim, reference: Mapping[str, Value]) -> str:
    """What is known of the conditions of a claim, and what of the reference is not."""
    return joined(all_slots(claim, Against(reference).unknown(claim)))
