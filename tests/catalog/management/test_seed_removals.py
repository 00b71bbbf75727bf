"""How the seed merges and retires what merges.yaml names: once, and never against what people decided."""

from pathlib import Path

import pytest

from catalog.kinds import KINDS
from catalog.kinds.component.model import Component
from catalog.kinds.paper.model import Paper
from catalog.ledger.publishing import merge, restore, retire
from catalog.management.seeding import seed
from catalog.models import Revision, SeededFixtures
from tests.catalog.management.fixture_files import (
    NOTHING,
    URL,
    add_revision,
    item,
    merging,
    published,
    retiring,
    write_items,
    write_lines,
    write_removals,
)
from tests.factories import make_revision, trace

pytestmark = pytest.mark.django_db

COMPONENTS, PAPERS = "01-components.yaml", "10-papers.yaml"


@pytest.fixture
def names(fixtures: Path) -> Path:
    """Two names of one encoder, another one, and a model that has the first name; without results."""
    components = [item(slug, {"name": slug, "type": "vision-encoder"}) for slug in ("vit-l", "clip-vit-l", "vit-b")]
    write_items(fixtures, COMPONENTS, components)
    write_items(fixtures, PAPERS, [item("pap", {"name": "PAP", "vision_encoders": [{"component": "vit-l"}]})])
    write_items(fixtures, "02-benchmarks.yaml", [])
    write_lines(fixtures, "board.jsonl", [])
    return fixtures


def component(slug: str) -> Component:
    found: Component = Component.objects.with_references().get(slug=slug)
    return found


def encoders(slug: str) -> list[str]:
    paper = Paper.objects.with_references().get(slug=slug)
    return [row["component"] for row in KINDS["paper"].dump(paper)["vision_encoders"]]


def live() -> list[str]:
    return list(Component.objects.order_by("slug").values_list("slug", flat=True))


def another_edition(folder: Path) -> None:
    """Change a file that has nothing to do with the components."""
    SeededFixtures.objects.all().delete()
    (folder / "curation" / "90-topics.yaml").write_text("[]\n")


def test_a_duplicate_is_merged_and_references_to_it_are_replaced(names: Path) -> None:
    write_removals(names, merging("vit-l", "clip-vit-l"))

    report = seed()

    assert (report.refused, report.left_alone) == ([], [])
    assert (live(), encoders("pap")) == (["clip-vit-l", "vit-b"], ["clip-vit-l"])
    last = Revision.objects.filter(kind="component", slug="vit-l").latest("pk")
    assert (last.action, last.comment, last.source) == ("merge", "The same as clip-vit-l.", URL)
    assert (last.contributor, last.approver) == ("curation", "list-moderator")


def test_an_entry_is_retired(names: Path) -> None:
    write_removals(names, retiring("vit-b"))
    seed()

    assert live() == ["clip-vit-l", "vit-l"]
    last = Revision.objects.filter(kind="component", slug="vit-b").latest("pk")
    assert (last.action, last.comment) == ("retire", "No such thing.")


def test_a_removal_is_published_once(names: Path) -> None:
    write_removals(names, merging("vit-l", "clip-vit-l"), retiring("vit-b"))
    seed()
    another_edition(names)

    assert published(seed()) == NOTHING


def test_what_people_restored_is_not_removed_again(names: Path) -> None:
    write_removals(names, merging("vit-l", "clip-vit-l"), retiring("vit-b"))
    ids = {slug: entry_id for slug, entry_id in entry_ids(names).items() if slug != "clip-vit-l"}
    for entry_id in ids.values():
        restore(kind=KINDS["component"], entry_id=entry_id, trace=trace("It is one of its own."))
    another_edition(names)

    assert published(seed()) == NOTHING
    assert live() == ["clip-vit-l", "vit-b", "vit-l"]


def entry_ids(folder: Path) -> dict[str, int]:
    """Seed, and give the components by the slugs of their first revisions."""
    seed()
    return dict(Revision.objects.filter(kind="component", number=1).values_list("slug", "entry_id"))


def test_what_people_changed_is_not_removed(names: Path) -> None:
    seed()
    make_revision("component", component("vit-l"), summary="By a person.")
    retire(entry=component("vit-b"), trace=trace("A person's reason."))
    write_removals(names, merging("vit-l", "clip-vit-l"), retiring("vit-b"))

    assert published(seed()) == (0, ["component vit-l", "component vit-b"], [])
    assert live() == ["clip-vit-l", "vit-l"]


def test_an_unknown_entry_is_refused_and_named_again(names: Path) -> None:
    write_removals(names, merging("vit-1", "clip-vit-l"), retiring("nothing"))
    refusals = [
        "component vit-1: no component has or had this slug.",
        "component nothing: no component has or had this slug.",
    ]

    assert seed().refused == refusals
    assert seed().refused == refusals


def test_an_unknown_target_is_refused_and_keeps_no_other(names: Path) -> None:
    write_removals(names, merging("vit-l", "clip-vit-1"), retiring("vit-b"))

    assert seed().refused == [
        "component vit-l: it cannot be merged into “clip-vit-1”; no component has or had this slug."
    ]
    assert live() == ["clip-vit-l", "vit-l"]


def test_a_target_that_people_merged_is_followed(names: Path) -> None:
    seed()
    merge(entry=component("clip-vit-l"), into=component("vit-b"), trace=trace())
    write_removals(names, merging("vit-l", "clip-vit-l"))

    report = seed()

    assert (report.refused, report.left_alone) == ([], [])
    assert (live(), encoders("pap")) == (["vit-b"], ["vit-b"])


def test_a_target_that_people_retired_leaves_the_duplicate_alone(names: Path) -> None:
    seed()
    retire(entry=component("clip-vit-l"), trace=trace("Wrong."))
    write_removals(names, merging("vit-l", "clip-vit-l"))

    assert published(seed()) == (0, ["component clip-vit-l, which vit-l was to be merged into"], [])
    assert live() == ["vit-b", "vit-l"]


def test_a_target_that_people_merged_into_the_duplicate_leaves_it_alone(names: Path) -> None:
    seed()
    merge(entry=component("clip-vit-l"), into=component("vit-l"), trace=trace())
    write_removals(names, merging("vit-l", "clip-vit-l"))

    assert published(seed()) == (0, ["component clip-vit-l, which vit-l was to be merged into"], [])
    assert live() == ["vit-b", "vit-l"]


def test_a_retirement_that_references_prevent_is_refused(names: Path) -> None:
    write_removals(names, retiring("vit-l"))

    assert seed().refused == ["component vit-l: vit-l cannot be retired while these refer to it: PAP."]


def test_a_merge_does_not_open_what_people_edited_to_later_revisions(names: Path) -> None:
    """A merge writes at every entry that refers to the duplicate, also at those that people edited."""
    seed()
    make_revision("paper", Paper.objects.with_references().get(slug="pap"), summary="By a person.")
    add_revision(names, PAPERS, "pap", {"summary": "By a fixture."}, "A summary.")
    write_removals(names, merging("vit-l", "clip-vit-l"))
    assert seed().left_alone == ["paper pap"]
    another_edition(names)

    assert published(seed()) == (0, ["paper pap"], [])
    assert (Paper.objects.get(slug="pap").summary, encoders("pap")) == ("By a person.", ["clip-vit-l"])


def test_a_merge_of_people_does_not_close_what_only_refers_to_it(names: Path) -> None:
    seed()
    merge(entry=component("vit-l"), into=component("clip-vit-l"), trace=trace())
    add_revision(names, PAPERS, "pap", {"summary": "By a fixture."}, "A summary.")

    assert published(seed()) == (1, [], [])
    assert (Paper.objects.get(slug="pap").summary, encoders("pap")) == ("By a fixture.", ["clip-vit-l"])


def test_a_revision_of_what_the_seed_removed_is_not_published(names: Path) -> None:
    """A new portal publishes the revision first; where the removal came first, it stays."""
    write_removals(names, merging("vit-l", "clip-vit-l"), retiring("vit-b"))
    seed()
    for slug in ("vit-l", "vit-b"):
        add_revision(names, COMPONENTS, slug, {"year": 2021}, "A year.")
    add_revision(names, COMPONENTS, "clip-vit-l", {"year": 2021}, "A year.")

    assert published(seed()) == (1, [], [])
    assert live() == ["clip-vit-l"]
