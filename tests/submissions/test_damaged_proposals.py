"""Proposals whose stored payload is damaged, or has a key that nobody declared: read as stored, and never published."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db.models import JSONField, Value

from catalog.kinds.paper.model import Paper
from catalog.models import Revision
from submissions import workflow
from submissions.models import Proposal
from submissions.workflow import Conflict, Invalid
from tests.catalog.ledger.test_damaged_payloads import damage
from tests.factories import make_paper, make_revision
from tests.older_code import FORMER, RENAMED, declare_changes
from tests.people import contributor, moderator, propose, propose_edit, signed_in
from tests.submissions.api.conftest import API, by_token

pytestmark = pytest.mark.django_db

ANOTHER_LINK = {"kind": "code", "url": "https://example.org/", "label": "", "rel": "x"}
WRONG_TYPES: list[dict[str, Any]] = [
    {"links": "x"},
    {"links": ["x", None]},
    {"links": [{"kind": 5, "url": None, "label": []}]},
    {"sources": None},
    {"sources": ["x"]},
    {"sources": [{"field": [], "url": {}, "note": "", "confidence": 1, "source_class": 0}]},
    {"section": []},
    {"topics": [{}]},
    {"vision_encoders": {"component": "vit"}},
    {"aliases": [5]},
    {"year": {}},
    {"name": None},
    {"name": []},
]
NO_OBJECTS: list[Any] = [[], None, 5, "x"]
UNKNOWN: list[dict[str, Any]] = [{"film": 1}, {"links": [ANOTHER_LINK]}]


@pytest.fixture(autouse=True)
def counts_from_zero() -> None:
    """Requests are counted in the cache, which outlives a test."""
    cache.clear()


@pytest.fixture(params=["create", "edit"])
def proposal(request: pytest.FixtureRequest) -> Proposal:
    propose(name="Other")
    return propose(name="Vim") if request.param == "create" else propose_edit(make_paper(name="Vim"), year=2021)


def store(proposal: Proposal, payload: Any) -> Proposal:
    """The proposal with another payload, written by hand."""
    Proposal.objects.filter(pk=proposal.pk).update(payload=Value(payload, JSONField()))
    return Proposal.objects.get(pk=proposal.pk)


def check_it_is_shown_and_refused(proposal: Proposal, payload: Any, patch: dict[str, Any] | None = None) -> None:
    """List, detail and pages answer; approving and patching are refused, and the entry stays as it was."""
    papers = list(Paper.objects.values())
    author, reviewer = by_token(proposal.author), by_token(moderator())

    listed = {row["id"]: row["fields"] for row in author.send("GET", API).json()["results"]}
    detail = author.send("GET", f"{API}{proposal.pk}/").json()
    assert (listed[proposal.pk], detail["fields"], len(listed)) == (payload, payload, 2)

    pages = [
        *(f"/submissions/{proposal.pk}/{page}" for page in ("", "revise/")),
        "/submissions/",
    ]
    queue = "/admin/submissions/proposal/"
    of_moderator = [queue, f"{queue}{proposal.pk}/change/", f"{queue}{proposal.pk}/edit/"]
    statuses = {path: signed_in(proposal.author).get(path).status_code for path in pages}
    statuses |= {path: signed_in(moderator()).get(path).status_code for path in of_moderator}
    assert statuses == dict.fromkeys([*pages, *of_moderator], 200)

    refused = [
        reviewer.send("POST", f"{API}{proposal.pk}/approve/", {}),
        reviewer.send("POST", f"{API}{proposal.pk}/approve/", {"patch": patch or {"notes": "New text."}}),
        author.send("PATCH", f"{API}{proposal.pk}/", {"fields": patch or {"notes": "New text."}, "source": "A book."}),
    ]
    assert [answer.status_code for answer in refused] == [422] * 3, [answer.content for answer in refused]
    assert list(Paper.objects.values()) == papers
    assert Proposal.objects.get(pk=proposal.pk).payload == payload


@pytest.mark.parametrize("wrong", WRONG_TYPES, ids=str)
def test_one_with_a_value_of_a_wrong_type(proposal: Proposal, wrong: dict[str, Any]) -> None:
    payload = {**proposal.payload, **wrong}

    check_it_is_shown_and_refused(store(proposal, payload), payload)


@pytest.mark.parametrize("payload", NO_OBJECTS, ids=str)
def test_one_that_is_no_object(proposal: Proposal, payload: Any) -> None:
    check_it_is_shown_and_refused(store(proposal, payload), payload, patch={"name": "Vim"})


@pytest.mark.parametrize("unknown", UNKNOWN, ids=str)
def test_one_with_a_key_that_nobody_declared(proposal: Proposal, unknown: dict[str, Any]) -> None:
    payload = {**proposal.payload, **unknown}

    check_it_is_shown_and_refused(store(proposal, payload), payload)


def test_the_refusal_names_the_key_that_nobody_declared(proposal: Proposal) -> None:
    damaged = store(proposal, {**proposal.payload, "film": 1, "links": [ANOTHER_LINK]})

    with pytest.raises(Invalid) as refused:
        workflow.approve(proposal=damaged, actor=moderator())

    assert {key: [text.split(";")[0] for text in texts] for key, texts in refused.value.errors.items()} == {
        "film": ["Unknown field"],
        "links": ["row 1, rel: Unknown field"],
    }


def test_a_source_of_a_field_that_nobody_declared_is_named(proposal: Proposal, monkeypatch: pytest.MonkeyPatch) -> None:
    declare_changes(monkeypatch)
    source = {"field": "film", "url": "https://example.org/", "note": "", "confidence": "confirmed", "source_class": ""}
    damaged = store(proposal, {**proposal.payload, "sources": [source]})

    with pytest.raises(Invalid) as refused:
        workflow.approve(proposal=damaged, actor=moderator())

    assert refused.value.errors == {"sources": ["row 1, field: unknown field “film”."]}


def test_a_key_that_nobody_declared_can_be_taken_out(proposal: Proposal) -> None:
    store(proposal, {**proposal.payload, "film": 1})

    answer = by_token(proposal.author).send("PATCH", f"{API}{proposal.pk}/", {"fields": {"film": None, "year": 2022}})

    assert answer.status_code == 200
    assert answer.json()["fields"] == {**proposal.payload, "year": 2022}


def test_one_whose_forgotten_name_is_declared_at_last_is_published(
    proposal: Proposal, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = {FORMER if key == RENAMED else key: value for key, value in proposal.payload.items()}
    forgotten = store(proposal, {**old, FORMER: "Kept."})
    with pytest.raises(Invalid):
        workflow.approve(proposal=forgotten, actor=moderator())

    declare_changes(monkeypatch)
    workflow.approve(proposal=forgotten, actor=moderator())

    assert Paper.objects.get(name="Vim").notes == "Kept."


def test_damage_is_not_brought_up_to_date() -> None:
    paper = make_paper(name="Vim")
    proposal = propose_edit(paper, year=2021)
    workflow.approve(proposal=propose_edit(paper, contributor("grace"), aliases=["Also"]), actor=moderator())
    payloads: list[Any] = [[], None, {"sources": [{"field": []}]}, {**proposal.payload, "film": 1}]
    for payload in payloads:
        damaged = store(proposal, payload)
        with pytest.raises(Invalid):
            workflow.rebase(proposal=damaged, actor=damaged.author)
        page = signed_in(damaged.author).get(f"/submissions/{proposal.pk}/")
        assert (page.status_code, Proposal.objects.get(pk=proposal.pk).payload) == (200, payload)


def test_a_moderator_can_approve_it_without_the_key_that_nobody_declared(proposal: Proposal) -> None:
    damaged = store(proposal, {**proposal.payload, "film": 1})

    done = workflow.approve(proposal=damaged, actor=moderator(), payload=proposal.payload)

    assert done.status == "approved"


def test_damage_is_not_approved_in_part() -> None:
    proposal = propose_edit(make_paper(name="Vim"), year=2021)
    payloads: list[Any] = [[], None, {**proposal.payload, "sources": None}, {**proposal.payload, "sources": ["x"]}]
    for payload in payloads:
        damaged = store(proposal, payload)
        with pytest.raises(Invalid):
            workflow.approve(proposal=damaged, actor=moderator(), fields={"year"})


DAMAGED_SOURCES: list[Any] = [
    None,
    5,
    "x",
    ["x", None],
    [{}],
    [{"field": "year"}],
    [{"field": [], "url": "https://example.org/"}],
    [{"field": {}, "url": ""}],
    [{"field": "year", "url": {}, "note": []}],
    [{"field": "film", "url": "https://example.org/"}],
]


@pytest.mark.parametrize("moves", [False, True], ids=["up to date", "stale"])
@pytest.mark.parametrize("sources", DAMAGED_SOURCES, ids=str)
def test_one_with_damaged_sources_is_published_as_a_moderator_edits_it(sources: Any, moves: bool) -> None:
    paper = make_paper(name="Vim", year=2020, notes="Old.")
    proposal = propose_edit(paper, year=2021, notes="Mine.")
    store(proposal, {**proposal.payload, "sources": sources})
    base = make_revision("paper", entry=paper, year=2022, notes="Theirs.").number if moves else 1
    payload = {**proposal.payload, "year": 2023, "notes": "Mine.", "sources": []}
    edit_page = f"/admin/submissions/proposal/{proposal.pk}/edit/"

    shown = signed_in(moderator()).get(edit_page)
    done = workflow.approve(proposal=Proposal.objects.get(), actor=moderator(), payload=payload, base=base)

    assert (shown.status_code, done.status) == (200, "approved")
    assert Paper.objects.values_list("year", "notes", "sources").get() == (2023, "Mine.", [])
    assert signed_in(contributor()).get(f"/submissions/{proposal.pk}/").status_code == 200


@pytest.mark.parametrize("sources", DAMAGED_SOURCES, ids=str)
def test_one_with_damaged_sources_is_corrected_by_a_patch(proposal: Proposal, sources: Any) -> None:
    store(proposal, {**proposal.payload, "sources": sources})

    answer = by_token(moderator()).send("POST", f"{API}{proposal.pk}/approve/", {"patch": {"sources": []}})

    assert (answer.status_code, Paper.objects.get(name="Vim").sources) == (200, [])


@pytest.mark.parametrize("sources", DAMAGED_SOURCES, ids=str)
def test_undoing_leaves_out_sources_that_cannot_be_read(sources: Any) -> None:
    paper = make_paper(name="Vim", year=2020)
    revision = make_revision("paper", entry=paper, year=2021)
    former = Revision.objects.of("paper", paper.pk).get(number=1)
    damage(former, snapshot={**former.snapshot, "sources": sources})

    workflow.undo(revision=revision, actor=moderator(), reason="Wrong.")

    assert Paper.objects.values_list("year", "sources").get() == (2020, [])


def test_damage_beside_a_new_proposal_of_the_same_author() -> None:
    for payload in (*NO_OBJECTS, {"name": []}, {"name": {}}):
        store(propose(name="Vim"), payload)

    assert propose(name="Vim").payload["name"] == "Vim"


@pytest.mark.parametrize("stored", NO_OBJECTS, ids=str)
def test_an_edit_made_from_a_damaged_revision_is_not_rebased(stored: Any) -> None:
    paper = make_paper(name="Vim")
    proposal = propose_edit(paper, year=2021)
    make_revision("paper", entry=paper, notes="New.")
    damage(Revision.objects.of("paper", paper.pk).get(number=1), snapshot=stored)

    with pytest.raises(Conflict, match="Revision 1 is damaged"):
        workflow.rebase(proposal=proposal, actor=contributor())
