"""A ledger that was filled by older code: fields added, renamed and dropped since, in payloads and in their rows."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from catalog.kinds import KINDS, Kind
from catalog.ledger import as_of
from catalog.ledger.blame import blame
from catalog.ledger.history import differences
from catalog.ledger.integrity import find_errors
from catalog.ledger.payloads import changed_in, dropped_from, payload_of, read_json, with_value
from catalog.ledger.publishing import NothingChanged, merge, publish, restore, retire
from catalog.models import Entry, Revision
from tests.catalog.api.reading import read
from tests.examples import FULL
from tests.factories import make, make_many, make_paper, make_revision, trace
from tests.older_code import DROPPED, FORMER, OLD_VALUE, RENAMED, age_live_sources, declare_changes, older_code

pytestmark = pytest.mark.django_db

every_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)


@pytest.fixture(autouse=True)
def changes(monkeypatch: pytest.MonkeyPatch) -> None:
    declare_changes(monkeypatch)


FIRST_SOURCE = {
    "field": "notes",
    "url": "https://example.org/notes",
    "note": "",
    "confidence": "confirmed",
    "source_class": "",
}


def old_entry(kind: Kind, **fields: Any) -> Entry:
    """An entry with two revisions by older code: everything filled in, then other notes with another source."""
    link = {"kind": "code", "url": "https://example.org/code", "label": "The code"}
    full = {**FULL[kind.name], "notes": "First.", "links": [link], "sources": [FIRST_SOURCE], **fields}
    with older_code():
        entry = make(kind.name, **full)
        better = {**FIRST_SOURCE, "url": "https://example.org/better"}
        about = {"source": "https://example.org/", "comment": "Better."}
        make_revision(kind.name, entry=entry, notes="Second.", sources=[better], **about)
    return live(entry)


@every_kind
def test_sources_of_a_live_entry_follow_its_fields(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    payload = kind.dump(entry)
    age_live_sources(entry)

    assert kind.dump(live(entry)) == payload
    assert list(find_errors()) == []


def live(entry: Entry) -> Entry:
    loaded: Entry = KINDS[entry.kind].model.objects.with_references().get(pk=entry.pk)
    return loaded


@every_kind
def test_the_ledger_check_is_clean(kind: Kind, surroundings: None) -> None:
    old_entry(kind)

    assert list(find_errors()) == []


def test_the_ledger_check_names_a_key_that_nobody_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    with older_code():
        paper = make_paper(name="CLIP")
    monkeypatch.setattr(KINDS["paper"].form, "dropped", {})

    assert list(find_errors()) == [
        f"paper {paper.slug}: revision 1 has colour: no field of the form, and not listed as renamed or dropped."
    ]


@every_kind
def test_a_snapshot_reads_as_the_live_entry_dumps(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)

    first, second = Revision.objects.of(kind.name, entry.pk)

    assert payload_of(second) == kind.dump(entry)
    assert payload_of(first) == {**kind.dump(entry), "notes": "First.", "sources": [FIRST_SOURCE]}
    assert list(payload_of(second)) == list(kind.form.payload_keys())
    assert dropped_from(second) == {DROPPED: OLD_VALUE}
    assert (second.changed, changed_in(second)) == ([FORMER, "sources"], [RENAMED, "sources"])


@every_kind
def test_the_stored_text_is_copied_only_in_todays_shape(kind: Kind, surroundings: None) -> None:
    assert read_json(kind, '{"name":  "as it is"}', kind.form.shape()) == '{"name":  "as it is"}'
    assert read_json(kind, '{"name":  "X", "sources": []}', None).startswith('{"name":"X"')


@every_kind
def test_an_edit_that_changes_nothing_is_refused(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)

    with pytest.raises(NothingChanged):
        make_revision(kind.name, entry=entry)


@every_kind
def test_an_edit_names_only_what_it_changes(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)

    revision = make_revision(kind.name, entry=entry, year=2020)

    assert (revision.number, revision.changed) == (3, ["year"])
    assert (revision.shape, revision.snapshot) == (kind.form.shape(), kind.dump(live(entry)))
    assert [
        change.field for change in differences(kind, *Revision.objects.filter(number__gt=1).order_by("number"))
    ] == [
        "year",
        DROPPED,
    ]
    assert list(find_errors()) == []


@every_kind
def test_an_entry_that_was_retired_before_comes_back(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    payload = kind.dump(entry)
    with older_code():
        retire(entry=entry, trace=trace(comment="Not needed."))

    revision = restore(kind=kind, entry_id=entry.pk, trace=trace())

    assert (revision.number, kind.dump(live(entry))) == (4, payload)
    assert list(find_errors()) == []


def test_an_entry_with_a_key_that_nobody_declared_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with older_code():
        paper = make_paper(name="CLIP", notes="Kept.")
        retire(entry=paper, trace=trace(comment="Not needed."))
    monkeypatch.setattr(KINDS["paper"].form, "dropped", {})

    restore(kind=KINDS["paper"], entry_id=paper.pk, trace=trace())

    assert live(paper).notes == "Kept."


def test_a_merge_points_old_payloads_to_the_entry_that_stays() -> None:
    with older_code():
        goes, stays = make("component", name="ViT"), make("component", name="Vision Transformer")
        paper = make_paper(name="CLIP", vision_encoders=[{"component": "vit"}])

    merge(entry=goes, into=stays, trace=trace(comment="The same."))

    assert payload_of(Revision.objects.of("paper", paper.pk).last())["vision_encoders"] == [  # type: ignore[arg-type]
        {"component": "vision-transformer", "variants": [], "note": ""}
    ]
    assert list(find_errors()) == []


def test_many_at_once_are_read_as_one() -> None:
    with older_code():
        revisions = make_many("dataset", [{"name": "COCO", "notes": "Old."}, {"name": "VQA"}])

    assert [payload_of(revision)["notes"] for revision in revisions] == ["Old.", ""]
    assert list(find_errors()) == []


def test_blame_follows_a_renamed_field() -> None:
    paper = old_entry(
        KINDS["paper"],
        vision_encoders=[],
        language_backbones=[],
        training_datasets=[],
        origins=[],
        same_paper=[],
        topics=[],
    )
    make_revision("paper", entry=paper, year=2020)

    rows = {row.field: row for row in blame(KINDS["paper"], list(Revision.objects.of("paper", paper.pk)))}

    assert (rows["notes"].item, rows["notes"].revision.number) == ("Second.", 2)
    assert [source["url"] for source in rows["notes"].sources] == ["https://example.org/better"]
    assert (rows["year"].revision.number, DROPPED in rows) == (3, False)


@every_kind
def test_the_past_has_todays_shape(kind: Kind, surroundings: None) -> None:
    entry = old_entry(kind)
    now = timezone.now() + timedelta(seconds=1)

    [past] = as_of.entries(kind, list(as_of.current_revisions(now, kind=kind).filter(entry_id=entry.pk)), now)

    assert kind.dump(past) == kind.dump(entry)


def test_revisions_are_found_by_a_value_under_any_name() -> None:
    paper = make_paper(name="CLIP", notes="Same.")
    with older_code():
        other = make_paper(name="SigLIP", notes="Same.")

    revisions = Revision.objects.filter(with_value(KINDS["paper"], "notes", "Same."))

    assert sorted(revisions.values_list("entry_id", flat=True)) == [paper.pk, other.pk]


@every_kind
class TestReading:
    def test_every_page_of_the_entry_answers(self, kind: Kind, surroundings: None) -> None:
        entry = old_entry(kind)
        base = f"/{kind.plural}/{entry.slug}/"
        day = timezone.now().date()

        for path in (
            f"/{kind.plural}/",
            base,
            f"{base}history/",
            f"{base}history/1/",
            f"{base}history/2/",
            f"{base}blame/",
            f"{base}edit/",
            "/changes/",
            "/feeds/changes.atom",
            f"/export/{kind.plural}/{entry.slug}.json",
            f"/export/{kind.plural}.csv",
            f"{base}?as_of={day}",
        ):
            assert Client().get(path).status_code in (200, 302), path

    def test_the_page_of_a_revision_shows_what_was_dropped(self, kind: Kind, surroundings: None) -> None:
        entry = old_entry(kind)
        make_revision(kind.name, entry=entry, year=2020)

        page = Client().get(f"/{kind.plural}/{entry.slug}/history/3/").content.decode()

        assert "Colour" in page
        assert OLD_VALUE in page

    def test_the_api_gives_every_entry_the_same_keys(self, kind: Kind, surroundings: None) -> None:
        entry = old_entry(kind)
        keys, payload = list(kind.form.payload_keys()), kind.dump(entry)
        base = f"{kind.plural}/{entry.slug}/"

        detail = read(base)["fields"]
        listed = next(row for row in read(f"{kind.plural}/")["results"] if row["slug"] == entry.slug)["fields"]
        revision = read(f"{base}revisions/1/")
        change = next(
            row
            for row in read(f"changes/?kind={kind.name}")["results"]
            if (row["slug"], row["revision"]) == (entry.slug, 2)
        )
        past = read(f"{base}?as_of={timezone.now().date()}")["fields"]

        assert (detail, list(detail)) == (payload, keys)
        assert (listed, past, change["fields"]) == (payload, payload, payload)
        assert revision["fields"] == {**payload, "notes": "First.", "sources": [FIRST_SOURCE]}
        assert (change["changed"], list(change["fields"])) == ([RENAMED, "sources"], keys)
        assert RENAMED in read(f"{base}?include=provenance")["provenance"]

    def test_csv_and_json_lines_agree_with_the_page(self, kind: Kind, surroundings: None) -> None:
        entry = old_entry(kind)

        csv = Client().get(f"/api/v1/{kind.plural}/", headers={"Accept": "text/csv"})
        body = b"".join(csv.streaming_content).decode()  # type: ignore[attr-defined]

        assert FORMER not in body.splitlines()[0]
        assert "Second." in body
        assert entry.slug in body


def test_changes_written_in_an_older_shape_are_read_in_todays() -> None:
    link = {"kind": "code", "url": "https://example.org/", "title": "The code", "rel": "x"}

    changes = KINDS["paper"].form.upgraded_changes({FORMER: "Old.", DROPPED: "red", "links": [link], "film": 1})

    assert changes == {
        RENAMED: "Old.",
        "links": [{"kind": "code", "url": "https://example.org/", "label": "The code"}],
        "film": 1,
    }


def test_publishing_again_after_the_change_gives_the_new_shape() -> None:
    with older_code():
        paper = make_paper(name="CLIP", notes="Old.")

    revision = publish(
        kind=KINDS["paper"],
        payload={**KINDS["paper"].dump(live(paper)), "aliases": ["OpenAI CLIP"]},
        trace=trace(),
        entry=paper,
    )

    assert (revision.changed, revision.snapshot["notes"]) == (["aliases"], "Old.")
    assert DROPPED not in revision.snapshot
