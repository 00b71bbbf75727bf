"""Compare many drafts with the catalogue: new, the same, different, or for a person to say."""

from dataclasses import dataclass, field
from typing import Any

from catalog.kinds import KINDS
from catalog.ledger.identity import Identity, Match, best_match, fetch_candidates, identity_of, keys_to_look_up
from catalog.models import Entry
from submissions.intake.drafts import Draft, ParsedItem, Unreadable
from submissions.intake.restated import is_restated

NEW, SAME, DIFFERS, REPEATED, UNREADABLE, QUESTION = "new", "same", "differs", "again", "unreadable", "question"
IDENTIFYING_FIELDS = ("name", "aliases", "section", "links")
Candidates = dict[str, list[tuple[Entry, Identity]]]
Earlier = dict[tuple[str, str], list[tuple[Draft, Identity]]]


@dataclass(frozen=True)
class ComparedDraft:
    """A draft compared with the catalogue.

    `state` is new, same, differs (`fields` names the keys that differ, `payload` is that of the entry with the draft's
    values for them), again (the draft at `earlier_line` describes the same entry), unreadable, or question: an entry,
    or an earlier draft, has its identifier under another name, as `question` says. Taken as the same, it edits the
    entry.
    """

    parsed: ParsedItem
    state: str
    entry: Entry | None = None
    fields: tuple[str, ...] = ()
    payload: dict[str, Any] = field(default_factory=dict)
    earlier_line: int | None = None
    question: str = ""


def compare_with_catalogue(parsed_items: list[ParsedItem]) -> list[ComparedDraft]:
    """Compare each draft with the catalogue and with earlier drafts, in a constant number of queries."""
    drafts = [parsed for parsed in parsed_items if isinstance(parsed, Draft)]
    identities = {id(draft): identity_of(KINDS[draft.kind], draft.payload) for draft in drafts}
    candidates = {}
    for kind in {draft.kind for draft in drafts}:
        keys = {key for draft in drafts if draft.kind == kind for key in keys_to_look_up(identities[id(draft)])}
        candidates[kind] = fetch_candidates(KINDS[kind], keys)
    earlier: Earlier = {}
    compared = []
    for parsed in parsed_items:
        if isinstance(parsed, Unreadable):
            compared.append(ComparedDraft(parsed, UNREADABLE))
        else:
            compared.append(_compare(parsed, identities[id(parsed)], candidates[parsed.kind], earlier))
    return compared


def _compare(draft: Draft, identity: Identity, candidates: Candidates, earlier: Earlier) -> ComparedDraft:
    """Compare a draft, and remember it for those that follow."""
    keys = sorted(keys_to_look_up(identity))
    repeated = best_match(identity, (one for key in keys for one in earlier.get((draft.kind, key), ())))
    if repeated and not repeated.under_another_name:
        return ComparedDraft(draft, REPEATED, earlier_line=repeated.found.line)
    for key in keys:
        earlier.setdefault((draft.kind, key), []).append((draft, identity))
    match = best_match(identity, (one for key in keys for one in candidates.get(key, ())))
    if match:
        return _compared_with_entry(draft, match)
    if repeated:
        question = f"Line {repeated.found.line}, “{repeated.found.name}”, has the same {repeated.under_another_name}."
        return ComparedDraft(draft, QUESTION, payload=draft.payload, question=question)
    return ComparedDraft(draft, NEW, payload=draft.payload)


def _compared_with_entry(draft: Draft, match: Match[Entry]) -> ComparedDraft:
    entry = match.found
    live = KINDS[draft.kind].dump(entry)
    added = {**draft.payload, "links": _merged_links(live["links"], draft.payload.get("links", []))}
    stated = {key: value for key, value in added.items() if key not in IDENTIFYING_FIELDS or key == "links"}
    if match.under_another_name and "title" not in stated:
        stated["aliases"] = [*live["aliases"], draft.name]
    changed = tuple(key for key, value in stated.items() if value != live[key] and not is_restated(key, value, live))
    if not changed and not match.under_another_name:
        return ComparedDraft(draft, SAME, entry)
    payload = {**live, **{key: stated[key] for key in changed}}
    if not match.under_another_name:
        return ComparedDraft(draft, DIFFERS, entry, changed, payload)
    question = f"It has the {match.under_another_name} under this name."
    return ComparedDraft(draft, QUESTION, entry, changed, payload, question=question)


def _merged_links(live: list[dict[str, Any]], stated: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The live links, then those of the draft whose URLs are new."""
    known = {row["url"] for row in live}
    return live + [row for row in stated if row["url"] not in known]
