"""A value that was accepted once and would be refused today makes no edit of its entry impossible."""

from typing import Any

import pytest

from catalog.kinds import KINDS
from catalog.kinds.paper.model import Paper
from catalog.ledger.checking import find_refused_values
from catalog.ledger.publishing import NothingChanged, PayloadError, publish, restore, retire
from catalog.models import Entry
from tests.factories import make, make_paper, make_result, make_revision, trace

pytestmark = pytest.mark.django_db

ISSUE = {"text": "x\u202e", "url": "", "confidence": "confirmed"}
LINK = {"kind": "arxiv", "url": "https://example.org/", "label": ""}
SPLIT = {"name": "val\u200b", "size": ""}
WEIGHTS = {"name": "", "total_b": None, "active_b": None, "as_stated": "", "licence": "", "note": ""}
TWICE = [{**WEIGHTS, "weights_url": "https://huggingface.co/a/b"}] * 2
STORED: list[tuple[str, str, Any, Any]] = [
    ("paper", "name", "Vim\u200b", "Vam\u200b"),
    ("paper", "summary", "x\u202e", "y\u202e"),
    ("paper", "year", 2099, 2098),
    ("paper", "released", "2021-02-30", "2021-02-31"),
    ("paper", "arxiv_id", "2113.00020", "2114.00020"),
    ("paper", "doi", "10.1/", "10.2/"),
    ("paper", "architecture", "pyramid", "cone"),
    ("paper", "links", [LINK], [{**LINK, "url": "https://example.com/"}]),
    ("paper", "links", [{**LINK, "kind": "gopher"}], [{**LINK, "kind": "finger"}]),
    ("paper", "aliases", ["a\u200b"], ["b\u200b"]),
    ("paper", "variants", TWICE, [TWICE[0], TWICE[0], TWICE[0]]),
    ("paper", "languages", ["l" * 501], ["m" * 501]),
    ("dataset", "homepage", "https://me@example.org/", "https://you@example.org/"),
    ("dataset", "known_issues", [ISSUE], [{**ISSUE, "text": "y\u202e"}]),
    ("dataset", "splits", [SPLIT], [{**SPLIT, "name": "test\u200b"}]),
    ("dataset", "availability", "someday", "never"),
    ("result", "measured_by", "nobody", "somebody"),
    ("result", "value", "+50.0", "+51.0"),
    ("result", "standard_error", "-0.1", "-0.2"),
    ("topic", "emoji", "\u200b", "\u200c"),
]


def stored(kind: str, key: str, value: Any) -> Entry:
    """An entry whose column holds a value as an older form let it through."""
    entry: Entry = make_result() if kind == "result" else make(kind, name="Vim")
    type(entry).objects.filter(pk=entry.pk).update(**{key: value})
    return fresh(entry)


def fresh(entry: Entry) -> Entry:
    live: Entry = type(entry).objects.with_references().get(pk=entry.pk)
    return live


def refused(kind: str, entry: Entry | None, **fields: Any) -> set[str]:
    """The fields that publishing names in its refusal."""
    with pytest.raises(PayloadError) as error:
        make_revision(kind, entry, **fields)
    return set(error.value.errors)


@pytest.mark.parametrize(("kind", "key", "value", "other"), STORED)
class TestOneValue:
    def test_it_is_one_that_is_refused_today(self, kind: str, key: str, value: Any, other: Any) -> None:
        entry = stored(kind, key, value)

        assert {finding.field for finding in find_refused_values()} == {key}
        payload = {**KINDS[kind].dump(entry), "name": "New"} if key != "name" else KINDS[kind].dump(entry)
        with pytest.raises(PayloadError) as error:
            publish(kind=KINDS[kind], payload=payload, trace=trace())
        assert set(error.value.errors) == {key}

    def test_another_field_is_edited_and_it_stays(self, kind: str, key: str, value: Any, other: Any) -> None:
        entry = stored(kind, key, value)

        revision = make_revision(kind, entry, notes="A remark.")

        assert revision.changed == ["notes"]
        assert KINDS[kind].dump(fresh(entry)) == {**KINDS[kind].dump(entry), "notes": "A remark."} == revision.snapshot

    def test_another_value_that_is_refused_does_not_replace_it(
        self, kind: str, key: str, value: Any, other: Any
    ) -> None:
        entry = stored(kind, key, value)

        assert refused(kind, entry, **{key: other}) == {key}

    def test_alone_it_is_no_change(self, kind: str, key: str, value: Any, other: Any) -> None:
        entry = stored(kind, key, value)

        with pytest.raises(NothingChanged):
            make_revision(kind, entry)

    def test_its_entry_is_retired_and_restored(self, kind: str, key: str, value: Any, other: Any) -> None:
        entry = stored(kind, key, value)
        retire(entry=entry, trace=trace())

        restore(kind=KINDS[kind], entry_id=entry.pk, trace=trace())

        assert getattr(fresh(entry), key) == value


@pytest.mark.parametrize(
    ("kind", "key", "bad", "good"),
    [
        ("paper", "links", LINK, {"kind": "code", "url": "https://example.org/", "label": ""}),
        ("paper", "aliases", "a\u200b", "b"),
        ("dataset", "splits", SPLIT, {"name": "test", "size": ""}),
    ],
)
def test_items_of_a_list_are_kept_each_for_itself(kind: str, key: str, bad: Any, good: Any) -> None:
    entry = stored(kind, key, [bad])

    both: dict[str, Any] = {key: [good, bad]}
    alone: dict[str, Any] = {key: [good]}

    assert make_revision(kind, entry, **both).changed == [key]
    assert getattr(fresh(entry), key) == [good, bad]
    assert make_revision(kind, fresh(entry), **alone).changed == [key]
    assert refused(kind, fresh(entry), **both) == {key}


class TestDatesInOrder:
    def entry(self) -> Entry:
        make_paper(name="Vim", year=2021, released="2021-02")
        Paper.objects.update(year=2022)
        return fresh(Paper.objects.get())

    def test_neither_is_changed(self) -> None:
        assert make_revision("paper", self.entry(), notes="A remark.").changed == ["notes"]

    @pytest.mark.parametrize("change", [{"year": 2023}, {"released": "2020-01"}])
    def test_one_of_the_two_is_changed(self, change: dict[str, Any]) -> None:
        assert refused("paper", self.entry(), **change) == {"released"}


class TestSharedIdentifiers:
    """Two entries have one arXiv id, as older forms let through."""

    def entry(self) -> Entry:
        make_paper(name="ALIGN", arxiv_id="2102.05918")
        copy = make_paper(name="Copy", doi="10.1000/182")
        type(copy).objects.filter(pk=copy.pk).update(arxiv_id="2102.05918")
        return fresh(copy)

    def test_another_field_is_edited(self) -> None:
        assert make_revision("paper", self.entry(), doi="10.1000/183").changed == ["doi"]

    def test_whom_it_shares_with_is_edited(self) -> None:
        other = make_paper(name="Other")
        row = {"paper": other.slug, "note": ""}

        assert refused("paper", self.entry(), same_paper=[row]) == {"arxiv_id"}

    def test_a_retired_entry_whose_identifier_was_taken_since_is_not_restored(self) -> None:
        entry = make_paper(name="ALIGN", arxiv_id="2102.05918")
        retire(entry=entry, trace=trace())
        make_paper(name="Taker", arxiv_id="2102.05918")

        with pytest.raises(PayloadError) as error:
            restore(kind=KINDS["paper"], entry_id=entry.pk, trace=trace())

        assert set(error.value.errors) == {"arxiv_id"}


def test_an_entry_that_refers_to_itself_is_edited() -> None:
    entry = make_paper(name="Vim")
    entry.origins.create(relation="successor-of", paper=entry)

    assert make_revision("paper", fresh(entry), notes="A remark.").changed == ["notes"]
