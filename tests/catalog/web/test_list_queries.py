"""Whatever stands in the query of a list, the answer is a page."""

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils.html import escape
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.kinds import KINDS
from catalog.listing.filterset import filterset_class
from catalog.models import Section
from catalog.web.lists import PAGE_SIZES
from tests.examples import FULL
from tests.factories import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def one_of_each(surroundings: None) -> None:
    for name in KINDS:
        make(name, **FULL[name])


TEXTS = st.one_of(
    st.text(max_size=30),
    st.sampled_from(["", "0", "-1", "1", "2024", "9" * 40, "\0", "'", '"', "%", "decoder-only", "video", "25", "name"]),
)


def queries(kind: Any) -> st.SearchStrategy[list[tuple[str, str]]]:
    filters = filterset_class(kind).base_filters
    names = [*(name for name in filters if name != "as_of"), "size", "page", "odd", "utm_source"]  # it is for test_past
    fit = [(name, option) for name, one in filters.items() for option in getattr(one.field, "options", [])]
    return st.lists(st.one_of(st.tuples(st.sampled_from(names), TEXTS), st.sampled_from(fit)), max_size=5)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(data=st.data())
def test_any_query_gives_a_page_and_its_export(one_of_each: None, kind: Any, data: st.DataObject) -> None:
    pairs = data.draw(queries(kind))
    query = urlencode([(name, value.encode("utf-8", "ignore")) for name, value in pairs])
    client = Client()

    response = client.get(f"/{kind.plural}/?{query}")
    exported: Any = client.get(f"/export/{kind.plural}.jsonl?{query}")
    feed = client.get(f"/feeds/{kind.plural}/new.atom?{query}")

    assert response.status_code == 200
    page, notices = response.context["page"], response.context["notices"]
    assert 1 <= page.number <= page.paginator.num_pages
    assert page.paginator.per_page in PAGE_SIZES
    assert feed.status_code == exported.status_code
    if exported.status_code == 400:
        assert {name for name, _ in pairs} & set(re.findall(r"\w+(?=:)", exported.context["message"]))
        assert exported.context["message"] == feed.context["message"]
        assert notices
    else:
        assert len(b"".join(exported.streaming_content).splitlines()) == page.paginator.count


def chips(context: Any) -> list[tuple[str, str, str]]:
    return [(active.name, active.text, active.url) for active in context["active_filters"]]


def messages_on(path: str) -> list[str]:
    """What a page says is wrong with its query."""
    return [notice.text for notice in Client().get(path).context["notices"]]


@pytest.mark.parametrize(
    ("query", "messages", "count"),
    [
        ("utm_source=x&fbclid=y&topic=&ref=z", [], 2),
        ("colour=red", ["There is no filter “colour” here."], 2),
        ("organization=openai", ["There is no filter “organization” here. Did you mean “organisation”?"], 2),
        ("takes=vidoe", ["Takes: no paper or model has “vidoe”. Did you mean"], 0),
        ("takes=Two Words", ["Takes: “Two Words” is not a slug; “two-words” is."], 0),
        ("link=pigeon", ["Has a link of kind: “pigeon” is not one of: paper, arxiv, "], 0),
        ("year_min=abc", ["Year from: “abc” is not a whole number from 1900 to 2100."], 0),
        ("year_min=2000&year_min=2001", ["Year from: Given 2 times; at most 1."], 0),
        ("sort=colour", ["Sort: “colour” is not one of: slug, released, name, updated, listed, results."], 2),
        ("size=7", ["Rows: a page has 25, 50 or 100."], 2),
        ("size=25&size=50", ["Rows: Given 2 times; at most 1."], 2),
        ("page=abc", ["Page: “abc” is not the number of a page."], 2),
        ("page=0", ["Page: “0” is not the number of a page."], 2),
        ("page=٣", ["Page: “٣” is not the number of a page."], 2),
        ("page=1&page=2", ["Page: Given 2 times; at most 1."], 2),
        ("page=99", [], 2),
        ("after=a", ["There is no filter “after” here."], 2),
        ("architecture=multi-encoder", ["Architecture: no paper or model has “multi-encoder”."], 0),
    ],
)
def test_a_page_says_what_is_wrong_with_its_query(query: str, messages: list[str], count: int) -> None:
    make("paper", name="A", modalities_in=["video"], links=[{"kind": "code", "url": "https://a.example/", "label": ""}])
    make("paper", name="B", organisation="OpenAI")

    context = Client().get(f"/papers/?{query}").context

    assert [
        text[: len(start)] for text, start in zip(messages_on(f"/papers/?{query}"), messages, strict=True)
    ] == messages
    assert context["page"].paginator.count == len(context["page"].object_list) == count


NOT_A_KIND = "Kind: “robots” is not one of: papers, datasets, benchmarks, results, protocols, topics, components."


@pytest.mark.parametrize(
    ("path", "notices", "hits"),
    [
        ("/?utm_source=x&page=", [], None),
        ("/?colour=red", ["There is no filter “colour” here."], None),
        ("/search/?q=alpha&kind=papers&year=2021&page=1&ref=x", [], 1),
        ("/search/?q=alpha&years=2021", ["There is no filter “years” here. Did you mean “year”?"], 1),
        ("/search/?q=alpha&kind=robots", [NOT_A_KIND], 0),
        ("/search/?q=alpha&year=soon", ["Year: “soon” is not a whole number from 1900 to 2100."], 0),
        ("/changes/?kind=papers&action=create&page=1", [], 1),
        ("/changes/?kind=robots", [NOT_A_KIND], 0),
        ("/changes/?action=paint", ["Change: “paint” is not one of: create, edit, move, retire, restore, merge."], 0),
        ("/changes/?colour=red", ["There is no filter “colour” here."], 1),
    ],
)
def test_pages_of_all_kinds_say_what_is_wrong_with_their_query(path: str, notices: list[str], hits: int | None) -> None:
    make("paper", name="Alpha", year=2021)

    response: Any = Client().get(path)

    assert response.status_code == 200
    assert [notice.text for notice in response.context["notices"]] == notices
    assert all(escape(text) in response.content.decode() for text in notices)
    counts = {"/search/": lambda page: page.total, "/changes/": lambda page: page.paginator.count}
    assert hits == (counts[response.wsgi_request.path](response.context["page"]) if hits is not None else None)


def test_a_misspelt_value_offers_those_spelt_alike() -> None:
    make("paper", name="A", modalities_in=["video"])

    (notice,) = Client().get("/papers/?takes=vidoe&sort=name&page=2").context["notices"]

    assert [(one.label, one.url) for one in notice.suggestions] == [("video", "?takes=video&sort=name")]


def test_a_filter_without_a_facet_on_the_page_is_a_chip_and_stays_in_the_form() -> None:
    make("paper", name="A", organisation="OpenAI", year=2021, architecture="decoder-only")
    query = "organisation=openai&year_min=2020&architecture=decoder-only"

    response = Client().get(f"/papers/?{query}")

    assert chips(response.context) == [
        ("architecture", "Decoder-only", "?organisation=openai&year_min=2020"),
        ("organisation", "OpenAI", "?year_min=2020&architecture=decoder-only"),
        ("year_min", "2020", "?organisation=openai&architecture=decoder-only"),
    ]
    form = re.findall(r'<form\s+class="facets".*?</form>', response.content.decode(), re.DOTALL)[0]
    hidden = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', form)
    assert hidden == [("organisation", "openai"), ("year_min", "2020")]


def test_a_bad_value_is_a_chip_that_does_not_stay_in_the_form() -> None:
    response = Client().get("/papers/?year_min=abc")

    assert chips(response.context) == [("year_min", "abc", "?")]
    assert 'type="hidden"' not in response.content.decode()


def test_the_canonical_address_has_neither_unknown_parameters_nor_the_page() -> None:
    make("paper", name="A", organisation="OpenAI")

    text = Client().get("/papers/?utm_source=x&organisation=openai&colour=red&year=&page=1").content.decode()

    assert re.findall(r'rel="canonical"\s+href="([^"]*)"', text) == [
        "http://127.0.0.1:8000/papers/?organisation=openai"
    ]
    assert set(re.findall(r'/(?:feeds|export|api)/[^"]*\?([^"]*)"', text)) == {
        "organisation=openai",
        "organisation=openai&amp;sort=released",
    }


@pytest.mark.parametrize(
    ("query", "address", "header"),
    [
        ("year=abc&organisation=openai", "http://127.0.0.1:8000/papers/?organisation=openai", "Not listed:"),
        ("size=7&organisation=openai", "http://127.0.0.1:8000/papers/?organisation=openai", "1 entry"),
        ("sort=bogus", "http://127.0.0.1:8000/papers/", "1 entry"),
        ("link=pigeon", "http://127.0.0.1:8000/papers/", "Not listed:"),
    ],
)
def test_what_is_wrong_is_neither_counted_nor_in_the_canonical_address(query: str, address: str, header: str) -> None:
    make("paper", name="A", organisation="OpenAI")

    text = Client().get(f"/papers/?{query}").content.decode()

    assert re.findall(r'rel="canonical"\s+href="([^"]*)"', text) == [address]
    assert f"<span>{header}" in text
    assert "0 entries" not in text


def links(text: str) -> set[str]:
    """The addresses of feeds, exports and the API on a page."""
    return set(re.findall(r'href="(/(?:feeds/papers|export|api/v1)/[^"]*)"', text))


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("sort=bogus", ""),
        ("year_min=abc&organisation=openai&size=50&page=2", "organisation=openai&size=50"),
        ("year=2021&year=abc&sort=name&size=abc&after=a", "sort=name"),
        ("year=2021&size=25&size=50&page=x", "year=2021"),
        ("takes=none-such", ""),
    ],
)
def test_what_is_taken_along_leaves_out_what_is_wrong(query: str, left: str) -> None:
    make("paper", name="A", organisation="OpenAI", year=2021)

    addresses = links(Client().get(f"/papers/?{query}").content.decode().replace("&amp;", "&"))

    assert {link: Client().get(link).status_code for link in addresses} == dict.fromkeys(addresses, 200)
    assert f"/export/papers.csv{'?' + left if left else ''}" in addresses
    narrowed = {link for link in addresses if link.startswith("/feeds/papers/new.atom?")}
    assert narrowed == ({f"/feeds/papers/new.atom?{left}"} if "=openai" in left or "year" in left else set())


@pytest.mark.parametrize(
    ("query", "text_start"),
    [
        ("", "No paper or model has been published yet."),
        ("year=2021", "Take a filter away above"),
        ("year=abc", "Take a filter away above"),
        ("sort=bogus", "No paper or model has been published yet."),
    ],
)
def test_an_empty_list_says_why_it_is_empty(query: str, text_start: str) -> None:
    text = Client().get(f"/papers/?{query}").content.decode()

    assert text_start in " ".join(text.split())
    assert ("has been published yet" in text) == text_start.startswith("No ")


def as_of_form(path: str) -> list[tuple[str, str]]:
    """What the form that chooses a day sends besides the day."""
    form = re.findall(r'<form class="as-of.*?</form>', Client().get(path).content.decode(), re.DOTALL)[0]
    return re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', form)


def test_the_choice_of_a_day_keeps_the_filters() -> None:
    make("paper", name="A", organisation="OpenAI", year=2021)
    query = "year=2021&year=2022&organisation=openai&topic=gone-since&year_min=abc&size=50&sort=name&page=2&after=a"

    assert as_of_form(f"/papers/?{query}") == [
        ("year", "2021"),
        ("year", "2022"),
        ("organisation", "openai"),
        ("topic", "gone-since"),
        ("size", "50"),
        ("sort", "name"),
    ]
    assert as_of_form("/papers/?size=7") == []
    assert as_of_form("/papers/a/") == []


@pytest.mark.parametrize("path", ["/export/papers.csv", "/feeds/papers/new.atom", "/feeds/papers/changes.atom"])
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("colour=red", "colour: There is no filter of this name here."),
        ("takes=vidoe", "takes: “vidoe” is not in the catalogue. Used by papers: video."),
        ("sort=colour", "sort: “colour” is not one of: slug, released, name, updated, listed, results."),
    ],
)
def test_a_feed_and_an_export_refuse_what_a_page_complains_about(path: str, query: str, message: str) -> None:
    make("paper", name="A", modalities_in=["video"])

    response = Client().get(f"{path}?{query}")

    assert (response.status_code, response.context["message"]) == (400, message)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("/feeds/new.atom?year=2021", "year: A feed of all kinds has no filters."),
        ("/feeds/papers/new.atom?as_of=2021-01-01", "as_of: this page has no past day; those of the catalogue have."),
    ],
)
def test_what_makes_no_sense_is_refused(query: str, message: str) -> None:
    response = Client().get(query)

    assert (response.status_code, response.context["message"]) == (400, message)


def test_a_feed_of_a_section_takes_filters_too() -> None:
    Section.objects.create(slug="video", name="Video", kind="paper")
    make("paper", name="A", section="video", year=2021)
    make("paper", name="B", section="video", year=2022)
    make("paper", name="C", year=2022)

    text = Client().get("/feeds/sections/video/new.atom?year=2022&utm_source=x").content.decode()

    assert re.findall(r"<title>(\w) created</title>", text) == ["B"]
    assert ":feeds/sections/video/new-entries?year=2022</id>" in text


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_what_a_facet_counts_is_what_it_shows(one_of_each: None, client: Client, kind: Any) -> None:
    for group in client.get(f"/{kind.plural}/").context["groups"]:
        for option in [*group.options, *group.more]:
            shown = client.get(f"/{kind.plural}/", {group.name: option.value}).context["page"].paginator.count
            assert (group.name, option.value, shown) == (group.name, option.value, option.count)


@pytest.fixture
def several(one_of_each: None) -> None:
    for name in KINDS:
        plain = {"paper": "older", "benchmark": "mmmu", "metric": "CIDEr", "value": "1"} if name == "result" else {}
        for number in range(6):
            fields = {**(FULL[name] if number % 2 else plain), "name": f"Other {number}", "year": 2020 + number // 2}
            make(name, **fields)


def values_of(kind: Any, entry: Any) -> dict[str, set[str]]:
    return {facet.name: {value for value, _ in facet.values(entry)} for facet in kind.facets}


def matching(entries: dict[str, dict[str, set[str]]], chosen: dict[str, set[str]]) -> set[str]:
    """The slugs that have one of the chosen values of every facet in use."""
    return {slug for slug, has in entries.items() if all(has[name] & values for name, values in chosen.items())}


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=8)
@given(data=st.data())
def test_a_list_holds_what_its_facets_say_on_all_its_pages_together(
    several: None, monkeypatch: pytest.MonkeyPatch, kind: Any, data: st.DataObject
) -> None:
    monkeypatch.setattr("catalog.web.lists.PAGE_SIZES", (3, 5))
    entries = {entry.slug: values_of(kind, entry) for entry in kind.model.objects.with_references()}
    offered = [
        (facet.name, value)
        for facet in kind.facets
        for value in sorted({value for has in entries.values() for value in has[facet.name]} | set(facet.choices))
    ]
    picked = data.draw(st.lists(st.sampled_from(offered), max_size=4))
    chosen: dict[str, set[str]] = {}
    for name, value in picked:
        chosen.setdefault(name, set()).add(value)
    query = [*picked, ("sort", data.draw(st.sampled_from([*kind.orders, "slug", "odd"]))), ("size", "5")]

    def page(number: int) -> Any:
        return Client().get(f"/{kind.plural}/?{urlencode([*query, ('page', number)])}").context

    first = page(1)
    shown = [entry.slug for number in first["page"].paginator.page_range for entry in page(number)["page"]]

    assert sorted(shown) == sorted(matching(entries, chosen))
    for group in first["groups"]:
        others = {name: values for name, values in chosen.items() if name != group.name}
        for option in [*group.options, *group.more]:
            assert option.count == len(matching(entries, {**others, group.name: {option.value}}))
            assert option.selected == (option.value in chosen.get(group.name, set()))


BYTES = st.lists(
    st.one_of(
        st.binary(max_size=8).map(lambda raw: "".join(f"%{byte:02x}" for byte in raw)),
        st.sampled_from(
            ["year=", "page=", "size=", "sort=", "q=", "kind=", "as_of=", "from=", "&", "=", "%", "+", "%00"]
        ),
    ),
    max_size=12,
).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(query=BYTES, path=st.sampled_from(["/papers/", "/results/", "/topics/", "/search/", "/changes/", "/"]))
def test_no_bytes_in_a_query_are_an_error(one_of_each: None, query: str, path: str) -> None:
    assert Client().get(f"{path}?{query}").status_code in (200, 400)  # 400 to an as_of that is no day


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(query=BYTES, path=st.sampled_from(["", "history/", "history/1/", "history/compare/", "blame/"]))
def test_no_bytes_break_an_entry(one_of_each: None, query: str, path: str) -> None:
    assert Client().get(f"/papers/older/{path}?{query}").status_code in (200, 302, 400, 404)
