"""Turn a request body into a new proposal for the workflow."""

from collections.abc import Mapping
from typing import Any

from catalog.api.conditional import base_revision
from catalog.api.problems import Problem
from catalog.api.schema import Component
from catalog.kinds import KINDS, Kind
from catalog.models import Entry, FormerSlug, Revision, RevisionAction
from submissions.api.bodies import OBJECT, Member, schema_of
from submissions.api.merge_patch import apply_merge_patch
from submissions.models import ACTIONS_WITH_PAYLOAD, ProposalAction
from submissions.workflow import NewProposal, Target

ACTIONS = [action.value for action in ProposalAction]

MEMBERS = (
    Member("kind", "The kind of entry.", {"type": "string", "enum": list(KINDS)}, required=True),
    Member("action", "What to propose; by default a new entry.", {"type": "string", "enum": ACTIONS}, default="create"),
    Member("slug", "The entry that it is about (not for a new one)."),
    Member(
        "fields",
        "For a new entry its whole payload, where an absent key means the empty value; for an edit a JSON merge patch "
        "(RFC 7396) over the live fields, where null empties a field and a list replaces the whole list.",
        OBJECT,
        default=None,
    ),
    Member(
        "additions",
        "Rows that other entries are to list because `fields` names something new there, by the field that does: "
        '`{"split": {"name": "testmini"}}` for a result. Each has the keys of the list that it goes to, and the same '
        "`name` as the field; it is published together with the proposal.",
        OBJECT,
        default=None,
    ),
    Member("into", "For a merge: the slug of the entry that stays."),
    Member(
        "source",
        "Where it stands: an address, or words that lead to it. An edit needs one, and so does a new entry without a "
        "link.",
    ),
    Member("comment", "What the reviewer should know; to retire, restore, merge or flag, the reason."),
)

NEW_PROPOSAL = Component("NewProposal", schema_of(MEMBERS))


def proposal_from_body(body: Mapping[str, Any], if_match: str | None = None) -> NewProposal:
    """Build a proposal from a body that `read_body` has checked.

    Raises Problem: 422 by member, 412 if `if_match` names a revision other than the entry's.
    """
    kind, action = KINDS[body["kind"]], body["action"]
    _refuse_superfluous(action, body, if_match)
    target, live = (None, None) if action == ProposalAction.CREATE else _target(kind, action, body["slug"])
    if target and if_match is not None:
        _refuse_stale(target, if_match)
    payload = body["fields"]
    if action == ProposalAction.EDIT and live is not None:
        payload = apply_merge_patch(kind.dump(live), payload or {})
    into = _live(kind, body["into"], "into") if action == ProposalAction.MERGE else None
    return NewProposal(
        kind, action, payload, target, into, body["source"], body["comment"], additions=body["additions"] or {}
    )


def _refuse_superfluous(action: str, body: Mapping[str, Any], if_match: str | None) -> None:
    """Refuse members that the action does not take, rather than ignore them."""
    label = ProposalAction(action).label.lower()
    errors = {}
    if action == ProposalAction.CREATE and body["slug"]:
        errors["slug"] = ["A new entry gets its slug when it is published."]
    if action not in ACTIONS_WITH_PAYLOAD and body["fields"]:
        errors["fields"] = [f"There are no fields to send with this action ({label})."]
    if action not in ACTIONS_WITH_PAYLOAD and body["additions"]:
        errors["additions"] = [f"There is nothing to add with this action ({label})."]
    if action != ProposalAction.MERGE and body["into"]:
        errors["into"] = ["Only for a merge."]
    if errors:
        raise _invalid(errors)
    if action == ProposalAction.CREATE and if_match is not None:
        raise Problem(400, "If-Match goes with an entry's ETag; a new entry has none.")


def _target(kind: Kind, action: str, slug: str) -> tuple[Target, Entry | None]:
    if action == ProposalAction.RESTORE:
        return _retired(kind, slug), None
    entry = _live(kind, slug, "slug")
    return Target.live(entry), entry


def _live(kind: Kind, slug: str, member: str) -> Entry:
    entry: Entry | None = kind.model.objects.with_references().filter(slug=slug).first()
    if entry is not None:
        return entry
    ids = FormerSlug.objects.entry_ids(kind.name, [slug]).values()
    present_slug = kind.model.objects.filter(pk__in=ids).values_list("slug", flat=True).first()
    hint = f" It is “{present_slug}” now." if present_slug else ""
    raise _invalid({member: [f"There is no {kind.label.lower()} “{slug[:100]}” in the catalogue.{hint}"]})


def _retired(kind: Kind, slug: str) -> Target:
    last = Revision.objects.filter(kind=kind.name, slug=slug).latest_first().first()
    if last is None or last.action not in (RevisionAction.RETIRE, RevisionAction.MERGE):
        raise _invalid({"slug": [f"There is no retired {kind.label.lower()} “{slug[:100]}”."]})
    return Target.retired(last)


def _refuse_stale(target: Target, if_match: str) -> None:
    if if_match.strip() == "*" or base_revision(if_match) == target.base:
        return
    raise Problem(
        412,
        f"The entry is at revision {target.base}, and If-Match names another: read it again, and propose on that.",
        kind="stale-base",
        revision=target.base,
    )


def _invalid(errors: dict[str, list[str]]) -> Problem:
    return Problem(422, "Some values are not right; see errors.", kind="invalid-fields", errors=errors)
