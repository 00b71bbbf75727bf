"""Check a list before it is published: what became of each line, links that lead nowhere, what would be proposed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings

from catalog.exchange.awesome.dead_links import DeadLink, dead_links
from catalog.exchange.awesome.lines import split_lines
from catalog.exchange.awesome.reader import parse
from catalog.kinds import KINDS
from submissions.intake.batch import ComparedDraft, State, compare_with_catalogue, compare_within
from submissions.intake.drafts import Draft
from submissions.intake.list_base import base_in_layouts, base_in_version
from submissions.intake.lists import items_of
from submissions.intake.merging import Change, FieldChange, in_words

MAX_BYTES = 1_000_000
MAX_LINES = 20_000
READ = "read"
"""The outcome of an entry that was not compared with the catalogue."""
OUTCOMES = (*State, READ)
WARNINGS = (State.REPEATED, State.UNREADABLE, State.CONFLICT)
NOTICES = (State.QUESTION, State.REMOVED, State.BEHIND)
PROBLEMS: dict[str, tuple[str, ...]] = {
    "duplicates": (State.REPEATED,),
    "unread": (State.UNREADABLE,),
    "questions": (State.QUESTION,),
    "conflicts": (State.CONFLICT,),
    "links": (),
}
"""What a check may be to fail on: the outcomes that count as it, or links that lead nowhere."""


@dataclass(frozen=True)
class Finding:
    """What became of lines of the list, of which `line` is the first and `last` the last (counted from 1; null for an
    entry without a line). `outcome` is a State or READ, `level` "warning", "notice" or "", `message` a sentence.

    `url` is the page of the entry in the catalogue, and `changes` are the fields that differ from it; `earlier` is the
    line of the list that has the same, or may have.
    """

    line: int | None
    last: int | None
    outcome: str
    level: str
    message: str
    kind: str = ""
    name: str = ""
    url: str = ""
    changes: tuple[FieldChange, ...] = ()
    earlier: int | None = None


@dataclass(frozen=True)
class ListCheck:
    """What a list holds. `is_compared` says whether it was compared with the catalogue."""

    entries: int
    is_compared: bool
    lines: list[Finding]
    links: list[DeadLink]

    def number_of(self, problem: str) -> int:
        """How many there are of one of PROBLEMS."""
        return len(self.links) if problem == "links" else sum(one.outcome in PROBLEMS[problem] for one in self.lines)

    def as_json(self) -> dict[str, Any]:
        """The check as the API and the command give it."""
        return {
            **account_of(self.lines, self.entries),
            "compared": self.is_compared,
            "problems": {problem: self.number_of(problem) for problem in PROBLEMS},
            "links": [asdict(one) for one in self.links],
        }


def account_of(lines: Sequence[Finding], entries: int) -> dict[str, Any]:
    """What became of the lines of a list with so many entries, as the API gives it."""
    found = Counter(one.outcome for one in lines)
    counts = {str(outcome): found[outcome] for outcome in OUTCOMES if found[outcome]}
    return {"entries": entries, "counts": counts, "lines": [asdict(one) for one in lines]}


def findings_of(
    compared: Sequence[ComparedDraft], lasts: Mapping[int, int] | None = None, *, offline: bool = False
) -> list[Finding]:
    """What became of what was read of a list. `lasts` are the last lines of entries that have several, by the first."""
    return [_finding(one, lasts or {}, offline=offline) for one in compared]


def size_error(text: str) -> str:
    """What is too large about a list; "" if nothing is."""
    if len(text.encode(errors="replace")) > MAX_BYTES:
        return f"That is more than {MAX_BYTES // 1000:,} kilobytes."
    return f"That is more than {MAX_LINES:,} lines." if len(split_lines(text)) > MAX_LINES else ""


def check_list(text: str, before: str = "", *, offline: bool = False) -> ListCheck:
    """Check a list, of which `before` may be the version that was edited; `offline` asks nothing of the database."""
    parsed = parse(text)
    items = items_of(parsed, text, offline=offline)
    if offline:
        compared = compare_within(items)
    elif before:
        drafts = [one for one in items_of(parse(before), before) if isinstance(one, Draft)]
        compared = compare_with_catalogue(items, base_in_version(drafts))
    else:
        compared = compare_with_catalogue(items, base_in_layouts(text))
    lasts = {account.line: account.last for account in parsed.accounts}
    findings = findings_of(compared, lasts, offline=offline)
    return ListCheck(len(parsed.entries), not offline, findings, dead_links(text))


def _finding(compared: ComparedDraft, lasts: Mapping[int, int], *, offline: bool) -> Finding:
    parsed, state = compared.parsed, compared.state
    level = "warning" if state in WARNINGS else "notice" if state in NOTICES else ""
    line = parsed.line
    if not isinstance(parsed, Draft):
        return Finding(line, parsed.last or line, state, level, parsed.reason)
    last = lasts.get(line, line) if line else None
    outcome = READ if offline and state == State.NEW else state
    url = f"{settings.SITE_URL}{compared.entry.get_absolute_url()}" if compared.entry else ""
    message = _message(compared, parsed, outcome)
    about = (parsed.kind, parsed.name, url, compared.changes, compared.earlier_line)
    return Finding(line, last, outcome, level, message, *about)


MESSAGES: dict[str, str] = {
    READ: "“{name}” is read ({label}).",
    State.NEW: "“{name}” is not in the catalogue: it would be proposed ({label}).",
    State.SAME: "“{name}” is in the catalogue, and says the same.",
    State.DIFFERS: "A change of “{name}” would be proposed. {changes}",
    State.CONFLICT: "The catalogue has changed “{name}” as well. {changes}",
    State.BEHIND: "The catalogue has changed “{name}” since. {changes}{note}",
    State.REMOVED: "“{name}”: {note}",
    State.REPEATED: "“{name}” is in line {earlier} already.",
    State.QUESTION: "Is “{name}” the same as “{other}” of the catalogue? {note}",
}
WITHIN_LIST = "“{name}”: {note}"


def _message(compared: ComparedDraft, draft: Draft, outcome: str) -> str:
    is_within = outcome == State.QUESTION and compared.entry is None
    sentence = WITHIN_LIST if is_within else MESSAGES[outcome]
    return sentence.format(
        name=draft.name,
        label=KINDS[draft.kind].label.lower(),
        changes=" ".join(_change(draft, one) for one in compared.changes),
        note=compared.note,
        earlier=compared.earlier_line,
        other=compared.entry.name if compared.entry else "",
    )


def _change(draft: Draft, change: FieldChange) -> str:
    label = KINDS[draft.kind].label_of(change.key)
    listed, live, base = (_shortened(in_words(value)) for value in (change.listed, change.live, change.base))
    if change.change == Change.BOTH:
        return f"{label}: {listed} in the list, {live} in the catalogue, {base} before."
    return f"{label}: {live} to {listed}." if change.change == Change.LIST else f"{label}: {live} in the catalogue."


def _shortened(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"
