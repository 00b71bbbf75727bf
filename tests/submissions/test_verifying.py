"""Moderators say how far a result is checked: who may, with what evidence, and what is published."""

from typing import Any

import pytest

from accounts.models import User
from catalog.kinds import KINDS
from catalog.kinds.result.model import Result
from catalog.ledger.publishing import publish
from catalog.ledger.trace import Trace
from catalog.models import Revision
from submissions import rules
from submissions.workflow import Check, Conflict, Invalid, NotAllowed, approve, edit_directly, lock, undo, verify
from tests.factories import make_benchmark, make_paper, make_result
from tests.people import admin, contributor, moderator, propose_edit

pytestmark = pytest.mark.django_db
KIND = KINDS["result"]
TABLE = "https://arxiv.org/abs/2301.12597"
CHECKED = Check("checked", TABLE, "Page 5, Table 3, row BLIP-2, column test-dev")
REPORTED = Check("reported", TABLE, "The table was withdrawn.")
OWN_VALUE = "You gave this value yourself: let another moderator say how far it is checked."


def live() -> Result:
    result: Result = Result.objects.with_references().get()
    return result


def last() -> Revision:
    return Revision.objects.of("result", live().pk).latest("number")


def check(check: Check = CHECKED, actor: User | None = None, base: int | None = None) -> Revision:
    return verify(entry=live(), actor=actor or moderator(), check=check, base=live().revision if base is None else base)


class TestTheRevision:
    def test_says_who_when_on_what_evidence_and_what_was_looked_at(self) -> None:
        make_result(source_url=TABLE)

        revision = check()

        assert (live().verification, live().revision) == ("checked", 2)
        assert (revision.action, revision.changed) == ("edit", ["verification"])
        assert (revision.contributor, revision.approver, revision.source) == ("hedy", "", TABLE)
        assert revision.comment == "Checked against the source: Page 5, Table 3, row BLIP-2, column test-dev"

    @pytest.mark.parametrize(
        ("found", "comment"),
        [
            (Check("checked-in-copy", TABLE, "Table 3"), "Checked in a copy of the source: Table 3"),
            (
                Check("reproduced", TABLE, "", "Ada", "lmms-eval 0.3, the released weights"),
                "Reproduced by Ada with lmms-eval 0.3, the released weights",
            ),
            (
                Check("reproduced", TABLE, "results.json", "Ada", "lmms-eval 0.3"),
                "Reproduced by Ada with lmms-eval 0.3: results.json",
            ),
        ],
    )
    def test_is_in_words(self, found: Check, comment: str) -> None:
        make_result()

        assert check(found).comment == comment
        assert live().verification == found.tier

    def test_goes_back_to_reported(self) -> None:
        make_result(verification="checked")

        assert check(REPORTED).comment == "Not checked any more: The table was withdrawn."
        assert live().verification == "reported"

    def test_changes_nothing_else_of_a_result_that_is_older_than_a_rule(self) -> None:
        make_result(split="val")
        Result.objects.update(split="An unlisted split", source_url="ftp://a.example/1")
        before = KIND.dump(live())

        check()

        assert KIND.dump(live()) == {**before, "verification": "checked"}


class TestEvidence:
    @pytest.mark.parametrize(
        ("found", "errors"),
        [
            (Check("", TABLE, "p. 5"), ["tier"]),
            (Check("certain", TABLE, "p. 5"), ["tier"]),
            (Check("checked", "", "p. 5"), ["evidence"]),
            (Check("checked", "the paper", "p. 5"), ["evidence"]),
            (Check("checked", "https://", "p. 5"), ["evidence"]),
            (Check("checked", f"https://a.example/{'x' * 500}", "p. 5"), ["evidence"]),
            (Check("checked", TABLE, " \u200b "), ["looked_at"]),
            (Check("checked-in-copy", TABLE), ["looked_at"]),
            (Check("checked", TABLE, "x" * 501), ["looked_at"]),
            (Check("checked", TABLE, "p. \u202e5"), ["looked_at"]),
            (Check("checked", TABLE, "p. 5", "Ada", "lmms-eval"), ["reproduced_by", "reproduced_with"]),
            (Check("reproduced", TABLE, "p. 5"), ["reproduced_by", "reproduced_with"]),
            (Check("reproduced", "", "", "Ada"), ["evidence", "reproduced_with"]),
            (Check("reported", ""), ["evidence", "looked_at"]),
        ],
    )
    def test_that_is_missing_or_wrong_is_named(self, found: Check, errors: list[str]) -> None:
        make_result()

        with pytest.raises(Invalid) as refused:
            check(found)

        assert sorted(refused.value.errors) == errors
        assert live().revision == 1


class TestConflicts:
    def test_a_result_that_has_changed_since_is_looked_at_once_more(self) -> None:
        make_result()
        approve(proposal=propose_edit(live(), value="51.0"), actor=moderator())

        with pytest.raises(Conflict, match="was at revision 1 and is at 2 now"):
            check(base=1)
        assert live().verification == "reported"

    def test_what_it_says_already_is_refused(self) -> None:
        make_result(verification="checked")

        with pytest.raises(Conflict, match="says this already: Checked against the source"):
            check()

    def test_a_result_that_is_gone(self) -> None:
        entry = make_result()
        Result.objects.all().delete()

        with pytest.raises(Conflict, match="not in the catalogue any more"):
            verify(entry=entry, actor=moderator(), check=CHECKED, base=1)

    def test_a_locked_result_is_verified_as_moderators_edit_it(self) -> None:
        lock(entry=make_result(), actor=moderator(), reason="A dispute.")

        assert check().number == 2


def suspended() -> User:
    user = moderator("sue")
    user.suspend(because="Advertising.")
    return user


class TestWhoMay:
    @pytest.mark.parametrize(
        ("actor", "message"),
        [
            (lambda: contributor("bob"), "Only moderators verify entries."),
            (contributor, "Only moderators verify entries."),
            (suspended, "Only moderators verify entries."),
            (moderator, ""),
            (admin, ""),
        ],
        ids=["contributor", "who gave the value", "suspended moderator", "moderator", "admin"],
    )
    def test_moderators(self, actor: Any, message: str) -> None:
        result, user = make_result(), actor()

        assert rules.can_verify(user, result) == (not message)
        if message:
            with pytest.raises(NotAllowed, match=message):
                check(actor=user)
        else:
            assert check(actor=user).contributor == user.username

    def test_not_who_gave_the_value(self) -> None:
        about = {"paper": make_paper().slug, "benchmark": make_benchmark().slug, "metric": "acc", "value": "1"}
        publish(kind=KIND, payload={"name": "", **about}, trace=Trace(moderator(), moderator("mary")))

        with pytest.raises(NotAllowed, match=OWN_VALUE):
            check()
        assert check(actor=moderator("mary")).number == 2

    def test_not_who_gave_the_value_in_review(self) -> None:
        proposal = propose_edit(make_result(), value="51.0")
        approve(proposal=proposal, actor=moderator(), payload={**proposal.payload, "value": "52.0"})

        assert not rules.can_verify(moderator(), live())
        assert rules.can_verify(moderator("mary"), live())

    def test_not_who_edited_the_value_directly(self) -> None:
        payload = {**KIND.dump(make_result()), "value": "51.0"}
        edit_directly(entry=live(), actor=admin(), payload=payload, base=1, source=TABLE, comment="")

        assert not rules.can_verify(admin(), live())

    def test_not_whose_value_an_undo_brought_back(self) -> None:
        about = {"paper": make_paper().slug, "benchmark": make_benchmark().slug, "metric": "acc", "value": "1"}
        publish(kind=KIND, payload={"name": "", **about}, trace=Trace(moderator(), moderator("mary")))
        approve(proposal=propose_edit(live(), value="2"), actor=moderator("mary"))
        undo(revision=last(), actor=moderator("mary"), reason="Wrong.")

        assert live().value == "1"
        assert not rules.can_verify(moderator(), live())

    def test_who_gave_anything_else(self) -> None:
        approve(proposal=propose_edit(make_result(), author=moderator(), notes="So."), actor=moderator("mary"))

        assert rules.can_verify(moderator(), live())

    def test_nobody_verifies_what_has_no_tiers(self) -> None:
        assert not rules.can_verify(moderator(), make_paper())


class TestUndo:
    def test_brings_the_former_tier_back(self) -> None:
        make_result()

        undo(revision=check(), actor=moderator("mary"), reason="It is another table.")

        assert (live().verification, live().revision) == ("reported", 3)
        assert last().comment == "Undoes revision 2: It is another table."

    def test_is_not_for_who_gave_the_value(self) -> None:
        about = {"paper": make_paper().slug, "benchmark": make_benchmark().slug, "metric": "acc", "value": "1"}
        payload = {"name": "", **about, "verification": "checked"}
        publish(kind=KIND, payload=payload, trace=Trace(moderator(), moderator("mary")))
        withdrawn = check(REPORTED, actor=moderator("mary"))

        with pytest.raises(NotAllowed, match=OWN_VALUE):
            undo(revision=withdrawn, actor=moderator(), reason="It was right.")
        assert live().verification == "reported"

    def test_of_another_change_brings_the_tier_back_that_it_took(self) -> None:
        make_result(verification="checked")
        approve(proposal=propose_edit(live(), value="51.0"), actor=moderator())

        undo(revision=last(), actor=moderator(), reason="Wrong.")

        assert (live().value, live().verification) == ("50.0", "checked")


def test_another_value_is_reported_again() -> None:
    make_result()
    check()

    approve(proposal=propose_edit(live(), value="51.0"), actor=moderator())

    assert live().verification == "reported"
