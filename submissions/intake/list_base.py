"""What a list said of its entries when it and the catalogue agreed: at its import, or in the version before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from catalog.kinds import KINDS
from catalog.ledger.former_entries import former_matches
from catalog.ledger.identity import Identity, identity_of, known_entries
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import Entry, ListLayout, Revision
from submissions.intake.drafts import Draft

EntryRef = tuple[str, int]
MIN_SHARE = 0.25
"""Of the lines of a text that are lines of an imported list as well, if it is that list."""
IDS_PER_QUERY = 5000


@dataclass(frozen=True)
class ListBase:
    """What a list said of each of its entries, by (kind, id), with the keys of a payload; None if it never agreed with
    the catalogue. `is_exact` if it is the very version that was edited."""

    stated: Mapping[EntryRef, Mapping[str, Any] | None] = field(default_factory=dict)
    is_exact: bool = False


def base_in_layouts(text: str) -> ListBase:
    """The imported list that a text is a version of, in one query; nothing for any other text."""
    lines = [line for line in text.splitlines() if line.strip()]
    layouts = [(_share(lines, layout), layout) for layout in ListLayout.objects.order_by("pk")]
    share, layout = max(layouts, key=lambda one: one[0], default=(0.0, None))
    return ListBase(_stated_in(layout)) if layout and share >= MIN_SHARE else ListBase()


def _share(lines: Sequence[str], layout: ListLayout) -> float:
    raw = (block.get("text") or block.get("entry", {}).get("raw", "") for block in layout.blocks)
    known = {line for part in raw for line in part.splitlines()}
    return sum(line in known for line in lines) / len(lines) if lines else 0.0


def _stated_in(layout: ListLayout) -> dict[EntryRef, Mapping[str, Any] | None]:
    stated: dict[EntryRef, Mapping[str, Any] | None] = {}
    for slot in (block["entry"] for block in layout.blocks if "entry" in block):
        parsed = {key: value for key, value in slot["parsed"].items() if key != "link"}
        if link := slot["parsed"].get("link"):
            parsed["links"] = [{"url": link}]
        if not slot.get("kept"):
            stated[slot["kind"], slot["id"]] = parsed
        else:
            stated.setdefault((slot["kind"], slot["id"]), None)
    return stated


def base_in_version(drafts: Sequence[Draft]) -> ListBase:
    """The version of a list that was edited, from its drafts. What it says of an entry twice counts once."""
    identities = [identity_of(KINDS[draft.kind], draft.payload) for draft in drafts]
    entries = known_entries(zip((KINDS[draft.kind] for draft in drafts), identities, strict=True))
    stated: dict[EntryRef, Mapping[str, Any] | None] = {}
    unknown: list[tuple[Draft, Identity]] = []
    for draft, identity in zip(drafts, identities, strict=True):
        if match := entries.find(KINDS[draft.kind], identity):
            stated.setdefault((draft.kind, match.found.pk), draft.payload)
        else:
            unknown.append((draft, identity))
    former = former_matches([(KINDS[draft.kind], identity, draft.name) for draft, identity in unknown])
    for (draft, _), earlier in zip(unknown, former, strict=True):
        if earlier:
            stated.setdefault((draft.kind, earlier.found), draft.payload)
    return ListBase(stated, is_exact=True)


def past_payloads(refs: Iterable[EntryRef]) -> dict[EntryRef, list[dict[str, Any]]]:
    """The payloads that entries had, the first ones first: for each kind one query for every 5,000 entries."""
    past: dict[EntryRef, list[dict[str, Any]]] = {}
    for kind, ids in _by_kind(refs).items():
        for start in range(0, len(ids), IDS_PER_QUERY):
            some = ids[start : start + IDS_PER_QUERY]
            for revision in Revision.objects.filter(kind=kind, entry_id__in=some).order_by("number"):
                past.setdefault((kind, revision.entry_id), []).append(as_object(payload_of(revision)))
    return past


def live_entries(refs: Iterable[EntryRef]) -> dict[EntryRef, Entry]:
    """Those of these entries that are in the catalogue, with the queries of one kind's list for each kind."""
    return {
        (kind, entry.pk): entry
        for kind, ids in _by_kind(refs).items()
        for entry in KINDS[kind].model.objects.with_references().filter(pk__in=ids)
    }


def _by_kind(refs: Iterable[EntryRef]) -> dict[str, list[int]]:
    ids: dict[str, list[int]] = {}
    for kind, pk in sorted(set(refs)):
        ids.setdefault(kind, []).append(pk)
    return ids
