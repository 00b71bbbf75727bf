"""The past catalogue is what the catalogue was: every table that pages read, after random sequences of all verbs."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection, connections, transaction
from django.db.utils import OperationalError
from django.test import override_settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger import past
from catalog.ledger.past import store
from catalog.ledger.publishing import NothingChanged, PublishingError, merge, restore, retire
from catalog.models import Entry, EntryKey, FieldSourcing, IndexDefinition, Renaming, Revision, Section, SourcingCount
from catalog.models.database import connected
from tests.examples import FULL
from tests.factories import make, make_paper, make_revision, make_topic, trace

pytestmark = pytest.mark.django_db
START = datetime(2025, 1, 1, tzinfo=UTC)
NOT_KEPT = {EntryKey, FieldSourcing, IndexDefinition, Renaming, SourcingCount}
"""The tables that no page reads."""


def tables() -> dict[str, list[Any]]:
    """The rows of every table that pages read, without the keys that only number them."""
    kept: dict[str, list[Any]] = {}
    for model in apps.get_app_config("catalog").get_models(include_auto_created=True):
        if model in NOT_KEPT:
            continue
        identified = issubclass(model, Entry | Revision | Section)
        fields = [field.attname for field in model._meta.concrete_fields if identified or not field.primary_key]
        rows = [tuple(map(repr, row)) for row in model._default_manager.order_by().values_list(*fields)]
        kept[model._meta.label] = sorted(rows)
    return kept


@pytest.fixture
def sections() -> None:
    for position, name in enumerate(("one", "two")):
        Section.objects.create(slug=name, name=name.title(), kind="paper", position=position)


def test_every_kind_with_every_field_is_rebuilt(surroundings: None, sections: None) -> None:
    for name in KINDS:
        make(name, **FULL[name])
    then = Revision.objects.latest_first()[0].at
    before = tables()
    make_paper(name="Later", at=then + timedelta(seconds=1))

    with past.reading(then):
        rebuilt = tables()

    assert rebuilt == before
    assert tables() != before


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["create", "edit", "move", "section", "retire", "merge", "restore"]),
        st.integers(0, 5),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=10,
)


def step(verb: str, one: int, other: int, at: datetime) -> None:
    """Do one thing to the papers, if it can be done."""
    kind = KINDS["paper"]
    live = list(kind.model.objects.with_references().order_by("pk"))
    about = trace("Because.", at=at)
    if verb == "create" or not live:
        make_paper(name=f"P {one}{other}", section=[None, "one", "two"][one % 3], topics=["t"][: one % 2], at=at)
        return
    entry = live[one % len(live)]
    if verb == "edit":
        make_revision("paper", entry, name=f"{entry.name} {other}", year=2000 + other, at=at)
    elif verb == "move":
        make_revision("paper", entry, slug=f"{entry.slug}-{other}", at=at)
    elif verb == "section":
        make_revision("paper", entry, section=[None, "one", "two"][other % 3], at=at)
    elif verb == "retire":
        retire(entry=entry, trace=about)
    elif verb == "merge":
        merge(entry=entry, into=live[other % len(live)], trace=about)
    else:
        removed = Revision.objects.filter(kind="paper", action__in=["retire", "merge"]).order_by("entry_id")
        restore(kind=kind, entry_id=removed[other % len(removed)].entry_id if removed else 0, trace=about)


def without_restored(former_slugs: list[Any]) -> list[Any]:
    """Without those of entries that were restored after a merge: the ledger does not say what they were merged into."""
    restored = set(Revision.objects.filter(action="restore").values_list("slug", flat=True))
    return [row for row in former_slugs if row[1].strip("'") not in restored]


@hypothesis_settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_what_a_day_showed_is_what_it_shows(sections: None, steps: list[tuple[str, int, int]]) -> None:
    """After each step the tables are kept; when all is done, the past catalogue of each step has the same."""
    folder = settings.PAST_DIR / uuid4().hex  # the ids and times of each sequence are the same
    with override_settings(PAST_DIR=folder), transaction.atomic():
        if not Revision.objects.exists():
            make_topic(name="T", at=START)
        shown: dict[datetime, Any] = {}
        for number, (verb, one, other) in enumerate(steps, 1):
            at = START + timedelta(days=number)
            try:
                step(verb, one, other, at)
            except (PublishingError, NothingChanged):
                continue
            shown[at] = tables()
        for at, before in shown.items():
            with past.reading(at):
                rebuilt = tables()
            for kept in (before, rebuilt):
                kept["catalog.FormerSlug"] = without_restored(kept["catalog.FormerSlug"])
            assert rebuilt == before
        transaction.set_rollback(True)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the past catalogue is SQLite, so it is compared there")
def test_the_tables_are_those_of_the_present_database() -> None:
    """A migration that changes the search index must change the past catalogue, too."""
    query = "SELECT name, sql FROM sqlite_master WHERE name LIKE 'catalog_%' AND name NOT LIKE 'catalog_revision_no_%'"

    def columns(text: str | None) -> set[str]:
        return set((text or "").replace('"', "").replace(",", " ").replace("(", " ").replace(")", " ").split())

    def layout(alias: str) -> dict[str, set[str]]:
        with connections[alias].cursor() as cursor:
            cursor.execute(query)
            return {name: columns(sql) for name, sql in cursor.fetchall()}

    make_paper(at=START)
    present = layout("default")
    with past.reading(START):
        rebuilt = layout("past")
    assert rebuilt.keys() == present.keys()
    search = [name for name in present if name.startswith("catalog_search_")]
    assert {name: rebuilt[name] for name in search} == {name: present[name] for name in search}


def test_days_between_which_nothing_changed_share_a_file_and_the_oldest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_FILES", 2)
    for number in range(3):
        make_paper(name=f"P {number}", at=START + timedelta(days=10 * number))

    def files() -> int:
        return len(list(settings.PAST_DIR.glob("*.sqlite3")))

    counted = []
    for days in (0, 1, 9, 10, 20):
        with past.reading(START + timedelta(days=days)):
            counted.append((KINDS["paper"].model.objects.count(), files()))

    assert counted == [(1, 1), (1, 1), (1, 1), (2, 2), (3, 2)]


def test_files_with_names_that_were_replaced_go_with_the_next_one() -> None:
    paper = make_paper(at=START)
    make_revision("paper", paper, year=2020, at=START + timedelta(days=1))
    with past.reading(START):
        before = set(Revision.objects.values_list("contributor", flat=True))
    (settings.PAST_DIR / "left-behind.draft").touch()

    Revision.objects.rename_person(Revision.objects.all()[0].contributor_id, "somebody")  # type: ignore[arg-type]
    with past.reading(START + timedelta(days=1)):
        after = set(Revision.objects.values_list("contributor", flat=True))

    assert (before, after) == ({"ada"}, {"somebody"})
    assert [path.suffix for path in settings.PAST_DIR.iterdir() if path.suffix != ".lock"] == [".sqlite3"]


@pytest.mark.parametrize("moment", ["before it is touched", "before it is opened"])
def test_a_file_that_another_process_deletes_at_that_moment_is_built_again(
    moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_paper(name="Kept", at=START)
    with past.reading(START):
        pass
    [path] = Path(settings.PAST_DIR).glob("*.sqlite3")
    touch = os.utime

    def delete_and_touch(*args: Any) -> None:
        path.unlink(missing_ok=True)
        touch(*args)

    def delete_and_open(opened: Path, **options: Any) -> Any:
        monkeypatch.undo()
        path.unlink()
        return connected(opened, **options)

    if moment == "before it is touched":
        monkeypatch.setattr(os, "utime", delete_and_touch)
    else:
        monkeypatch.setattr(store, "connected", delete_and_open)
    with past.reading(START):
        assert [paper.name for paper in Paper.objects.all()] == ["Kept"]


def test_a_file_that_cannot_be_read_is_an_error() -> None:
    make_paper(name="Kept", at=START)
    with past.reading(START):
        pass
    [path] = Path(settings.PAST_DIR).glob("*.sqlite3")
    path.unlink()
    path.mkdir()
    with pytest.raises(OperationalError), past.reading(START):
        pass


def test_a_past_catalogue_cannot_be_written() -> None:
    paper = make_paper(at=START)
    with past.reading(START), pytest.raises(OperationalError, match="readonly"):
        type(paper).objects.filter(pk=paper.pk).update(name="Other")
    assert "past" not in vars(connections._connections)  # type: ignore[attr-defined]


def test_a_long_ledger_is_refused_before_it_is_read(settings: Any) -> None:
    settings.PAST_MAX_REVISIONS = 1
    for number in range(2):
        make_paper(name=f"P {number}", at=START + timedelta(days=number))

    with past.reading(START):
        assert KINDS["paper"].model.objects.count() == 1
    with pytest.raises(past.TooManyRevisions), past.reading(START + timedelta(days=1)):
        pass
    assert list(settings.PAST_DIR.glob("*.draft")) == []


def test_only_one_is_built_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "MAX_WAIT", 0)
    make_paper(at=START)
    settings.PAST_DIR.mkdir(parents=True)

    with store._building(settings.PAST_DIR), pytest.raises(past.Busy), past.reading(START):
        pass


def test_a_damaged_revision_is_left_out_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The benchmark's only revision is later than that of the result, which says so to nobody else."""
    make("benchmark", name="Odd", at=START + timedelta(days=1))
    make("result", name="", metric="x", value="1", paper=make_paper(at=START).slug, benchmark="odd", at=START)

    with past.reading(START):
        assert (KINDS["result"].model.objects.count(), KINDS["paper"].model.objects.count()) == (0, 1)
    assert "is left out of a past catalogue: no benchmark" in caplog.text
