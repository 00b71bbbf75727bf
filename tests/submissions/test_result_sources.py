"""Where a result's value was read, in proposals that are revised, proposed again, approved in part or rebased."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.result.kind import READ_IN_SOURCE
from catalog.kinds.result.model import Result
from catalog.models import Revision
from submissions.models import Proposal
from submissions.workflow import Conflict, Invalid, approve, rebase, reject, revise, undo
from tests.catalog.kinds.test_result_sources import BLOG, CHECKED, TABLE, edited, new_result
from tests.factories import make_result, make_revision
from tests.people import contributor, moderator, signed_in
from tests.posting import fields_of

pytestmark = pytest.mark.django_db
PAPER = "https://arxiv.org/abs/2410.08565"
WORDS = "The authors' talk"
DESCRIBED = (*READ_IN_SOURCE, "verification")
FORMER = (TABLE, "README, table 1", "", "a copy", "checked")


@pytest.fixture
def result() -> Result:
    return make_result(**CHECKED)


def described(payload: dict[str, Any]) -> tuple[str, ...]:
    """What a payload says of where its value was read."""
    return tuple(payload[key] for key in DESCRIBED)


def read_in(form: dict[str, Any]) -> tuple[str, ...]:
    """What a form says of where a value was read; how far it was checked is not asked."""
    assert "verification" not in form
    return tuple(form[key] for key in READ_IN_SOURCE)


def live() -> tuple[str, ...]:
    """The value of the only result, and what the result says of where it was read."""
    payload = KINDS["result"].dump(Result.objects.with_references().get())
    return payload["value"], *described(payload)


def revised(proposal: Proposal, source: str, **values: Any) -> tuple[str, ...]:
    """What a proposal says of it after its author has revised the source, and some values."""
    payload = {**proposal.payload, **values}
    fresh = revise(proposal=proposal, actor=contributor(), payload=payload, source=source, comment="Better.")
    return described(fresh.payload)


class TestARevisedSource:
    @pytest.mark.parametrize(
        ("former", "source", "read_at"),
        [(BLOG, PAPER, PAPER), (BLOG, WORDS, ""), (WORDS, BLOG, BLOG), (TABLE, BLOG, BLOG), (BLOG, BLOG, BLOG)],
        ids=["address", "words", "address for words", "that of the former value", "the same"],
    )
    def test_is_that_of_the_value(self, result: Result, former: str, source: str, read_at: str) -> None:
        proposal = edited(result, former, value="71.9")
        assert revised(proposal, source) == (read_at, "", "", "", "reported")

    def test_that_is_where_the_former_value_was_read_brings_back_where_in_it(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9")
        assert revised(proposal, TABLE) == (*FORMER[:4], "reported")

    @pytest.mark.parametrize("source", [BLOG, PAPER, WORDS])
    def test_is_none_of_the_former_value(self, result: Result, source: str) -> None:
        proposal = edited(result, BLOG, value="71.9", notes="Says so.")
        assert revised(proposal, source, value="47.3") == FORMER

    def test_leaves_what_the_author_states(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9")
        stated = {"source_url": PAPER, "locator": "Table 2"}
        assert revised(proposal, WORDS, **stated) == (PAPER, "Table 2", "", "", "reported")

    def test_leaves_what_the_author_stated_before(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9", source_url=PAPER)
        assert revised(proposal, WORDS) == (PAPER, "", "", "", "reported")

    def test_does_not_bring_back_a_place_in_another_source(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9", source_url=PAPER)
        assert revised(proposal, BLOG, value="47.3") == (PAPER, "", "", "", "reported")

    def test_keeps_a_place_in_it_that_the_author_adds(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9")
        assert revised(proposal, PAPER, locator="Table 2") == (PAPER, "Table 2", "", "", "reported")

    @pytest.mark.parametrize(
        ("former", "source", "read_at"), [(BLOG, PAPER, PAPER), (BLOG, WORDS, ""), (WORDS, BLOG, BLOG)]
    )
    def test_is_that_of_a_new_result(self, former: str, source: str, read_at: str) -> None:
        assert revised(new_result(former), source)[0] == read_at

    def test_leaves_the_address_that_the_author_of_a_new_result_stated(self) -> None:
        assert revised(new_result(BLOG, source_url=TABLE), PAPER)[0] == TABLE


def test_a_proposal_that_is_made_again_begins_without_what_its_source_brought(result: Result) -> None:
    rejected = reject(proposal=edited(result, BLOG, value="71.9"), actor=moderator(), reason="Where?")
    page = signed_in(contributor()).get(f"/results/{result.slug}/edit/?again={rejected.pk}").content.decode()
    form = fields_of(page)
    assert (form["value"], read_in(form)) == ("71.9", FORMER[:4])


class TestApprovedInPart:
    def test_a_value_is_published_with_the_source_that_the_author_stated_for_it(self, result: Result) -> None:
        stated = {"source_url": PAPER, "locator": "Table 2"}
        proposal = edited(result, BLOG, value="71.9", notes="Says so.", **stated)
        approve(proposal=proposal, actor=moderator(), fields={"value"})
        assert live() == ("71.9", PAPER, "Table 2", "", "", "reported")
        assert Result.objects.get().notes == ""

    def test_a_source_takes_the_place_in_it_along(self, result: Result) -> None:
        proposal = edited(result, BLOG, source_url=PAPER, locator="Table 2", notes="Says so.")
        approve(proposal=proposal, actor=moderator(), fields={"source_url"})
        assert live() == ("47.3", PAPER, "Table 2", "", "a copy", "reported")

    @pytest.mark.parametrize("field", ["source_url", "locator", "verification"])
    def test_the_former_value_does_not_get_what_describes_another_one(self, result: Result, field: str) -> None:
        stated = {"source_url": PAPER, "locator": "Table 2"}
        proposal = edited(result, BLOG, value="71.9", **stated)
        with pytest.raises(Invalid) as refused:
            approve(proposal=proposal, actor=moderator(), fields={field})
        assert refused.value.errors == {
            "fields": [f"The proposal gives {field} for another value: approve value as well, or leave {field} out."]
        }
        assert live() == ("47.3", *FORMER)

    def test_the_former_source_does_not_get_a_place_in_another_one(self, result: Result) -> None:
        proposal = edited(result, BLOG, source_url=PAPER, locator="Table 2", read_in="")
        with pytest.raises(Invalid, match="gives locator, read_in for another source_url: approve source_url as well"):
            approve(proposal=proposal, actor=moderator(), fields={"locator", "read_in"})

    def test_other_fields_leave_the_value_and_its_source(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9", notes="Says so.")
        approve(proposal=proposal, actor=moderator(), fields={"notes"})
        assert live() == ("47.3", *FORMER)


class TestRebased:
    """A value and what describes it are one: of two changes, the parts are not put together."""

    def test_keeps_no_place_in_the_source_of_others(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9")
        make_revision("result", result, locator="Table 9", original_source=PAPER)
        with pytest.raises(Conflict, match="Both changed value, source_url, locator, original_source, read_in, verif"):
            rebase(proposal=proposal, actor=moderator())

    def test_does_not_give_the_value_of_others_a_place_in_the_former_source(self, result: Result) -> None:
        proposal = edited(result, TABLE, locator="Table 2")
        make_revision("result", result, value="71.9", source_url=PAPER, locator="Table 9", verification="reported")
        with pytest.raises(Conflict, match="Both changed"):
            rebase(proposal=proposal, actor=moderator())

    @pytest.mark.parametrize("since", [{"value": "71.9"}, {"split": "val"}], ids=["value", "claim"])
    def test_does_not_check_what_others_changed(self, since: dict[str, str]) -> None:
        result = make_result(**{**CHECKED, "verification": "reported"})
        proposal = edited(result, TABLE, notes="Says so.")
        Proposal.objects.update(payload={**proposal.payload, "verification": "checked"})  # as one could say once
        make_revision("result", result, source=BLOG, **since)
        rebased = rebase(proposal=Proposal.objects.get(), actor=moderator())
        assert (rebased.payload["notes"], rebased.payload["verification"]) == ("Says so.", "reported")

    @pytest.mark.parametrize("since", [{"notes": "Theirs."}, {"value": "71.9", "source": BLOG}], ids=["other", "same"])
    def test_goes_beside_other_changes_and_the_same_one(self, result: Result, since: dict[str, str]) -> None:
        proposal = edited(result, BLOG, value="71.9", setting="zero-shot")
        make_revision("result", result, **since)
        approve(proposal=rebase(proposal=proposal, actor=moderator()), actor=moderator())
        assert (*live(), Result.objects.get().setting) == ("71.9", BLOG, "", "", "", "reported", "zero-shot")

    def test_of_a_checked_claim_goes_beside_another_change_of_the_claim(self, result: Result) -> None:
        proposal = edited(result, BLOG, split="val")
        make_revision("result", result, value="71.9", source=BLOG)
        approve(proposal=rebase(proposal=proposal, actor=moderator()), actor=moderator())
        assert (*live(), Result.objects.get().split) == ("71.9", BLOG, "", "", "", "reported", "val")

    def test_of_what_describes_the_value_goes_beside_another_one(self, result: Result) -> None:
        proposal = edited(result, TABLE, locator="Table 2")
        make_revision("result", result, original_source=PAPER, verification="reproduced")
        approve(proposal=rebase(proposal=proposal, actor=moderator()), actor=moderator())
        assert live() == ("47.3", TABLE, "Table 2", PAPER, "a copy", "reproduced")

    def test_leaves_what_others_say_of_the_value_that_it_keeps(self, result: Result) -> None:
        proposal = edited(result, WORDS, notes="Says so.")
        make_revision("result", result, value="71.9", source=BLOG)
        approve(proposal=rebase(proposal=proposal, actor=moderator()), actor=moderator())
        assert live() == ("71.9", BLOG, "", "", "", "reported")

    def test_by_hand_begins_with_all_that_is_proposed(self, result: Result) -> None:
        proposal = edited(result, BLOG, value="71.9")
        make_revision("result", result, locator="Table 9", original_source=PAPER, verification="reproduced")
        page = signed_in(moderator()).get(f"/admin/submissions/proposal/{proposal.pk}/edit/").content.decode()
        assert read_in(fields_of(page)) == (BLOG, "", "", "")

    def test_is_not_undone_below_what_others_said_of_it_since(self, result: Result) -> None:
        done = approve(proposal=edited(result, BLOG, value="71.9"), actor=moderator())
        make_revision("result", Result.objects.with_references().get(), original_source=PAPER)
        with pytest.raises(Conflict, match="These fields were changed again since: ") as refused:
            undo(revision=Revision.objects.get(pk=done.revision_id or 0), actor=moderator("mary"), reason="Wrong.")
        _, _, names = str(refused.value).strip(".").partition(": ")
        assert sorted(names.split(", ")) == sorted(["value", *DESCRIBED])  # PostgreSQL keeps no order of keys
