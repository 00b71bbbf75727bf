"""What the files of the seed catalogue may say, and how a mistake in one is reported."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command

from catalog.management.seed_files import FixtureError, item_files, read_items, read_lines, read_removals
from catalog.models import Revision

REVISION: dict[str, Any] = {"comment": "New.", "source": "", "changes": {"name": "COCO"}}
ITEM = {"slug": "coco", "name": "COCO", "revisions": [REVISION]}
REMOVAL = {"kind": "dataset", "slug": "coco", "merge_into": "ms-coco", "source": "", "comment": "The same."}
SHARED = {"shared": {"benchmark": "vqa", "metric": "a"}, "source": "https://x.org", "comment": "Adds a board."}
PLACE = "01-datasets.yaml, entry 1"


def without(row: Any, key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}


def revised(**row: Any) -> list[Any]:
    return [{**ITEM, "revisions": [row]}]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ({"coco": 1}, "01-datasets.yaml is not a list of entries."),
        (["coco"], f"{PLACE} is not an object; it needs: slug, revisions."),
        ([ITEM, without(ITEM, "slug")], "01-datasets.yaml, entry 2: “slug” is missing."),
        ([without(ITEM, "revisions")], f"{PLACE}: “revisions” is missing."),
        ([{**ITEM, "slug": 7}], f"{PLACE}: “slug” must be text."),
        ([{**ITEM, "slug": " "}], f"{PLACE}: “slug” must be text."),
        ([{**ITEM, "revisions": {}}], f"{PLACE}: “revisions” must be a list."),
        ([{**ITEM, "revisions": []}], f"{PLACE}, coco: “revisions” is empty."),
        ([{**ITEM, "changes": {}}], f"{PLACE}: unknown: changes. Known are: slug, revisions, name."),
        (revised(**without(REVISION, "comment")), f"{PLACE}, coco, revision 1: “comment” is missing."),
        (revised(**without(REVISION, "source")), f"{PLACE}, coco, revision 1: “source” is missing."),
        (
            revised(**{**REVISION, "source": None}),
            f"{PLACE}, coco, revision 1: “source” must be text, or empty quotation marks.",
        ),
        (revised(**{**REVISION, "changes": []}), f"{PLACE}, coco, revision 1: “changes” must be an object."),
        (revised(**{**REVISION, "changes": {2014: 1}}), f"{PLACE}, coco, revision 1: “changes” must be an object."),
        (
            [{**ITEM, "revisions": [REVISION, REVISION]}],
            f"{PLACE}, coco: several revisions have the comment “New.”; each is known by its own.",
        ),
    ],
)
def test_a_mistake_in_a_file_of_entries_is_named_with_its_place(tmp_path: Path, rows: Any, message: str) -> None:
    path = tmp_path / "01-datasets.yaml"
    path.write_text(yaml.safe_dump(rows))

    with pytest.raises(FixtureError) as refused:
        read_items(path, "dataset")

    assert str(refused.value) == message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- slug: [", "01-datasets.yaml is not valid YAML: while parsing"),
        (b"- slug: \xff", "01-datasets.yaml is not valid YAML: "),
    ],
)
def test_what_is_not_yaml_is_named(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = tmp_path / "01-datasets.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())

    with pytest.raises(FixtureError) as refused:
        read_items(path, "dataset")

    assert str(refused.value).startswith(message)


def test_a_file_whose_name_tells_no_kind_is_named(tmp_path: Path) -> None:
    (tmp_path / "20-things.yaml").write_text("[]")

    with pytest.raises(FixtureError, match="20-things.yaml does not say of which kind its entries are"):
        item_files(tmp_path)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["{"], "x.jsonl, line 1 is not valid JSON: "),
        (["", " ", "\u00ff{"], "x.jsonl, line 3 is not valid JSON: "),
        (["[1]"], "x.jsonl, line 1 is not an object."),
        (['{"value": "1"}'], "x.jsonl, line 1: no line with “shared” comes before it."),
        ([json.dumps(without(SHARED, "comment"))], "x.jsonl, line 1: “comment” is missing."),
        ([json.dumps({**SHARED, "shared": []})], "x.jsonl, line 1: “shared” must be an object."),
        (
            [json.dumps({**SHARED, "value": "1"})],
            "x.jsonl, line 1: unknown: value. Known are: shared, source, comment.",
        ),
        (
            [json.dumps(SHARED), '{"value": "1", "metric": "a"}'],
            "x.jsonl, line 2: the line with “shared” says already: metric.",
        ),
    ],
)
def test_a_mistake_in_a_file_of_results_is_named_with_its_line(tmp_path: Path, lines: list[str], message: str) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("\n".join(lines))

    with pytest.raises(FixtureError) as refused:
        list(read_lines(path))

    assert str(refused.value).startswith(message)


def test_blank_lines_are_skipped_and_counted(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text(f'\n{json.dumps(SHARED)}\n\n{{"value": "1"}}\n\n')

    [line] = read_lines(path)

    assert (line.payload, line.place) == ({"benchmark": "vqa", "metric": "a", "value": "1"}, "x.jsonl, line 4")
    assert (line.source, line.comment) == ("https://x.org", "Adds a board.")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("coco", " is not an object; it needs: kind, slug, source, comment."),
        (without(REMOVAL, "comment"), ": “comment” is missing."),
        (without(REMOVAL, "slug"), ": “slug” is missing."),
        (without(REMOVAL, "merge_into"), ": give either “merge_into” or “retire: true”."),
        ({**REMOVAL, "retire": True}, ": give either “merge_into” or “retire: true”."),
        ({**without(REMOVAL, "merge_into"), "retire": False}, ": “retire” must be true."),
        ({**REMOVAL, "merge_into": ""}, ": “merge_into” must be text."),
        (
            {**REMOVAL, "into": "x"},
            ": unknown: into. Known are: kind, slug, source, comment, merge_into, retire.",
        ),
    ],
)
def test_a_mistake_in_the_removals_is_named_with_its_place(tmp_path: Path, row: Any, message: str) -> None:
    path = tmp_path / "merges.yaml"
    path.write_text(yaml.safe_dump([row]))

    with pytest.raises(FixtureError) as refused:
        read_removals(path)

    assert str(refused.value) == f"merges.yaml, entry 1{message}"


def test_a_removal_of_an_unknown_kind_is_named(tmp_path: Path) -> None:
    path = tmp_path / "merges.yaml"
    path.write_text(yaml.safe_dump([{**REMOVAL, "kind": "datasets"}]))

    with pytest.raises(FixtureError, match="entry 1: there is no kind “datasets”; there are: "):
        read_removals(path)


def test_removals_are_read_in_their_order(tmp_path: Path) -> None:
    path = tmp_path / "merges.yaml"
    retirement = {**without(REMOVAL, "merge_into"), "slug": "x", "retire": True}
    path.write_text(yaml.safe_dump([REMOVAL, retirement]))

    assert [(one.kind, one.slug, one.into, one.source, one.comment) for one in read_removals(path)] == [
        ("dataset", "coco", "ms-coco", "", "The same."),
        ("dataset", "x", "", "", "The same."),
    ]
    path.write_text("")
    assert read_removals(path) == []


@pytest.mark.django_db
def test_the_command_names_the_mistake_before_it_publishes_anything(fixtures: Path) -> None:
    (fixtures / "curation" / "90-topics.yaml").write_text("- slug: x")

    with pytest.raises(CommandError, match="^90-topics.yaml, entry 1: “revisions” is missing.$"):
        call_command("seed")

    assert not Revision.objects.exists()
