"""The exposure of an entry: what a model or component was trained on, or what was trained on a dataset or benchmark."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api import params, version
from catalog.api.base import KindView
from catalog.api.conditional import Validators
from catalog.api.exposure_shapes import (
    EDGE,
    KNOWN_EXPOSURE,
    TARGET,
    represent_edge,
    represent_judgement,
    represent_target,
)
from catalog.api.finding import find
from catalog.api.operations import EXAMPLE_BASE_URL, label_in_sentence
from catalog.api.problems import Problem
from catalog.api.schema import Operation, listed, record
from catalog.api.shapes import NUMBER
from catalog.kinds import Kind
from catalog.models import Entry
from catalog.reading.exposure.reading import GROUPS, Group, known_of, trained_on

DEFAULT_TOP, MAX_TOP = 100, 1000
EXAMPLE_TARGET = {"kind": "dataset", "slug": "coco", "name": "COCO", "url": f"{EXAMPLE_BASE_URL}/datasets/coco/"}
EXAMPLE_EDGE = {
    "target": EXAMPLE_TARGET,
    "variant": "",
    "excluded": False,
    "path": [{"relation": "language-backbone", "kind": "component", "slug": "vicuna", "name": "Vicuna"}],
    "words": "its language model Vicuna was trained on COCO",
}


def training(kind: Kind) -> Operation:
    return Operation(
        f"read_{kind.name}_exposure",
        kind.plural,
        f"What one {label_in_sentence(kind)} was trained on",
        "What it was trained on itself and through what it was initialised from, fine-tuned from or built from, what "
        "it is stated not to be trained on, and the benchmarks of which that says something. Of what is absent nothing "
        "is known.",
        answer=record(training=listed(EDGE), benchmarks=listed(record(benchmark=TARGET, exposure=KNOWN_EXPOSURE))),
        example={"training": [EXAMPLE_EDGE], "benchmarks": []},
        problems=(308, 404, 410),
    )


def trained(kind: Kind) -> Operation:
    group = record(count=NUMBER, first=listed(record(entry=TARGET, edge=EDGE)))
    return Operation(
        f"read_{kind.name}_exposure",
        kind.plural,
        f"What was trained on one {label_in_sentence(kind)}",
        "The models and components that were trained on it themselves (`direct`), through what they inherit "
        "(`inherited`), and those that are stated not to be (`excluded`): how many, and the newest. A variant of which "
        "something else is stated than of the model counts for itself.",
        answer=record(direct=group, inherited=group, excluded=group),
        example={name: {"count": 0, "first": []} for name in GROUPS},
        problems=(308, 404, 410),
    )


TOP = params.integer("top", f"Entries of each group, up to {MAX_TOP}.", 1, MAX_TOP, default=DEFAULT_TOP)


class ExposureView(KindView):
    """What is known of an entry now."""

    def state(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Validators:
        return version.state(request, None)

    def entry(self, request: Request, slug: str) -> Entry:
        """Return the live entry. Raises Problem."""
        found = find(request, self.kind, slug)
        entry: Entry | None = self.kind.model.objects.filter(pk=found.entry_id).first()
        if entry is None:
            raise Problem(404, "It has just left the catalogue.")
        return entry


class TrainingView(ExposureView):
    """What a model or component was trained on."""

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        known = known_of(self.entry(request, kwargs["slug"]))
        return Response(
            {
                "training": [represent_edge(edge) for edge in known.edges],
                "benchmarks": [
                    {"benchmark": represent_target(one), "exposure": represent_judgement(known.judge(one), one)}
                    for one in known.benchmarks
                ],
            }
        )


class TrainedView(ExposureView):
    """What was trained on a dataset or benchmark."""

    params = (TOP,)

    def answer(self, request: Request, values: dict[str, Any], **kwargs: Any) -> Response:
        found = trained_on(self.entry(request, kwargs["slug"]), values["top"])
        return Response({name: represent_group(getattr(found, name)) for name in GROUPS})


def represent_group(group: Group) -> dict[str, Any]:
    """Represent some of what was trained on data."""
    first = [{"entry": represent_target(one.entry), "edge": represent_edge(one.edge)} for one in group.first]
    return {"count": group.count, "first": first}
