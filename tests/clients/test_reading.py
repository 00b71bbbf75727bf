"""The Python client reads a running site."""

from datetime import date, timedelta

import pytest
from vlm_portal_client import Invalid, NoSuchBoard, NotFound, Place, Portal, Retired

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import merge, retire
from tests.factories import make_paper, make_result, make_revision, trace


def test_entries_are_read_page_by_page_in_the_order_that_is_asked_for(portal: Portal) -> None:
    papers = portal.entries("paper", page_size=1, sort="name")

    assert [paper.fields["name"] for paper in papers] == ["CLIP", "Gemma 3", "Qwen2.5-VL"]
    assert [[paper.slug for paper in page] for page in papers.pages()] == [["clip"], ["gemma-3"], ["qwen2-5-vl"]]


def test_entries_are_filtered_and_limited_to_fields(portal: Portal) -> None:
    papers = portal.entries("paper", year_min=2025, organisation=["qwen", "qwen"], fields=["name", "year"])

    assert [paper.fields for paper in papers] == [{"name": "Qwen2.5-VL", "year": 2025}]


def test_an_entry_that_moved_is_found_with_what_is_asked_for(portal: Portal) -> None:
    clip = portal.entry("paper", "contrastive", provenance=True)

    assert (clip.kind, clip.slug, clip.revision, clip.fields["year"]) == ("paper", "clip", 2, 2021)
    assert clip.provenance is not None
    assert [(said.value, said.contributor, said.approver, said.revision) for said in clip.provenance["name"]] == [
        ("CLIP", "ada", "grace", 2)
    ]
    [result] = portal.entries("result", paper="clip", expand=["paper", "benchmark"])
    assert result.expanded is not None
    assert result.expanded["papers"]["clip"]["fields"]["name"] == "CLIP"


def test_the_history_of_an_entry_and_one_of_its_revisions(portal: Portal) -> None:
    history = list(portal.revisions("paper", "clip"))
    second = portal.revision("paper", "clip", 2)

    assert [(one.revision, one.action, one.slug) for one in history] == [
        (2, "edit", "clip"),
        (1, "create", "contrastive"),
    ]
    assert second.fields["name"] == "CLIP"
    assert [(one.field, one.before, one.after) for one in second.differences] == [("name", "Contrastive", "CLIP")]
    assert second.removed is None


def test_a_past_day_is_read_as_it_was(portal: Portal) -> None:
    yesterday = date.today() - timedelta(days=1)  # noqa: DTZ011 -- the day before is past in every zone

    assert list(portal.entries("paper", as_of=yesterday)) == []
    with pytest.raises(NotFound, match="was not in the catalogue yet at"):
        portal.entry("paper", "clip", as_of=yesterday.isoformat())
    now = portal.entry("paper", "clip").updated
    assert portal.entry("paper", "clip", as_of=now).fields["name"] == "CLIP"


def test_a_retired_entry_says_why_and_keeps_its_history(portal: Portal) -> None:
    retire(entry=make_paper(name="Hoax"), trace=trace("There is no such paper."))

    with pytest.raises(Retired) as caught:
        portal.entry("paper", "hoax")

    assert caught.value.members["reason"] == "There is no such paper."
    assert [one.action for one in portal.revisions("paper", "hoax")] == ["retire", "create"]
    removed = portal.revision("paper", "hoax", 2).removed
    assert removed is not None
    assert (removed.action, removed.reason, removed.merged_into) == ("retire", "There is no such paper.", None)


def test_a_wrong_filter_is_refused_with_what_is_allowed(portal: Portal) -> None:
    with pytest.raises(Invalid) as caught:
        next(iter(portal.entries("paper", yaer=2024)))

    assert list(caught.value.errors) == ["yaer"]
    assert "400 Bad request" in str(caught.value)


def test_a_search_finds_all_kinds_with_what_matched(portal: Portal) -> None:
    hits = list(portal.search("mmmu"))

    assert {hit.kind for hit in hits} == {"benchmark", "result"}
    [benchmark] = portal.search("mmmu", kind="benchmark")
    assert (benchmark.slug, [span.text for span in benchmark.match.name if span.hit]) == ("mmmu", ["MMMU"])
    assert list(portal.search("nothingness")) == []


def test_a_board_ranks_and_says_what_differs(portal: Portal) -> None:
    board = portal.board("mmmu", split="validation")

    assert [(row.name, row.variant, row.place, row.cells["accuracy"].number) for row in board.rows] == [
        ("Qwen2.5-VL", "72B", Place(first=1, last=2), "70.2"),
        ("Gemma 3", "27B", Place(first=1, last=2), "64.9"),
    ]
    [other] = board.differing
    assert (other.name, other.place, other.differs) == ("CLIP", None, ["setting"])
    shown, rival = board.rows[0].cells["accuracy"].claims
    assert (shown.source, shown.conditions["setting"].value, rival.number) == (
        "https://arxiv.org/abs/2502.13923",
        "zero-shot",
        "68.0",
    )
    assert board.rows[0].exposure is not None
    assert board.rows[0].exposure.verdict == "unknown"


def test_boards_are_chosen_filtered_and_named(portal: Portal) -> None:
    [ranked] = portal.leaderboards()
    found = portal.boards("mmmu", organisation="qwen", metric="ANLS")

    assert (ranked.benchmark, ranked.results) == ("mmmu", 5)
    assert [(one.split, one.checkpoints, one.models) for one in found.all] == [("validation", 3, 3)]
    assert (found.benchmark.slug, found.boards[0].metric, found.boards[0].rows) == ("mmmu", "ANLS", [])
    with pytest.raises(NoSuchBoard, match=r"It has: part='', split='validation', track=''\."):
        portal.board("mmmu", split="test")


def test_changes_of_a_board_say_what_each_did(portal: Portal) -> None:
    make_result(paper="clip", benchmark="mmmu", split="validation", value="75.0", adaptation="zero-shot")

    news = portal.board_changes("mmmu", split="validation")

    assert (news.benchmark, news.split, news.metric) == ("mmmu", "validation", "accuracy")
    newest = news.results[0]
    assert newest.sentence == "CLIP enters at place 1–2 with 75.0; before, Qwen2.5-VL 72B was first with 70.2."
    assert (newest.was, newest.now and newest.now.number) == (None, "75.0")
    assert (newest.first_before and newest.first_before.number) == "70.2"


def test_two_results_are_compared(portal: Portal) -> None:
    board = portal.board("mmmu")
    one, other = (row.cells["accuracy"].claims[0].result for row in (board.rows[0], board.differing[0]))
    comparison = portal.compare(one, other)

    assert not comparison.comparable
    assert comparison.differs == {"setting": ["zero-shot", "fine-tuned"]}
    assert [claim.model_name for claim in comparison.results] == ["Qwen2.5-VL", "CLIP"]


def test_changes_go_on_from_a_cursor_and_miss_nothing(portal: Portal) -> None:
    changes = portal.changes(page_size=4)
    first = next(changes.pages())
    assert changes.cursor is None
    everything = list(changes)
    assert everything[:4] == first
    assert [change.slug for change in everything[:3]] == ["coco", "contrastive", "clip"]
    assert everything[2].moved_from == "contrastive"

    later = portal.changes(changes.cursor)
    assert list(later) == []
    clip = Paper.objects.with_references().get(slug="clip")
    merge(entry=clip, into=Paper.objects.get(slug="gemma-3"), trace=trace("One."))
    gone = [change for change in later if change.fields is None]
    assert [(one.action, one.slug, one.merged_into) for one in gone] == [("merge", "clip", "gemma-3")]
    assert list(portal.changes("now")) == []


def test_changes_of_a_page_come_again_if_it_was_not_read_to_its_end(portal: Portal) -> None:
    changes = portal.changes(kind="paper", action=["create", "edit"])
    first = next(iter(changes))

    assert changes.cursor is None
    assert next(iter(portal.changes(changes.cursor, kind="paper"))) == first


def test_vocabularies_name_what_filters_take(portal: Portal) -> None:
    assert portal.kinds() == list(KINDS)
    assert "link-kinds" in portal.vocabularies()
    assert {"value": "code", "label": "Code"} in portal.vocabulary("link-kinds")
    with pytest.raises(NotFound, match="There is no vocabulary “colours”"):
        portal.vocabulary("colours")


def test_any_other_address_of_the_api_is_json(portal: Portal) -> None:
    assert set(portal.read("papers/clip/exposure/")) == {"training", "benchmarks"}


def test_an_entry_that_moved_is_kept_too(portal: Portal) -> None:
    answers = [portal.entry("paper", "contrastive") for _ in range(2)]

    assert answers[0] == answers[1]
    assert answers[0].slug == "clip"


def test_what_did_not_change_is_not_sent_again(portal: Portal) -> None:
    portal.board("mmmu")
    [kept] = [answer for address, answer in portal._transport._kept._answers.items() if "leaderboards" in address]
    again = portal.board("mmmu")

    [same] = [answer for address, answer in portal._transport._kept._answers.items() if "leaderboards" in address]
    assert same is kept
    make_revision("paper", Paper.objects.with_references().get(slug="gemma-3"), name="Gemma III")
    assert [row.name for row in again.rows] == ["Qwen2.5-VL", "Gemma 3"]
    assert [row.name for row in portal.board("mmmu").rows] == ["Qwen2.5-VL", "Gemma III"]
