"""The public page of a locked entry: what it says, and what it offers to whom."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.kinds import KINDS
from catalog.ledger.publishing import retire
from submissions.models import EntryLock
from submissions.workflow import lock
from tests.factories import make, make_paper, make_result, trace
from tests.people import admin, contributor, moderator, signed_in

pytestmark = pytest.mark.django_db


def offers(client: Client, entry: Any) -> dict[str, bool]:
    url = entry.get_absolute_url()
    text = client.get(url).content.decode()
    return {verb: f'href="{url}{verb}/"' in text for verb in ("edit", "retire", "flag")}


def browser(who: str) -> Client:
    people = {"contributor": contributor, "moderator": moderator, "admin": admin}
    return signed_in(people[who]()) if who in people else Client()


@pytest.mark.parametrize(
    ("who", "may_edit"), [("visitor", False), ("contributor", False), ("moderator", True), ("admin", True)]
)
def test_a_lock_is_stated_and_the_page_offers_what_the_person_may_do(who: str, may_edit: bool) -> None:
    paper = make_paper(name="CLIP")
    before = offers(browser(who), paper)

    lock(entry=paper, actor=moderator(), reason="Calm down.")

    assert before == {"edit": True, "retire": True, "flag": True}
    assert offers(browser(who), paper) == {"edit": may_edit, "retire": may_edit, "flag": True}
    text = " ".join(browser(who).get("/papers/clip/").content.decode().split())
    assert "only moderators can propose changes. </p> <blockquote>Calm down.</blockquote>" in text


def test_a_moderator_who_has_not_used_the_second_factor_is_offered_nothing() -> None:
    paper = make_paper(name="CLIP")
    lock(entry=paper, actor=moderator(), reason="Calm down.")

    client = signed_in(moderator(), by="password")

    assert offers(client, paper) == {"edit": False, "retire": False, "flag": True}


def test_the_lock_of_another_entry_of_the_same_id_does_not_count() -> None:
    paper = make_paper(name="CLIP")
    fields = {"name": "Other", "reason": "Calm down.", "locked_by": moderator(), "locked_at": timezone.now()}
    EntryLock.objects.create(kind="dataset", entry_id=paper.pk, **fields)

    assert offers(Client(), paper)["edit"]


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_it(name: str) -> None:
    entry = make_result() if name == "result" else make(name)
    lock(entry=entry, actor=moderator(), reason="Calm down.")

    assert offers(Client(), entry) == {"edit": False, "retire": False, "flag": True}


def test_a_past_day_tells_of_the_lock_of_today() -> None:
    paper = make_paper(name="CLIP", at=datetime(2021, 3, 1, tzinfo=UTC))
    lock(entry=paper, actor=moderator(), reason="Calm down.")

    text = Client().get("/papers/clip/?as_of=2021-12-31").content.decode()

    assert ("Calm down." in text, "/papers/clip/edit/" in text) == (True, False)


def test_a_locked_entry_that_was_retired_does_not_offer_to_bring_it_back() -> None:
    paper = make_paper(name="CLIP")
    lock(entry=paper, actor=moderator(), reason="Calm down.")
    retire(entry=paper, trace=trace("No model."))

    texts = [browser(who).get("/papers/clip/").content.decode() for who in ("visitor", "moderator")]

    assert [("Calm down." in text, "/papers/clip/restore/" in text) for text in texts] == [(True, False), (True, True)]
