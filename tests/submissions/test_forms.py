"""Payloads as forms: what a form shows comes back as it was, and what is wrong stands beside its place."""

import re
from typing import Any

import pytest

from catalog.forms.fields import MAX_ROWS
from catalog.kinds import KINDS, Kind
from catalog.ledger.publishing import PayloadError, bound_form
from catalog.models import Section
from submissions.forms import int_from_post, payload_from_post, rendered_form, version_from_post
from submissions.forms.rendering import FormField, RenderedForm
from tests.factories import make, make_benchmark, make_component, make_dataset, make_paper, make_topic

pytestmark = pytest.mark.django_db

LINKS = [
    {"kind": "arxiv", "url": "https://arxiv.org/abs/2204.14198", "label": ""},
    {"kind": "code", "url": "https://example.org/code", "label": "the code, by others"},
]
COMMON = {
    "name": "Flamingo",
    "summary": "Two lines\n\n- and *Markdown*",
    "notes": "Disputed.",
    "year": 2022,
    "links": LINKS,
    "aliases": ["Flamingo-80B", "FLAMINGO"],
    "sources": [
        {
            "field": "year",
            "url": "https://example.org/",
            "note": "p. 1",
            "confidence": "confirmed",
            "source_class": "official-copy",
        }
    ],
}
AUTHORS = [f"Author {number}" for number in range(27)]


def posted(form: RenderedForm) -> dict[str, str]:
    """What a browser sends of a form that nobody touched."""
    data: dict[str, str] = {}
    for section in form.sections:
        for field in section.fields:
            _post(field, data)
    return data


def _post(field: FormField, data: dict[str, str]) -> None:
    if field.widget == "rows":
        for row in field.rows:
            for cell in row.cells:
                _post(cell, data)
    elif field.widget == "check":
        data.update({field.name: "1"} if field.value else {})
    elif field.widget == "yes-no":
        data[field.name] = {True: "yes", False: "no", None: ""}[field.value]
    elif field.widget == "choice":
        values = [value for value, _ in field.choices]
        data[field.name] = field.value if field.value in values else values[0]
    else:
        data[field.name] = str("" if field.value is None else field.value).replace("\n", "\r\n")


def entry_of(kind: str) -> Any:
    """An entry with something in every part that the form of its kind repeats."""
    topic = make_topic(name="Grounding").slug
    common = {**COMMON, "topics": [topic]}
    if kind == "paper":
        component = make_component(name="NFNet", type="vision-encoder").slug
        dataset = make_dataset(name="M3W").slug
        return make(
            "paper",
            **common,
            authors=AUTHORS,
            title="Flamingo: a Visual Language Model",
            released="2022-04",
            architecture="decoder-only",
            modalities_in=["text", "image"],
            context_length=2048,
            variants=[{**VARIANT, "name": f"Flamingo-{number}B"} for number in range(30)],
            vision_encoders=[{"component": component, "variants": ["3B", "9B"], "note": "frozen"}],
            training_datasets=[
                {"name": "M3W", "dataset": dataset, "benchmark": None},
                {"name": "LTIP", "dataset": None, "benchmark": None},
            ],
        )
    if kind == "result":
        paper, benchmark = make_paper(name="BLIP-2").slug, make_benchmark(name="VQAv2").slug
        claim = {"paper": paper, "benchmark": benchmark, "metric": "accuracy", "value": "65.00", "shots": 0}
        return make("result", **common, **claim, tools=False, chain_of_thought=True)
    return make(kind, **common)


VARIANT = {
    "name": "",
    "total_b": "80.0",
    "active_b": None,
    "as_stated": "80B",
    "weights_url": "",
    "licence": "",
    "note": "10.2B trainable",
}


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
class TestEveryKind:
    def test_a_form_that_nobody_touched_gives_the_payload_back(self, kind: Kind) -> None:
        payload = kind.dump(entry_of(kind.name))
        proposable = {key: value for key, value in payload.items() if key not in kind.set_by_moderators}

        assert payload_from_post(kind, posted(rendered_form(kind, payload))) == proposable

    def test_an_empty_form_gives_the_empty_payload(self, kind: Kind) -> None:
        payload = payload_from_post(kind, posted(rendered_form(kind, {})))

        assert {key: value for key, value in payload.items() if value != kind.form.empty()[key]} == {}

    def test_every_key_has_one_input_unless_only_moderators_set_it(self, kind: Kind) -> None:
        keys = [field.key for section in rendered_form(kind, {}).sections for field in section.fields]

        assert sorted(keys) == sorted(set(kind.form.payload_keys()) - kind.set_by_moderators)


class TestRows:
    def test_another_blank_row_is_added_on_request(self) -> None:
        rows = {
            add: next(
                field
                for section in rendered_form(KINDS["paper"], {"links": LINKS}, add=add).sections
                for field in section.fields
                if field.key == "links"
            ).rows
            for add in ("", "links")
        }

        assert (len(rows[""]), len(rows["links"])) == (3, 4)

    def test_a_row_ticked_for_removal_is_left_out_and_the_order_stays(self) -> None:
        data = {
            "links-0-kind": "paper",
            "links-0-url": "https://a.example/",
            "links-7-kind": "code",
            "links-7-url": "https://b.example/",
            "links-3-kind": "demo",
            "links-3-url": "https://c.example/",
            "links-3-remove": "1",
        }

        assert [row["url"] for row in payload_from_post(KINDS["paper"], data)["links"]] == [
            "https://a.example/",
            "https://b.example/",
        ]

    def test_more_rows_than_an_entry_may_have_are_refused_and_none_is_dropped(self) -> None:
        data = {f"links-{number}-url": "https://a.example/" for number in range(501)}
        payload = payload_from_post(KINDS["paper"], {**data, "name": "Flamingo"})

        with pytest.raises(PayloadError) as refused:
            bound_form(KINDS["paper"], payload, KINDS["paper"].model())

        assert len(payload["links"]) == 501
        assert refused.value.errors == {"links": ["At most 500 rows; these are 501."]}


class TestPosted:
    def test_what_cannot_be_read_stays_as_it_was_typed(self) -> None:
        payload = payload_from_post(KINDS["paper"], {"year": "around 2020", "context_length": "4k"})

        assert (payload["year"], payload["context_length"]) == ("around 2020", "4k")

    def test_an_entry_may_be_named_by_its_name(self) -> None:
        make_paper(name="Qwen2.5-VL")

        assert payload_from_post(KINDS["result"], {"paper": "qwen2.5-vl"})["paper"] == "qwen2-5-vl"

    def test_a_name_that_two_entries_have_stays_a_name(self) -> None:
        make_paper(name="Same Name", slug="same-a")
        make_paper(name="Same Name", slug="same-b")

        assert payload_from_post(KINDS["result"], {"paper": "Same Name"})["paper"] == "Same Name"

    @pytest.mark.parametrize("typed", ["École VL", "éCOLE vl", "ÉCOLE VL"])
    def test_upper_and_lower_case_do_not_matter(self, typed: str) -> None:
        make_paper(name="École VL")

        assert payload_from_post(KINDS["result"], {"paper": typed})["paper"] == "ecole-vl"

    @pytest.mark.parametrize(("count", "queries"), [(1, 1), (MAX_ROWS, 1), (MAX_ROWS + 1, 2)])
    def test_many_names_take_few_queries(self, count: int, queries: int, django_assert_num_queries: Any) -> None:
        make_dataset(name="Data 0")
        data = {f"training_datasets-{number}-dataset": f"Data {number}" for number in range(count)}

        with django_assert_num_queries(queries):
            rows = payload_from_post(KINDS["paper"], data)["training_datasets"]

        assert [row["dataset"] for row in rows] == ["data-0"] + [f"Data {number}" for number in range(1, count)]

    @pytest.mark.parametrize(
        ("text", "number"), [("12", 12), ("", None), ("-1", None), ("1e3", None), ("٣", None), ("9" * 10, None)]
    )
    def test_small_numbers(self, text: str, number: int | None) -> None:
        assert int_from_post({"base": text}, "base") == number

    @pytest.mark.parametrize(
        ("data", "version"),
        [({}, None), ({"version": "12"}, 12), ({"version": ""}, 0), ({"version": "x"}, 0), ({"version": "9" * 10}, 0)],
        ids=["absent", "a number", "empty", "a word", "long"],
    )
    def test_a_version_that_cannot_be_read_is_none_that_exists(self, data: dict[str, str], version: int | None) -> None:
        assert version_from_post(data) == version


class TestErrors:
    def test_an_error_of_a_row_stands_at_its_cell_and_leads_there(self) -> None:
        errors = {"links": ["row 2, url: Not an address.", "row 1: Twice."], "year": ["Too late."], "__all__": ["No."]}

        form = rendered_form(KINDS["paper"], {"links": LINKS}, errors)

        assert form.errors == ["No."]
        assert [(error.id, error.label, error.message) for error in form.field_errors] == [
            ("q-year", "Year", "Too late."),
            ("q-links", "Links, row 1", "Twice."),
            ("q-links-1-url", "Links, row 2, Address", "Not an address."),
        ]

    def test_a_folded_group_opens_where_something_is_wrong_in_it(self) -> None:
        sections = rendered_form(KINDS["paper"], {}, {"aliases": ["Item 1 is longer than 500 characters."]}).sections

        assert [section.title for section in sections if section.is_collapsible and section.is_open] == [
            "Other names, topics, place in the list"
        ]

    def test_an_error_without_an_input_is_still_shown(self) -> None:
        assert rendered_form(KINDS["paper"], {}, {"colour": ["Unknown field."]}).errors == ["Unknown field."]


def test_a_long_list_is_in_view_and_a_short_one_takes_little_room() -> None:
    def height(authors: list[str]) -> int:
        form = rendered_form(KINDS["paper"], {"authors": authors})
        return next(q for section in form.sections for q in section.fields if q.key == "authors").visible_lines

    assert (height([]), height(["A"]), height(AUTHORS)) == (2, 2, 12)


def test_names_of_inputs_are_unlike() -> None:
    for kind in KINDS.values():
        ids = re.findall(r"q-[\w-]+", " ".join(_ids(rendered_form(kind, {"links": LINKS}))))
        assert len(ids) == len(set(ids))


def _ids(form: RenderedForm) -> list[str]:
    fields = [field for section in form.sections for field in section.fields]
    return [q.id for q in fields] + [c.id for q in fields for row in q.rows for c in row.cells]


def test_a_section_made_since_is_offered() -> None:
    """Forms are classes: what one reads from the database must not stay as it was when a process began."""

    def sections() -> list[str]:
        fields = {
            field.key: field for section in rendered_form(KINDS["paper"], {}).sections for field in section.fields
        }
        return [label for _, label in fields["section"].choices]

    assert sections() == ["none"]
    Section.objects.create(slug="models", name="Models", kind="paper")
    assert sections() == ["none", "Models"]


class TestRequired:
    """Only what must be filled in is announced as required, to whoever cannot see that a row is blank."""

    def names(self, form: RenderedForm) -> list[str]:
        fields = [field for section in form.sections for field in section.fields]
        cells = [cell for field in fields for row in [*field.rows, field.blank] if row for cell in row.cells]
        return [field.name for field in (*fields, *cells) if field.required]

    @pytest.mark.parametrize(
        ("kind", "names"),
        [
            ("paper", ["name"]),
            ("dataset", ["name"]),
            ("benchmark", ["name"]),
            ("topic", ["name"]),
            ("component", ["name"]),
            ("result", ["paper", "benchmark", "metric", "value"]),
        ],
    )
    def test_in_an_empty_form(self, kind: str, names: list[str]) -> None:
        assert sorted(self.names(rendered_form(KINDS[kind], {}))) == sorted(names)

    def test_in_a_row_that_is_filled_in(self) -> None:
        form = rendered_form(KINDS["paper"], {"links": LINKS[:1]})

        assert self.names(form) == ["name", "links-0-kind", "links-0-url"]


def test_a_choice_that_is_not_offered_any_more_comes_back_as_it_was() -> None:
    kind, row = KINDS["paper"], {"kind": "gopher", "url": "https://example.org/", "label": ""}
    payload = {**kind.form.empty(), "name": "Vim", "architecture": "pyramid", "links": [row]}

    assert payload_from_post(kind, posted(rendered_form(kind, payload))) == payload
