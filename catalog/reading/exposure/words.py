"""The words of exposure: how a model came to know a benchmark."""

from dataclasses import dataclass

from catalog.kinds.shared.inheritance import Step
from catalog.reading.exposure.judging import Edge, Exposures, Judgement, PathStep, Target, Verdict
from catalog.reading.results.claims import Claim

MADE_FROM = (Step.INITIALISED_FROM, Step.FINE_TUNED_FROM)
"""The steps to what an entry was made from; the others lead to a part of it."""
LABELS = {Verdict.EXPOSED: "exposed", Verdict.STATED_CLEAN: "stated clean", Verdict.UNKNOWN: "exposure unknown"}


@dataclass(frozen=True, slots=True)
class ShownExposure:
    """A mark: its word, and why; `why` is "" where nothing is known."""

    verdict: str
    label: str
    why: str


UNKNOWN = ShownExposure(Verdict.UNKNOWN.value, LABELS[Verdict.UNKNOWN], "")


def shown(judgement: Judgement, benchmark: Target) -> ShownExposure:
    """The mark of a model on a board."""
    if judgement.verdict == Verdict.UNKNOWN:
        return UNKNOWN
    return ShownExposure(judgement.verdict.value, LABELS[judgement.verdict], why(judgement, benchmark))


def shown_of(exposures: Exposures, claim: Claim, model: str) -> ShownExposure:
    """The mark of what was measured of a model that is called so."""
    return shown(exposures.of_claim(claim, model), exposures.benchmark)


def why(judgement: Judgement, benchmark: Target) -> str:
    """Why a model is exposed to a benchmark, or clean: "trained on VQA v2, on which GQA is built"; "" if neither is
    known."""
    if judgement.fine_tuned:
        return "fine-tuned for it"
    if judgement.edge is None:
        return f"stated not to be trained on {benchmark.name}" if judgement.verdict == Verdict.STATED_CLEAN else ""
    built_on = (
        "" if judgement.edge.target == benchmark else f", on which {_benchmark(judgement.edge, benchmark)} is built"
    )
    denied = f"; stated itself not to be trained on {benchmark.name}" if judgement.denied else ""
    return f"{trained_on(judgement.edge)}{built_on}{denied}"


def _benchmark(edge: Edge, benchmark: Target) -> str:
    """The benchmark, told apart from a dataset of the same name."""
    return "the benchmark of that name" if edge.target.name == benchmark.name else benchmark.name


def trained_on(edge: Edge) -> str:
    """What a model was trained on and by which path: "its language model Vicuna was trained on ShareGPT"."""
    if edge.excluded:
        return f"stated not to be trained on {edge.target.name}"
    if not edge.path:
        return f"trained on {edge.target.name}"
    text = "".join(map(_part_or_origin, edge.path, (None, *edge.path)))
    verb = ", which was trained on" if edge.path[-1].relation in MADE_FROM else " was trained on"
    return f"{text}{verb} {edge.target.name}"


def _part_or_origin(step: PathStep, before: PathStep | None) -> str:
    """A step, continuing a sentence about the one before it."""
    if step.relation in MADE_FROM:
        lead = "" if before is None else ", which is " if before.relation in MADE_FROM else " is "
        return f"{lead}{Step(step.relation).label} {step.name}"
    lead = "its " if before is None else ", whose "
    return f"{lead}{Step(step.relation).label} {step.name}"
