"""The forms ask about a name that the benchmark or the model does not list, and add it only where that is ticked."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds.benchmark.model import Benchmark
from submissions.models import Proposal
from submissions.workflow import approve, lock, reject
from tests.factories import make_benchmark, make_paper, make_result
from tests.people import contributor, moderator, signed_in
from tests.submissions.http import QUEUE, text_of

pytestmark = pytest.mark.django_db
NEW = "/contribute/results/"
FORM = {
    "paper": "internvl2",
    "benchmark": "mathvista",
    "metric": "accuracy",
    "value": "58.3",
    "source_url": "https://arxiv.org/abs/2310.02255",
    "state": "live",
    "submit": "1",
}
TICK = {"addition-split": "mathvista:testmnii"}


@pytest.fixture(autouse=True)
def entries() -> None:
    metric = {"name": "accuracy", "unit": "percent"}
    make_benchmark(name="MathVista", metrics=[metric], splits=[{"name": "testmini"}, {"name": "test"}])
    make_paper(name="InternVL2", variants=[{"name": "InternVL2-8B"}])


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


def post(client: Client, path: str = NEW, **form: Any) -> Any:
    return client.post(path, {**FORM, **form})


def ticked(page: Any) -> bool:
    found = re.search(r'name="addition-split"\s+value="([^"]*)"\s+(checked)?', page.content.decode())
    return bool(found and found[2])


def test_an_unlisted_name_is_a_question(ada: Client) -> None:
    page = post(ada, split="testmnii")

    assert page.status_code == 400
    assert "Did you mean testmini , test ?" in text_of(page)
    assert "Add “testmnii” to the splits of MathVista" in text_of(page)
    assert not ticked(page)
    assert not Proposal.objects.exists()


def test_a_suggested_name_is_taken_by_a_button(ada: Client) -> None:
    form = {key: value for key, value in FORM.items() if key != "submit"}
    page = ada.post(NEW, {**form, "value": "1", "split": "testmnii", "use": "split:testmini"})
    assert re.search(r'name="split" value="testmini"', page.content.decode())


def test_a_tick_adds_it(ada: Client) -> None:
    page = post(ada, split="testmnii", **TICK, **{"addition-split-size_count": "1000"})

    proposal = Proposal.objects.get()
    assert (page.status_code, proposal.additions["split"]["name"]) == (302, "testmnii")
    assert proposal.additions["split"]["size_count"] == 1000


@pytest.mark.parametrize("form", [{"split": "testmni"}, {"split": "testmnii", "benchmark": "other"}])
def test_a_tick_goes_with_no_other_name_and_no_other_benchmark(ada: Client, form: dict[str, str]) -> None:
    make_benchmark(name="Other", metrics=[{"name": "accuracy"}], splits=[{"name": "val"}])

    page = post(ada, **{**TICK, **form})

    assert (page.status_code, ticked(page), Proposal.objects.count()) == (400, False, 0)


def test_a_tick_outlives_another_error_and_a_preview(ada: Client) -> None:
    assert ticked(post(ada, split="testmnii", value="", **TICK))
    form = {key: value for key, value in FORM.items() if key != "submit"}
    assert ticked(ada.post(NEW, {**form, "preview": "1", "split": "testmnii", **TICK}))


def test_what_the_owner_refuses_is_told_at_the_field(ada: Client) -> None:
    page = post(ada, split="testmnii", **TICK, **{"addition-split-size_count": "many"})
    assert page.status_code == 400
    assert "split, size_count: " in text_of(page)


def test_a_locked_owner_is_told(ada: Client) -> None:
    lock(entry=Benchmark.objects.get(), actor=moderator(), reason="Under repair.")
    page = post(ada, split="testmnii", **TICK)
    assert page.status_code == 403
    assert "MathVista is locked, so that nothing can be added to it: Under repair." in text_of(page)


def test_an_edit_can_add_one_too(ada: Client) -> None:
    result = make_result(**{key: value for key, value in FORM.items() if key != "submit"}, split="test")

    page = post(ada, f"/results/{result.slug}/edit/", split="testmnii", source="The paper.", **TICK)

    assert (page.status_code, list(Proposal.objects.get().additions)) == (302, ["split"])


def test_a_revision_begins_with_the_tick_and_may_take_it_away(ada: Client) -> None:
    post(ada, split="testmnii", **TICK)
    proposal = Proposal.objects.get()
    revise = f"/submissions/{proposal.pk}/revise/"
    assert ticked(ada.get(revise))

    assert post(ada, revise, split="testmnii", version=proposal.version).status_code == 400
    assert post(ada, revise, split="test", version=proposal.version).status_code == 302
    assert Proposal.objects.get().additions == {}


def test_a_rejected_one_is_proposed_again_with_its_tick(ada: Client) -> None:
    post(ada, split="testmnii", **TICK)
    reject(proposal=Proposal.objects.get(), actor=moderator(), reason="No source.")
    assert ticked(ada.get(f"{NEW}?again={Proposal.objects.get().pk}"))


def test_everybody_sees_what_is_added(ada: Client) -> None:
    post(ada, split="testmnii", **TICK)
    proposal, hedy = Proposal.objects.get(), signed_in(moderator())
    sentence = "This proposal also adds to the splits of MathVista : testmnii"

    assert sentence in text_of(ada.get(f"/submissions/{proposal.pk}/"))
    assert "Also adds testmnii to the splits of MathVista." in text_of(ada.get("/submissions/"))
    assert "also adds testmnii to the splits of MathVista" in text_of(hedy.get(QUEUE))
    review = text_of(hedy.get(f"{QUEUE}{proposal.pk}/change/"))
    assert review.index(sentence) < review.index("The board as it would be")
    edit = hedy.get(f"{QUEUE}{proposal.pk}/edit/")
    assert sentence in text_of(edit)
    assert "addition-split" not in edit.content.decode()


def test_who_undoes_the_result_is_told_what_stays(ada: Client) -> None:
    post(ada, split="testmnii", **TICK)
    approved = approve(proposal=Proposal.objects.get(), actor=moderator("mary"))
    hedy = signed_in(moderator())

    page = text_of(hedy.get(f"{QUEUE}undo/{approved.revision_id}/"))

    assert "What it added to MathVista stays, unless you undo that change too" in page


def test_the_queue_takes_as_many_queries_for_many(ada: Client) -> None:
    hedy = signed_in(moderator())
    counts = []
    for value in ("1", "2", "3"):
        post(ada, split="testmnii", value=value, **TICK)
        hedy.get(QUEUE)
        with CaptureQueriesContext(connection) as queries:
            hedy.get(QUEUE)
        counts.append(len(queries))
    assert counts[0] == counts[2]
