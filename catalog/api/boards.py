"""Leaderboards of a benchmark, now or at a past date, and the comparison of two results."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Q
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, params, version
from catalog.api.base import ReadView
from catalog.api.board_filters import FILTERS, rows_kept
from catalog.api.board_shapes import BOARD, COMPARISON, key_values, represent_claim, represent_view
from catalog.api.conditional import Validators
from catalog.api.envelopes import API, EntryAtRevision, envelope
from catalog.api.finding import find
from catalog.api.lists import AS_OF
from catalog.api.operations import EXAMPLE_BASE_URL
from catalog.api.past import catalogue_of
from catalog.api.problems import Problem
from catalog.api.schema import Operation, listed, record
from catalog.api.shapes import ENTRIES, NUMBER, TEXT, URL, example
from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.model import Result
from catalog.ledger import as_of
from catalog.ledger.payloads import with_value
from catalog.models import FacetValue, Revision
from catalog.reading.boards.sentences import comparison_sentence
from catalog.reading.exposure.judging import Exposures
from catalog.reading.exposure.reading import exposures_on
from catalog.reading.results.comparing import compare, elements
from catalog.reading.results.fetching import measured_on
from catalog.reading.results.reading import Measured, measured_in, protocol_row, row_of
from catalog.reading.results.views import BoardKey, boards_of, tabs_of, view

DEFAULT_TOP, MAX_TOP = 100, 1000
CLAIMS = ("all", "shown")
DEFAULT_BOARDS = 20
"""The boards that are represented in full unless the query names one."""

BOARD_INDEX = Operation(
    "list_leaderboards",
    "leaderboards",
    "The benchmarks that have results",
    answer=record(results=listed(record(benchmark=TEXT, name=TEXT, results=NUMBER, url=URL))),
    example={
        "results": [
            {"benchmark": "mmmu", "name": "MMMU", "results": 12, "url": f"{EXAMPLE_BASE_URL}/leaderboards/mmmu/"}
        ]
    },
    problems=(503,),
)

BOARDS = Operation(
    "read_leaderboards",
    "leaderboards",
    "The leaderboards of one benchmark",
    "A board holds the results of one part, split and track (what is reported without a harness, or one harness), with "
    "a row a checkpoint. Rows that are known to be measured otherwise than the reference have no place and say what "
    "differs; what a row leaves unknown is named. A place is a range where the difference to others means nothing. The "
    "filters are those of the page: they leave rows out and change no place.",
    answer=record(
        benchmark=ENTRIES["benchmark"],
        all=listed(record(part=TEXT, split=TEXT, track=TEXT, checkpoints=NUMBER, models=NUMBER)),
        boards=listed(BOARD),
    ),
    example={
        "benchmark": {**example(KINDS["benchmark"]), "slug": "mmmu", "fields": {"name": "MMMU"}},
        "all": [{"part": "", "split": "val", "track": "", "checkpoints": 25, "models": 12}],
        "boards": [],
    },
    problems=(308, 404, 410, 503),
)

COMPARE = Operation(
    "compare_results",
    "leaderboards",
    "Whether two results can be compared",
    "Two results are comparable if nothing is known to differ, and strictly so if nothing is unknown either.",
    answer=COMPARISON,
    example={
        "sentence": "Not comparable: setting differs (zero-shot, fine-tuned); prompt not stated.",
        "comparable": False,
        "strictly": False,
        "same": ["benchmark", "part", "split", "metric"],
        "differs": {"setting": ["zero-shot", "fine-tuned"]},
        "unknown": ["prompt"],
        "results": [],
    },
    problems=(308, 404, 410),
)


class BoardIndex(ReadView):
    """The benchmarks that have results."""

    operations = {"get": BOARD_INDEX}
    params = (AS_OF,)

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        rows = FacetValue.objects.filter(kind="result", facet="benchmark").values_list("value", "label")
        with catalogue_of(values["as_of"]):
            benchmark_counts = list(rows.annotate(results=Count("pk")).order_by("-results", "value"))
        base = f"{settings.SITE_URL}{API}/leaderboards"
        benchmarks = [
            {"benchmark": slug, "name": name, "results": number, "url": f"{base}/{slug}/"}
            for slug, name, number in benchmark_counts
        ]
        return Response({"results": benchmarks})


class Boards(ReadView):
    """The boards of one benchmark, those with the most models first."""

    operations = {"get": BOARDS}
    params = (
        AS_OF,
        params.integer("top", f"Ranked rows of a board, up to {MAX_TOP}.", 1, MAX_TOP, default=DEFAULT_TOP),
        params.text("part", "Boards of this part or edition; empty for the whole benchmark."),
        params.text("split", "Boards of this split; empty for results whose split is not stated."),
        params.text("track", "Boards of this track: a harness or protocol by name; empty for what is reported."),
        params.text("metric", "The metric to rank by; the primary one by default."),
        params.choice(
            "claims", "Of each cell all claims, or the one that its row shows.", CLAIMS, default="all", example="shown"
        ),
        *FILTERS,
    )

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        at = values["as_of"]
        entry = find(request, KINDS["benchmark"], kwargs["slug"], at)
        measured, exposures = (past_results(entry, at), None) if at else live_results(entry)
        kept = rows_kept(measured, request.GET, at, lambda: exposures or exposures_on(live_benchmark(entry)))
        tabs = tabs_of(boards_of(measured))
        chosen = [tab.key for tab in tabs if matches(tab.key, values)][:DEFAULT_BOARDS]
        return Response(
            {
                "benchmark": envelope(entry),
                "all": [{**key_values(tab.key), "checkpoints": tab.checkpoints, "models": tab.models} for tab in tabs],
                "boards": [
                    represent_view(
                        kept(view(measured, key, values["metric"] or "")),
                        measured,
                        values["top"],
                        exposures,
                        all_claims=values["claims"] == "all",
                    )
                    for key in chosen
                ],
            }
        )


class Compare(ReadView):
    """Whether two results can be compared, and why not."""

    operations = {"get": COMPARE}

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request, None)

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        entries = [find(request, KINDS["result"], kwargs[name]) for name in ("slug", "other")]
        results = Result.objects.select_related("benchmark__reference_protocol").in_bulk(
            [entry.entry_id for entry in entries]
        )
        measured = measured_on({result.benchmark for result in results.values()})
        claims = {claim.slug: claim for one in measured.values() for claim in one.claims}
        if any(entry.slug not in claims for entry in entries):
            raise Problem(404, "One of the two has just left the catalogue.")
        one, other = (claims[entry.slug] for entry in entries)
        comparison, ours, theirs = compare(one, other), elements(one), elements(other)
        values_of = {
            name: [known.value for known in (ours[name], theirs[name]) if known] for name in comparison.differs
        }
        rows = {slug: row for part in measured.values() for slug, row in part.rows.items()}
        return Response(
            {
                "sentence": comparison_sentence(comparison, values_of),
                "comparable": comparison.comparable,
                "strictly": comparison.strictly,
                "same": comparison.same,
                "differs": values_of,
                "unknown": comparison.unknown,
                "results": [represent_claim(claim, rows[claim.slug]) for claim in (one, other)],
            }
        )


def matches(key: BoardKey, values: Mapping[str, Any]) -> bool:
    """Whether a board is one that the query names."""
    return all(values[name] is None or getattr(key, name) == values[name] for name in ("part", "split", "track"))


def live_benchmark(entry: EntryAtRevision) -> Benchmark:
    """Return a benchmark with its reference protocol. Raises Problem if it has left the catalogue."""
    benchmark = Benchmark.objects.select_related("reference_protocol").filter(pk=entry.entry_id).first()
    if benchmark is None:
        raise Problem(404, "It has just left the catalogue.")
    return benchmark


def live_results(entry: EntryAtRevision) -> tuple[Measured, Exposures]:
    """Return what is measured on a benchmark now, and the exposure of the models to it."""
    benchmark = live_benchmark(entry)
    return measured_on([benchmark])[benchmark.pk], exposures_on(benchmark)


def past_results(entry: EntryAtRevision, at: datetime) -> Measured:
    """Return what was measured on a benchmark at a past time. A result may refer to the benchmark by a former slug."""
    slugs = set(Revision.objects.filter(kind="benchmark", entry_id=entry.entry_id).values_list("slug", flat=True))
    names_benchmark = Q()
    for slug in sorted(slugs):
        names_benchmark |= with_value(KINDS["result"], "benchmark", slug)
    rows = as_of.current_revisions(at, kind=KINDS["result"]).filter(names_benchmark)
    results: list[Any] = as_of.entries(KINDS["result"], list(rows), at)
    revision = Revision.objects.filter(kind="benchmark", entry_id=entry.entry_id, number=entry.revision)
    benchmark: Any = as_of.entries(KINDS["benchmark"], list(revision), at)[0]
    return measured_in(benchmark, [row_of(result) for result in results], protocols_of(results))


def protocols_of(results: Iterable[Any]) -> dict[int, Mapping[str, Any]]:
    """Return the protocols that results refer to by primary key."""
    return {result.protocol.pk: protocol_row(result.protocol) for result in results if result.protocol}
