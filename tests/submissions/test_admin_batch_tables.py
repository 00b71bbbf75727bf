"""A moderator reviews a batch as one table: what each row says, what can be decided, and what becomes of it."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.result.model import Result
from submissions.models import Batch, Event, Proposal
from submissions.workflow import Target, claim, reject, request_changes
from tests.factories import make_benchmark, make_paper, make_result
from tests.people import contributor, moderator, propose, signed_in, submit_batch

pytestmark = pytest.mark.django_db
SOURCE = "https://owl.example.org/table"
ACCURACY = {"name": "accuracy", "unit": "percent", "minimum": "0", "maximum": "100", "direction": "higher"}
CELL = {"benchmark": "mmmu", "split": "val", "metric": "accuracy"}
MODELS = ("a", "b", "c", "d")


@pytest.fixture(autouse=True)
def catalogue() -> None:
    make_benchmark(name="MMMU", metrics=[ACCURACY], splits=[{"name": "val"}])
    for name in MODELS:
        make_paper(name=f"Model {name}", slug=name)


def a_batch(*values: str, author: Any = None, **more: Any) -> Batch:
    """A batch with a value for each model."""
    kind = KINDS["result"]
    payloads = [
        {**CELL, "paper": MODELS[at % len(MODELS)], "value": value, "source_url": SOURCE, **more}
        for at, value in enumerate(values)
    ]
    author = author or contributor()
    return submit_batch(author=author, name="A table", items=[(kind, one, None) for one in payloads], source=SOURCE)[0]


def address(batch: Batch) -> str:
    return f"/admin/submissions/proposal/batch/{batch.pk}/table/"


def states(response: Any) -> list[tuple[str, str, list[str]]]:
    """Value, state and chosen decision of each row."""
    return [
        (
            decided.row.shown.payload.get("value"),
            decided.row.shown.state.value,
            [choice.value for choice in decided.choices if choice.checked],
        )
        for decided in response.context["rows"]
    ]


def post(client: Client, batch: Batch, *decisions: str, **more: Any) -> Any:
    """Record decisions, in the order of the rows."""
    proposals = list(batch.proposals.order_by("pk"))
    data: dict[str, Any] = {f"version-{one.pk}": one.version for one in proposals}
    data |= {f"decision-{one.pk}": decision for one, decision in zip(proposals, decisions, strict=False)}
    return client.post(address(batch), {**data, **more})


def statuses(batch: Batch) -> list[str]:
    return list(batch.proposals.order_by("pk").values_list("status", flat=True))


def told(response: Any) -> list[tuple[str, str]]:
    return [(verb.name, said) for _, verb, said in response.context["told"]]


@pytest.fixture
def hedy() -> Client:
    return signed_in(moderator())


class TestPage:
    def test_each_row_says_what_it_is_and_what_contradicts_the_record_starts_undecided(self, hedy: Client) -> None:
        make_result(**CELL, paper="b", value="50.0")
        make_result(**CELL, paper="c", value="70.0")

        response = hedy.get(address(a_batch("61.0", "50.0", "64.5")))

        assert states(response) == [
            ("61.0", "new", ["approve"]),
            ("50.0", "second source", ["approve"]),
            ("64.5", "rival", [""]),
        ]
        page = " ".join(response.content.decode().split())
        assert "<b>1</b> new, <b>1</b> second source, <b>1</b> rival." in page
        assert "owl.example.org</a>" in page

    def test_a_number_far_from_all_others_starts_undecided(self, hedy: Client) -> None:
        for number in range(5):
            make_result(**CELL, paper=make_paper(name=f"Known {number}").slug, value=f"{50 + 5 * number}.0")

        response = hedy.get(address(a_batch("6.45", "39.9", "40.0", "80.1")))

        assert states(response) == [
            ("6.45", "far off", [""]),
            ("39.9", "far off", [""]),
            ("40.0", "new", ["approve"]),
            ("80.1", "far off", [""]),
        ]
        assert "a slip of the point, or another scale?" in response.content.decode()

    def test_the_board_is_shown_with_the_rows_to_be_approved(self, hedy: Client) -> None:
        make_result(**CELL, paper="c", value="70.0")
        batch = a_batch("61.0", "50.0", "64.5")

        [board] = hedy.get(address(batch)).context["boards"]
        assert [(row.model, row.is_proposed) for row in board.rows] == [
            ("Model c", False),
            ("Model a", True),
            ("Model b", True),
        ]
        changed = post(hedy, batch, "", "approve", "approve", preview="1")
        assert [row.model for row in changed.context["boards"][0].rows if row.is_proposed] == ["Model b"]
        assert states(changed)[0] == ("61.0", "new", [""])
        assert statuses(batch) == ["pending"] * 3

    def test_it_is_linked_from_the_queue_the_batch_and_the_proposal(self, hedy: Client) -> None:
        batch = a_batch("61.0")
        queue = "/admin/submissions/proposal/"
        pages = [queue, f"{queue}?batch={batch.pk}", f"{queue}{Proposal.objects.get().pk}/change/"]

        assert [f'href="{address(batch)}"' in hedy.get(page).content.decode() for page in pages] == [True] * 3

    def test_a_batch_of_another_kind_has_no_table(self, hedy: Client) -> None:
        items = [(KINDS["paper"], {"name": "One"}, None)]
        batch, _ = submit_batch(author=contributor(), name="A list", items=items, source=SOURCE)

        assert hedy.get(address(batch)).status_code == 404
        assert address(batch) not in hedy.get("/admin/submissions/proposal/").content.decode()
        assert hedy.get("/admin/submissions/proposal/batch/999/table/").status_code == 404

    def test_only_moderators_see_it(self, client: Client) -> None:
        batch = a_batch("61.0")

        assert signed_in(contributor()).get(address(batch), follow=True).status_code == 403
        assert client.get(address(batch)).status_code == 302

    def test_ones_own_and_what_waits_for_its_author_cannot_be_decided(self, hedy: Client) -> None:
        batch = a_batch("61.0", "50.0", author=moderator("mary"))
        request_changes(proposal=batch.proposals.order_by("pk")[0], actor=moderator("third"), reason="Which split?")

        closed = [decided.closed for decided in hedy.get(address(batch)).context["rows"]]
        own = [decided.closed for decided in signed_in(moderator("mary")).get(address(batch)).context["rows"]]

        assert closed == ["Changes requested.", ""]
        assert own == ["Your own: somebody else decides."] * 2

    def test_two_hundred_rows_take_as_many_queries_as_two(self, hedy: Client) -> None:
        counts = []
        for many in (2, 200):
            batch = a_batch(*(f"{at / 4}" for at in range(many)))
            hedy.get(address(batch))
            with CaptureQueriesContext(connection) as queries:
                assert len(hedy.get(address(batch)).context["rows"]) == many
            counts.append(len(queries))
            Proposal.objects.update(status="withdrawn")

        assert counts[0] == counts[1]

    def test_a_damaged_proposal_is_told_and_breaks_nothing(self, hedy: Client) -> None:
        batch = a_batch("61.0", "50.0")
        Proposal.objects.filter(pk=batch.proposals.order_by("pk")[0].pk).update(payload={"value": 3})

        assert [state for _, state, _ in states(hedy.get(address(batch)))] == ["unreadable", "new"]

    def test_what_is_not_in_the_table_is_counted(self, hedy: Client) -> None:
        batch = a_batch("61.0")
        other = propose(name="A paper")
        Proposal.objects.filter(pk=other.pk).update(batch=batch)

        assert hedy.get(address(batch)).context["others"] == 1


class TestDecisions:
    def test_each_row_is_decided_by_itself_and_told(self, hedy: Client) -> None:
        batch = a_batch("61.0", "50.0", "64.5", "70.0")
        second = batch.proposals.order_by("pk")[1].pk

        response = post(
            hedy,
            batch,
            "approve",
            "reject",
            "request-changes",
            "",
            reason="See the table.",
            **{f"reason-{second}": "No."},
        )

        assert statuses(batch) == ["approved", "rejected", "changes-requested", "pending"]
        assert told(response) == [
            ("approve", "Approved."),
            ("reject", "Rejected."),
            ("request-changes", "Sent back to its author."),
        ]
        assert list(Result.objects.values_list("value", flat=True)) == ["61.0"]
        words = dict(Event.objects.filter(verb__in=["reject", "request-changes"]).values_list("verb", "comment"))
        assert words == {"reject": "No.", "request-changes": "See the table."}

    def test_nothing_is_done_while_a_reason_is_missing(self, hedy: Client) -> None:
        batch = a_batch("61.0", "50.0")

        response = post(hedy, batch, "approve", "reject", reason=" ")

        assert response.status_code == 400
        assert [decided.error for decided in response.context["rows"]] == ["", "Say why: its author reads it."]
        assert [chosen for *_, chosen in states(response)] == [["approve"], ["reject"]]
        assert statuses(batch) == ["pending", "pending"]

    def test_all_that_is_plain_can_be_approved_at_once(self, hedy: Client) -> None:
        make_result(**CELL, paper="c", value="70.0")
        batch = a_batch("61.0", "50.0", "64.5", "70.0")

        response = post(hedy, batch, "", "reject", "approve", "", all="plain")

        assert told(response) == [("approve", "Approved."), ("approve", "Approved.")]
        assert statuses(batch) == ["approved", "pending", "pending", "approved"]

    def test_what_changed_since_is_refused_and_the_others_are_not(self, hedy: Client) -> None:
        batch = a_batch("61.0", "50.0", "64.5")
        first, second, _ = batch.proposals.order_by("pk")
        data = {f"version-{one.pk}": one.version for one in (first, second)}
        claim(proposal=first, actor=moderator("mary"))
        reject(proposal=second, actor=moderator("mary"), reason="No.")

        response = hedy.post(
            address(batch), {**data, f"decision-{first.pk}": "approve", f"decision-{second.pk}": "approve"}
        )

        assert told(response) == [
            ("approve", "Somebody changed this proposal a moment ago. Look at it once more."),
            ("approve", "mary has rejected this proposal already."),
        ]
        assert statuses(batch) == ["pending", "rejected", "pending"]

    def test_what_the_page_did_not_show_is_not_decided(self, hedy: Client) -> None:
        batch = a_batch("61.0", "50.0", "64.5")
        first, second, third = batch.proposals.order_by("pk")
        shown = {f"version-{first.pk}": first.version}

        hedy.post(address(batch), {**shown, f"decision-{second.pk}": "approve", "all": "plain"})

        assert statuses(batch) == ["approved", "pending", "pending"]
        hedy.post(address(batch), {f"decision-{third.pk}": "approve"})
        assert statuses(batch) == ["approved", "pending", "pending"]

    def test_edits_and_what_adds_to_other_entries_are_reviewed_by_themselves(self, hedy: Client) -> None:
        ada, kind = contributor(), KINDS["result"]
        live = make_result(**CELL, paper="a", value="61.0", source_url=SOURCE)
        edit = {**kind.dump(live), "value": "88.1"}
        items = [
            (kind, edit, Target.live(live)),
            (kind, {**CELL, "paper": "b", "value": "50", "source_url": SOURCE}, None),
        ]
        batch, _ = submit_batch(author=ada, name="A table", items=items, source=SOURCE)
        new = batch.proposals.get(action="create")

        assert [row.proposal for row in (one.row for one in hedy.get(address(batch)).context["rows"])] == [new]
        post(hedy, batch, "approve", "approve", all="plain")
        assert statuses(batch) == ["pending", "approved"]
        assert hedy.get(address(batch)).status_code == 404

        adding = a_batch("70.0", author=ada)
        adding.proposals.update(additions={"split": {"name": "dev"}})
        assert hedy.get(address(adding)).status_code == 404

    def test_out_of_bounds_cannot_be_approved(self, hedy: Client) -> None:
        batch = a_batch("61.0", "90.0")
        Benchmark.objects.update(metrics=[{**ACCURACY, "aliases": [], "maximum": "80", "primary": False, "note": ""}])

        shown = hedy.get(address(batch)).context["rows"][1]
        response = post(hedy, batch, "approve", "approve")

        assert [choice.disabled for choice in shown.choices] == [True, False, False, False]
        assert told(response)[0] == ("approve", "Approved.")
        assert told(response)[1][1].startswith("90.0, but accuracy lies between 0 and 80 percent")
        assert statuses(batch) == ["approved", "pending"]

    def test_a_duplicate_cannot_be_approved(self, hedy: Client) -> None:
        batch = a_batch("61.0")
        make_result(**CELL, paper="a", value="61.0", source_url=SOURCE)

        assert [state for _, state, _ in states(hedy.get(address(batch)))] == ["duplicate"]
        assert "says the same already" in told(post(hedy, batch, "approve"))[0][1]
        assert statuses(batch) == ["pending"]

    def test_nobody_decides_on_their_own(self) -> None:
        batch = a_batch("61.0", "50.0", author=moderator("mary"))

        response = post(signed_in(moderator("mary")), batch, "approve", "reject", reason="No.")

        assert [said for _, said in told(response)] == ["Nobody decides on their own proposal."] * 2
        assert statuses(batch) == ["pending", "pending"]

    def test_decisions_that_are_none_and_rows_of_others_do_nothing(self, hedy: Client) -> None:
        batch, other = a_batch("61.0"), a_batch("50.0", author=contributor("bob"))
        foreign = other.proposals.get().pk

        response = post(hedy, batch, "publish", **{f"decision-{foreign}": "approve"})

        assert told(response) == []
        assert "No row had a decision, so nothing was done." in response.content.decode()
        assert statuses(batch) + statuses(other) == ["pending", "pending"]
