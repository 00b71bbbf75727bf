"""The form that verifies a result, where its evidence is shown afterwards, and the list of what is left to check."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts.models import User
from catalog.forms.rows import SourceRow
from catalog.kinds.result.model import Result
from catalog.models import Revision
from submissions.admin.entries import entry_admin_url
from submissions.admin.verifying import verify_url
from submissions.workflow import approve
from tests.factories import make_benchmark, make_many, make_paper, make_result
from tests.people import admin, contributor, moderator, person, propose_edit, signed_in
from tests.submissions.http import DONE, NO_FACTOR, ask, text_of

pytestmark = pytest.mark.django_db
WORK = "/admin/submissions/proposal/verification/"
EVIDENCE = "https://arxiv.org/abs/2301.12597"
STALE = "The entry has changed since you opened the page: it was at revision 7 and is at 1 now. Look at it once more."
FORM = {"base": "1", "tier": "checked", "evidence": EVIDENCE, "looked_at": "Page 5, Table 3"}


def live() -> Result:
    result: Result = Result.objects.with_references().get()
    return result


def post(user: User | None = None, form: dict[str, str] | None = None) -> Any:
    return signed_in(user or moderator()).post(verify_url(live()), {**FORM, **(form or {})})


class TestTheForm:
    def test_is_reached_from_the_results_admin_page(self) -> None:
        page = signed_in(moderator()).get(entry_admin_url(make_result())).content.decode()
        other = signed_in(moderator()).get(entry_admin_url(make_paper(name="Vim"))).content.decode()

        assert f'href="{verify_url(live())}"' in page
        assert "/verify/" not in other

    def test_shows_the_claim_its_source_and_how_far_it_was_checked(self) -> None:
        make_result(value="64.50", split="val", source_url=EVIDENCE, locator="Table 3")

        reply = signed_in(moderator()).get(verify_url(live()))

        text = text_of(reply)
        assert "64.50 accuracy: A paper on A benchmark, val" in text
        assert f"Its source: {EVIDENCE} , Table 3" in text
        assert "Now: Reported · History" in text
        assert reply.context["form"].initial == {"evidence": EVIDENCE}

    def test_shows_what_another_moderator_looked_at(self) -> None:
        make_result()
        post()

        text = text_of(signed_in(moderator("mary")).get(verify_url(live())))

        assert "Now: Checked against the source, by hedy, " in text
        assert f"“Checked against the source: Page 5, Table 3” Evidence: {EVIDENCE}" in text

    def test_publishes_and_leads_back(self) -> None:
        make_result()

        reply = post()

        assert (reply.status_code, reply["Location"]) == (302, entry_admin_url(live()))
        assert live().verification == "checked"

    @pytest.mark.parametrize(
        ("form", "status", "errors"),
        [
            ({"looked_at": ""}, 400, {"looked_at": ["Say which page, table and cell of the source you read."]}),
            ({"evidence": "p. 5"}, 400, {"evidence": ["Give the link to what you looked at."]}),
            ({"tier": "reported", "looked_at": ""}, 400, {"looked_at": ["Say why it does not count as checked."]}),
            ({"base": "7"}, 409, {"__all__": [STALE]}),
            ({"base": "x"}, 409, None),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, form: dict[str, str], status: int, errors: dict[str, list[str]] | None
    ) -> None:
        make_result()

        reply = post(form=form)

        assert reply.status_code == status
        assert errors is None or reply.context["form"].errors == errors
        assert f'value="{form.get("evidence", EVIDENCE)}"' in reply.content.decode()
        assert live().revision == 1

    def test_that_leaves_out_the_revision_is_refused(self) -> None:
        make_result()
        form = {key: value for key, value in FORM.items() if key != "base"}

        assert signed_in(moderator()).post(verify_url(live()), form).status_code == 409

    def test_is_not_offered_to_who_gave_the_value(self) -> None:
        make_result()
        approve(proposal=propose_edit(live(), author=moderator(), value="51.0"), actor=moderator("mary"))

        shown = text_of(signed_in(moderator()).get(verify_url(live())))

        assert "You gave this value yourself: let another moderator say how far it is checked." in shown
        assert "Publish the verification" not in shown
        assert post(form={"base": "2"}).status_code == 403
        assert post(moderator("mary"), {"base": "2"}).status_code == 302

    def test_another_kind_has_none(self) -> None:
        with pytest.raises(NoReverseMatch):
            verify_url(make_paper(name="Vim"))
        assert signed_in(moderator()).get("/admin/catalog/result/999/verify/").status_code == 404


def suspended() -> User:
    user = moderator("sue")
    user.suspend(because="Advertising.")
    return user


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (contributor, 403),
        (suspended, 403),
        (lambda: User.objects.create(username="tim", is_staff=True), NO_FACTOR),
        (moderator, DONE),
        (admin, DONE),
    ],
    ids=["contributor", "suspended moderator", "moderator without a second factor", "moderator", "admin"],
)
def test_who_may_verify(actor: Any, expected: int) -> None:
    make_result()

    status, _ = ask(signed_in(actor()), verify_url(live()), FORM)

    assert status == expected
    assert live().verification == ("checked" if expected == DONE else "reported")


def test_nobody_verifies_without_signing_in(client: Any) -> None:
    make_result()

    assert client.post(verify_url(live()), FORM).status_code == 302
    assert live().revision == 1


class TestTheEvidence:
    @pytest.fixture(autouse=True)
    def checked(self) -> None:
        make_result(value="64.50")
        post()

    def test_is_in_the_history(self, client: Any) -> None:
        text = text_of(client.get(f"{live().get_absolute_url()}history/"))

        assert "hedy" in text
        assert "Checked against the source: Page 5, Table 3" in text

    def test_is_on_the_page_and_among_sources_and_contributors(self, client: Any) -> None:
        page, blame = (client.get(f"{live().get_absolute_url()}{part}").content.decode() for part in ("", "blame/"))

        assert f'href="{EVIDENCE}"' in page
        assert f'href="{EVIDENCE}"' in blame
        assert "hedy" in blame

    def test_is_in_the_api(self, client: Any) -> None:
        given = client.get(f"/api/v1/results/{live().slug}/?include=provenance").json()
        revision = client.get(f"/api/v1/results/{live().slug}/revisions/2/").json()

        [row] = given["provenance"]["verification"]
        at = Revision.objects.get(number=2).at.isoformat()
        assert (row["value"], row["contributor"], row["approver"], row["source"]) == ("checked", "hedy", None, EVIDENCE)
        assert (row["revision"], row["at"]) == (2, at)
        assert revision["comment"] == "Checked against the source: Page 5, Table 3"

    def test_is_undone_from_the_history(self) -> None:
        revision = Revision.objects.get(number=2)

        reply = signed_in(moderator("mary")).post(
            reverse("admin:submissions_undo", args=[revision.pk]), {"reason": "Another table."}
        )

        assert (reply.status_code, live().verification) == (302, "reported")


@pytest.fixture
def results() -> None:
    """Two benchmarks: a large one with three results, of which one is checked, and a small one with one."""
    paper = make_paper(name="BLIP-2").slug
    large, small = make_benchmark(name="VQAv2").slug, make_benchmark(name="AI2D").slug
    own = {**SourceRow.empty(), "field": "value", "url": "https://a.example/", "confidence": "confirmed"}
    own["source_class"] = "list"
    rows: list[dict[str, Any]] = [
        {"name": "A", "benchmark": large, "source_url": "https://arxiv.org/abs/1", "verification": "checked"},
        {"name": "B", "benchmark": large, "source_url": "https://arxiv.org/abs/2"},
        {"name": "C", "benchmark": large, "source_url": "https://a.example/", "sources": [own]},
        {"name": "D", "benchmark": small, "verification": "checked-in-copy"},
        {"name": "E", "benchmark": large, "verification": "reproduced"},
    ]
    for number, row in enumerate(rows):
        make_result(paper=paper, value=str(number), **row)


def listed(query: str = "", status: int = 200) -> list[str]:
    reply = signed_in(moderator()).get(WORK + query)
    assert reply.status_code == status
    return [row.result.name for row in reply.context["rows"]]


@pytest.mark.usefixtures("results")
class TestTheWork:
    @pytest.mark.parametrize(
        ("query", "names"),
        [
            ("", ["B", "C", "D"]),
            ("?benchmark=ai2d", ["D"]),
            ("?tier=reported", ["B", "C"]),
            ("?tier=checked-in-copy", ["D"]),
            ("?source=primary", ["B"]),
            ("?source=list", ["C"]),
            ("?source=unknown", ["D"]),
            ("?source=index", []),
            ("?benchmark=vqav2&tier=reported&source=list", ["C"]),
        ],
    )
    def test_is_what_nobody_checked_at_its_source(self, query: str, names: list[str]) -> None:
        assert listed(query) == names

    @pytest.mark.parametrize("query", ["?benchmark=nothing", "?tier=checked", "?source=odd"])
    def test_an_unknown_filter_is_named(self, query: str) -> None:
        reply = signed_in(moderator()).get(WORK + query)

        assert (reply.status_code, list(reply.context["errors"])) == (400, [query[1:].partition("=")[0]])

    def test_links_to_the_source_and_to_verify(self) -> None:
        page = signed_in(moderator()).get(WORK).content.decode()

        assert f'href="{verify_url(Result.objects.get(name="B"))}"' in page
        assert 'href="https://arxiv.org/abs/2"' in page
        assert "No source" in page

    def test_takes_as_many_queries_for_many_results_as_for_few(self, django_assert_num_queries: Any) -> None:
        browser = signed_in(moderator())
        browser.get(WORK)
        queries = {}
        for query in ("", "?source=unknown", "?benchmark=vqav2"):
            with CaptureQueriesContext(connection) as few:
                browser.get(WORK + query)
            queries[query] = len(few)
        about = {"paper": "blip-2", "benchmark": "vqav2", "metric": "accuracy"}
        make_many("result", [{"name": f"R{number}", "value": f"{number}", **about} for number in range(10, 70)])

        for query, number in queries.items():
            with django_assert_num_queries(number):
                browser.get(WORK + query)


def test_the_list_is_for_moderators(client: Any) -> None:
    assert signed_in(person("bob")).get(WORK, follow=True).status_code == 403
    assert client.get(WORK).status_code == 302


def test_the_list_is_empty_when_all_is_checked() -> None:
    make_result(verification="checked")

    assert listed() == []
