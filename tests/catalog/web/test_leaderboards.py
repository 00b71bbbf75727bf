"""The page of one board: which board is shown, its filters, what is not ranked, and what it costs."""

import csv
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.text import slugify

from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.ledger.publishing import merge, retire
from catalog.reading.results.fetching import kept, measured_on
from tests.factories import make, make_benchmark, make_many, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db
METRICS = [
    {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True},
    {"name": "WER", "unit": "percent", "direction": "lower"},
]
BOARD = "/benchmarks/mmmu/leaderboard/"


@pytest.fixture
def mmmu() -> None:
    make_benchmark(name="MMMU", metrics=METRICS, splits=[{"name": "val"}, {"name": "test"}])
    weights = [{"kind": "weights", "url": "https://huggingface.co/a/b"}]
    make_paper(
        name="Open", organisation="Lab", released="2024-05", variants=[{"name": "7B", "total_b": "7"}], links=weights
    )
    make_paper(name="Other", organisation="Company", released="2023-01", variants=[{"name": "70B", "total_b": "70"}])
    for model, variant, value, about in (
        ("open", "7B", "60.1", {"measured_by": "authors", "verification": "checked"}),
        ("other", "70B", "70.2", {"measured_by": "third-party", "source_url": "https://arxiv.org/abs/2401.00001"}),
        ("other", "70B", "90", {"adaptation": "fine-tuned"}),
        ("other", "70B", "50", {"adaptation": "zero-shot"}),
        ("open", "7B", "51", {"adaptation": "zero-shot", "split": "test"}),
        ("open", "7B", "99", {"split": ""}),
        ("open", "7B", "5.5", {"metric": "WER"}),
    ):
        claim = {"paper": model, "benchmark": "mmmu", "metric": "Accuracy", "split": "val", "variant": variant}
        make_result(**{**claim, "value": value, **about})


def page(query: str = "", status: int = 200) -> str:
    response = Client().get(f"{BOARD}{query}")
    assert response.status_code == status
    return response.content.decode()


def ranked(text: str) -> list[tuple[str, str]]:
    """Place and model of the rows of the table."""
    rows = re.findall(r'<td[^>]*class="rank">(.*?)</td>.*?class="name"[^>]*>(.*?)</a>', text, re.DOTALL)
    return [(place.strip(), name) for place, name in rows]


def test_the_largest_board_is_shown_with_all_others_to_choose(mmmu: None) -> None:
    text = page()

    assert re.findall(r"<h1>(.*?)</h1>", text) == ["MMMU, val, as reported"]
    assert ranked(text) == [("1", "Other"), ("2", "Open")]
    tabs = re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>\s*<span class="count">(\d+)', text)
    assert [(name, count) for _, name, count in tabs] == [
        ("Val, as reported", "2"),
        ("Test, as reported", "1"),
        ("Split not stated, as reported", "1"),
    ]


def test_what_differs_is_named_with_a_better_number_and_what_states_no_split_is_beside_it(mmmu: None) -> None:
    text = page()

    assert "Other 70B (90) has a better number than the first." in " ".join(text.split())
    assert re.findall(r'<h3 id="unstated">(.*?)</h3>', text) == ["Split not stated"]
    assert "fine-tuned; better than the first" in text


def test_a_board_and_a_metric_are_chosen_by_the_query(mmmu: None) -> None:
    assert re.findall(r"<h1>(.*?)</h1>", page("?split=test")) == ["MMMU, test, as reported"]
    assert ranked(page("?split=val&metric=WER")) == [("–", "Open")]


@pytest.mark.parametrize("query", ["?split=", "?part=&split=&track=&metric=Accuracy&weights="])
def test_the_board_without_a_split_is_opened_by_an_empty_value(mmmu: None, query: str) -> None:
    text = page(query)

    assert re.findall(r"<h1>(.*?)</h1>", text) == ["MMMU, split not stated, as reported"]
    assert "There is no" not in text
    (url,) = re.findall(r'href="([^"]*leaderboard\.csv[^"]*)"', text)
    rows = list(csv.DictReader(Client().get(url.replace("&amp;", "&")).content.decode("utf-8-sig").splitlines()))
    assert [row["number"] for row in rows] == ["99"]


def test_the_tab_of_the_board_without_a_split_leads_there(mmmu: None) -> None:
    (url,) = re.findall(r'<a href="([^"]*)"[^>]*>Split not stated, as reported</a>', page())
    assert "<h1>MMMU, split not stated, as reported</h1>" in Client().get(url).content.decode()


def test_the_next_page_of_the_board_without_a_split_is_of_the_same(mmmu: None) -> None:
    models = make_many("paper", [{"name": f"M{number}"} for number in range(120)])
    make_many("result", [{"benchmark": "mmmu", "metric": "Accuracy", "paper": m.slug, "value": "9"} for m in models])

    (url,) = re.findall(r'<a href="([^"]*)" rel="next">', page("?split="))
    assert "<h1>MMMU, split not stated, as reported</h1>" in page(url.replace("&amp;", "&"))


def test_a_tab_leaves_the_name_of_a_harness_as_it_is(mmmu: None) -> None:
    about = {"paper": "open", "benchmark": "mmmu", "metric": "Accuracy", "value": "1"}
    make_result(**about, split="val", harness="VLMEvalKit")
    assert ">Val, VLMEvalKit</a>" in page()


def test_filtering_an_empty_board_names_no_other(db: None) -> None:
    make_benchmark(name="MMMU")
    assert "There is no" not in page("?part=&split=&track=&metric=")


def test_what_states_no_split_is_listed_with_its_conditions_source_and_verification(mmmu: None) -> None:
    about = {"paper": "other", "benchmark": "mmmu", "metric": "Accuracy", "value": "88", "variant": "70B"}
    make_result(**about, adaptation="fine-tuned", verification="checked", state="disputed")
    checked = "Checked against the source, source type unknown: source checked disputed"

    listed = re.findall(r'<li id="[^"]*">(.*?)</li>', page(), re.DOTALL)
    assert sorted(" ".join(unescape(re.sub(r"<[^>]*>", " ", one)).split()) for one in listed) == [
        "Open 7B 99 Accuracy setting ? CoT ? Not verified, source type unknown: source",
        f"Other 70B 88 Accuracy fine-tuned CoT ? {checked}",
    ]


@pytest.mark.parametrize(
    ("query", "models"),
    [
        ("?weights=open", ["Open"]),
        ("?parameters=8", ["Open"]),
        ("?year=2024", ["Open"]),
        ("?organisation=company", ["Other"]),
        ("?measured=authors", ["Open"]),
        ("?source=primary", ["Other"]),
        ("?verification=checked", ["Open"]),
        ("?weights=open&year=2025", []),
        ("?stated=on", []),
    ],
)
def test_filters_leave_rows_out(mmmu: None, query: str, models: list[str]) -> None:
    assert [name for _, name in ranked(page(query))] == models


def test_filters_change_no_place(mmmu: None) -> None:
    assert ranked(page("?weights=open")) == [("2", "Open")]


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ("?weights=open", "The filters leave 1 of 2 ranked rows; places are those among all."),
        ("?weights=open&year=2025", "No ranked row of 2 passes the filters. Take one away,"),
    ],
)
def test_filters_say_how_many_rows_they_leave_and_how_to_see_all(mmmu: None, query: str, left: str) -> None:
    text = page(query)

    assert left in " ".join(text.split())
    (url,) = re.findall(r'<a href="([^"]*)">show all rows</a>', text)
    assert len(ranked(page(unescape(url)))) == 2


def test_filters_are_kept_by_the_links_to_other_boards_and_metrics(mmmu: None) -> None:
    text = page("?organisation=company&stated=on")

    links = re.findall(r'<a href="([^"]*leaderboard/[^"]*)" ', text)
    assert len(links) == 5
    assert all(url.endswith("&amp;organisation=company&amp;stated=on") for url in links)
    assert "Select a valid choice" not in "".join(Client().get(unescape(url)).content.decode() for url in links)


def test_filters_leave_out_results_without_a_split_too(mmmu: None) -> None:
    assert 'id="unstated"' in page("?weights=open")
    assert 'id="unstated"' not in page("?organisation=company")


@pytest.mark.parametrize(
    "query",
    ["", "?weights=open", "?parameters=8", "?year=2024", "?measured=third-party&verification=reported", "?split=test"],
)
def test_the_links_to_csv_file_and_api_give_exactly_the_view(mmmu: None, query: str) -> None:
    text = page(query)
    shown = [name for _, name in ranked(text)]

    (api_url,) = re.findall(r'href="(/api/v1/leaderboards/mmmu/[^"]*)"', text)
    (one,) = Client().get(unescape(api_url)).json()["boards"]
    assert [row["name"] for row in one["rows"]] == shown
    (csv_url,) = re.findall(r'href="([^"]*leaderboard\.csv[^"]*)"', text)
    rows = csv.DictReader(Client().get(unescape(csv_url)).content.decode("utf-8-sig").splitlines())
    ranked_by = [row for row in rows if row["not_ranked"] == one["reason"] and row["metric"] == one["metric"]]
    assert [row["model"] for row in ranked_by if row["shown"] == "true"] == shown


def test_the_link_to_the_api_of_a_long_board_asks_for_all_its_rows(mmmu: None) -> None:
    models = make_many("paper", [{"name": f"M{number}"} for number in range(120)])
    about = {"benchmark": "mmmu", "metric": "Accuracy", "split": "val"}
    make_many("result", [{**about, "paper": model.slug, "value": str(n % 100)} for n, model in enumerate(models)])

    (api_url,) = re.findall(r'href="(/api/v1/leaderboards/mmmu/[^"]*)"', page())
    (one,) = Client().get(unescape(api_url)).json()["boards"]
    assert len(one["rows"]) == one["size"] == 122


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("?split=dev", "There is no board “dev, as reported” here; this is the largest one."),
        ("?metric=F1", "There is no metric “F1” here; this is ordered by Accuracy."),
        ("?weight=open", "There is no filter “weight” here. Did you mean “weights”?"),
        ("?parameters=many", "Enter a number."),
        ("?organisation=nobody", "Select a valid choice. nobody is not one of the available choices."),
    ],
)
def test_a_wrong_query_is_named_and_shows_what_there_is(mmmu: None, query: str, notice: str) -> None:
    text = page(query)

    assert notice in text
    assert len(ranked(text)) == 2


@pytest.mark.parametrize("query", ["?page=99999999999999999999", "?page=x", "?split=%00", "?metric=" + "a" * 5000])
def test_odd_queries_are_answered(mmmu: None, query: str) -> None:
    page(query)


def row_ids(text: str) -> list[str]:
    return re.findall(r'<(?:tr|li) id="([^"]*)"', text)


def test_every_row_has_an_id_and_those_with_a_place_a_link_that_stays(mmmu: None) -> None:
    text = page()

    differs, no_split = (measured("mmmu")[number] for number in ("90", "99"))
    assert row_ids(text) == ["row-other.70b", "row-open.7b", f"result-{differs}", f"result-{no_split}"]
    links = [unescape(url) for url in re.findall(r'class="permalink" href="([^"]*)"', text)]
    assert links == [
        f"{BOARD}?split=val&metric=Accuracy&row=other.70b#row-other.70b",
        f"{BOARD}?split=val&metric=Accuracy&row=open.7b#row-open.7b",
        f"{BOARD}?split=val&metric=Accuracy#result-{differs}",
    ]


def measured(benchmark: str) -> dict[str, str]:
    """The slugs of the results on a benchmark by their values."""
    return dict(Result.objects.filter(benchmark__slug=benchmark).values_list("value", "slug"))


def test_the_link_to_a_row_leads_to_the_page_that_it_is_on(mmmu: None) -> None:
    models = make_many("paper", [{"name": f"M{number}"} for number in range(250)])
    about = {"benchmark": "mmmu", "metric": "Accuracy", "split": "val"}
    make_many("result", [{**about, "paper": m.slug, "value": f"{50 - n / 10:.1f}"} for n, m in enumerate(models)])

    text = page("?split=val&metric=Accuracy&row=m249")
    assert "row-m249" in row_ids(text)
    assert "Rows 201 to 252 of 252" in text
    assert "row=" not in re.findall(r'<a href="([^"]*)" rel="prev">', text)[0]


@pytest.mark.parametrize(
    ("query", "notice"),
    [
        ("?row=nobody.7b", "There is no row “nobody.7b” on this board."),
        ("?row=other.70b&weights=open", "There is no row “other.70b” on this board with these filters."),
        ("?result=nothing", "There is no result “nothing” on MMMU."),
        ("?row=%00", "There is no row"),
    ],
)
def test_a_row_or_result_that_is_not_here_is_named(mmmu: None, query: str, notice: str) -> None:
    assert notice in page(query)


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("60.1", "?split=val&metric=Accuracy&row=open.7b#row-open.7b"),
        ("50", "?split=val&metric=Accuracy&row=other.70b#row-other.70b"),
        ("5.5", "?split=val&metric=WER&row=open.7b#row-open.7b"),
        ("90", "?split=val&metric=Accuracy#result-{slug}"),
        ("99", "?split=&metric=Accuracy&row=open.7b#row-open.7b"),
    ],
)
def test_a_result_leads_to_the_row_that_shows_it_or_has_it_among_its_claims(mmmu: None, value: str, url: str) -> None:
    slug = measured("mmmu")[value]

    answer = Client().get(f"{BOARD}?result={slug}")

    assert (answer.status_code, answer["Location"]) == (302, f"{BOARD}{url.format(slug=slug)}")
    assert answer["Location"].partition("#")[2] in row_ids(Client().get(answer["Location"]).content.decode())
    assert f'href="{BOARD}?result={slug}"' in Client().get(f"/results/{slug}/").content.decode()


def test_a_benchmark_without_results_has_an_empty_board() -> None:
    make_benchmark(name="MMMU")
    assert "Nothing is ranked." in page()


def test_the_page_of_the_benchmark_shows_the_first_rows_and_leads_to_the_board(mmmu: None) -> None:
    text = Client().get("/benchmarks/mmmu/").content.decode()

    assert ranked(text) == [("1", "Other"), ("2", "Open")]
    assert f'href="{BOARD}?split=val"' in text


def test_the_same_view_is_a_csv_file_with_what_has_no_place(mmmu: None) -> None:
    response = Client().get("/benchmarks/mmmu/leaderboard.csv?weights=open")
    assert response["Content-Disposition"] == 'attachment; filename="mmmu-leaderboard.csv"'
    rows = list(csv.DictReader(response.content.decode("utf-8-sig").splitlines()))
    assert [(row["place"], row["model"], row["metric"], row["number"]) for row in rows] == [
        ("2", "Open", "Accuracy", "60.1"),
        ("2", "Open", "WER", "5.5"),
    ]
    whole = list(
        csv.DictReader(Client().get("/benchmarks/mmmu/leaderboard.csv").content.decode("utf-8-sig").splitlines())
    )
    assert [(row["number"], row["not_ranked"]) for row in whole if not row["place"]] == [
        ("90", "fine-tuned; better than the first")
    ]


@pytest.mark.parametrize("query", ["?split=dev", "?parameters=many", "?colour=red"])
def test_a_wrong_query_of_the_csv_file_is_refused(mmmu: None, query: str) -> None:
    assert Client().get(f"/benchmarks/mmmu/leaderboard.csv{query}").status_code == 400


def test_a_merged_benchmark_leads_to_the_board_of_the_other(mmmu: None) -> None:
    other = make_benchmark(name="MMMU again")
    merge(entry=other, into=Benchmark.objects.get(slug="mmmu"), trace=trace("The same."))

    answer = Client().get("/benchmarks/mmmu-again/leaderboard/?split=val")

    assert (answer.status_code, answer["Location"]) == (301, f"{BOARD}?split=val")
    assert Client().get("/benchmarks/nothing/leaderboard/").status_code == 404


def test_a_model_that_was_merged_while_the_page_was_made_has_its_name(
    mmmu: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_and_merge(benchmarks: Any) -> Any:
        measured = measured_on(benchmarks)
        merge(entry=Paper.objects.get(slug="open"), into=Paper.objects.get(slug="other"), trace=trace("The same."))
        return measured

    monkeypatch.setattr("catalog.web.leaderboards.measured_on", read_and_merge)
    assert ranked(page()) == [("1", "Other"), ("2", "Open")]


def test_it_costs_the_same_for_any_number_of_rows(mmmu: None) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    make("protocol", name="Official")
    make_revision("benchmark", Benchmark.objects.get(slug="mmmu"), reference_protocol="official")
    about = {"benchmark": "mmmu", "metric": "Accuracy", "split": "val"}
    make_result(**about, paper="open", value="1", protocol="official")
    few = queries()
    rows: list[dict[str, Any]] = [{"name": f"M{number}"} for number in range(150)]
    models = make_many("paper", rows)
    make_many("result", [{**about, "paper": model.slug, "value": str(n % 100)} for n, model in enumerate(models)])

    assert queries() == few <= 8
    assert [place for place, _ in ranked(page("?page=2"))][-1] != ""


def results_over_time() -> None:
    """A board of 1 March 2024 with three rows: since then a new one is first, one has another number, one is gone."""
    then = {"at": datetime(2024, 3, 1, 12, tzinfo=UTC)}
    make_benchmark(name="MMMU", metrics=METRICS, splits=[{"name": "val"}], **then)
    about = {"benchmark": "mmmu", "metric": "Accuracy", "split": "val"}
    for name, value in (("Old first", "70"), ("Corrected", "60"), ("Leaves", "50"), ("Stays", "40")):
        make_paper(name=name, **then)
        make_result(**about, paper=slugify(name), value=value, slug=f"of-{slugify(name)}", **then)
    make_paper(name="Newcomer")
    make_result(**about, paper="newcomer", value="80")
    make_revision("result", Result.objects.get(slug="of-corrected"), value="61", source="https://example.org/errata")
    make_revision("result", Result.objects.get(slug="of-leaves"), state="retracted")


def changes_since(query: str) -> str:
    (section,) = re.findall(r'<section class="board-changes".*?</section>', page(query), re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", section)).split())


def test_a_board_of_a_past_day_says_what_has_changed_since() -> None:
    results_over_time()

    assert changes_since("?as_of=2024-03-01") == (
        "What has changed since 1 March 2024 Old first was first (70); today Newcomer (80) is. The board today "
        "New: 1 Newcomer : 80, place 1 "
        "Not ranked any more: 1 Leaves: had 50, place 3; now retracted "
        "Changed number: 1 Corrected : 60 → 61; place 2 → 3 "
        "Changed place: 1 Old first : place 1 → 2"
    )
    assert changes_since("?as_of=2024-03-01&year=2000&organisation=") == changes_since("?as_of=2024-03-01")
    text = page("?as_of=2024-03-01")
    (url,) = re.findall(r'<a data-now href="([^"]*)">Newcomer</a>', text)
    assert unescape(url) == f"{BOARD}?split=val&metric=Accuracy&row=newcomer#row-newcomer"
    assert [name for _, name in ranked(text)] == ["Old first", "Corrected", "Leaves", "Stays"]


def test_the_day_after_which_nothing_changed_says_so() -> None:
    results_over_time()
    now = timezone.now().isoformat().replace("+00:00", "Z")
    text = changes_since(f"?as_of={now}")
    assert "Nothing that is ranked here has changed since then. Newcomer" not in text
    assert "Nothing that is ranked here has changed since then." in text


def test_a_board_is_followed_under_the_present_names_of_benchmark_and_split() -> None:
    results_over_time()
    splits = [{"name": "validation", "aliases": ["val"]}]
    make_revision("benchmark", Benchmark.objects.get(slug="mmmu"), name="MMMU v1", splits=splits, slug="mmmu-v1")

    text = page("?as_of=2024-03-01")

    assert "today Newcomer (80) is" in text
    assert 'href="/benchmarks/mmmu-v1/leaderboard/?split=validation&amp;metric=Accuracy">The board today' in text


def test_a_benchmark_that_has_left_says_so_on_its_past_board() -> None:
    make_benchmark(name="MMMU", at=datetime(2024, 3, 1, 12, tzinfo=UTC))
    retire(entry=Benchmark.objects.get(slug="mmmu"), trace=trace("Not one."))

    assert "The benchmark is not in the catalogue any more." in changes_since("?as_of=2024-03-01")


def test_todays_board_leads_to_what_has_changed_since_as_far_as_there_was_a_catalogue() -> None:
    make_benchmark(name="MMMU", at=timezone.now() - timedelta(days=40))

    _, look_back = page("?split=").split('class="look-back')

    day = timezone.now() - timedelta(days=30)
    urls = [unescape(url) for url in re.findall(r'<a href="([^"]*)">', look_back.partition("<form")[0])]
    assert urls == [f"?part=&split=&track=&metric=&as_of={day:%Y-%m-%d}#changes"]


def test_a_page_whose_results_are_not_kept_costs_at_most_eight_queries(mmmu: None) -> None:
    def queries() -> int:
        kept.clear()
        with CaptureQueriesContext(connection) as captured:
            page()
        return len(captured)

    page()
    few = queries()
    models = make_many("paper", [{"name": f"M{number}", "organisation": f"O{number}"} for number in range(150)])
    about = {"benchmark": "mmmu", "metric": "Accuracy", "split": "val"}
    make_many("result", [{**about, "paper": model.slug, "value": str(n % 100)} for n, model in enumerate(models)])
    page()

    assert queries() == few <= 8


def test_what_has_changed_costs_the_same_for_any_number_of_rows() -> None:
    results_over_time()

    def queries() -> int:
        page("?as_of=2024-03-01")
        with CaptureQueriesContext(connection) as captured:
            page("?as_of=2024-03-01")
        return len(captured)

    few = queries()
    models = make_many("paper", [{"name": f"M{number}"} for number in range(150)])
    about = {"benchmark": "mmmu", "metric": "Accuracy", "split": "val"}
    make_many("result", [{**about, "paper": model.slug, "value": str(n % 100)} for n, model in enumerate(models)])

    assert queries() == few


def test_the_row_of_a_result_is_that_of_the_day() -> None:
    results_over_time()

    answer = Client().get(f"{BOARD}?result=of-leaves&as_of=2024-03-01")

    here = f"{BOARD}?split=val&metric=Accuracy&row=leaves&as_of=2024-03-01#row-leaves"
    assert (answer.status_code, answer["Location"]) == (302, here)
