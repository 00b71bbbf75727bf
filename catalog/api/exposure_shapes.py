"""How the API represents exposure: on boards, and of an entry."""

from typing import Any

from catalog.api.envelopes import api_url
from catalog.api.schema import Component, listed, record
from catalog.api.shapes import BOOLEAN, KIND, TEXT, URL
from catalog.kinds import KINDS
from catalog.kinds.shared.inheritance import Step
from catalog.reading.exposure import words
from catalog.reading.exposure.judging import Edge, Judgement, Target, Verdict

TARGET = Component("ExposureEntry", record(kind=KIND, slug=TEXT, name=TEXT, url=URL))
_STEP = record(relation={"type": "string", "enum": Step.values}, kind=KIND, slug=TEXT, name=TEXT)
EDGE = Component(
    "TrainingEdge",
    record(
        target=TARGET,
        variant={**TEXT, "description": "The variant of which it is said; empty for all."},
        excluded={**BOOLEAN, "description": "It is stated not to be trained on the target."},
        path={
            **listed(_STEP),
            "description": "From the entry to the one that states it; empty if the entry states it itself.",
        },
        words=TEXT,
    ),
)
KNOWN_EXPOSURE = Component(
    "Exposure",
    record(
        verdict={"type": "string", "enum": [verdict.value for verdict in Verdict]},
        words={**TEXT, "description": "Why, in words; empty if unknown."},
        edge={
            "anyOf": [EDGE, {"type": "null"}],
            "description": "What it is exposed by; the benchmark is its target, or is built on it.",
        },
        denied={
            **BOOLEAN,
            "description": "It is stated not to be trained on the benchmark, beside what says otherwise.",
        },
    ),
)


def represent_target(target: Target) -> dict[str, Any]:
    """Represent a dataset, a benchmark, a model or a component."""
    url = api_url(KINDS[target.kind], target.slug)
    return {"kind": target.kind, "slug": target.slug, "name": target.name, "url": url}


def represent_edge(edge: Edge) -> dict[str, Any]:
    """Represent that something was trained on data, or was not."""
    return {
        "target": represent_target(edge.target),
        "variant": edge.variant,
        "excluded": edge.excluded,
        "path": [
            {"relation": step.relation, "kind": step.kind, "slug": step.slug, "name": step.name} for step in edge.path
        ],
        "words": words.trained_on(edge),
    }


def represent_judgement(judgement: Judgement, benchmark: Target) -> dict[str, Any]:
    """Represent the exposure of a model to a benchmark."""
    return {
        "verdict": judgement.verdict.value,
        "words": words.why(judgement, benchmark),
        "edge": represent_edge(judgement.edge) if judgement.edge else None,
        "denied": judgement.denied,
    }
