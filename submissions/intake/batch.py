"""Read many drafts and compare them with the catalogue: new, the same, different, or for a person to say."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from catalog.kinds import KINDS
from catalog.ledger.identity import ByIdentity, Identity, Match, identity_of, known_entries
from catalog.models import Entry
from submissions.intake.drafts import Draft, ParsedItem
from submissions.intake.lists import MAX_ENTRIES, TOO_LARGE, is_too_large, read_many

IDENTIFYING_FIELDS = ("name", "aliases", "section")


class State(StrEnum):
    """How something in a list compares with the catalogue."""

    NEW = "new"
    SAME = "same"
    DIFFERS = "differs"
    REPEATED = "again"
    QUESTION = "question"
    UNREADABLE = "unreadable"
    SKIPPED = "skipped"


SELECTABLE_STATES = (State.NEW, State.DIFFERS, State.QUESTION)
"""The states of what can be proposed."""
PRESELECTED_STATES = (State.NEW, State.DIFFERS)
"""Those that need no answer by a person first."""


@dataclass(frozen=True)
class ComparedDraft:
    """A draft compared with the catalogue.

    `state` is new, same, differs (`fields` names the keys that differ, `payload` is that of the entry with the draft's
    values for them), again (the draft at `earlier_line` describes the same entry), unreadable, skipped, or question: an
    entry, or an earlier draft, has its identifier under another name, as `question` says. Taken as the same, it edits
    the entry.
    """

    parsed: ParsedItem
    state: State
    entry: Entry | None = None
    fields: tuple[str, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)
    earlier_line: int | None = None
    question: str = ""


class ListRefused(Exception):
    """The text is too large, or holds nothing; the message says so to the person who brought it."""


def read_and_compare(text: str) -> list[ComparedDraft]:
    """What a README, a BibTeX file or lines of cells hold, in order, compared with the catalogue.

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
    return compare_with_catalogue(items)


def count_entries(compared: list[ComparedDraft]) -> int:
    """How many of these were read as entries."""
    return sum(isinstance(one.parsed, Draft) for one in compared)


def compare_with_catalogue(parsed_items: list[ParsedItem]) -> list[ComparedDraft]:
    """Compare each draft with the catalogue and with earlier drafts, in a constant number of queries."""
    drafts = [parsed for parsed in parsed_items if isinstance(parsed, Draft)]
    identities = {id(draft): identity_of(KINDS[draft.kind], draft.payload) for draft in drafts}
    entries = known_entries((KINDS[draft.kind], identities[id(draft)]) for draft in drafts)
    earlier = ByIdentity[Draft]()
    return [
        _compare(parsed, identities[id(parsed)], entries, earlier)
        if isinstance(parsed, Draft)
        else ComparedDraft(parsed, State.SKIPPED if parsed.skipped else State.UNREADABLE)
        for parsed in parsed_items
    ]


def _compare(draft: Draft, identity: Identity, entries: ByIdentity[Entry], earlier: ByIdentity[Draft]) -> ComparedDraft:
    """Compare a draft, and remember it for those that follow."""
    kind = KINDS[draft.kind]
    repeated = earlier.find(kind, identity)
    if repeated and not repeated.under_another_name:
        return ComparedDraft(draft, State.REPEATED, earlier_line=repeated.found.line)
    earlier.add(kind, identity, draft)
    if match := entries.find(kind, identity):
        return _compared_with_entry(draft, match)
    if repeated:
        question = f"Line {repeated.found.line}, “{repeated.found.name}”, has the same {repeated.under_another_name}."
        return ComparedDraft(draft, State.QUESTION, payload=draft.payload, question=question)
    return ComparedDraft(draft, State.NEW, payload=draft.payload)


def _compared_with_entry(draft: Draft, match: Match[Entry]) -> ComparedDraft:
    entry = match.found
    live = KINDS[draft.kind].dump(entry)
    stated = _news(draft, live)
    if match.under_another_name and "title" not in stated:
        stated["aliases"] = [*live["aliases"], draft.name]
    changed = tuple(key for key, value in stated.items() if value != live[key])
    if not changed and not match.under_another_name:
        return ComparedDraft(draft, State.SAME, entry)
    payload = {**live, **{key: stated[key] for key in changed}}
    if not match.under_another_name:
        return ComparedDraft(draft, State.DIFFERS, entry, changed, payload)
    question = f"It has the {match.under_another_name} under this name."
    return ComparedDraft(draft, State.QUESTION, entry, changed, payload, question=question)


def _news(draft: Draft, live: dict[str, Any]) -> dict[str, Any]:
    """The values of a draft that may say something else than the entry: not what it is known by, and not what is
    concluded from a summary or links that are the entry's."""
    added = {**draft.payload, "links": _merged_links(live["links"], draft.payload.get("links", []))}
    left_out = {*IDENTIFYING_FIELDS}
    if _in_one_line(draft.payload.get("summary", "")) == _in_one_line(live["summary"]):
        left_out |= {*draft.derived, "summary"}  # the words say no more than they did
    if added["links"] == live["links"]:  # which say the identifiers already
        left_out |= {"arxiv_id", "doi"}
    return {key: value for key, value in added.items() if key not in left_out}


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _merged_links(live: list[dict[str, Any]], stated: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The live links, then those of the draft whose URLs are new."""
    known = {row["url"] for row in live}
    return live + [row for row in stated if row["url"] not in known]
