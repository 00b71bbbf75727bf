"""The rows of a JSON column follow their form by migration."""

from importlib import import_module

import pytest
from django.apps import apps

from catalog.models import Entry
from tests.factories import make, make_topic

pytestmark = pytest.mark.django_db
rows = import_module("catalog.migrations._rows")


def links_of(entry: Entry) -> list[dict[str, str]]:
    entry.refresh_from_db()
    links: list[dict[str, str]] = entry.links
    return links


def test_rows_get_their_new_shape(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "BATCH", 2)
    link = {"kind": "code", "url": "https://example.org/", "label": "Code"}
    several = [make_topic(name=f"Topic {number}", links=[link] * number) for number in range(4)]
    other = make("component", name="ViT", links=[link])

    operation = rows.reshape_rows("topic", "links", renamed={"label": "title"}, dropped=["kind"], added={"language": ""})
    operation.code(apps, None)

    new = {"url": "https://example.org/", "title": "Code", "language": ""}
    assert [links_of(entry) for entry in several] == [[new] * number for number in range(4)]
    assert links_of(other) == [link]


def test_rows_get_their_former_shape_back_unless_values_were_dropped() -> None:
    link = {"kind": "code", "url": "https://example.org/", "label": "Code"}
    topic = make_topic(name="Topic", links=[link])
    operation = rows.reshape_rows("topic", "links", renamed={"label": "title"}, added={"language": ""})
    operation.code(apps, None)
    assert links_of(topic) != [link]

    operation.reverse_code(apps, None)

    assert links_of(topic) == [link]
    assert not rows.reshape_rows("topic", "links", dropped=["kind"]).reversible
