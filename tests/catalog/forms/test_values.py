"""Values that cannot be are refused by the form of their kind, wherever they stand, and all others are not."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.forms.fields import PartialDateField, PrintedDecimalField, refuse_invisible
from catalog.kinds import KINDS
from catalog.ledger.publishing import PayloadError
from tests.factories import make, make_benchmark, make_component, make_paper, make_result, make_revision, make_topic

pytestmark = pytest.mark.django_db

ZWSP, TAG, FILLER, BRAILLE, OVERRIDE = "\u200b", "\U000e0041", "\u3164", "\u2800", "\u202e"


def errors_of(kind: str, **fields: Any) -> dict[str, list[str]]:
    """What the form of a kind says of a new entry."""
    with pytest.raises(PayloadError) as refused:
        make(kind, **fields)
    return refused.value.errors


def link(kind: str, url: str) -> dict[str, str]:
    return {"kind": kind, "url": url, "label": ""}


@pytest.mark.parametrize(
    ("kind", "fields", "key", "message"),
    [
        ("paper", {"arxiv_id": "2313.00001"}, "arxiv_id", "there is no month 13"),
        ("paper", {"doi": "none"}, "doi", "is not a DOI"),
        ("dataset", {"papers": [{"title": "A", "arxiv_id": "1234"}]}, "papers", "row 1, arxiv_id: “1234” is not"),
        ("benchmark", {"papers": [{"title": "A", "doi": "1234"}]}, "papers", "row 1, doi: “1234” is not a DOI"),
        ("topic", {"key_references": [{"title": "A", "arxiv_id": "0000.00000"}]}, "key_references", "row 1, arxiv_id"),
        ("paper", {"released": "2023-02-29"}, "released", "There is no day 2023-02-29."),
        ("component", {"released": "2099-01"}, "released", "2099-01 has not come yet."),
        ("paper", {"released": "2023-01", "year": 2024}, "released", "2023-01 is before “Year”, 2024"),
        ("component", {"released": "2023", "year": 2024}, "released", "2023 is before “Year”, 2024"),
        ("paper", {"year": 2099}, "year", "Not later than next year."),
        ("dataset", {"papers": [{"title": "A", "year": 2099}]}, "papers", "row 1, year: Not later than next year."),
        ("paper", {"context_length": -1}, "context_length", "greater than or equal to 0"),
        ("dataset", {"size_count": -1}, "size_count", "greater than or equal to 0"),
        ("paper", {"variants": [{"name": "A", "total_b": "-7"}]}, "variants", "row 1, total_b: Cannot be negative."),
        (
            "paper",
            {"variants": [{"name": "A", "active_b": "-0.1"}]},
            "variants",
            "row 1, active_b: Cannot be negative.",
        ),
        ("paper", {"variants": [{"name": "A", "total_b": "07"}]}, "variants", "row 1, total_b: Write a plain decimal"),
    ],
)
def test_a_value_that_cannot_be_is_refused(kind: str, fields: dict[str, Any], key: str, message: str) -> None:
    errors = errors_of(kind, **fields)

    assert list(errors) == [key]
    assert message in " ".join(errors[key])


@pytest.mark.parametrize(
    ("fields", "key", "message"),
    [
        ({"standard_error": "-0.1"}, "standard_error", "Cannot be negative."),
        ({"sample_size": -1}, "sample_size", "greater than or equal to 0"),
        ({"shots": -1}, "shots", "greater than or equal to 0"),
        ({"value": "+64.5"}, "value", "no plus"),
        ({"value": "064.5"}, "value", "no zeros before it"),
        ({"value": "\uff16\uff14"}, "value", "Write a plain decimal number"),
        ({"value": "\u0666\u0664"}, "value", "Write a plain decimal number"),
        ({"value": "1,234"}, "value", "no separators"),
        ({"value": ".5"}, "value", "Write a plain decimal number"),
        ({"value": "9999999999.99999999"}, "value", "At most 15 digits"),
        ({"value": "6e1"}, "value", "Write a plain decimal number"),
        ({"value": "0.000000000000000000001"}, "value", "At most 20 decimals."),
        ({"evaluated_on": "2024-05", "reported_on": "2024-04-30"}, "reported_on", "is before “Evaluated on”"),
        ({"reported_on": "2099"}, "reported_on", "2099 has not come yet."),
        ({"source_url": "https://user:pass@example.org/"}, "source_url", "Holds a user name"),
    ],
)
def test_a_result_that_cannot_be_is_refused(fields: dict[str, Any], key: str, message: str) -> None:
    make_paper(name="CLIP")
    make_benchmark(name="VQA")

    errors = errors_of(
        "result", **{"name": "", "paper": "clip", "benchmark": "vqa", "metric": "m", "value": "1"} | fields
    )

    assert list(errors) == [key]
    assert message in " ".join(errors[key])


@pytest.mark.parametrize("metric", ["", " "])
def test_a_new_result_names_its_metric(metric: str) -> None:
    make_paper(name="CLIP")
    make_benchmark(name="VQA")

    errors = errors_of("result", name="", paper="clip", benchmark="vqa", metric=metric, value="50.0")

    assert errors == {"metric": ["This field is required."]}


def test_who_types_a_number_hears_of_no_string_and_who_sends_one_by_the_api_does() -> None:
    make_paper(name="CLIP")
    make_benchmark(name="VQA")
    fields = {"name": "", "paper": "clip", "benchmark": "vqa", "metric": "m"}

    typed, sent = (errors_of("result", **fields, value=value)["value"] for value in ("+64.5", 64.5))

    assert typed == ["Write a plain decimal number such as 64.50: no plus sign, no zeros before it, no separators."]
    assert sent == ['Write the number as a string, such as "64.50": a JSON number loses the zeros at its end.']


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ("64.50", "64.50"),
        ("-3", "-3"),
        ("0", "0"),
        ("0.00", "0.00"),
        ("9999999999.99999", "9999999999.99999"),
        ("0.00000001", "0.00000001"),
        ("0.08250000327825546", "0.08250000327825546"),
        ("0.00012345678901234567", "0.00012345678901234567"),
    ],
)
def test_a_decimal_is_stored_as_printed(stored: str, value: str) -> None:
    assert make_result(value=value).value == stored


@pytest.mark.parametrize(("scale", "number"), [("fraction", "8.25000033"), ("percent", "0.08250000")])
def test_a_result_is_sorted_by_as_many_decimals_as_its_column_keeps(scale: str, number: str) -> None:
    result = make_result(value="0.08250000327825546", scale=scale)

    assert result.number == Decimal(number)


def test_other_numbers_have_as_many_decimals_as_a_column_keeps() -> None:
    errors = errors_of("paper", variants=[{"name": "A", "total_b": "0.123456789"}])

    assert errors == {"variants": ["row 1, total_b: At most 8 decimals."]}


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=3, allow_nan=False, allow_infinity=False))
def test_any_plain_decimal_is_accepted_and_with_a_plus_or_a_zero_before_it_is_not(number: Decimal) -> None:
    field = PrintedDecimalField()
    printed = f"{number:f}"

    assert field.clean(printed) == printed
    for odd in (f"+{printed}", f"0{printed.lstrip('-')}", f"{printed},0"):
        with pytest.raises(Exception, match="Write a plain decimal"):
            field.clean(odd)


@given(st.dates(date(1900, 1, 1), timezone.now().date()), st.sampled_from((4, 7, 10)))
def test_any_day_that_has_come_is_accepted_as_far_as_it_is_known(day: date, length: int) -> None:
    partial = day.isoformat()[:length]

    assert PartialDateField().clean(partial) == partial


def test_identifiers_are_stored_in_one_form_wherever_they_stand() -> None:
    paper = make_paper(arxiv_id="https://arxiv.org/abs/2304.08485v2", doi="https://doi.org/10.1000%2F182")
    dataset = make("dataset", papers=[{"title": "A", "arxiv_id": "arXiv:math.GT/0309136v1", "doi": "doi:10.1000/A."}])

    assert (paper.arxiv_id, paper.doi) == ("2304.08485", "10.1000/182")
    assert [(row["arxiv_id"], row["doi"]) for row in dataset.papers] == [("math/0309136", "10.1000/A")]


@pytest.mark.parametrize("hidden", [ZWSP, TAG, FILLER, BRAILLE, OVERRIDE])
@pytest.mark.parametrize(
    ("kind", "fields", "key"),
    [
        *((kind, {"name": "CL{}IP"}, "name") for kind in KINDS if kind != "result"),
        ("paper", {"aliases": ["CL{}IP"]}, "aliases"),
        ("paper", {"authors": ["Ada {}L."]}, "authors"),
        ("paper", {"organisation": "Open{}AI"}, "organisation"),
        ("paper", {"variants": [{"name": "7{}B"}]}, "variants"),
        ("paper", {"links": [{"kind": "code", "url": "https://example.org/", "label": "co{}de"}]}, "links"),
        ("paper", {"links": [{"kind": "code", "url": "https://exam{}ple.org/", "label": ""}]}, "links"),
        ("benchmark", {"metrics": [{"name": "acc{}uracy"}]}, "metrics"),
        ("benchmark", {"splits": [{"name": "te{}st"}]}, "splits"),
        ("topic", {"emoji": "{}"}, "emoji"),
    ],
)
def test_a_name_with_a_character_that_nobody_sees_is_refused(
    kind: str, fields: dict[str, Any], key: str, hidden: str
) -> None:
    errors = errors_of(kind, **_filled(fields, hidden))

    assert list(errors) == [key]
    assert f"Holds the invisible character U+{ord(hidden):04X}; remove it." in " ".join(errors[key])


def _filled(value: Any, hidden: str) -> Any:
    """A value with the hidden character wherever its texts have a place for it."""
    if isinstance(value, dict):
        return {key: _filled(part, hidden) for key, part in value.items()}
    if isinstance(value, list):
        return [_filled(part, hidden) for part in value]
    return value.format(hidden)


def test_a_name_of_marks_alone_is_refused() -> None:
    assert errors_of("paper", name="\u0301\u0302") == {"name": ["Nothing of it can be seen; write letters."]}


def test_names_in_any_script_and_emoji_are_accepted() -> None:
    topic = make_topic(name="公平性 · عدالة", emoji="\u2696\ufe0f", aliases=["निष्पक्षता"])

    assert (topic.name, topic.emoji, topic.aliases) == ("公平性 · عدالة", "\u2696\ufe0f", ["निष्पक्षता"])


@given(st.text(st.characters(exclude_categories=("C", "Z", "M", "L")), max_size=30), st.text("abcXYZ é文", max_size=30))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_of_letters_is_accepted(odd: str, plain: str) -> None:
    text = f"a{odd.replace(BRAILLE, '')}{plain}"

    refuse_invisible(text)
    refuse_invisible(text, lines=True)


@pytest.mark.parametrize(
    ("kind", "url", "accepted"),
    [
        ("arxiv", "https://arxiv.org/abs/2304.08485", True),
        ("arxiv", "https://export.arxiv.org/abs/2304.08485", True),
        ("arxiv", "https://example.org/arxiv.org/abs/2304.08485", False),
        ("arxiv", "https://arxiv.org.example.org/abs/2304.08485", False),
        ("arxiv", "mailto:help@arxiv.org", False),
        ("paper", "https://example.org/paper.pdf", True),
        ("code", "https://gitlab.example.org/code", True),
        ("weights", "https://my_mirror.example.org/weights", True),
        ("other", "mailto:ada@example.org", True),
        ("other", "mailto:ada", False),
        ("code", "https://user:pass@github.com/a/b", False),
        ("code", "https:\\\\github.com/a/b", False),
        ("code", "https://github.com:0/a/b", False),
    ],
)
def test_a_link_leads_where_its_type_says(kind: str, url: str, accepted: bool) -> None:
    if accepted:
        assert make_paper(links=[link(kind, url)]).links == [link(kind, url)]
    else:
        assert list(errors_of("paper", links=[link(kind, url)])) == ["links"]


def test_a_column_with_an_address_accepts_what_a_link_accepts() -> None:
    assert make("dataset", homepage="https://my_host.example.org/").homepage == "https://my_host.example.org/"


def test_an_entry_cannot_refer_to_itself() -> None:
    paper, component, topic = make_paper(name="CLIP"), make_component(name="ViT"), make_topic(name="Safety")
    own = {
        "origins": [{"relation": "successor-of", "paper": "clip", "component": None, "note": ""}],
        "same_paper": [{"paper": "clip", "note": ""}],
    }
    references: list[tuple[Any, str, Any]] = [
        *((paper, key, value) for key, value in own.items()),
        (component, "origins", [{"relation": "successor-of", "paper": None, "component": "vit", "note": ""}]),
        (topic, "topics", ["safety"]),
    ]
    for entry, key, value in references:
        with pytest.raises(PayloadError) as refused:
            make_revision(entry.kind, entry, **{key: value})
        assert refused.value.errors == {key: ["An entry cannot refer to itself; remove the reference."]}


def test_a_former_slug_is_the_entry_itself_too() -> None:
    paper = make_paper(name="CLIP")
    make_revision("paper", paper, slug="clip-openai")

    with pytest.raises(PayloadError) as refused:
        make_revision("paper", paper, slug="clip-openai", same_paper=[{"paper": "clip", "note": ""}])

    assert list(refused.value.errors) == ["same_paper"]
