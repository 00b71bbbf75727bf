"""What changed a board of a benchmark: the content of its feed."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import conditional, params, version
from catalog.api.base import ReadView
from catalog.api.board_change_shapes import CHANGE_OF_BOARD, represent_step
from catalog.api.board_shapes import key_values
from catalog.api.boards import live_benchmark
from catalog.api.conditional import Validators
from catalog.api.finding import find
from catalog.api.lists import AS_OF
from catalog.api.operations import EXAMPLE_BASE_URL
from catalog.api.past import catalogue_of
from catalog.api.problems import Problem
from catalog.api.schema import Operation, listed, record
from catalog.api.shapes import EXAMPLE_REVISION, TEXT
from catalog.kinds import KINDS
from catalog.reading.boards.pages import key_in
from catalog.reading.results.benchmark_ledger import MAX_REVISIONS
from catalog.reading.results.board_news import MAX_CHANGES, board_history

BOARD_CHANGES = Operation(
    "list_leaderboard_changes",
    "leaderboards",
    "What changed one leaderboard of a benchmark",
    "The newest changes first: of results, of the benchmark (metrics, splits, parts, errata, reference protocol) and "
    "of protocols, each with what it did to the board. `part`, `split` and `track` name a board (each is empty unless "
    f"given; without any of them it is the largest one). At most {MAX_CHANGES}, among the newest {MAX_REVISIONS} "
    "changes of the benchmark's results; fewer of a very large board.",
    answer=record(benchmark=TEXT, part=TEXT, split=TEXT, track=TEXT, metric=TEXT, results=listed(CHANGE_OF_BOARD)),
    example={
        "benchmark": "mmmu",
        "part": "",
        "split": "validation",
        "track": "",
        "metric": "accuracy",
        "results": [
            {
                **{name: EXAMPLE_REVISION[name] for name in ("revision", "at", "contributor", "approver", "comment")},
                "kind": "result",
                "action": "create",
                "slug": "clip-mmmu-accuracy",
                "url": f"{EXAMPLE_BASE_URL}/results/clip-mmmu-accuracy/",
                "html_url": "https://example.org/results/clip-mmmu-accuracy/history/1/",
                "source": "https://arxiv.org/abs/2103.00020",
                "sentence": "CLIP enters at place 1 with 70.2; before, Flamingo was first with 64.9.",
                "was": None,
                "now": {
                    "model": "CLIP",
                    "variant": "",
                    "number": "70.2",
                    "place": {"first": 1, "last": 1},
                    "shown": True,
                    "differs": [],
                },
                "first_before": {"model": "Flamingo", "variant": "", "number": "64.9", "result": "flamingo-mmmu"},
                "first_after": {"model": "CLIP", "variant": "", "number": "70.2", "result": "clip-mmmu-accuracy"},
            }
        ],
    },
    problems=(308, 404, 410, 503),
)


class BoardChanges(ReadView):
    """The newest changes of one board."""

    operations = {"get": BOARD_CHANGES}
    params = (
        AS_OF,
        params.text("part", "The board of this part or edition."),
        params.text("split", "The board of this split."),
        params.text("track", "The board of this track: a harness or protocol by name."),
        params.text("metric", "The metric by which the board is ranked; the primary one by default."),
    )

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request, values["as_of"])

    def cache_policy(self, values: dict[str, Any]) -> str:
        return conditional.policy_as_of(values["as_of"])

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        entry = find(request, KINDS["benchmark"], kwargs["slug"], values["as_of"])
        key = key_in(values)
        with catalogue_of(values["as_of"]):
            history = board_history(live_benchmark(entry), key, values["metric"] or "")
        shown = history.view
        if key and not history.steps and shown.key not in {tab.key for tab in shown.tabs}:
            raise Problem(404, "There is no such board, and none that changed lately. The benchmark's list names all.")
        metric = shown.board.metric.name
        if values["metric"] and metric != values["metric"]:
            allowed = ", ".join(shown.board.metrics) or "none"
            errors = {"metric": [f"There is no such metric on this board. Allowed: {allowed}."]}
            raise params.bad_parameters(errors)
        return Response(
            {
                "benchmark": entry.slug,
                **key_values(shown.key),
                "metric": metric,
                "results": [represent_step(step, history) for step in history.steps],
            }
        )
