"""A row from the page of a board: a checkpoint, its values, a source and a place; the rest is the board's."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds.benchmark.model import Benchmark
from catalog.reading.results.fetching import kept
from submissions.intake.board_rows import REASON
from submissions.models import Batch, Proposal
from submissions.workflow import approve
from tests.factories import make, make_benchmark, make_paper, make_result
from tests.people import contributor, moderator, signed_in
from tests.submissions.http import text_of

pytestmark = pytest.mark.django_db
ADD = "/benchmarks/mathvista/leaderboard/add/"
BOARD = f"{ADD}?part=&split=testmini&track="
SOURCE = "https://arxiv.org/abs/2404.16821"
ROW = {
    "metric-0": "accuracy",
    "checkpoint": "InternVL2-8B",
    "value-0": "58.3",
    "source_url": SOURCE,
    "locator": "Table 3",
}
ON_BOARD = {"adaptation": "zero-shot", "shots": "0", "chain_of_thought": "no", "judge": "GPT-4"}
"""What a browser sends of the details, where nobody changes them."""


@pytest.fixture(autouse=True)
def entries() -> None:
    accuracy = {"name": "accuracy", "unit": "percent", "direction": "higher", "minimum": "0", "maximum": "100"}
    make_benchmark(name="MathVista", metrics=[{**accuracy, "primary": True}], splits=[{"name": "testmini"}])
    make_paper(name="InternVL2", variants=[{"name": "InternVL2-8B", "aliases": ["8B"]}, {"name": "InternVL2-40B"}])
    for name in ("Qwen-VL", "LLaVA"):
        make_result(
            paper=make_paper(name=name).slug,
            benchmark="mathvista",
            metric="accuracy",
            value="50",
            split="testmini",
            adaptation="zero-shot",
            shots=0,
            chain_of_thought=False,
            judge="GPT-4",
        )


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


def post(client: Client, path: str = BOARD, **form: Any) -> Any:
    return client.post(path, {"submit": "1", **ROW, **ON_BOARD, **form})


def proposed() -> dict[str, Any]:
    payload: dict[str, Any] = Proposal.objects.get().payload
    return payload


def inputs(page: Any) -> list[str]:
    """The names of the inputs that are shown, before the details."""
    form = page.content.decode().partition('class="sheet"')[2].partition("<details")[0]
    tags = [tag for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", form) if 'type="hidden"' not in tag]
    return [name for tag in tags for name in re.findall(r'name="([^"]+)"', tag)]


def test_four_inputs_are_enough_on_a_board_with_one_metric(ada: Client) -> None:
    page = ada.get(BOARD)

    assert inputs(page) == ["checkpoint", "value-0", "source_url", "locator"]
    assert "Add a result: MathVista, testmini, as reported" in text_of(page)
    assert "as on the board: zero-shot, no CoT, judge GPT-4" in text_of(page)


def test_a_row_is_a_result_with_the_conditions_of_the_board(ada: Client) -> None:
    reply = post(ada)

    proposal = Proposal.objects.get()
    assert reply["Location"] == f"/submissions/{proposal.pk}/"
    named = {key: proposed()[key] for key in ("paper", "variant", "benchmark", "part", "split", "metric", "value")}
    assert list(named.values()) == ["internvl2", "InternVL2-8B", "mathvista", "", "testmini", "accuracy", "58.3"]
    assert (proposed()["source_url"], proposed()["locator"], proposal.source) == (SOURCE, "Table 3", SOURCE)
    conditions = {key: proposed()[key] for key in ("adaptation", "shots", "chain_of_thought", "judge")}
    assert list(conditions.values()) == ["zero-shot", 0, False, "GPT-4"]
    assert proposed()["inferred"] == [{"field": key, "reason": REASON} for key in conditions]
    assert approve(proposal=proposal, actor=moderator()).status == "approved"


def test_what_the_contributor_changes_or_confirms_is_stated(ada: Client) -> None:
    post(ada, judge="GPT-4o")
    assert proposed()["judge"] == "GPT-4o"
    assert [row["field"] for row in proposed()["inferred"]] == ["adaptation", "shots", "chain_of_thought"]
    Proposal.objects.get().events.all().delete()
    Proposal.objects.all().delete()

    post(ada, confirmed="1", judge="")
    assert (proposed()["judge"], proposed()["inferred"], proposed()["shots"]) == ("", [], 0)


def test_what_a_protocol_sets_is_left_to_it(ada: Client) -> None:
    protocol = make("protocol", name="VLMEvalKit", harness="VLMEvalKit", adaptation="zero-shot", judge="GPT-4")
    on = {"benchmark": "mathvista", "metric": "accuracy", "value": "1", "split": "testmini"}
    make_result(paper="qwen-vl", protocol=protocol.slug, **on)

    page = f"{ADD}?part=&split=testmini&track=VLMEvalKit"
    assert "Add a result: MathVista, testmini, VLMEvalKit" in text_of(ada.get(page))
    post(ada, page, adaptation="zero-shot", shots="0", chain_of_thought="", judge="GPT-4")

    assert (proposed()["protocol"], proposed()["harness"], proposed()["judge"]) == (protocol.slug, "", "")
    assert proposed()["inferred"] == []


def test_a_board_of_a_harness_names_it(ada: Client) -> None:
    on = {"benchmark": "mathvista", "metric": "accuracy", "value": "1", "split": "testmini"}
    make_result(paper="qwen-vl", harness="lmms-eval", **on)
    post(ada, f"{ADD}?part=&split=testmini&track=lmms-eval", **dict.fromkeys(ON_BOARD, ""))
    assert (proposed()["harness"], proposed()["protocol"]) == ("lmms-eval", None)


def test_several_metrics_are_a_batch(ada: Client) -> None:
    flickr = make_benchmark(
        name="Flickr30k", metrics=[{"name": "R@1"}, {"name": "R@5", "primary": True}, {"name": "R@10"}]
    )
    path = f"/benchmarks/{flickr.slug}/leaderboard/add/"
    page = ada.get(path)
    assert re.findall(r'for="q-value-\d">\s*([^<\s]+)', page.content.decode()) == ["R@5", "R@1", "R@10"]
    assert re.findall(r'for="q-value-0">\s*([^<\s]+)', ada.get(f"{path}?metric=R10").content.decode()) == ["R@10"]

    metrics = {"metric-0": "R@5", "metric-1": "R@1", "metric-2": "R@10"}
    reply = post(ada, path, **metrics, **{"value-0": "90", "value-1": "70", "value-2": ""})

    batch = Batch.objects.get()
    assert reply["Location"] == f"/submissions/batches/{batch.pk}/"
    rows = [(row.payload["metric"], row.payload["value"]) for row in Proposal.objects.order_by("pk")]
    assert rows == [("R@5", "90"), ("R@1", "70")]
    assert batch.name == "InternVL2-8B on Flickr30k, split not stated, as reported"


def test_a_value_stays_with_the_metric_that_it_was_typed_beside(ada: Client) -> None:
    flickr = make_benchmark(name="Flickr30k", metrics=[{"name": "R@1"}, {"name": "R@5", "primary": True}])
    path = f"/benchmarks/{flickr.slug}/leaderboard/add/"

    post(ada, path, **{"metric-0": "R@1", "value-0": "70", "metric-1": "R@5", "value-1": ""})
    assert (proposed()["metric"], proposed()["value"]) == ("R@1", "70")

    page = post(ada, path, **{"metric-0": "Recall", "value-0": "70"})
    assert "The board has no metric “Recall” any more." in text_of(page)
    assert page.status_code == 400


def test_what_was_left_as_shown_is_inferred_though_the_board_has_changed_since(ada: Client) -> None:
    shown = dict.fromkeys(("board-adaptation", "board-shots", "board-chain_of_thought", "board-judge"), "")
    post(ada, judge="GPT-3.5", **{**shown, "board-judge": "GPT-3.5"})

    assert proposed()["judge"] == "GPT-3.5"
    assert [row["field"] for row in proposed()["inferred"]] == ["judge"]


def test_if_one_value_is_refused_none_is_sent(ada: Client) -> None:
    flickr = make_benchmark(name="Flickr30k", metrics=[{"name": "R@1"}, {"name": "R@5", "maximum": "100"}])

    metrics = {"metric-0": "R@1", "metric-1": "R@5"}
    page = post(ada, f"/benchmarks/{flickr.slug}/leaderboard/add/", **metrics, **{"value-0": "70", "value-1": "700"})

    assert page.status_code == 400
    assert "700, but R@5 is at most 100" in text_of(page)
    assert 'value="700"' in page.content.decode()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("form", "message"),
    [
        ({"checkpoint": ""}, "Model or variant : Say which model was measured."),
        ({"value-0": ""}, "Give at least one value, as printed."),
        ({"value-0": "583"}, "583, but accuracy lies between 0 and 100 percent."),
        ({"value-0": "many"}, "accuracy (percent) : "),
        ({"source_url": ""}, "Source : Give the address of the paper"),
        ({"source_url": "nowhere"}, "Source : "),
        ({"shots": "5"}, "Shots : Zero-shot has 0 shots, not 5"),
        ({"locator": "x" * 301}, "Place in the source : "),
        ({"checkpoint": "x" * 400}, "At most 300 characters."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_all_is_kept(ada: Client, form: dict[str, str], message: str) -> None:
    page = post(ada, **form)

    assert (page.status_code, Proposal.objects.count()) == (400, 0)
    assert message in text_of(page)
    sent = {**ROW, **form}
    kept = re.findall(r'name="(?:checkpoint|value-0|source_url|locator)" value="([^"]*)"', page.content.decode())
    assert kept == [sent[key] for key in ("checkpoint", "value-0", "source_url", "locator")]


def test_the_same_claim_from_the_same_source_is_told_at_the_value(ada: Client) -> None:
    post(ada)
    approve(proposal=Proposal.objects.get(), actor=moderator())

    page = post(ada)

    assert page.status_code == 400
    assert "says the same already" in text_of(page)


def test_what_is_in_the_queue_already_leads_there(ada: Client) -> None:
    post(ada)
    assert post(ada)["Location"] == f"/submissions/{Proposal.objects.get().pk}/"


def test_an_unknown_model_is_proposed_first(ada: Client) -> None:
    page = post(ada, checkpoint="Gemini 9")
    assert "No model in the catalogue, and no variant of one, is called “Gemini 9”." in text_of(page)
    assert 'href="/contribute/papers/?name=Gemini+9"' in page.content.decode()


def test_a_name_of_two_is_a_choice(ada: Client) -> None:
    make_paper(name="Other", variants=[{"name": "InternVL2-8B"}])

    page = post(ada)

    assert "More than one is called “InternVL2-8B”: choose which." in text_of(page)
    assert 'value="checkpoint:internvl2: InternVL2-8B"' in page.content.decode()
    chosen = {**ROW, **ON_BOARD, "use": "checkpoint:other: InternVL2-8B"}
    assert 'value="other: InternVL2-8B"' in ada.post(BOARD, chosen).content.decode()


def test_a_new_variant_is_added_only_where_that_is_ticked(ada: Client) -> None:
    page = post(ada, checkpoint="internvl2: InternVL2-76B")
    assert "Add “InternVL2-76B” to the sizes of InternVL2" in text_of(page)
    assert not Proposal.objects.exists()
    used = {**ROW, **ON_BOARD, "checkpoint": "internvl2: InternVL2-76B", "use": "variant:InternVL2-8B"}
    assert 'value="internvl2: InternVL2-8B"' in ada.post(BOARD, used).content.decode()

    post(
        ada,
        checkpoint="internvl2: InternVL2-76B",
        **{"addition-variant": "internvl2:InternVL2-76B", "addition-variant-total_b": "76"},
    )

    proposal = Proposal.objects.get()
    assert (proposal.payload["variant"], proposal.additions["variant"]["total_b"]) == ("InternVL2-76B", "76")


def test_a_variant_of_a_model_that_is_only_called_alike_is_never_guessed(ada: Client) -> None:
    page = post(ada, checkpoint="LLaVA-NeXT")
    assert "No model in the catalogue" in text_of(page)
    assert 'value="checkpoint:llava: LLaVA-NeXT"' in page.content.decode()


def test_a_link_fills_the_form(ada: Client) -> None:
    page = ada.get(f"{BOARD}&paper=internvl2&variant=InternVL2-8B&metric=accuracy")
    assert 'name="checkpoint" value="internvl2: InternVL2-8B"' in page.content.decode()


@pytest.mark.parametrize("query", ["?split=dev", "?part=algebra&split=testmini", "?split=testmini&track=nobody"])
def test_there_is_no_form_for_a_board_that_cannot_be(ada: Client, query: str) -> None:
    assert ada.get(f"{ADD}{query}").status_code == 404


def test_an_empty_board_has_the_metrics_of_its_benchmark(ada: Client) -> None:
    make_benchmark(name="New", metrics=[{"name": "ANLS", "unit": "fraction"}])
    page = ada.get("/benchmarks/new/leaderboard/add/")
    assert "ANLS (fraction)" in text_of(page)
    make_benchmark(name="Empty")
    page = ada.get("/benchmarks/empty/leaderboard/add/")
    assert "Empty lists no metric yet." in text_of(page)


def test_a_visitor_signs_in_first_and_loses_nothing() -> None:
    client = Client()
    reply = post(client)
    assert reply.status_code == 302
    assert reply["Location"].startswith("/accounts/login/?next=/benchmarks/mathvista/leaderboard/add/")
    client.force_login(contributor())
    assert 'value="58.3"' in client.get(BOARD).content.decode()


def test_a_suspended_account_sends_nothing() -> None:
    author = contributor()
    author.suspend(because="Spam.")
    assert post(signed_in(author)).status_code == 403
    assert not Proposal.objects.exists()


def test_the_picker_offers_models_and_their_variants(ada: Client) -> None:
    found = ada.get("/contribute/pick/checkpoint/?q=internvl2-8").json()["entries"]
    assert found[0] == {"slug": "internvl2: InternVL2-8B", "name": "InternVL2-8B"}
    assert {"slug": "internvl2", "name": "InternVL2"} in found
    assert ada.get("/contribute/pick/checkpoint/?q=").json() == {"entries": []}
    assert ada.get("/contribute/pick/checkpoint/?q=%00").status_code == 200


def test_the_board_links_to_it(ada: Client) -> None:
    page = ada.get("/benchmarks/mathvista/leaderboard/").content.decode()
    link = re.search(r'href="([^"]+)">Add a result', page)
    assert link
    assert link[1] == f"{ADD}?part=&amp;split=testmini&amp;track=&amp;metric=accuracy" or "split=testmini" in link[1]
    assert ada.get(link[1].replace("&amp;", "&")).status_code == 200


def test_it_takes_as_many_queries_for_many_results(ada: Client) -> None:
    def queries() -> int:
        kept.clear()
        with CaptureQueriesContext(connection) as captured:
            ada.get(BOARD)
        return len(captured)

    ada.get(BOARD)
    before = queries()
    for number in range(5):
        on = {"benchmark": "mathvista", "metric": "accuracy", "value": str(number), "split": "testmini"}
        make_result(paper=make_paper(name=f"Model {number}").slug, **on)
    assert queries() == before
    assert Benchmark.objects.count() == 1
