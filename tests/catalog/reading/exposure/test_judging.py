"""Whether a model is exposed, from plain values: what is stated counts, and silence is unknown."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.reading.exposure.judging import Edge, Exposures, PathStep, Target, Verdict, judge, of_variant
from catalog.reading.exposure.words import ShownExposure, shown_of, trained_on, why
from tests.catalog.reading.boards.boards import claim

GQA = Target("benchmark", 1, "gqa", "GQA")
VQA = Target("dataset", 1, "vqa-v2", "VQAv2")
COCO = Target("dataset", 2, "coco", "COCO")
OTHER = Target("dataset", 3, "gqa-images", "GQA")


def edge(target: Target, *path: tuple[str, str], variant: str = "", excluded: bool = False) -> Edge:
    steps = tuple(PathStep(relation, "component", name.lower(), name) for relation, name in path)
    return Edge(variant, target, excluded, steps)


VICUNA = ("language-backbone", "Vicuna")


class TestVerdicts:
    def test_training_on_the_benchmark_or_on_what_it_is_built_on_exposes(self) -> None:
        assert judge([edge(GQA)], GQA, [VQA]).verdict == Verdict.EXPOSED
        assert judge([edge(VQA, VICUNA)], GQA, [VQA]).verdict == Verdict.EXPOSED

    def test_silence_is_unknown_whatever_else_is_stated(self) -> None:
        assert judge([], GQA, [VQA]).verdict == Verdict.UNKNOWN
        assert judge([edge(COCO), edge(COCO, excluded=True)], GQA, [VQA]).verdict == Verdict.UNKNOWN

    def test_a_statement_about_the_benchmark_is_clean_and_one_about_a_dataset_is_not_enough(self) -> None:
        assert judge([edge(GQA, excluded=True)], GQA, [VQA]).verdict == Verdict.STATED_CLEAN
        assert judge([edge(VQA, excluded=True)], GQA, [VQA]).verdict == Verdict.UNKNOWN

    def test_what_was_inherited_is_a_fact_whatever_the_model_states_of_itself(self) -> None:
        judged = judge([edge(GQA, excluded=True), edge(VQA, VICUNA)], GQA, [VQA])

        assert (judged.verdict, judged.denied) == (Verdict.EXPOSED, True)

    def test_the_shortest_path_is_the_reason_and_the_benchmark_itself_comes_before_its_data(self) -> None:
        edges = [edge(COCO, VICUNA), edge(VQA), edge(GQA)]

        assert judge(edges, GQA, [VQA, COCO]).edge == edge(GQA)
        assert judge(edges[:2], GQA, [VQA, COCO]).edge == edge(VQA)


EDGES = st.lists(
    st.builds(
        lambda target, path, excluded: edge(target, *path, excluded=excluded and not path),
        st.sampled_from([GQA, VQA, COCO]),
        st.lists(st.just(VICUNA), max_size=2),
        st.booleans(),
    ),
    max_size=5,
)


@given(edges=EDGES, more=EDGES, built_on=st.lists(st.sampled_from([VQA, COCO]), max_size=2))
def test_nothing_that_is_added_makes_an_exposed_model_unexposed(
    edges: list[Edge], more: list[Edge], built_on: list[Target]
) -> None:
    if judge(edges, GQA, built_on).verdict == Verdict.EXPOSED:
        assert judge([*edges, *more], GQA, built_on).verdict == Verdict.EXPOSED
        assert judge(edges, GQA, [VQA, COCO]).verdict == Verdict.EXPOSED


class TestVariants:
    def test_what_is_said_of_all_holds_for_each_and_what_is_said_of_one_for_that_alone(self) -> None:
        general, one = edge(COCO), edge(VQA, variant="13B")

        assert of_variant([general, one], "13B", "Model") == [general, one]
        assert of_variant([general, one], "7B", "Model") == [general]
        assert of_variant([general, one], "", "Model") == [general]

    @pytest.mark.parametrize("variant", ["13b", "Model-13B", "model 13B"])
    def test_a_variant_may_begin_with_the_name_of_its_model(self, variant: str) -> None:
        one = edge(VQA, variant="13B")

        assert of_variant([one], variant, "Model") == [one]
        assert of_variant([edge(VQA, variant=variant)], "13B", "Model") == [edge(VQA, variant=variant)]

    def test_a_variant_that_is_called_like_its_model_is_not_any_other(self) -> None:
        one = edge(VQA, variant="Model")

        assert of_variant([one], "Model", "Model") == [one]
        assert of_variant([one], "7B", "Model") == []


class TestWords:
    @pytest.mark.parametrize(
        ("path", "said"),
        [
            ((), "trained on COCO"),
            ((VICUNA,), "its language model Vicuna was trained on COCO"),
            ((("initialised-from", "BLIP"),), "initialised from BLIP, which was trained on COCO"),
            (
                (VICUNA, ("fine-tuned-from", "LLaMA")),
                "its language model Vicuna is fine-tuned from LLaMA, which was trained on COCO",
            ),
            (
                (("fine-tuned-from", "BLIP"), ("vision-encoder", "CLIP")),
                "fine-tuned from BLIP, whose vision encoder CLIP was trained on COCO",
            ),
            (
                (("initialised-from", "A"), ("fine-tuned-from", "B"), ("connector", "C")),
                "initialised from A, which is fine-tuned from B, whose connector C was trained on COCO",
            ),
        ],
    )
    def test_say_the_path_as_one_sentence(self, path: tuple[tuple[str, str], ...], said: str) -> None:
        assert trained_on(edge(COCO, *path)) == said

    @pytest.mark.parametrize(
        ("edges", "said"),
        [
            ([edge(GQA)], "trained on GQA"),
            ([edge(VQA)], "trained on VQAv2, on which GQA is built"),
            ([edge(OTHER)], "trained on GQA, on which the benchmark of that name is built"),
            ([edge(GQA, excluded=True)], "stated not to be trained on GQA"),
            (
                [edge(GQA, excluded=True), edge(GQA, VICUNA)],
                "its language model Vicuna was trained on GQA; stated itself not to be trained on GQA",
            ),
            ([], ""),
        ],
    )
    def test_say_why(self, edges: list[Edge], said: str) -> None:
        assert why(judge(edges, GQA, [VQA, OTHER]), GQA) == said

    def test_a_mark_has_its_word(self) -> None:
        exposures = Exposures(GQA, [VQA], {7: [edge(VQA, variant="13B"), edge(GQA, variant="7B", excluded=True)]})

        def mark(model: Any, variant: str, setting: str = "zero-shot") -> Any:
            measured = claim(model, "50", variant=variant, conditions={"setting": setting})
            return shown_of(exposures, measured, "Model")

        assert mark(7, "13B") == ShownExposure("exposed", "exposed", "trained on VQAv2, on which GQA is built")
        assert mark(7, "7B") == ShownExposure("stated-clean", "stated clean", "stated not to be trained on GQA")
        assert mark(7, "") == mark(8, "13B") == ShownExposure("unknown", "exposure unknown", "")
        assert mark(7, "7B", "fine-tuned") == ShownExposure("exposed", "exposed", "fine-tuned for it")
