"""Revisions and proposals as an older version of the code wrote them: a field not there yet, one under a former name,
and one that was dropped since."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from catalog.forms.rows import LinkRow
from catalog.kinds import KINDS, Kind
from catalog.ledger import bulk, publishing
from catalog.models import Entry, Revision

ADDED = "aliases"
"""The field that older code did not have."""
RENAMED, FORMER = "notes", "remarks_of_old"
DROPPED, REASON = "colour", "Nobody ever filled it in."
OLD_VALUE = "ultramarine"


def as_written_then(payload: dict[str, Any]) -> dict[str, Any]:
    """A payload of today as the older code would have stored it."""
    old = {key: value for key, value in payload.items() if key != ADDED}
    old[FORMER] = old.pop(RENAMED)
    old[DROPPED] = OLD_VALUE
    old["sources"] = [
        {**row, "field": FORMER if row["field"] == RENAMED else row["field"]} for row in old["sources"]
    ] + [{"field": DROPPED, "url": "https://example.org/", "note": "", "confidence": "confirmed"}]
    old["links"] = [{"kind": row["kind"], "url": row["url"], "title": row["label"], "rel": "x"} for row in old["links"]]
    return old


@contextmanager
def older_code() -> Iterator[None]:
    """While this is open, revisions are appended in the old shape."""
    with pytest.MonkeyPatch.context() as patch:
        for module in (publishing, bulk):
            patch.setattr(module, "build_revision", _aging(module.build_revision))
        yield


def age_live_sources(entry: Entry) -> None:
    """Let the sources of a saved entry name its fields as older code did: a migration renames the column alone."""
    type(entry).objects.filter(pk=entry.pk).update(sources=as_written_then(KINDS[entry.kind].dump(entry))["sources"])


def _aging(build_revision: Callable[..., Revision]) -> Callable[..., Revision]:
    def aged(*args: Any, **kwargs: Any) -> Revision:
        revision = build_revision(*args, **kwargs)
        revision.snapshot = as_written_then(revision.snapshot)
        revision.changed = [FORMER if key == RENAMED else key for key in revision.changed if key != ADDED]
        revision.shape = None
        return revision

    return aged


def declare_changes(patch: pytest.MonkeyPatch) -> None:
    """What today's code says of the fields that have changed, for every kind."""
    for kind in KINDS.values():
        patch.setattr(kind.form, "renamed", {FORMER: RENAMED})
        patch.setattr(kind.form, "dropped", {DROPPED: REASON})
    patch.setattr(LinkRow, "renamed", {"title": "label"})
    patch.setattr(LinkRow, "dropped", {"rel": "It was always the same."})


def payload_now(kind: Kind, payload: dict[str, Any]) -> dict[str, Any]:
    """What an aged payload reads as today: everything but the values of the field that was added."""
    return {**payload, ADDED: kind.form.empty()[ADDED]}
