"""Entries for tests: each is published, as everything is."""

from typing import Any

from accounts.models import User
from catalog.kinds import KINDS
from catalog.kinds.benchmark.model import Benchmark
from catalog.kinds.component.model import Component
from catalog.kinds.dataset.model import Dataset
from catalog.kinds.paper.model import Paper
from catalog.kinds.result.model import Result
from catalog.kinds.topic.model import Topic
from catalog.ledger.bulk import publish_many
from catalog.ledger.publishing import publish
from catalog.ledger.trace import Trace
from catalog.models import Entry, Revision


def contributor() -> User:
    return User.objects.service("ada")


def approver() -> User:
    return User.objects.service("grace")


def trace(comment: str = "", **about: Any) -> Trace:
    """A change that ada contributed and grace approved."""
    return Trace(contributor(), approver(), comment=comment, **about)


def make_revision(kind: str, entry: Entry | None = None, slug: str | None = None, **fields: Any) -> Revision:
    """Publish a new entry, or an edit of `entry` in which only `fields` change."""
    live = KINDS[kind].dump(entry) if entry else {"name": f"A {kind}"}
    about = {key: fields.pop(key) for key in ("source", "comment", "at") if key in fields and key not in live}
    base = fields.pop("base", None)
    return publish(
        kind=KINDS[kind],
        payload={**live, **fields},
        trace=trace(**about),
        entry=entry,
        slug=slug,
        base=base,
    )


def make(kind: str, **fields: Any) -> Any:
    """A published entry of a kind, fresh from the database."""
    slug = fields.pop("slug", None)
    revision = make_revision(kind, slug=slug, **fields)
    return KINDS[kind].model.objects.with_references().get(pk=revision.entry_id)


def make_many(kind: str, payloads: list[dict[str, Any]]) -> list[Revision]:
    """Publish a new entry from each payload, at once: for tests that ask for many rows."""
    return publish_many(kind=KINDS[kind], payloads=payloads, trace=trace())


def make_paper(**fields: Any) -> Paper:
    return make("paper", **fields)  # type: ignore[no-any-return]


def make_dataset(**fields: Any) -> Dataset:
    return make("dataset", **fields)  # type: ignore[no-any-return]


def make_benchmark(**fields: Any) -> Benchmark:
    return make("benchmark", **fields)  # type: ignore[no-any-return]


def make_topic(**fields: Any) -> Topic:
    return make("topic", **fields)  # type: ignore[no-any-return]


def make_component(**fields: Any) -> Component:
    return make("component", **fields)  # type: ignore[no-any-return]


def make_result(**fields: Any) -> Result:
    """A result; its model and benchmark are made when they are not named."""
    if not fields.get("paper"):
        fields["paper"] = make_paper().slug
    if not fields.get("benchmark"):
        fields["benchmark"] = make_benchmark().slug
    return make("result", **{"name": "", "metric": "accuracy", "value": "50.0", **fields})  # type: ignore[no-any-return]
