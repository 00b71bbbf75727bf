"""Results through the site: a pasted table or a file is read, questioned, ticked, and sent as one batch."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from catalog.kinds.result.model import Result
from submissions.models import Batch, Proposal
from submissions.web import result_values
from submissions.workflow import approve
from tests.catalog.exchange.results.samples import FILES
from tests.factories import make, make_benchmark, make_paper, make_result
from tests.people import contributor, moderator, signed_in

pytestmark = pytest.mark.django_db

ADDRESS = "/contribute/table/"
SOURCE = "https://owl.example.org/table"
ACCURACY = {"name": "accuracy", "unit": "percent", "minimum": "0", "maximum": "100", "direction": "higher"}
TABLE = "Model\tMMMU (val)\tMMMU-Pro\nOwl 7B\t**61.0**\t40.1\nOwl 72B\t600\t-\nTern\t58.0†\t38.0\n"


@pytest.fixture(autouse=True)
def catalogue() -> None:
    variants = [{"name": "Owl-7B", "aliases": ["7B"]}, {"name": "Owl-72B", "aliases": ["72B"]}]
    make_paper(name="Owl", variants=variants)
    make_benchmark(name="MMMU", metrics=[ACCURACY], splits=[{"name": "val"}, {"name": "test"}])
    make_benchmark(name="MMMU-Pro", metrics=[ACCURACY])


@pytest.fixture
def ada() -> Client:
    return signed_in(contributor())


def read(client: Client, text: str = TABLE, **more: Any) -> Any:
    return client.post(ADDRESS, {"text": text, "source": SOURCE, "place": "Table 3", **more})


def states(response: Any) -> list[tuple[str, str, str, str]]:
    return [(row.model, row.place, row.one.stated.value, row.state) for row in response.context["rows"]]


def ticked(response: Any) -> list[int]:
    return [row.number for row in response.context["rows"] if row.selected]


def send(client: Client, response: Any, take: list[int] | None = None, text: str = TABLE, **more: Any) -> Any:
    """Press “Submit what is ticked” on a page."""
    shown = {"digest": response.context["digest"], "name": response.context["name"], "submit": "1"}
    return read(client, text, **{**shown, "take": ticked(response) if take is None else take, **more})


def html(response: Any) -> str:
    return " ".join(str(response.content.decode()).split())


class TestPastedTable:
    def test_each_value_says_what_it_would_be(self, ada: Client) -> None:
        rival = {"paper": "owl", "variant": "Owl-7B", "value": "60.2"}
        make_result(benchmark="mmmu", split="val", **rival)
        make_result(benchmark="mmmu-pro", **{**rival, "value": "40.1"})

        response = read(ada)

        assert states(response) == [
            ("Owl-7B", "MMMU, val, accuracy", "61.0", "rival"),
            ("Owl-7B", "MMMU-Pro, accuracy", "40.1", "second source"),
            ("Owl-72B", "MMMU, val, accuracy", "600", "out of bounds"),
            ("Tern", "MMMU (val)", "58.0", "unmatched"),
            ("Tern", "MMMU-Pro", "38.0", "unmatched"),
        ]
        assert ticked(response) == [0, 1]
        page = html(response)
        assert "<b>rival</b>: 60.2 on record" in page
        assert "600, but accuracy lies between 0 and 100 percent" in page
        assert "5 values (2 unmatched, 1 rival, 1 second source, 1 out of bounds). Nothing is sent yet." in page
        assert '61.0 <small class="quiet">bold</small>' in page
        assert not Proposal.objects.exists()

    def test_a_value_without_a_split_says_that_it_gets_no_place(self, ada: Client) -> None:
        response = read(ada, "Model,MMMU,MMMU-Pro\nOwl 7B,61.0,40.1\n")

        assert [row.says for row in response.context["rows"]] == ["without a split it has no place on a board", ""]
        assert ticked(response) == [0, 1]

    def test_what_is_ticked_becomes_one_batch_with_a_proposal_for_each_value(self, ada: Client) -> None:
        response = send(ada, read(ada))

        batch = Batch.objects.get()
        assert response.headers["Location"] == f"/submissions/batches/{batch.pk}/"
        assert batch.name == "2 models on MMMU and MMMU-Pro"
        proposals = [proposal.payload | {"from": proposal.source} for proposal in batch.proposals.order_by("pk")]
        assert [
            {key: one[key] for key in ("name", "variant", "split", "value", "scale", "locator", "source_url", "from")}
            for one in proposals
        ] == [
            {
                "name": "Owl-7B on MMMU: accuracy",
                "variant": "Owl-7B",
                "split": "val",
                "value": "61.0",
                "scale": "percent",
                "locator": "Table 3, row 1, column MMMU (val)",
                "source_url": SOURCE,
                "from": SOURCE,
            },
            {
                "name": "Owl-7B on MMMU-Pro: accuracy",
                "variant": "Owl-7B",
                "split": "",
                "value": "40.1",
                "scale": "percent",
                "locator": "Table 3, row 1, column MMMU-Pro",
                "source_url": SOURCE,
                "from": SOURCE,
            },
        ]
        messages = [str(message) for message in ada.get(response.headers["Location"]).context["messages"]]
        assert messages == ["Thank you. 2 proposals are in the queue."]

    def test_a_table_that_was_sent_waits_and_one_that_was_approved_is_on_record(self, ada: Client) -> None:
        send(ada, read(ada))
        assert [state for *_, state in states(read(ada))][:2] == ["waiting", "waiting"]

        for proposal in Proposal.objects.all():
            approve(proposal=proposal, actor=moderator())
        response = read(ada)
        assert [state for *_, state in states(response)][:2] == ["same", "same"]
        assert ticked(response) == []
        assert Result.objects.count() == 2

    def test_an_unknown_name_is_a_question_with_near_names(self, ada: Client) -> None:
        response = read(ada, "Model\tMMMU val\tNest\nOwl-72\t61.0\t3\nOwl 7B\t60.0\t4\n")

        asked = response.context["read"].questions
        assert [(one.key, one.times) for one in asked] == [("model:Owl-72", 2), ("column:Nest", 1)]
        assert [option.label for option in asked[0].options][:2] == ["Owl: Owl-72B", "Owl: Owl-7B"]
        assert asked[1].options == ()
        assert "Is not in the catalogue under this name. 2 values wait." in html(response)

    def test_an_answer_is_taken_and_what_is_left_out_is_told(self, ada: Client) -> None:
        answers = {"model:Gull": "model=owl&variant=Owl-72B", "column:Nest": "-"}

        response = read(ada, "Model\tMMMU val\tNest\nGull\t61.0\t3\nOwl 7B\t60.0\t4\n", **answers)

        assert states(response) == [
            ("Owl-72B", "MMMU, val, accuracy", "61.0", "new"),
            ("Owl-7B", "MMMU, val, accuracy", "60.0", "new"),
        ]
        assert [one.reason for one in response.context["read"].skipped] == ["left out by you"] * 2

    def test_what_was_answered_stays_in_the_form(self, ada: Client) -> None:
        table = "Model\tMMMU val\tNest\nGull\t61.0\t3\nOwl 7B\t60.0\t4\n"
        page = read(ada, table, **{"model:Gull": "model=owl&variant=Owl-72B", "column:Nest": "-"})

        answered = page.context["read"].answered
        assert [(one.key, one.answer, [option.label for option in one.options]) for one in answered] == [
            ("model:Gull", "model=owl&variant=Owl-72B", ["Owl: Owl-72B"]),
            ("column:Nest", "-", []),
        ]
        assert '<option value="model=owl&amp;variant=Owl-72B" selected >Owl: Owl-72B</option>' in html(page)
        assert '<option value="-" selected>Leave it out</option>' in html(page)
        response = send(ada, page, text=table, **{one.key: one.answer for one in answered})
        assert response.status_code == 302
        assert Proposal.objects.count() == 2

    @pytest.mark.parametrize(
        "answer", ["model=nobody", "model=owl&variant=Owl-9B", "nonsense", "benchmark=mmmu", "model=" + "x" * 2000]
    )
    def test_an_answer_that_names_nothing_is_none(self, ada: Client, answer: str) -> None:
        response = read(ada, **{"model:Tern": answer})

        assert [state for *_, state in states(response)][3:] == ["unmatched", "unmatched"]

    def test_a_heading_can_stand_for_a_split_of_the_named_benchmark(self, ada: Client) -> None:
        table = "Model\tdev set\nOwl 7B\t61.0\nOwl 72B\t70.0\n"
        asked = read(ada, table, benchmark="MMMU").context["read"].questions

        assert [option.label for option in asked[0].options] == [
            "MMMU, metric accuracy",
            "MMMU, split val",
            "MMMU, split test",
        ]
        answered = read(ada, table, benchmark="MMMU", **{"column:dev set": asked[0].options[1].value})
        assert [place for _, place, *_ in states(answered)] == ["MMMU, val, accuracy"] * 2

    def test_which_way_round_is_asked_where_no_name_tells(self, ada: Client) -> None:
        table = "x\tA\tB\nC\t1\t2\n"

        response = read(ada, table)

        assert response.status_code == 400
        assert response.context["form"].errors == {
            "models_in": ["It cannot be told from the names whether models are rows or columns: say which."]
        }
        assert [model for model, *_ in states(read(ada, table, models_in="columns"))] == ["A", "B"]

    @pytest.mark.parametrize(
        ("given", "field", "message"),
        [
            ({"text": " "}, "text", "Paste a table, or choose a file."),
            ({"text": "Nothing."}, "text", "This is no table with a row of headings"),
            ({"text": "x" * 1_000_001}, "text", "That is more than 1,000 kilobytes: bring it in parts."),
            ({"source": ""}, "source", "Say where the table stands: the address of its source."),
            ({"source": "nowhere"}, "source", "Not an address that starts with http:// or https://."),
            ({"benchmark": "Nest"}, "benchmark", "There is no benchmark of this name."),
            ({"protocol": "nest"}, "protocol", "There is no protocol “nest”."),
            ({"scale": "dozens"}, "scale", "Select a valid choice."),
            ({"commit": "main"}, "commit", "Give the hash of a commit"),
            ({"format": "mteb"}, "text", "The path must name model and revision"),
        ],
    )
    def test_what_cannot_be_read_is_told_beside_its_field(
        self, ada: Client, given: dict[str, str], field: str, message: str
    ) -> None:
        response = read(ada, **{"text": TABLE, **given})

        assert response.status_code == 400
        assert list(response.context["form"].errors) == [field]
        assert message in response.context["form"].errors[field][0]

    def test_nothing_is_sent_that_the_page_did_not_show(self, ada: Client) -> None:
        page = read(ada)
        make_result(paper="owl", variant="Owl-7B", benchmark="mmmu", split="val", value="59.0")
        make_result(paper="owl", variant="Owl-7B", benchmark="mmmu", split="val", value="61.0", source_url=SOURCE)

        response = send(ada, page)

        assert response.status_code == 400
        assert "This is not what the page showed before." in html(response)
        assert not Proposal.objects.exists()
        assert send(ada, read(ada), text=TABLE.replace("40.1", "40.2")).status_code == 400

    @pytest.mark.parametrize(
        ("take", "name", "message"),
        [
            ([], "x", "Tick at least one value."),
            ([0], "My\u3164 batch", "Holds the invisible character U+3164; remove it."),
            ([3, 4, 99], "x", "Tick at least one value."),
        ],
    )
    def test_a_batch_of_nothing_is_refused(self, ada: Client, take: list[int], name: str, message: str) -> None:
        response = send(ada, read(ada), take, name=name)

        assert response.status_code == 400
        assert message in html(response)
        assert not Batch.objects.exists()

    def test_a_batch_has_a_limit_and_says_so(self, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(result_values, "MAX_BATCH", 1)
        monkeypatch.setattr("submissions.web.results.MAX_BATCH", 1)
        page = read(ada)
        assert ticked(page) == [0]

        response = send(ada, page, [0, 1])

        assert response.status_code == 400
        assert "A batch holds at most 1 values, and 2 are ticked" in html(response)

    def test_two_hundred_values_cost_no_more_queries_than_two(self, ada: Client) -> None:
        counts = []
        for many in (2, 200):
            table = "Model\tMMMU val\n" + "".join(f"Owl 7B\t{at / 10}\n" for at in range(many))
            with CaptureQueriesContext(connection) as queries:
                assert len(states(read(ada, table))) == many
            counts.append(len(queries))

        assert counts[0] == counts[1]

    def test_what_others_wrote_cannot_leave_its_place(self, ada: Client) -> None:
        page = html(read(ada, "Model\tMMMU val\nOwl 7B\t61.0\n<script>alert(1)</script>x\t3\n'\"><b>\t4\n"))

        assert "<script>alert" not in page
        assert "'\"><b>" not in page


class TestFile:
    def upload(self, client: Client, name: str, **more: Any) -> Any:
        data, path = FILES[name]
        return client.post(ADDRESS, {"file": SimpleUploadedFile(path.name, data), "text": "", **more})

    @pytest.mark.parametrize("name", FILES)
    def test_each_of_the_eight_formats_is_read(self, ada: Client, name: str) -> None:
        path = FILES[name][1]

        response = self.upload(ada, name, source=SOURCE, path=str(path))

        assert response.status_code == 200, response.context["form"].errors
        assert response.context["read"].format == name
        assert response.context["rows"]

    def test_its_content_is_in_the_page_for_the_next_request(self, ada: Client) -> None:
        make_paper(name="Owl-VL-7B")
        page = self.upload(ada, "mmmu_board", source="https://github.com/barn/r/blob/main/leaderboard_data.json")
        form = page.context["form"]

        again = send(ada, page, text=form["text"].value(), path=form["path"].value(), source=form["source"].value())

        assert form["path"].value() == "leaderboard_data.json"
        assert again.status_code == 302
        payloads = [proposal.payload for proposal in Proposal.objects.order_by("pk")]
        assert [(one["value"], one["measured_by"], one["locator"]) for one in payloads] == [
            ("61.0", "authors", "leaderboardData[1].validation.overall"),
            ("40.10", "", "leaderboardData[1].pro.overall"),
        ]

    def test_the_source_is_the_file_at_the_commit(self, ada: Client) -> None:
        commit = "f4cc6c8b365a3c779dbc708d6affe0b0355b2ddf"

        page = self.upload(ada, "mmmu_board", source="https://github.com/barn/r", commit=commit)

        sources = {row.one.stated.source_url for row in page.context["rows"]}
        assert sources == {f"https://github.com/barn/r/blob/{commit}/leaderboard_data.json"}

    def test_what_the_command_imported_is_on_record(self, ada: Client, tmp_path: Path) -> None:
        make_paper(name="Owl-VL-7B")
        (tmp_path / "leaderboard_data.json").write_text(json.dumps(json.loads(FILES["mmmu_board"][0])))
        address = "https://owl.example.org/leaderboard_data.json"
        call_command("import_results", "mmmu_board", str(tmp_path / "leaderboard_data.json"), "--source", address)

        page = self.upload(ada, "mmmu_board", source=address)

        assert {row.state for row in page.context["rows"] if row.one.payload} == {"same"}

    def test_a_protocol_and_a_version_are_taken_over(self, ada: Client) -> None:
        make("protocol", name="Barn protocol")
        make_paper(name="ViT-Owl-14 barn2b")
        make_benchmark(name="Owl 1k", metrics=[{**ACCURACY, "name": "acc1"}])

        page = self.upload(ada, "open_clip", source=SOURCE, protocol="barn-protocol", harness_version="2.0")

        [payload] = [row.one.payload for row in page.context["rows"] if row.one.payload]
        taken = (payload["protocol"], payload["harness_version"], payload["scale"])
        assert taken == ("barn-protocol", "2.0", "fraction")

    @pytest.mark.parametrize(
        ("content", "message"),
        [
            (b"\xff\xfe\x00", "The file is not text in UTF-8."),
            (b"", "The submitted file is empty."),
            (b"x" * 1_000_001, "That is more than 1,000 kilobytes: bring it in parts."),
        ],
    )
    def test_a_file_that_cannot_be_read_says_why(self, ada: Client, content: bytes, message: str) -> None:
        response = ada.post(ADDRESS, {"file": SimpleUploadedFile("a.json", content), "text": "", "source": SOURCE})

        assert response.status_code == 400
        assert message in html(response)

    def test_a_file_of_too_many_values_is_refused(self, ada: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("submissions.intake.results.MAX_VALUES", 1)

        response = self.upload(ada, "mmmu_board", source=SOURCE)

        assert "It holds more than 1 values: bring it in parts." in html(response)


class TestWho:
    def test_what_was_pasted_before_signing_in_is_there_after_it(self, client: Client) -> None:
        assert read(client).status_code == 302
        client.force_login(contributor(), backend="django.contrib.auth.backends.ModelBackend")

        response = client.get(ADDRESS)

        assert len(states(response)) == 5
        assert not Proposal.objects.exists()

    def test_a_suspended_account_reads_and_sends_nothing(self) -> None:
        eve = contributor("eve")
        eve.suspend(because="Spam.")
        client = signed_in(eve)

        page = read(client)
        send(client, page)

        assert "This account is read-only at the moment." in html(page)
        assert not Proposal.objects.exists()

    def test_the_form_begins_with_the_benchmark_of_the_link(self, ada: Client) -> None:
        assert ada.get(f"{ADDRESS}?benchmark=mmmu").context["form"]["benchmark"].value() == "mmmu"

    def test_the_start_page_leads_to_it(self, ada: Client) -> None:
        assert f'href="{ADDRESS}"' in html(ada.get("/contribute/"))


def test_the_author_sees_the_batch_as_the_same_table_with_statuses(ada: Client) -> None:
    address = send(ada, read(ada)).headers["Location"]
    approve(proposal=Proposal.objects.order_by("pk").first(), actor=moderator())  # type: ignore[arg-type]

    response = ada.get(address)

    rows = response.context["table"].rows
    assert [(row.shown.variant, row.shown.payload["value"], row.proposal.status) for row in rows] == [
        ("Owl-7B", "61.0", "approved"),
        ("Owl-7B", "40.1", "pending"),
    ]
    assert "Waiting for review" in html(response)
    assert signed_in(contributor("bob")).get(address).status_code == 404
