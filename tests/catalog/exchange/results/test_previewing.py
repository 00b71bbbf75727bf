"""What an import would do with each result."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.exchange.results.documents import NUMBER
from catalog.exchange.results.matching import Unmatched
from catalog.exchange.results.names import BenchmarkNames, KnownNames, ModelNames
from catalog.exchange.results.previewing import CONDITIONS, Outcome, Previewed, Record, matched, preview
from catalog.exchange.results.stated import StatedResult
from catalog.text.scales import Scale

URL = "https://owl.example.org/results.json"
NAMES = KnownNames(
    [ModelNames(slug="owl", name="Owl")],
    [
        BenchmarkNames(
            slug="bench",
            name="Bench",
            metrics=({"name": "acc", "aliases": [], "unit": "percent", "minimum": "0", "maximum": "100"},),
        )
    ],
)


def stated(**fields: Any) -> StatedResult:
    about: dict[str, Any] = {"model": ("Owl",), "benchmark": ("Bench",), "metric": ("acc",), "value": "0.610"}
    return StatedResult(**{**about, "scale": "fraction", "locator": "x", "source_url": URL, "harness": "kit", **fields})


def record(**fields: Any) -> Record:
    about: dict[str, Any] = {"slug": "known", "cell": ("owl", "", "bench", "", "", "acc"), "value": "61.0", "scale": ""}
    conditions = {**dict.fromkeys(CONDITIONS), **fields.pop("conditions", {})}
    return Record(**{**about, "harness": "Kit", "source_url": URL, "conditions": conditions, **fields})


def previewed(one: StatedResult, *records: Record) -> Previewed:
    return preview(matched([one], NAMES), NAMES, records)[0]


def test_a_new_result_has_a_payload() -> None:
    new = previewed(stated(standard_error="1e-3", shots=0))

    assert (new.outcome, new.payload) == (
        Outcome.NEW,
        {
            **dict.fromkeys(("variant", "model_revision", "data_revision", "part", "split", "setting", "judge"), ""),
            **dict.fromkeys(("harness_version", "adaptation", "decoding", "reported_on", "evaluated_on"), ""),
            **dict.fromkeys(("original_source", "read_in", "measured_by", "notes"), ""),
            **dict.fromkeys(("sample_size", "chain_of_thought", "protocol")),
            "paper": "owl",
            "benchmark": "bench",
            "metric": "acc",
            "value": "0.610",
            "scale": "fraction",
            "standard_error": "0.001",
            "shots": 0,
            "harness": "kit",
            "inferred": [],
            "source_url": URL,
            "locator": "x",
        },
    )


@pytest.mark.parametrize(
    ("fields", "known", "outcome"),
    [
        ({}, {}, Outcome.SAME),
        ({"value": "61"}, {}, Outcome.OUT_OF_BOUNDS),
        ({"value": "0.611"}, {}, Outcome.RIVAL),
        ({"source_url": "https://other.example.org/"}, {}, Outcome.RIVAL),
        ({"harness": "other"}, {}, Outcome.RIVAL),
        ({"shots": 5}, {}, Outcome.SAME),
        ({"shots": 5}, {"conditions": {"shots": 0}}, Outcome.RIVAL),
        ({"shots": 0}, {"conditions": {"shots": 0}}, Outcome.SAME),
        ({}, {"cell": ("owl", "", "bench", "", "val", "acc")}, Outcome.NEW),
    ],
)
def test_a_result_is_compared_with_those_on_record(
    fields: dict[str, Any], known: dict[str, Any], outcome: Outcome
) -> None:
    assert previewed(stated(**fields), record(**known)).outcome == outcome


def test_what_is_the_same_or_a_rival_is_named() -> None:
    assert previewed(stated(), record()).rivals == ("known",)
    assert previewed(stated(value="0.7"), record()).rivals == ("known",)


def test_a_result_that_is_stated_twice_is_the_same_the_second_time() -> None:
    outcomes = [one.outcome for one in preview(matched([stated(), stated(), stated(value="0.7")], NAMES), NAMES, [])]

    assert outcomes == [Outcome.NEW, Outcome.SAME, Outcome.RIVAL]


def test_a_value_out_of_bounds_names_value_unit_and_bounds() -> None:
    assert (
        "61 printed as fraction is 6100, but acc lies between 0 and 100 percent" in previewed(stated(value="61")).reason
    )


@pytest.mark.parametrize(
    ("fields", "about"),
    [({"source_url": ""}, "source"), ({"scale": ""}, "scale"), ({"model": ("?",)}, "model")],
)
def test_what_cannot_be_imported_says_why(fields: dict[str, Any], about: str) -> None:
    one = previewed(stated(**fields))

    assert (one.outcome, one.unmatched and one.unmatched.about) == (Outcome.UNMATCHED, about)


UNITS = ("percent", "fraction", "per mille", "points", "")
BY_UNIT = KnownNames(
    [ModelNames(slug="owl", name="Owl")],
    [
        BenchmarkNames(
            slug=f"b{number}",
            name=f"Bench {number}",
            metrics=({"name": "acc", "aliases": [], "unit": unit, "minimum": "0", "maximum": "100"},),
        )
        for number, unit in enumerate(UNITS)
    ],
)


@given(
    value=st.from_regex(NUMBER, fullmatch=True),
    error=st.just("") | st.from_regex(NUMBER, fullmatch=True),
    scale=st.sampled_from(["", *Scale.values]),
    unit=st.integers(0, len(UNITS) - 1),
)
def test_any_printed_number_has_an_outcome(value: str, error: str, scale: str, unit: int) -> None:
    one = stated(value=value, standard_error=error, scale=scale, benchmark=(f"Bench {unit}",))

    outcomes = [row.outcome for row in preview(matched([one, one], BY_UNIT), BY_UNIT, [])]

    assert outcomes in ([Outcome.NEW, Outcome.SAME], [Outcome.OUT_OF_BOUNDS] * 2, [Outcome.UNMATCHED] * 2)


@pytest.mark.parametrize("value", ["1e99", "12345678901", "0." + "1" * 21, "1e-30"])
def test_a_number_that_no_result_keeps_is_unmatched(value: str) -> None:
    unmatched = previewed(stated(value=value)).unmatched

    assert unmatched == Unmatched("value", value, "has more digits than a result keeps")


def test_a_share_above_one_is_inferred_to_be_in_percent() -> None:
    payload = previewed(stated(value="61.0", scale="")).payload or {}

    assert (payload["scale"], [row["field"] for row in payload["inferred"]]) == ("percent", ["scale"])


def test_a_number_with_an_exponent_is_written_out_and_its_printed_form_noted() -> None:
    payload = previewed(stated(value="1.50e-05")).payload or {}

    assert (payload["value"], payload["notes"]) == ("0.0000150", "Printed as 1.50e-05.")
