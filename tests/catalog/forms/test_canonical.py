"""What a form has stored it stores the same way again, so that an edit changes what it says and nothing else."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from catalog.forms.identifiers import ArxivField, DoiField
from catalog.kinds import KINDS, Kind
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import PayloadError, bound_form
from tests.examples import FULL
from tests.factories import make_dataset, make_paper, make_revision

pytestmark = pytest.mark.django_db

PREFIXES = ["", " ", "doi:", "arXiv: ", "https://doi.org/", "https://arxiv.org/pdf/", "https%3A%2F%2Fdoi.org%2F"]
PARTS = [
    *("%25", "%2541", "%2525", "%00", "%2500", "%C2%85", "%CC%81", "%E2%80%8B", "%ff", "%2F", "%20", "%3C", "%"),
    *("e", "e\u0301", "\u0301", "\u212b", "\u037e", "\u0958", " ", "\t", "\r\n", "\r", "\n", "\u2000", "\ufeff"),
    *(".", ",", ")", "(", ">", ";", "/", "?", "#", "v2", ".pdf", "0", "\u0660", "I", "\u0130", "\ufb01"),
]
IDENTIFIERS = ["10.1234/a", "10.1016/S0140-6736(05)66912-7", "2304.08485", "math.GT/0309136", "Math/0309136"]


def varied(text: str) -> st.SearchStrategy[str]:
    """A text with parts before, after and within it that a form may change."""
    parts = st.lists(st.sampled_from(PARTS), max_size=4).map("".join)
    return st.builds(
        lambda prefix, before, at, within, after: f"{prefix}{before}{text[:at]}{within}{text[at:]}{after}",
        st.sampled_from(PREFIXES),
        st.just("") | parts,
        st.integers(0, len(text)),
        st.just("") | parts,
        parts,
    )


def variations(value: Any) -> st.SearchStrategy[Any]:
    """Values of the same shape."""
    if isinstance(value, str):
        return st.just(value) | varied(value) | st.sampled_from(IDENTIFIERS).flatmap(varied)
    if isinstance(value, list) and value:
        return st.tuples(*map(variations, value)).map(list) | st.lists(st.sampled_from(value), max_size=3)
    if isinstance(value, Mapping):
        return st.fixed_dictionaries({key: variations(item) for key, item in value.items()})
    return st.just(value)


def canonical(kind: Kind, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload as a new entry would store it. Raises PayloadError."""
    return bound_form(kind, payload, kind.model()).canonical()


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_stored_is_stored_the_same_way_again(surroundings: None, kind: Kind, data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(kind.form.payload_keys()))
    given_value = FULL[kind.name].get(key, kind.form.empty()[key])
    try:
        once = canonical(kind, {**FULL[kind.name], key: data.draw(variations(given_value))})
    except PayloadError:
        return

    assert canonical(kind, once) == once


@pytest.mark.parametrize("field", [ArxivField(), DoiField()], ids=["arXiv id", "DOI"])
@given(text=st.text(max_size=40) | st.sampled_from(IDENTIFIERS).flatmap(varied))
@example(text="10.1234/a%25252541b")
@example(text="https://doi.org/10.1234/a%CC%81")
def test_an_identifier_is_read_the_same_way_again(field: DoiField | ArxivField, text: str) -> None:
    once = field.to_python(text)

    assert field.to_python(once) == once


def test_an_edit_leaves_what_a_form_would_store_otherwise() -> None:
    """Stored values stay, also those that were normalised by other rules."""
    paper = make_paper(name="Vim", variants=[{"name": "Small"}, {"name": "Large"}])
    old = {"doi": "10.1234/a%41b", "arxiv_id": "2304.08485v1", "title": "Cafe\u0301", "summary": "One\r\ntwo"}
    rows = [{**row, "note": "Cafe\u0301"} for row in paper.variants]
    Paper.objects.filter(pk=paper.pk).update(**old, variants=rows)

    variants = [rows[0], {**rows[1], "name": "Huge"}]
    revision = make_revision("paper", Paper.objects.get(pk=paper.pk), year=2024, variants=variants)

    live = Paper.objects.get(pk=paper.pk)
    assert (revision.changed, {key: getattr(live, key) for key in old}) == (["year", "variants"], old)
    assert [row["note"] for row in live.variants] == ["Cafe\u0301", "Caf\u00e9"]


@pytest.mark.parametrize(
    ("doi", "message"),
    [
        ("10.1234/a%00b", "“10.1234/a%00b” is not a DOI."),
        ("https://doi.org/10.1234/a%0Ab", "“https://doi.org/10.1234/a%0Ab” is not a DOI."),
        ("10.1234/a%C2%85b", "“10.1234/a%C2%85b” is not a DOI."),
        ("10.1234/a%2500b", "“10.1234/a%2500b” is not a DOI."),
        ("10.1234/a%E2%80%AEb", "Holds the invisible character U+202E"),
    ],
)
def test_a_doi_with_an_escaped_control_character_is_refused_by_its_name(doi: str, message: str) -> None:
    with pytest.raises(PayloadError) as own:
        make_paper(doi=doi)
    with pytest.raises(PayloadError) as row:
        make_dataset(papers=[{"title": "A", "doi": doi}])

    assert own.value.errors["doi"][0].startswith(message)
    assert row.value.errors["papers"][0].startswith(f"row 1, doi: {message}")


def test_a_text_has_the_same_line_breaks_whoever_sent_it() -> None:
    assert make_paper(summary="One\r\ntwo\rthree\nfour").summary == "One\ntwo\nthree\nfour"
