"""Read many drafts and compare them with the catalogue: new, the same, different, or for a person to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from catalog.kinds import KINDS
from catalog.ledger.former_entries import former_matches
from catalog.ledger.identity import ByIdentity, Identity, Match, identity_of, known_entries
from catalog.models import Entry
from submissions.intake.drafts import Draft, ParsedItem
from submissions.intake.list_base import EntryRef, ListBase, base_in_layouts, live_entries, past_payloads
from submissions.intake.lists import MAX_ENTRIES, TOO_LARGE, is_too_large, read_many
from submissions.intake.merging import Change, FieldChange, merge, merge_links, same
from submissions.intake.restated import is_restated

IDENTIFYING_FIELDS = ("name", "aliases", "section")
RETIRED = "It was retired from the catalogue. To have it again, propose to restore it."
MAYBE_RETIRED = (
    "An entry that was retired {}. To have it again, propose to restore it; if this is another, propose it by itself."
)
LEFT_OUT = "The list has no line for it any more. It stays in the catalogue; propose to retire it if it should not."


class State(StrEnum):
    """How something in a list compares with the catalogue."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"
    CONFLICT = "conflict"
    BEHIND = "behind"
    REMOVED = "removed"
    REPEATED = "again"
    QUESTION = "question"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


SELECTABLE_STATES = (State.NEW, State.DIFFERS, State.CONFLICT, State.QUESTION)
"""The states of what can be proposed."""
PRESELECTED_STATES = (State.NEW, State.DIFFERS)
"""Those that need no answer by a person first."""


@dataclass(frozen=True)
class ComparedDraft:
    """A draft compared with the catalogue.

    `state` is

    - new, same, unreadable or skipped;
    - differs: the list says something new, as `changes` tell; `payload` is that of the entry with the list's values;
    - conflict: list and catalogue have changed a field to different values since they agreed; `payload` has the list's;
    - behind: only the catalogue has changed, or retired the entry;
    - removed: an entry of which the list had a line before;
    - again: the draft at `earlier_line` describes the same entry;
    - question: an entry, or the draft at `earlier_line`, has its identifier under another name, as `note` says. Taken
      as the same, it edits the entry.
    """

    parsed: ParsedItem
    state: State
    entry: Entry | None = None
    changes: tuple[FieldChange, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)
    earlier_line: int | None = None
    note: str = ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The keys of the fields that the list changes; where it changes none, of those that the catalogue changed."""
        return tuple(one.key for one in self.changes if one.is_of_list) or tuple(one.key for one in self.changes)


class ListRefused(Exception):
    """The text is too large, or holds nothing; the message says so to the person who brought it."""


def read_and_compare(text: str) -> list[ComparedDraft]:
    """What a README, a BibTeX file or lines of cells hold, in order, compared with the catalogue and
    with what both said when the list was imported.

    Raises ListRefused.
    """
    if is_too_large(text):
        raise ListRefused(TOO_LARGE)
    items = read_many(text)
    count = sum(isinstance(item, Draft) for item in items)
    if not items:
        raise ListRefused("Nothing in it looks like an entry of a list or of a BibTeX file.")
    if count > MAX_ENTRIES:
        raise ListRefused(f"That is {count:,} entries, more than {MAX_ENTRIES:,}: bring it in parts.")
    return compare_with_catalogue(items, base_in_layouts(text))


def count_entries(compared: list[ComparedDraft]) -> int:
    """How many of these were read as entries."""
    return sum(isinstance(one.parsed, Draft) for one in compared)


def compare_with_catalogue(parsed_items: Sequence[ParsedItem], base: ListBase | None = None) -> list[ComparedDraft]:
    """Compare each draft with the catalogue and with earlier drafts, in a constant number of queries.

    With `base`, what the list and the catalogue said when they agreed, entries that have left the list come last.
    """
    return _Comparison(parsed_items, base or ListBase()).run()


def compare_within(parsed_items: Sequence[ParsedItem]) -> list[ComparedDraft]:
    """Compare each draft with earlier ones only, without a query: all others are new."""
    comparison = _Comparison(parsed_items, ListBase())
    comparison.find_earlier()
    return [comparison.compared(item) for item in parsed_items]


class _Comparison:
    """Drafts with what is known of each, by its identity as an object."""

    def __init__(self, items: Sequence[ParsedItem], base: ListBase) -> None:
        self.items, self.base = items, base
        self.drafts = [item for item in items if isinstance(item, Draft)]
        self.names = {(draft.kind, draft.name) for draft in self.drafts}
        self.identities: dict[int, Identity] = {
            id(draft): identity_of(KINDS[draft.kind], draft.payload) for draft in self.drafts
        }
        self.earlier: dict[int, Match[Draft]] = {}
        self.matches: dict[int, Match[Entry]] = {}
        self.retired: dict[int, str] = {}
        self.past: dict[EntryRef, list[dict[str, Any]]] = {}

    def run(self) -> list[ComparedDraft]:
        self.find_earlier()
        self.find_entries()
        self.past = past_payloads((match.found.kind, match.found.pk) for match in self.matches.values())
        return [*(self.compared(item) for item in self.items), *self.removed()]

    def find_earlier(self) -> None:
        """Find earlier drafts that describe the same as later ones, or may."""
        known = ByIdentity[Draft]()
        for draft in self.drafts:
            kind, identity = KINDS[draft.kind], self.identities[id(draft)]
            if match := known.find(kind, identity):
                self.earlier[id(draft)] = match
            if not match or match.doubt:
                known.add(kind, identity, draft)

    def find_entries(self) -> None:
        """Find the entries that drafts describe, by their identity or, failing that, by a name that they had."""
        entries = known_entries((KINDS[draft.kind], self.identities[id(draft)]) for draft in self.drafts)
        for draft in self.drafts:
            if match := entries.find(KINDS[draft.kind], self.identities[id(draft)]):
                self.matches[id(draft)] = match
        others = [draft for draft in self.drafts if id(draft) not in self.matches and not self.is_repeated(draft)]
        former = former_matches([(KINDS[one.kind], self.identities[id(one)], one.name) for one in others])
        found = {id(one): ((one.kind, match.found), match) for one, match in zip(others, former, strict=True) if match}
        live = live_entries(ref for ref, _ in found.values())
        self.matches |= {key: match.of(live[ref]) for key, (ref, match) in found.items() if ref in live}
        self.retired = {key: match.doubt for key, (ref, match) in found.items() if ref not in live}

    def is_repeated(self, draft: Draft) -> bool:
        match = self.earlier.get(id(draft))
        return match is not None and not match.doubt

    def compared(self, item: ParsedItem) -> ComparedDraft:
        """The state of one item."""
        if not isinstance(item, Draft):
            return ComparedDraft(item, State.SKIPPED if item.skipped else State.UNREADABLE)
        earlier = self.earlier.get(id(item))
        if earlier and not earlier.doubt:
            return ComparedDraft(item, State.REPEATED, earlier_line=earlier.found.line)
        if match := self.matches.get(id(item)):
            return self.compared_with_entry(item, match)
        if id(item) in self.retired:
            doubt = self.retired[id(item)]
            return ComparedDraft(item, State.BEHIND, note=MAYBE_RETIRED.format(doubt) if doubt else RETIRED)
        if earlier:
            note = f"Line {earlier.found.line}, “{earlier.found.name}”, {earlier.doubt}."
            line = earlier.found.line
            return ComparedDraft(item, State.QUESTION, payload=item.payload, earlier_line=line, note=note)
        return ComparedDraft(item, State.NEW, payload=item.payload)

    def compared_with_entry(self, draft: Draft, match: Match[Entry]) -> ComparedDraft:
        entry = match.found
        live = KINDS[draft.kind].dump(entry)
        ref = (draft.kind, entry.pk)
        past = self.past[ref]
        stated = _agreed(self.base.stated.get(ref), past)
        name = self.name_change(draft, live, stated, past, is_known=not match.doubt)
        changes = [*([name] if name else []), *self.changes(draft, live, stated, past)]
        changes = [one for one in changes if one.change != Change.NONE and not is_restated(one.key, one.listed, live)]
        is_question = bool(match.doubt) and (name is None or match.is_one_of_several)
        if is_question and "title" not in draft.payload and draft.name not in (live["name"], *live["aliases"]):
            aliases = [*live["aliases"], draft.name]
            changes.append(FieldChange("aliases", Change.LIST, live["aliases"], aliases, live["aliases"]))
        payload = {**live, **{one.key: one.listed for one in changes if one.is_of_list}}
        note = f"It {match.doubt}." if is_question else ""
        state = State.QUESTION if is_question else _state_of(changes)
        return ComparedDraft(draft, state, entry, tuple(changes), payload, note=note)

    def name_change(
        self,
        draft: Draft,
        live: Mapping[str, Any],
        stated: Mapping[str, Any] | None,
        past: Sequence[Mapping[str, Any]],
        *,
        is_known: bool,
    ) -> FieldChange | None:
        """The change of the name; None if the list says nothing of it, or if it may be that of something else.

        A line with another name than before is renamed if the list has the name before no more.
        """
        before = stated.get("name") if stated else None
        former = () if self.base.is_exact else past
        if before is not None and (is_known or (draft.kind, before) not in self.names):
            return merge({"name": draft.name}, live, {"name": before}, former)[0]
        if any(same(draft.name, one.get("name")) for one in past):
            return merge({"name": draft.name}, live, past[0], past)[0]
        return None

    def changes(
        self,
        draft: Draft,
        live: Mapping[str, Any],
        stated: Mapping[str, Any] | None,
        past: Sequence[Mapping[str, Any]],
    ) -> list[FieldChange]:
        """The fields that the draft states, apart from what the entry is known by."""
        listed = {key: value for key, value in draft.payload.items() if key not in (*IDENTIFYING_FIELDS, "links")}
        known = (stated or {}) if self.base.is_exact else {}  # for certain what both said before
        others = {key: value for key, value in listed.items() if key not in known}
        merged = merge({key: value for key, value in listed.items() if key in known}, live, known)
        # a list that is no version of an imported one never agreed with anything, so there is nothing to conflict with
        before = {**past[0], **(stated or {})} if self.base.stated else live
        merged += merge(others, live, before, past)
        changes = {one.key: one for one in merged}
        urls = {row["url"] for one in past for row in one.get("links") or ()} if "links" not in known else ()
        linked = (stated or {}).get("links", [])
        links = merge_links(draft.payload.get("links", []), live["links"], linked, urls)
        for key in _without_news(draft, live, changes.get("summary"), links):
            changes.pop(key, None)
        order = {key: number for number, key in enumerate(draft.payload)}
        return sorted([*changes.values(), links], key=lambda one: order.get(one.key, len(order)))

    def removed(self) -> list[ComparedDraft]:
        """The live entries that the list had and has no more; none if the text is only a part of the list."""
        had = self.base.stated.keys()
        kept = had & {(match.found.kind, match.found.pk) for match in self.matches.values()}
        is_whole = self.base.is_exact or 2 * len(kept) >= len(had)
        gone = live_entries(had - kept) if is_whole else {}
        return [
            ComparedDraft(Draft(kind, {"name": entry.name}), State.REMOVED, entry, note=LEFT_OUT)
            for (kind, _), entry in sorted(gone.items(), key=lambda one: (one[0][0], one[1].name))
        ]


def _agreed(stated: Mapping[str, Any] | None, past: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """What a list said and the entry said as well at some time; of links, those that both had."""
    if stated is None:
        return None
    urls = {row["url"] for one in past for row in one.get("links") or ()}
    agreed = {key: value for key, value in stated.items() if any(same(value, one.get(key)) for one in past)}
    links = [row for row in stated.get("links", []) if row["url"] in urls]
    return {**agreed, **({"links": links} if links else {})}


def _state_of(changes: Sequence[FieldChange]) -> State:
    found = {one.change for one in changes}
    if Change.BOTH in found:
        return State.CONFLICT
    if Change.LIST in found:
        return State.DIFFERS
    return State.BEHIND if found else State.SAME


def _without_news(draft: Draft, live: Mapping[str, Any], summary: FieldChange | None, links: FieldChange) -> set[str]:
    """The keys whose values are concluded from a summary or from links that say nothing new."""
    left_out = set[str]()
    if same(draft.payload.get("summary", ""), live["summary"]) or (summary and not summary.is_of_list):
        left_out |= {*draft.derived} - {"summary"}  # the words say no more than they did
    if not links.is_of_list:  # which say the identifiers already
        left_out |= {"arxiv_id", "doi"}
    return left_out
