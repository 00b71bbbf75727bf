"""A list through the site: read, compared, ticked, and one proposal per entry in one batch."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from submissions.intake import batch as reading
from submissions.models import Batch, Proposal
from tests.factories import make_paper
from tests.people import contributor, signed_in

pytestmark = pytest.mark.django_db

LIST = """# A list

## Papers

- **BLIP-2** (2023) - [Bridges frozen models](https://arxiv.org/abs/2301.12597)
- **New Model** (2024) - [A vision-language model](https://arxiv.org/abs/2409.12191)
- **Newer Model** (2025) - [Another one](https://arxiv.org/abs/2501.00001)
"""
WAITS = "You have proposed exactly this already; it is waiting for review."
TEXTS = {"name": "My list", "source": "https://example.org/list"}


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


def html(response: Any) -> str:
    return str(response.content.decode())


def ticked(page: str) -> list[str]:
    return re.findall(r'name="take" value="(\d+)"[^>]*\s+checked', page)


def messages_of(client: Client, address: str) -> list[str]:
    return [str(message) for message in client.get(address).context["messages"]]


class TestPreview:
    def test_says_of_each_entry_what_the_catalogue_says(self, ada: Client) -> None:
        make_paper(name="BLIP-2", arxiv_id="2301.12597", year=2022)

        page = html(ada.post("/contribute/batch/", {"text": LIST}))

        assert "3 entries were read:" in page
        assert '<a href="#new">2 new</a>' in page
        assert '<a href="#differs">1 says something else</a>' in page
        assert '<a href="/papers/blip-2/">BLIP-2</a>: Year, Summary, Links' in page
        assert ticked(page) == ["1", "2", "0"]
        assert not Proposal.objects.exists()

    def test_asks_whether_one_id_under_two_names_is_one_model(self, ada: Client) -> None:
        entry = make_paper(name="Q-Former", arxiv_id="2301.12597")

        page = html(ada.post("/contribute/batch/", {"text": LIST}))
        taken = {**TEXTS, "text": LIST, "chosen": "1", "submit": "1", "take": ["0"]}
        ada.post("/contribute/batch/", taken)

        assert '<a href="#question">1 there under another name?</a>' in page
        assert "It has the same arXiv id 2301.12597. Tick it if both are the same." in page
        assert ticked(page) == ["1", "2"]
        proposal = Proposal.objects.get()
        assert (proposal.target_id, proposal.payload["aliases"]) == (entry.pk, ["BLIP-2"])

    def test_reads_a_file(self, ada: Client) -> None:
        upload = SimpleUploadedFile("mine.bib", b"\xef\xbb\xbf@misc{a,\n title={One}\n}\n@misc{b, title={Two\n")

        page = html(ada.post("/contribute/batch/", {"file": upload, "text": ""}))

        assert 'name="name" value="mine.bib"' in page
        assert '<a href="#unreadable">1 could not be read</a>' in page
        assert "<td>@misc{b, title={Two</td>" in page

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"text": "  "}, "Paste a list, or pick a file."),
            ({"text": "Nothing at all."}, "Nothing in it looks like an entry of a list or of a BibTeX file."),
            ({"text": "x" * 3_000_001}, "That is more than 3 megabytes: bring it in parts."),
        ],
    )
    def test_input_without_a_list_is_refused_with_the_reason(
        self, ada: Client, given: dict[str, str], message: str
    ) -> None:
        response = ada.post("/contribute/batch/", given)

        assert response.status_code == 400
        assert message in html(response)

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"\xff\xfe\x00", "The file is not text in UTF-8."),
            (b" \n", "The file is empty."),
            (b"x" * 3_000_001, "That is more than 3 megabytes: bring it in parts."),
        ],
    )
    def test_a_file_without_a_list_is_refused_with_the_reason(self, ada: Client, content: bytes, message: str) -> None:
        response = ada.post("/contribute/batch/", {"file": SimpleUploadedFile("a.md", content), "text": ""})

        assert response.status_code == 400
        assert message in html(response)

    def test_a_list_without_an_entry_says_of_each_line_why(self, ada: Client) -> None:
        text = "# L\n\n## Papers\n\n- [Here](#there)\n- See [the paper](paper.pdf) of Ann\n"

        response = ada.post("/contribute/batch/", {"text": text})

        page = html(response)
        assert response.status_code == 400
        assert "Nothing in it was read as an entry: below is why." in page
        assert "a link within the page" in page
        assert "“paper.pdf” is an address within the list’s own files: write the whole address." in page

    def test_too_many_entries_are_refused_with_the_reason(self, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(reading, "MAX_ENTRIES", 2)

        response = ada.post("/contribute/batch/", {"text": LIST})

        assert response.status_code == 400
        assert "That is 3 entries, more than 2: bring it in parts." in html(response)

    def test_a_thousand_entries_cost_no_more_queries_than_three(self, ada: Client) -> None:
        counts = []
        for many in (3, 1000):
            text = "\n".join(f"@misc{{k{n}, title={{Model number {n}}}, year={{2021}}}}" for n in range(many))
            with CaptureQueriesContext(connection) as queries:
                page = html(ada.post("/contribute/batch/", {"text": text}))
            counts.append(len(queries))
            assert len(ticked(page)) == many

        assert counts[0] == counts[1]

    def test_what_was_pasted_before_signing_in_is_there_after_it(self, client: Client) -> None:
        client.post("/contribute/batch/", {"text": LIST})
        client.force_login(contributor(), backend="django.contrib.auth.backends.ModelBackend")

        assert "3 entries were read:" in html(client.get("/contribute/batch/"))


class TestSubmit:
    def send(self, client: Client, take: list[str], **texts: str) -> Any:
        data = {"text": LIST, "take": take, "chosen": "1", "submit": "1", **TEXTS, **texts}
        return client.post("/contribute/batch/", data)

    def test_one_proposal_for_each_that_is_ticked_under_one_batch(self, ada: Client) -> None:
        blip = make_paper(name="BLIP-2", arxiv_id="2301.12597", year=2022)

        response = self.send(ada, ["0", "2"])

        batch = Batch.objects.get()
        assert response.headers["Location"] == f"/submissions/batches/{batch.pk}/"
        assert batch.name == "My list"
        assert list(batch.proposals.order_by("pk").values_list("name", "action", "target_id", "source")) == [
            ("BLIP-2", "edit", blip.pk, TEXTS["source"]),
            ("Newer Model", "create", None, TEXTS["source"]),
        ]
        assert messages_of(ada, response.headers["Location"]) == ["Thank you. 2 proposals are in the queue."]

    @pytest.mark.parametrize(
        ("texts", "take", "message"),
        [
            ({"name": ""}, ["1"], "Give the batch a name, for you and for the reviewers."),
            ({"name": "My\u3164 list"}, ["1"], "Holds the invisible character U+3164; remove it."),
            ({"source": " "}, ["1"], "Say where the list stands: an address, or words that lead there."),
            ({"source": "\u200b"}, ["1"], "Say where the list stands: an address, or words that lead there."),
            ({"source": "x" * 501}, ["1"], "At most 500 characters."),
            ({}, [], "Tick at least one entry."),
        ],
    )
    def test_a_missing_value_is_reported_and_the_ticks_stay(
        self, ada: Client, texts: dict[str, str], take: list[str], message: str
    ) -> None:
        response = self.send(ada, take, **texts)

        assert response.status_code == 400
        assert message in html(response)
        assert ticked(html(response)) == take
        assert not Batch.objects.exists()

    def test_the_same_list_again_leads_to_what_was_sent(self, ada: Client) -> None:
        first = self.send(ada, ["1", "2"]).headers["Location"]
        ada.get(first)

        second = self.send(ada, ["2", "1"]).headers["Location"]

        assert (second, Batch.objects.count(), Proposal.objects.count()) == (first, 1, 2)
        assert messages_of(ada, second) == [
            "You have sent exactly this before. It is here, and nothing was sent again."
        ]

    def test_the_same_entries_of_another_list_are_refused_by_line(self, ada: Client) -> None:
        ada.get(self.send(ada, ["1", "2"]).headers["Location"])

        response = ada.get(self.send(ada, ["1", "2"], name="Once more").headers["Location"])

        assert Proposal.objects.count() == 2
        assert [(row.line, row.name, row.trouble) for row in response.context["first_refused"]] == [
            (6, "New Model", WAITS),
            (7, "Newer Model", WAITS),
        ]
        assert "2 not submitted" in html(response)
        assert list(response.context["messages"]) == []

    def test_what_became_an_entry_meanwhile_is_not_sent(self, ada: Client) -> None:
        link = {"kind": "arxiv", "url": "https://arxiv.org/abs/2409.12191", "label": ""}
        make_paper(name="New Model", year=2024, summary="A vision-language model", links=[link])
        entry = make_paper(name="Newer Model")

        response = ada.get(self.send(ada, ["1", "2"]).headers["Location"])

        assert Proposal.objects.get().target_id == entry.pk
        assert [row.trouble for row in response.context["first_refused"]] == ["The catalogue says this already."]

    def test_more_than_a_thousand_ticks_arrive(self, ada: Client) -> None:
        response = self.send(ada, [str(number) for number in range(1500)], name="")

        assert response.status_code == 400
        assert "Give the batch a name" in html(response)

    def test_numbers_that_are_none_take_nothing(self, ada: Client) -> None:
        self.send(ada, ["99", "x", "-1"])

        assert not Proposal.objects.exists()
