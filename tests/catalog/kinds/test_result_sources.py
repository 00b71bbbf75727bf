"""A result says where its value was read: another value was not read where the former one was."""

import re
from typing import Any

import pytest
from django.test import Client

from catalog.kinds import KINDS
from catalog.kinds.result.kind import READ_IN_SOURCE
from catalog.kinds.result.model import Result
from catalog.ledger.blame import blame
from catalog.ledger.publishing import merge
from catalog.ledger.trace import former_values
from catalog.models import Revision
from submissions.models import Proposal
from submissions.workflow import NewProposal, Target, approve, revise, submit, undo
from tests.factories import make_benchmark, make_paper, make_result, make_revision, trace
from tests.people import contributor, moderator

pytestmark = pytest.mark.django_db
TABLE = "https://github.com/westlake-baichuan-mllm/bc-omni"
BLOG = "https://medium.com/@somebody/scores"
REFUSED = "https://somebody:secret@example.org/scores"
CHECKED: dict[str, Any] = {
    "value": "47.3",
    "source_url": TABLE,
    "locator": "README, table 1",
    "read_in": "a copy",
    "verification": "checked",
}


@pytest.fixture
def result() -> Result:
    return make_result(**CHECKED)


def said() -> tuple[str, str, str, str]:
    result = Result.objects.get()
    return result.value, result.source_url, result.locator, result.verification


def edited(result: Result, source: str, **values: Any) -> Proposal:
    payload = {**KINDS["result"].dump(result), **values}
    return submit(
        author=contributor(),
        proposed=NewProposal(KINDS["result"], "edit", payload, Target.live(result), source=source),
    )


class TestAnEditOfTheValue:
    def test_takes_its_source_from_the_change(self, result: Result) -> None:
        approve(proposal=edited(result, BLOG, value="71.9"), actor=moderator())
        assert said() == ("71.9", BLOG, "", "reported")
        assert Result.objects.get().read_in == ""

    def test_shows_the_moderator_what_it_changes_besides(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9")
        assert proposal.payload["source_url"] == BLOG
        assert [proposal.payload[key] for key in READ_IN_SOURCE[1:]] == ["", "", ""]

    def test_that_was_read_in_the_same_place_keeps_it_and_is_not_checked_yet(self, result: Result) -> None:
        approve(proposal=edited(result, TABLE, value="47.8"), actor=moderator())
        assert said() == ("47.8", TABLE, "README, table 1", "reported")

    def test_without_an_address_has_none(self, result: Result) -> None:
        approve(proposal=edited(result, "The authors' talk", value="71.9"), actor=moderator())
        assert said() == ("71.9", "", "", "reported")

    def test_may_name_another_place(self, result: Result) -> None:
        paper = "https://arxiv.org/abs/2410.08565"
        proposal = edited(result, BLOG, value="71.9", source_url=paper, locator="Table 2")
        approve(proposal=proposal, actor=moderator())
        assert said() == ("71.9", paper, "Table 2", "reported")

    def test_may_name_another_place_without_repeating_where_in_the_former_one(self, result: Result) -> None:
        paper = "https://arxiv.org/abs/2410.08565"
        proposal = edited(result, BLOG, value="71.9", source_url=paper)
        assert [proposal.payload[key] for key in READ_IN_SOURCE] == [paper, "", "", ""]

    def test_may_clear_its_source(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9", source_url="")
        assert [proposal.payload[key] for key in READ_IN_SOURCE] == ["", "", "", ""]

    def test_with_other_zeros_is_none_of_the_value(self, result: Result) -> None:
        approve(proposal=edited(result, BLOG, value="47.30"), actor=moderator())
        assert said() == ("47.30", TABLE, "README, table 1", "checked")

    def test_has_no_address_that_the_field_would_refuse(self, result: Result) -> None:
        make_revision("result", result, value="71.9", source=REFUSED)
        assert said() == ("71.9", "", "", "reported")

    def test_that_is_approved_alone_leaves_the_former_source_as_well(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9", setting="zero-shot")
        approve(proposal=proposal, actor=moderator(), fields={"value"})
        assert said() == ("71.9", BLOG, "", "reported")

    def test_that_the_moderator_corrects_is_as_the_moderator_says(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9")
        payload = {**proposal.payload, "value": "47.9", "source_url": TABLE, "locator": "Table 1"}
        approve(proposal=proposal, actor=moderator(), payload=payload)
        assert said() == ("47.9", TABLE, "Table 1", "reported")
        values = blame(KINDS["result"], list(Revision.objects.of("result", result.pk)))
        assert [value.field for value in values if value.in_review] == ["value", "locator"]

    def test_that_only_the_moderator_makes_has_no_source_until_they_name_one(self, result: Result) -> None:
        proposal = edited(result, BLOG, shots=0)
        approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "value": "77"})
        assert said() == ("77", "", "", "reported")

    def test_is_revised_with_what_undoing_brings_back(self, result: Result) -> None:
        payload = {**KINDS["result"].dump(result), "value": "71.9"}
        former = NewProposal(KINDS["result"], "edit", payload, Target.live(result), source=former_values(1), undoes=1)
        proposal = submit(author=contributor(), proposed=former)
        about = {"payload": proposal.payload, "source": proposal.source, "comment": "Again."}
        assert revise(proposal=proposal, actor=contributor(), **about).payload["source_url"] == TABLE

    def test_is_undone_with_all_that_went_with_it(self, result: Result) -> None:
        done = approve(proposal=edited(result, BLOG, value="71.9"), actor=moderator())
        undo(revision=Revision.objects.get(pk=done.revision_id or 0), actor=moderator("mary"), reason="Wrong.")
        assert said() == ("47.3", TABLE, "README, table 1", "checked")


@pytest.mark.parametrize("change", [{"split": "val"}, {"variant": "7B"}, {"source_url": BLOG}, {"metric": "ANLS"}])
def test_what_was_checked_was_the_former_claim(result: Result, change: dict[str, str]) -> None:
    approve(proposal=edited(result, BLOG, **change), actor=moderator())
    assert Result.objects.get().verification == "reported"


@pytest.mark.parametrize("change", [{"locator": "Table 2"}, {"notes": "Says so."}])
def test_what_does_not_change_the_claim_leaves_it_checked(result: Result, change: dict[str, str]) -> None:
    approve(proposal=edited(result, BLOG, **change), actor=moderator())
    assert said()[0::3] == ("47.3", "checked")


def test_a_merge_of_models_changes_no_claim(result: Result) -> None:
    merge(entry=result.paper, into=make_paper(name="The same"), trace=trace("The same."))
    assert said() == ("47.3", TABLE, "README, table 1", "checked")


def test_a_new_result_without_a_source_has_that_of_its_change() -> None:
    make_result(value="12.3", source=BLOG)
    assert Result.objects.get().source_url == BLOG


def test_a_new_result_has_no_address_that_the_field_would_refuse() -> None:
    make_result(value="12.3", source=REFUSED)
    assert Result.objects.get().source_url == ""


def test_other_kinds_change_nothing_besides() -> None:
    for name, kind in KINDS.items():
        assert name == "result" or kind.consequences({"name": "A"}, {"name": "B"}, BLOG) == {}


@pytest.mark.parametrize(
    ("source", "rows", "link"),
    [
        (BLOG, [], BLOG),
        ("The authors' talk", [], ""),
        (BLOG, [{"field": "value", "url": TABLE, "note": "", "confidence": "confirmed"}], TABLE),
    ],
    ids=["change", "words", "row"],
)
def test_a_board_leads_to_where_the_value_was_read(source: str, rows: list[dict[str, str]], link: str) -> None:
    result = make_result(value="12.3", split="val", source=source, sources=rows)
    page = Client().get(result.benchmark.get_absolute_url()).content.decode()
    marks = re.findall(r"<(?:a|span)\s+class=\"src [^>]*?(?:href=\"([^\"]*)\"|>)", page)
    assert link in marks


def new_result(source: str = BLOG, **values: Any) -> Proposal:
    about = {"name": "", "metric": "accuracy", "value": "12.3", **values}
    payload = {"paper": make_paper().slug, "benchmark": make_benchmark().slug, **about}
    return submit(author=contributor(), proposed=NewProposal(KINDS["result"], "create", payload, source=source))


def test_a_moderator_may_clear_the_source_of_a_new_result() -> None:
    proposal = new_result()
    assert proposal.payload["source_url"] == BLOG
    approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "source_url": ""})
    assert said() == ("12.3", "", "", "reported")


def test_a_new_value_of_a_moderator_has_no_source_until_they_name_one() -> None:
    proposal = new_result()
    approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "value": "77"})
    assert said() == ("77", "", "", "reported")


@pytest.mark.parametrize(
    "change",
    [{"scale": "percent"}, {"harness": "VLMEvalKit"}, {"adaptation": "few-shot"}, {"shots": 4}, {"judge": "GPT-4"}],
    ids=lambda change: next(iter(change)),
)
def test_a_change_of_anything_claimed_makes_a_checked_result_reported_again(
    result: Result, change: dict[str, Any]
) -> None:
    live = Result.objects.with_references().get(pk=result.pk)
    make_revision("result", live, **change)
    assert Result.objects.get().verification == "reported"


def test_remarks_leave_a_checked_result_checked(result: Result) -> None:
    make_revision("result", Result.objects.with_references().get(), notes="Seen again.")
    assert Result.objects.get().verification == "checked"
