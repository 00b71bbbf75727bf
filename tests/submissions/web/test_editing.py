"""From an entry to a proposal about it: edit, retire, merge, restore, flag."""

from typing import Any

import pytest
from django.test import Client

from catalog.kinds import KINDS
from catalog.ledger.publishing import retire
from catalog.ledger.trace import Trace
from catalog.models import Entry
from submissions.forms import rendered_form
from submissions.models import Proposal
from submissions.workflow import lock
from tests.factories import make_paper, make_result, make_revision
from tests.people import contributor, moderator, signed_in
from tests.submissions.test_forms import entry_of, posted

pytestmark = pytest.mark.django_db

SOURCE = "https://arxiv.org/abs/2204.14198"


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


def html(response: Any) -> str:
    return str(response.content.decode())


def form_of(entry: Entry, **changes: str) -> dict[str, str]:
    """What a browser posts of the edit form of an entry, submitted with a source."""
    kind = KINDS[entry.kind]
    data = posted(rendered_form(kind, kind.dump(entry)))
    return {**data, "base": str(entry.revision), "source": SOURCE, "submit": "1", **changes}


class TestEdit:
    @pytest.mark.parametrize("kind", KINDS)
    def test_the_form_begins_with_the_live_values_and_proposes_what_was_changed(self, ada: Client, kind: str) -> None:
        entry = entry_of(kind)
        address = f"{entry.get_absolute_url()}edit/"
        assert 'name="summary"' in html(ada.get(address))

        response = ada.post(address, form_of(entry, summary="New text."))

        proposal = Proposal.objects.get()
        assert response.headers["Location"] == proposal.get_absolute_url()
        live = KINDS[kind].dump(entry)
        assert proposal.payload == {**live, "summary": "New text."}
        assert (proposal.action, proposal.target_id, proposal.base) == ("edit", entry.pk, entry.revision)

    def test_a_change_of_nothing_is_refused(self, ada: Client) -> None:
        entry = entry_of("paper")

        response = ada.post(f"{entry.get_absolute_url()}edit/", form_of(entry))

        assert response.status_code == 400
        assert "Nothing is changed: the proposal is the same as the live entry." in html(response)

    def test_a_source_is_required_and_the_rest_stays(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")

        response = ada.post(f"{entry.get_absolute_url()}edit/", form_of(entry, summary="New text.", source=" "))

        page = html(response)
        assert response.status_code == 400
        assert 'aria-describedby="source-help source-error" required aria-invalid="true"' in page
        assert '<p class="trouble" id="source-error">Give a source' in page
        assert ">New text.</textarea>" in page

    def test_a_form_from_before_another_change_is_a_proposal_from_that_base(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")
        data = form_of(entry, summary="New text.")
        make_revision("paper", entry=entry, year=2022)

        ada.post(f"{entry.get_absolute_url()}edit/", data)

        assert Proposal.objects.get().base == 1

    @pytest.mark.parametrize("base", ["", "0", "99", "-1", "x"])
    def test_a_base_that_never_was_is_refused_and_the_form_has_the_present_one(self, ada: Client, base: str) -> None:
        entry = make_paper(name="Flamingo")

        reply = ada.post(f"{entry.get_absolute_url()}edit/", form_of(entry, summary="New text.", base=base))

        number = base if base == "99" else "0"
        assert (reply.status_code, reply.context["errors"], reply.context["base"]) == (
            400,
            {"__all__": [f"The entry has no revision {number} to start from."]},
            entry.revision,
        )
        assert not Proposal.objects.exists()

    def test_an_address_that_the_entry_had_before_still_edits_it(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")
        data = form_of(entry, summary="New text.")
        make_revision("paper", entry=entry, slug="flamingo-80b")

        ada.post("/papers/flamingo/edit/", data)

        assert Proposal.objects.get().target_id == entry.pk

    @pytest.mark.parametrize("page", ["edit", "retire"])
    def test_a_locked_entry_shows_the_reason_and_no_form(self, ada: Client, page: str) -> None:
        entry = make_paper(name="Flamingo")
        lock(entry=entry, actor=moderator(), reason="Under dispute.")
        address = f"{entry.get_absolute_url()}{page}/"

        for response in (ada.get(address), ada.post(address, form_of(entry, summary="New text.", comment="Twice."))):
            assert response.status_code == 403
            assert "This entry is locked: Under dispute." in html(response)
            assert 'href="/papers/flamingo/flag/"' in html(response)
            assert "<textarea" not in html(response)
        assert not Proposal.objects.exists()
        assert "<textarea" in html(signed_in(moderator()).get(address))

    def test_a_proposal_about_a_locked_entry_is_not_revised(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")
        ada.post("/papers/flamingo/edit/", form_of(entry, summary="New text."))
        lock(entry=entry, actor=moderator(), reason="Under dispute.")

        response = ada.get(f"/submissions/{Proposal.objects.get().pk}/revise/")

        assert (response.status_code, "<textarea" in html(response)) == (403, False)
        assert "This entry is locked: Under dispute." in html(response)

    def test_a_retired_entry_that_is_locked_is_not_restored(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")
        lock(entry=entry, actor=moderator(), reason="Under dispute.")
        retire(entry=entry, trace=Trace(contributor(), moderator(), comment="Twice."))

        response = ada.get("/papers/flamingo/restore/")

        assert (response.status_code, "<textarea" in html(response)) == (403, False)

    def test_ones_own_open_proposal_is_shown(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")
        address = f"{entry.get_absolute_url()}edit/"
        ada.post(address, form_of(entry, summary="New text."))

        assert "You have an open proposal for this entry" in html(ada.get(address))

    def test_what_was_typed_before_signing_in_is_there_after_it(self, client: Client) -> None:
        entry = make_paper(name="Flamingo")
        address = f"{entry.get_absolute_url()}edit/"
        client.post(address, form_of(entry, summary="Typed long."))
        client.force_login(contributor(), backend="django.contrib.auth.backends.ModelBackend")

        assert ">Typed long.</textarea>" in html(client.get(address))


class TestRetire:
    def test_retiring_is_proposed_with_a_reason(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")

        ada.post("/papers/flamingo/retire/", {"action": "retire", "comment": "Not a model."})

        proposal = Proposal.objects.get()
        assert (proposal.action, proposal.target_id, proposal.comment) == ("retire", entry.pk, "Not a model.")

    def test_a_reason_is_required(self, ada: Client) -> None:
        make_paper(name="Flamingo")

        response = ada.post("/papers/flamingo/retire/", {"action": "retire", "comment": ""})

        assert response.status_code == 400
        assert '<p class="trouble" id="comment-error">Say why.</p>' in html(response)

    @pytest.mark.parametrize("into", ["open-flamingo", "OpenFlamingo", "openflamingo "])
    def test_merging_names_the_entry_that_stays(self, ada: Client, into: str) -> None:
        make_paper(name="Flamingo")
        target = make_paper(name="OpenFlamingo", slug="open-flamingo")

        ada.post("/papers/flamingo/retire/", {"action": "merge", "into": into, "comment": "Twice."})

        proposal = Proposal.objects.get()
        assert (proposal.action, proposal.into_id) == ("merge", target.pk)

    @pytest.mark.parametrize(
        ("into", "message"),
        [
            ("", "There is no paper or model “” in the catalogue."),
            ("nobody", "There is no paper or model “nobody” in the catalogue."),
            ("flamingo", "Name the entry that stays: another one of the same kind."),
        ],
    )
    def test_a_merge_into_nothing_is_refused_beside_its_field(self, ada: Client, into: str, message: str) -> None:
        make_paper(name="Flamingo")

        response = ada.post("/papers/flamingo/retire/", {"action": "merge", "into": into, "comment": "Twice."})

        assert response.status_code == 400
        assert f'<p class="trouble" id="into-error">{message}</p>' in html(response)
        assert ">Twice.</textarea>" in html(response)


class TestRestore:
    def test_a_retired_entry_is_proposed_to_come_back(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")
        retire(entry=entry, trace=Trace(contributor(), moderator(), comment="By mistake."))
        assert "By mistake." in html(ada.get("/papers/flamingo/restore/"))

        ada.post("/papers/flamingo/restore/", {"comment": "It does exist."})

        proposal = Proposal.objects.get()
        assert (proposal.action, proposal.target_id) == ("restore", entry.pk)

    def test_a_live_entry_has_nothing_to_restore(self, ada: Client) -> None:
        make_paper(name="Flamingo")

        assert ada.get("/papers/flamingo/restore/").status_code == 404


class TestFlag:
    def test_anyone_signed_in_may_flag(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")

        ada.post("/papers/flamingo/flag/", {"comment": "The year is wrong."})

        proposal = Proposal.objects.get()
        assert (proposal.action, proposal.target_id, proposal.comment) == ("flag", entry.pk, "The year is wrong.")

    def test_flags_are_limited(self, ada: Client, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "flag": (1, 600)}
        make_paper(name="Flamingo")

        statuses = [
            ada.post("/papers/flamingo/flag/", {"comment": f"Wrong {number}."}).status_code for number in range(2)
        ]

        assert statuses == [302, 429]

    def test_strangers_sign_in_first(self, client: Client) -> None:
        make_paper(name="Flamingo")

        response = client.get("/papers/flamingo/flag/")

        assert response.headers["Location"] == "/accounts/login/?next=/papers/flamingo/flag/"


def test_a_missing_source_and_a_wrong_value_are_shown_together(ada: Client) -> None:
    entry = make_paper(name="Flamingo")

    page = html(ada.post("/papers/flamingo/edit/", form_of(entry, year="2222", source="")))

    assert "Ensure this value is less than or equal to 2100." in page
    assert "Give a source" in page


class TestWhatGoesWithIt:
    def test_the_form_lists_what_refers_to_the_entry(self, ada: Client) -> None:
        entry = make_paper(name="Flamingo")
        result = make_result(paper="flamingo")

        effects = ada.get("/papers/flamingo/retire/").context["effects"]

        assert (effects.referring.count, effects.referring.first) == (1, [result])
        assert (
            effects.blocker == f"{entry} cannot be retired while other entries refer to it: edit or merge them first."
        )

    def test_what_nothing_refers_to_can_go(self, ada: Client) -> None:
        make_paper(name="Flamingo")

        page = html(ada.get("/papers/flamingo/retire/"))

        assert "Nothing refers to it." in page
