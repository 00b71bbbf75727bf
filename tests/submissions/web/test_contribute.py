"""From a pasted line or an empty form to a proposal: what is shown, what is refused, and that nothing typed is lost."""

from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from catalog.kinds import KINDS
from submissions.models import Proposal
from tests.factories import make_benchmark, make_paper
from tests.people import contributor, signed_in

pytestmark = pytest.mark.django_db

LINE = "2024 | Qwen2-VL | https://arxiv.org/abs/2409.12191 | Takes images at any resolution"


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


def html(response: Any) -> str:
    return str(response.content.decode())


class TestContribute:
    def test_everybody_may_see_how_it_goes(self, client: Client) -> None:
        response = client.get("/contribute/")

        assert response.status_code == 200
        for kind in KINDS.values():
            assert f'href="/contribute/{kind.plural}/"' in html(response)


class TestPaste:
    def test_a_line_fills_the_form_of_its_kind(self, ada: Client) -> None:
        response = ada.post("/contribute/paste/", {"text": LINE})

        assert response.status_code == 200
        assert 'action="/contribute/papers/"' in html(response)
        assert 'name="name" value="Qwen2-VL"' in html(response)
        assert 'name="source" value="https://arxiv.org/abs/2409.12191"' in html(response)

    def test_the_form_is_usable_where_nothing_can_be_fetched(self, ada: Client) -> None:
        response = ada.post("/contribute/paste/", {"text": "2409.12191"})

        assert response.status_code == 200
        assert (
            "Reading from other sites is switched off here; please check the form and fill in what is missing."
            in html(response)
        )

    def test_what_is_there_already_is_offered_to_edit(self, ada: Client) -> None:
        make_paper(name="Qwen2 VL", arxiv_id="2409.12191")

        response = ada.post("/contribute/paste/", {"text": LINE})

        assert "same arXiv id 2409.12191" in html(response)
        assert 'href="/papers/qwen2-vl/edit/"' in html(response)

    def test_an_unreadable_input_is_reported_and_stays(self, ada: Client) -> None:
        response = ada.post("/contribute/paste/", {"text": "what is this?"})

        assert response.status_code == 400
        assert ">what is this?</textarea>" in html(response)
        assert 'aria-describedby="paste-help paste-error"' in html(response)

    def test_what_was_understood_is_shown(self, ada: Client) -> None:
        response = ada.post("/contribute/paste/", {"text": LINE})

        assert "Read from what you pasted: Name, Summary, Year, Links, arXiv id." in html(response)

    def test_two_lines_become_two_drafts_of_a_batch(self, ada: Client) -> None:
        text = f"{LINE}\n2023 | Another | https://arxiv.org/abs/2301.00001 | Words"

        page = html(ada.post("/contribute/paste/", {"text": text}))

        assert 'action="/contribute/batch/"' in page
        assert "2 entries were read:" in page
        data = {"text": text, "take": ["0", "1"], "chosen": "1", "submit": "1", "name": "Two", "source": "A talk"}
        ada.post("/contribute/batch/", data)
        assert list(Proposal.objects.order_by("pk").values_list("name", flat=True)) == ["Qwen2-VL", "Another"]

    def test_the_address_alone_leads_to_where_one_pastes(self, ada: Client) -> None:
        assert ada.get("/contribute/paste/").headers["Location"] == "/contribute/"

    def test_too_many_proposals_are_refused_with_the_time_to_retry(self, ada: Client, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "paste": (2, 600)}

        statuses = [ada.post("/contribute/paste/", {"text": LINE}).status_code for _ in range(3)]
        response = ada.post("/contribute/paste/", {"text": LINE})

        assert statuses == [200, 200, 429]
        assert 0 < int(response.headers["Retry-After"]) <= 600


class TestSigningInOnTheWay:
    def test_what_was_pasted_before_signing_in_is_read_after_it(self, client: Client) -> None:
        response = client.post("/contribute/paste/", {"text": LINE})
        assert response.headers["Location"] == "/accounts/login/?next=/contribute/paste/"
        assert [str(message) for message in get_messages(response.wsgi_request)] == [
            "Sign in to go on. What you wrote is kept and will be in its form again."
        ]

        client.force_login(contributor(), backend="django.contrib.auth.backends.ModelBackend")

        assert 'name="name" value="Qwen2-VL"' in html(client.get("/contribute/paste/"))
        assert client.get("/contribute/paste/").status_code == 302  # shown once

    def test_a_form_sent_after_the_session_ended_is_filled_again_and_not_sent(self, client: Client) -> None:
        client.post("/contribute/papers/", {"name": "Qwen2-VL", "comment": "why", "submit": "1"})
        client.force_login(contributor(), backend="django.contrib.auth.backends.ModelBackend")

        response = client.get("/contribute/papers/")

        assert 'name="name" value="Qwen2-VL"' in html(response)
        assert ">why</textarea>" in html(response)
        assert not Proposal.objects.exists()

    def test_more_than_a_session_holds_is_reported(self, client: Client) -> None:
        response = client.post("/contribute/papers/", {"name": "x" * 100_001})

        assert "unsent" not in client.session
        assert [str(message) for message in get_messages(response.wsgi_request)] == [
            "Sign in first. What you sent could not be kept: go back in your browser to copy it."
        ]

    def test_strangers_cannot_fill_the_store(self, client: Client, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "keep": (2, 600)}

        stored = []
        for _ in range(3):
            stranger = Client()
            stranger.post("/contribute/papers/", {"name": "x"})
            stored.append("unsent" in stranger.session)

        assert stored == [True, True, False]


class TestNew:
    @pytest.mark.parametrize("plural", [kind.plural for kind in KINDS.values()])
    def test_each_kind_has_a_form(self, ada: Client, plural: str) -> None:
        response = ada.get(f"/contribute/{plural}/")

        assert response.status_code == 200
        assert 'name="submit"' in html(response)

    def test_a_link_may_fill_fields(self, ada: Client) -> None:
        make_benchmark(name="MMMU")

        response = ada.get("/contribute/results/?" + urlencode({"benchmark": "MMMU", "metric": "accuracy", "x": "y"}))

        assert 'name="benchmark" value="mmmu"' in html(response)
        assert 'name="metric" value="accuracy"' in html(response)

    def test_a_submitted_form_is_a_proposal(self, ada: Client) -> None:
        response = ada.post(
            "/contribute/papers/",
            {"name": "Qwen2-VL", "year": "2024", "source": "https://arxiv.org/", "comment": "New.", "submit": "1"},
        )

        proposal = Proposal.objects.get()
        assert response.headers["Location"] == f"/submissions/{proposal.pk}/"
        assert (proposal.author.username, proposal.action, proposal.source, proposal.comment) == (
            "ada",
            "create",
            "https://arxiv.org/",
            "New.",
        )
        assert (proposal.payload["name"], proposal.payload["year"]) == ("Qwen2-VL", 2024)

    def test_a_research_direction_is_proposed_like_the_rest(self, ada: Client) -> None:
        ada.post(
            "/contribute/topics/", {"name": "Grounding", "points": "One\r\nTwo", "source": "The report", "submit": "1"}
        )

        assert Proposal.objects.get().payload["points"] == ["One", "Two"]

    def test_sent_twice_is_one_proposal(self, ada: Client) -> None:
        data = {"name": "Qwen2-VL", "source": "The report", "submit": "1"}

        first, second = (ada.post("/contribute/papers/", data) for _ in range(2))

        assert Proposal.objects.count() == 1
        assert first.headers["Location"] == second.headers["Location"]

    @pytest.mark.parametrize(
        ("field", "value", "message"),
        [
            ("name", "", "This field is required."),
            ("name", "Qwen\u202e2", "Holds the invisible character U+202E; remove it."),
            ("name", "Qwen\x072", "Holds the invisible character U+0007; remove it."),
            ("title", "x" * 501, "Ensure this value has at most 500 characters (it has 501)."),
            ("year", "soon", "Write a whole number in digits alone, at most twelve of them."),
            ("released", "last May", "Write a date as 2024, 2024-09 or 2024-09-17."),
            ("architecture", "magic", "Select a valid choice. magic is not one of the available choices."),
            ("links-0-url", "javascript:alert(1)", "Not an address that starts with http:// or https://."),
            ("links-0-url", "data:text/html,x", "Not an address that starts with http:// or https://."),
        ],
    )
    def test_an_invalid_value_is_reported_at_its_field_and_stays(
        self, ada: Client, field: str, value: str, message: str
    ) -> None:
        data = {"name": "Qwen2-VL", "summary": "typed", "comment": "typed too", field: value, "submit": "1"}

        response = ada.post("/contribute/papers/", data)

        page = html(response)
        assert response.status_code == 400
        assert f'aria-describedby="q-{field}-error"' in page or f'q-{field}-help q-{field}-error"' in page
        assert message in page
        assert ">typed</textarea>" in page
        assert ">typed too</textarea>" in page
        assert value.replace("\x07", "\ufffd") in page  # no document holds U+0007
        assert not Proposal.objects.exists()

    def test_another_row_and_a_preview_send_nothing(self, ada: Client) -> None:
        row = ada.post("/contribute/papers/", {"name": "X", "add": "links"})
        preview = ada.post("/contribute/papers/", {"name": "X", "summary": "**bold**", "preview": "1"})

        assert 'name="links-1-url"' in html(row)
        assert "<strong>bold</strong>" in html(preview)
        assert not Proposal.objects.exists()

    def test_rows_and_previews_do_not_count_as_proposals(self, ada: Client, settings: Any) -> None:
        settings.LIMITS = {**settings.LIMITS, "propose": (1, 600)}

        statuses = [ada.post("/contribute/papers/", {"name": "X", "add": "links"}).status_code for _ in range(3)]
        forms = [{"name": f"X{n}", "source": "The report", "submit": "1"} for n in range(2)]
        statuses += [ada.post("/contribute/papers/", form).status_code for form in forms]

        assert statuses == [200, 200, 200, 302, 429]

    def test_a_suspended_account_reads_and_nothing_else(self) -> None:
        person = contributor()
        person.suspend(because="Spam.")
        client = signed_in(person)

        form = client.get("/contribute/papers/")
        response = client.post("/contribute/papers/", {"name": "X", "submit": "1"})

        assert "This account is read-only at the moment." in html(form)
        assert response.status_code == 403
        assert not Proposal.objects.exists()


class TestHelp:
    def test_duplicates_of_a_half_filled_form(self, ada: Client) -> None:
        make_paper(name="Flamingo")

        response = ada.post("/contribute/papers/twins/", {"name": "Flamngo"})

        assert "similar name" in html(response)
        assert 'href="/papers/flamingo/edit/"' in html(response)

    def test_a_picker_finds_entries_of_its_kind(self, client: Client) -> None:
        make_paper(name="Flamingo")
        make_benchmark(name="Flamingo board")

        assert client.get("/contribute/pick/paper/?q=flam").json() == {
            "entries": [{"slug": "flamingo", "name": "Flamingo"}]
        }

    @pytest.mark.parametrize("query", ["", "'", '"', "%", "*", "\x00", "a" * 1000, "( OR"])
    def test_a_picker_takes_anything(self, client: Client, query: str) -> None:
        assert client.get("/contribute/pick/paper/", {"q": query}).status_code == 200

    def test_there_is_nothing_to_pick_of_no_kind(self, client: Client) -> None:
        assert client.get("/contribute/pick/person/?q=a").status_code == 404

    def test_markdown_is_shown_as_the_page_will_show_it(self, ada: Client) -> None:
        text = "**a** <script>alert(1)</script> [x](javascript:alert(1))"

        response = ada.post("/contribute/preview/", {"text": text})

        assert html(response) == (
            "<p><strong>a</strong> &lt;script&gt;alert(1)&lt;/script&gt; [x](javascript:alert(1))</p>\n"
        )
