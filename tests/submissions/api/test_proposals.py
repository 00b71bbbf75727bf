"""Proposing through the API, which uses the same forms, rules and queue as the pages."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from submissions import workflow
from submissions.models import Event, Proposal
from submissions.workflow import approve, lock, request_changes
from tests.factories import make_paper, make_result, make_revision
from tests.people import contributor, moderator, person, propose, propose_edit
from tests.submissions.api.conftest import API, SOURCE, ApiClient, by_session, by_token

pytestmark = pytest.mark.django_db


def ada() -> ApiClient:
    return by_token(contributor())


def problem(answer: Any) -> tuple[int, str, Any]:
    """Return the status, the fragment of the type, and the errors."""
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.status_code == body["status"]
    return answer.status_code, body["type"].partition("#problem-")[2], body.get("errors")


class TestCreate:
    def test_a_new_entry_waits_in_the_queue(self) -> None:
        answer = ada().send("POST", API, {"kind": "paper", "fields": {"name": "Vim", "year": 2024}, "source": SOURCE})

        proposal = Proposal.objects.get()
        assert answer.status_code == 201
        assert answer["Location"] == f"http://127.0.0.1:8000{API}{proposal.pk}/"
        assert answer["ETag"] == 'W/"v1-1"'
        assert answer["Cache-Control"] == "private, no-store"
        assert answer.json() == {
            "id": proposal.pk,
            "url": f"http://127.0.0.1:8000{API}{proposal.pk}/",
            "html_url": f"http://127.0.0.1:8000/submissions/{proposal.pk}/",
            "kind": "paper",
            "action": "create",
            "status": "pending",
            "name": "Vim",
            "slug": None,
            "base": None,
            "into": None,
            "fields": {**KINDS["paper"].form.empty(), "name": "Vim", "year": 2024},
            "additions": {},
            "source": SOURCE,
            "comment": "",
            "author": "ada",
            "batch": None,
            "twins": [],
            "version": 1,
            "submitted": proposal.submitted_at.isoformat(),
            "updated": proposal.updated_at.isoformat(),
            "claimed_by": None,
            "takes_two": False,
            "seconded_by": None,
            "decision": None,
            "effects": None,
            "events": [{"verb": "submit", "by": "ada", "at": proposal.submitted_at.isoformat(), "comment": ""}],
        }

    def test_errors_are_reported_at_the_keys_that_were_sent(self) -> None:
        fields = {"name": "", "links": [{"kind": "code", "url": "javascript:alert(1)", "label": ""}]}
        answer = ada().send("POST", API, {"kind": "paper", "fields": fields, "source": "x" * 501})
        assert problem(answer) == (422, "invalid-fields", {"source": ["At most 500 characters."]})

        answer = ada().send("POST", API, {"kind": "paper", "fields": fields})
        status, kind, errors = problem(answer)
        assert (status, kind, list(errors), sorted(errors["fields"])) == (
            422,
            "invalid-fields",
            ["fields"],
            ["links", "name"],
        )
        assert errors["fields"]["links"][0].startswith("row 1, url: ")

    def test_unknown_keys_and_wrong_types_are_refused_by_name(self) -> None:
        fields = {"name": "Vim", "year": "next", "colour": "red"}
        answer = ada().send("POST", API, {"kind": "paper", "fields": fields, "source": SOURCE})
        status, _, errors = problem(answer)
        assert (status, sorted(errors["fields"])) == (422, ["colour", "year"])

    @pytest.mark.parametrize(
        ("body", "errors"),
        [
            ({}, {"kind": ["This member must be given."]}),
            ({"kind": 1}, {"kind": ["Must be text."]}),
            (
                {"kind": "film"},
                {"kind": [f"“film” is not one of: {', '.join(KINDS)}."]},
            ),
            ({"kind": "paper", "fields": []}, {"fields": ["Must be an object."]}),
            (
                {"kind": "paper", "color": 1},
                {
                    "color": [
                        (
                            "There is no such member here. Allowed: kind, action, slug, fields, additions, into, "
                            "source, comment."
                        )
                    ]
                },
            ),
            ({"kind": "paper", "slug": "x"}, {"slug": ["A new entry gets its slug when it is published."]}),
            ({"kind": "paper", "into": "x"}, {"into": ["Only for a merge."]}),
        ],
    )
    def test_the_body_is_read_strictly(self, body: Any, errors: Any) -> None:
        assert problem(ada().send("POST", API, body)) == (422, "invalid-fields", errors)

    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"[]",
            b'"x"',
            b"NaN",
            b'{"kind": NaN}',
            b"\xff",
            b'{"kind": "paper", "source": "\\u0000"}',
            b'{"kind": "paper", "source": "\\ud800"}',
            b"[" * 5000,
            b'{"a":' * 200 + b"1" + b"}" * 200,
        ],
    )
    def test_what_is_no_json_object_is_a_400(self, body: bytes) -> None:
        assert problem(ada().send("POST", API, body))[0] == 400

    def test_another_media_type_is_a_415(self) -> None:
        assert problem(ada().post(API, {"kind": "paper"}))[0] == 415

    def test_the_same_again_leads_to_the_first(self) -> None:
        body = {"kind": "paper", "fields": {"name": "Vim"}, "source": SOURCE}
        first = ada().send("POST", API, body).json()
        answer = ada().send("POST", API, body)
        assert problem(answer) == (409, "already-proposed", None)
        assert answer.json()["proposal"] == first["url"]


class TestEdit:
    def test_a_merge_patch_is_laid_over_the_live_fields(self) -> None:
        paper = make_paper(name="Vim", year=2024, venue="ICML", aliases=["Vision Mamba", "ViM"])
        body = {
            "kind": "paper",
            "action": "edit",
            "slug": "vim",
            "fields": {"year": 2023, "venue": None, "aliases": ["ViM"]},
            "source": SOURCE,
        }
        answer = ada().send("POST", API, body)

        assert answer.status_code == 201
        proposed = answer.json()
        assert (proposed["slug"], proposed["base"], proposed["action"]) == ("vim", 1, "edit")
        live = KINDS["paper"].dump(paper)
        assert proposed["fields"] == {**live, "year": 2023, "venue": "", "aliases": ["ViM"]}

    def test_what_is_read_can_be_changed_and_posted_back(self) -> None:
        paper = make_paper(name="Vim", year=2024)
        fields = {**KINDS["paper"].dump(paper), "year": 2023}
        # a null means the empty value, in a payload as in a patch
        body = {"kind": "paper", "action": "edit", "slug": "vim", "fields": fields, "source": SOURCE}
        assert ada().send("POST", API, body).json()["fields"] == fields

    def test_an_edit_needs_a_source_and_a_change(self) -> None:
        make_paper(name="Vim", year=2024)
        body = {"kind": "paper", "action": "edit", "slug": "vim", "fields": {"year": 2023}}
        assert problem(ada().send("POST", API, body))[2] == {"source": ["Give a source: its URL, or how to find it."]}
        body = {**body, "fields": {}, "source": SOURCE}
        assert problem(ada().send("POST", API, body))[2] == {
            "__all__": ["Nothing is changed: the proposal is the same as the live entry."]
        }

    @pytest.mark.parametrize(
        ("sent", "status"),
        [('W/"r2-abc"', 201), ('"r2-abc"', 201), ("*", 201), ('W/"r1-abc"', 412), ('"other"', 412), ("", 412)],
    )
    def test_if_match_refuses_a_stale_base(self, sent: str, status: int) -> None:
        paper = make_paper(name="Vim", year=2024)
        make_revision("paper", paper, year=2023)
        body = {"kind": "paper", "action": "edit", "slug": "vim", "fields": {"year": 2022}, "source": SOURCE}

        answer = ada().send("POST", API, body, If_Match=sent)

        assert answer.status_code == status
        if status == 412:
            assert (problem(answer)[1], answer.json()["revision"]) == ("stale-base", 2)
            assert not Proposal.objects.exists()

    def test_if_match_without_an_entry_is_an_error(self) -> None:
        answer = ada().send("POST", API, {"kind": "paper", "fields": {"name": "Vim"}}, If_Match='"r1-x"')
        assert problem(answer)[0] == 400

    def test_a_moved_entry_is_hinted_at(self) -> None:
        paper = make_paper(name="Vim")
        make_revision("paper", paper, slug="vision-mamba")
        body = {"kind": "paper", "action": "edit", "slug": "vim", "fields": {"year": 2023}, "source": SOURCE}
        assert problem(ada().send("POST", API, body))[2] == {
            "slug": ["There is no paper or model “vim” in the catalogue. It is “vision-mamba” now."]
        }

    def test_a_locked_entry_is_a_403_for_contributors(self) -> None:
        lock(entry=make_paper(name="Vim"), actor=moderator(), reason="An edit war.")
        body = {"kind": "paper", "action": "edit", "slug": "vim", "fields": {"year": 2023}, "source": SOURCE}
        answer = ada().send("POST", API, body)
        assert (problem(answer)[0], answer.json()["detail"]) == (403, "This entry is locked: An edit war.")


class TestOtherActions:
    @pytest.mark.parametrize("action", ["retire", "flag"])
    def test_they_need_a_reason_and_take_no_fields(self, action: str) -> None:
        make_paper(name="Vim")
        body = {"kind": "paper", "action": action, "slug": "vim"}
        assert problem(ada().send("POST", API, body))[2] == {"comment": ["Say why."]}
        assert list(problem(ada().send("POST", API, {**body, "fields": {"year": 1}}))[2]) == ["fields"]

        done = ada().send("POST", API, {**body, "comment": "It is a duplicate."}).json()
        assert (done["action"], done["slug"], done["fields"]) == (action, "vim", None)

    def test_a_merge_names_the_entry_that_stays(self) -> None:
        make_paper(name="Vim")
        make_paper(name="Vision Mamba")
        body = {"kind": "paper", "action": "merge", "slug": "vim", "comment": "Duplicates."}
        assert list(problem(ada().send("POST", API, body))[2]) == ["into"]
        assert list(problem(ada().send("POST", API, {**body, "into": "vim"}))[2]) == ["into"]

        done = ada().send("POST", API, {**body, "into": "vision-mamba"}).json()
        assert (done["slug"], done["into"]) == ("vim", "vision-mamba")

    def test_the_answer_says_what_refers_to_the_entry_and_why_it_cannot_go(self) -> None:
        paper, other = make_paper(name="Vim"), make_paper(name="Vision Mamba")
        origin = {"relation": "initialised-from", "paper": "vim"}
        make_paper(name="Child", origins=[origin])
        make_revision("paper", other, origins=[origin])
        body = {"kind": "paper", "action": "retire", "slug": "vim", "comment": "Not here."}

        retirement = ada().send("POST", API, body).json()
        merge = ada().send("POST", API, {**body, "action": "merge", "into": "vision-mamba"}).json()

        effects = retirement["effects"]
        assert effects["blocker"] == "Vim cannot be retired while other entries refer to it: edit or merge them first."
        assert (effects["referring_count"], [row["slug"] for row in effects["referring"]], retirement["takes_two"]) == (
            2,
            ["vision-mamba", "child"],
            True,
        )
        assert merge["effects"]["blocker"] == (
            "Vision Mamba refers to Vim, so the two cannot be merged: propose an edit of Vision Mamba first."
        )
        before = ada().send("GET", f"{API}{merge['id']}/")
        make_result(paper=paper.slug)
        after = ada().send("GET", f"{API}{merge['id']}/", If_None_Match=before["ETag"])
        assert (after.status_code, after.json()["effects"]["referring_count"]) == (200, 3)

    def test_a_retired_entry_can_be_proposed_for_restoring(self) -> None:
        paper = make_paper(name="Vim")
        body = {"kind": "paper", "action": "restore", "slug": "vim", "comment": "It was right."}
        assert list(problem(ada().send("POST", API, body))[2]) == ["slug"]
        retire = ada().send("POST", API, {**body, "action": "retire"}).json()
        for name in ("hedy", "mary"):
            approve(proposal=Proposal.objects.get(pk=retire["id"]), actor=moderator(name))

        done = ada().send("POST", API, body).json()
        assert (done["action"], done["slug"], done["base"]) == ("restore", "vim", paper.revision + 1)


class TestRead:
    def test_one_is_read_and_not_read_twice(self) -> None:
        proposal = propose(name="Vim")
        answer = ada().send("GET", f"{API}{proposal.pk}/")
        assert (answer.status_code, answer["ETag"]) == (200, 'W/"v1-1"')

        again = ada().send("GET", f"{API}{proposal.pk}/", If_None_Match=answer["ETag"])
        assert (again.status_code, again.content) == (304, b"")
        workflow.comment(proposal=proposal, actor=moderator(), comment="Which table?")
        assert ada().send("GET", f"{API}{proposal.pk}/", If_None_Match=answer["ETag"])["ETag"] == 'W/"v1-2"'

    def test_a_decision_names_the_revision(self) -> None:
        proposal = approve(proposal=propose(name="Vim"), actor=moderator(), comment="Fine.")
        decision = ada().send("GET", f"{API}{proposal.pk}/").json()["decision"]
        assert decision == {
            "by": "hedy",
            "at": (proposal.decided_at or proposal.submitted_at).isoformat(),
            "comment": "Fine.",
            "slug": "vim",
            "revision": 1,
        }

    def test_the_number_of_queries_is_constant(self) -> None:
        proposal = approve(proposal=propose(name="Vim"), actor=moderator())
        client = ada()
        client.send("GET", f"{API}{proposal.pk}/")
        with CaptureQueriesContext(connection) as few:
            client.send("GET", f"{API}{proposal.pk}/")
        for number in range(10):
            workflow.comment(proposal=proposal, actor=moderator(), comment=str(number))
        with CaptureQueriesContext(connection) as many:
            client.send("GET", f"{API}{proposal.pk}/")
        assert len(few) == len(many) <= 4


class TestList:
    def names(self, client: ApiClient, query: str = "") -> list[str]:
        answer = client.send("GET", f"{API}?{query}")
        assert answer.status_code == 200, answer.content
        return [row["name"] for row in answer.json()["results"]]

    def test_one_sees_ones_own_newest_first(self) -> None:
        for name in ("A1", "A2"):
            propose(name=name)
        propose(name="B1", author=person("bob"))
        assert self.names(ada()) == ["A2", "A1"]
        assert self.names(by_session(person("bob"))) == ["B1"]

    def test_only_moderators_see_the_queue(self) -> None:
        propose(name="A1")
        propose(name="B1", author=person("bob"))
        propose(name="A2")
        assert self.names(by_token(moderator()), "whose=all&order=queue") == ["A1", "B1", "A2"]
        assert problem(ada().send("GET", f"{API}?whose=all"))[0] == 403
        assert problem(by_token(moderator(), "read").send("GET", f"{API}?whose=all"))[0] == 403

    def test_it_is_filtered(self) -> None:
        paper = make_paper(name="Vim")
        propose(name="A1", topics=[])
        propose("dataset", name="D1")
        edit = propose_edit(paper, year=2023)
        workflow.claim(proposal=edit, actor=moderator())
        client = ada()
        assert self.names(client, "kind=dataset") == ["D1"]
        assert self.names(client, "action=edit") == ["Vim"]
        assert self.names(client, "slug=vim") == ["Vim"]
        assert self.names(client, "claimed=true") == ["Vim"]
        assert self.names(client, "claimed=false") == ["D1", "A1"]
        assert self.names(client, "status=approved") == []
        assert self.names(client, "topic=ethics") == []

    @pytest.mark.parametrize(
        ("query", "named"),
        [
            ("colour=red", "colour"),
            ("status=open", "status"),
            ("page_size=201", "page_size"),
            ("cursor=x", "cursor"),
            ("cursor=WyJuZXdlc3QiLCJ4IiwxXQ", "cursor"),
            ("cursor=WyJxdWV1ZSIsMSwieCIsMV0", "cursor"),
            ("cursor=WyJuZXdlc3QiLCI5OTk5LTEyLTMxVDIzOjU5OjU5LTE0OjAwIiwxXQ", "cursor"),
        ],
    )
    def test_a_bad_parameter_is_named(self, query: str, named: str) -> None:
        status, kind, errors = problem(ada().send("GET", f"{API}?{query}"))
        assert (status, kind, list(errors)) == (400, "bad-parameter", [named])

    @pytest.mark.parametrize("order", ["newest", "queue"])
    def test_pages_hold_each_once(self, order: str) -> None:
        for number in range(7):
            propose(name=f"A{number}")
        client, names = ada(), []
        path, counts = f"{API}?page_size=3&order={order}&count=true", []
        while path:
            page = client.send("GET", path).json()
            names += [row["name"] for row in page["results"]]
            counts.append(page["count"])
            path = (page["next"] or "").removeprefix("http://127.0.0.1:8000")
        assert sorted(names) == [f"A{number}" for number in range(7)]
        assert counts == [7, 7, 7]

    def test_the_number_of_queries_is_constant(self) -> None:
        client = by_token(moderator())
        for number in range(30):
            author = person(f"p{number % 5}")
            approve(proposal=propose(name=f"A{number}", author=author), actor=moderator())
        client.send("GET", f"{API}?whose=all&page_size=1")
        with CaptureQueriesContext(connection) as one:
            client.send("GET", f"{API}?whose=all&page_size=1")
        with CaptureQueriesContext(connection) as many:
            client.send("GET", f"{API}?whose=all&page_size=25")
        assert len(one) == len(many) <= 5


class TestRevise:
    def test_a_patch_changes_some_fields_and_keeps_the_source(self) -> None:
        proposal = propose_edit(make_paper(name="Vim", year=2024), year=2023)
        request_changes(proposal=proposal, actor=moderator(), reason="The venue too, please.")
        body = {"fields": {"venue": "ICML"}, "comment": "Done."}

        answer = ada().send("PATCH", f"{API}{proposal.pk}/", body, If_Match='W/"v2-2"')

        done = answer.json()
        assert (answer.status_code, answer["ETag"], done["status"]) == (200, 'W/"v3-3"', "pending")
        assert (done["fields"]["year"], done["fields"]["venue"], done["source"]) == (2023, "ICML", SOURCE)
        assert list(Event.objects.values_list("verb", flat=True)) == ["submit", "request-changes", "revise"]

    def test_a_value_that_a_patch_replaces_takes_its_sources_along(self) -> None:
        rows = [{"field": key, "url": SOURCE, "note": "", "confidence": "confirmed"} for key in ("year", "venue")]
        proposal = propose(name="Vim", year=2024, venue="ICML", sources=rows)

        def fields(**patch: Any) -> list[str]:
            answer = ada().send("PATCH", f"{API}{proposal.pk}/", {"fields": patch})
            return [row["field"] for row in answer.json()["fields"]["sources"]]

        assert fields(title="A title") == ["year", "venue"]
        assert fields(year=2023) == ["venue"]
        assert fields(venue="CVPR", sources=rows[1:]) == ["venue"]

    def test_a_put_replaces_the_payload(self) -> None:
        proposal = propose(name="Vim", year=2024)
        answer = ada().send("PUT", f"{API}{proposal.pk}/", {"fields": {"name": "Vision Mamba"}})
        assert answer.json()["fields"] == {**KINDS["paper"].form.empty(), "name": "Vision Mamba"}

    def test_another_version_is_refused(self) -> None:
        proposal = propose(name="Vim")
        answer = ada().send("PATCH", f"{API}{proposal.pk}/", {"fields": {"year": 2024}}, If_Match='W/"v7-1"')
        assert problem(answer)[:2] == (412, "changed-since")
        assert answer.json()["version"] == 1

    def test_errors_are_reported_and_nothing_changes(self) -> None:
        proposal = propose(name="Vim")
        answer = ada().send("PATCH", f"{API}{proposal.pk}/", {"fields": {"name": None, "year": 1}})
        assert sorted(problem(answer)[2]["fields"]) == ["name", "year"]
        assert Proposal.objects.get().version == 1

    def test_a_decided_one_is_a_conflict(self) -> None:
        proposal = approve(proposal=propose(name="Vim"), actor=moderator())
        answer = ada().send("PATCH", f"{API}{proposal.pk}/", {"fields": {"year": 2024}})
        assert (problem(answer)[0], answer.json()["detail"]) == (409, "hedy has approved this proposal already.")

    @pytest.mark.parametrize(
        ("verb", "body"),
        [("withdraw", {}), ("comment", {"comment": "Hello."}), ("approve", {}), ("reject", {"reason": "No."})],
    )
    def test_a_verb_on_another_version_is_refused(self, verb: str, body: Any) -> None:
        proposal = propose(name="Vim")
        client = by_token(moderator()) if verb in ("approve", "reject") else ada()
        answer = client.send("POST", f"{API}{proposal.pk}/{verb}/", body, If_Match='W/"v7-1"')
        assert problem(answer)[:2] == (412, "changed-since")
        assert Proposal.objects.values_list("version", "status").get() == (1, "pending")

    def test_another_error_is_reported_first(self) -> None:
        proposal = propose(name="Vim")
        path = f"{API}{proposal.pk}/"
        wrong = {"If_Match": 'W/"v7-1"'}
        assert by_token(moderator()).send("POST", f"{path}withdraw/", {}, **wrong).status_code == 403
        assert ada().send("PATCH", path, {}, **wrong).status_code == 422
        assert ada().send("PATCH", path, {"fields": {"year": 1}}, **wrong).status_code == 422
