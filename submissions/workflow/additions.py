"""Rows that a proposal adds to what another entry lists, because it names something new there (`EntryForm.listed`): the
split of a result, proposed with the result.

They are no part of the payload. They are checked by the form of the entry that is to list them, its owner, and are
published as an edit of it when the proposal is approved.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from accounts.models import User
from catalog.forms.listed import Listed, rows_by_list
from catalog.forms.payload import payload_errors
from catalog.kinds import KINDS, Kind, kind_of, listing_field, listing_kind
from catalog.ledger.payloads import as_object, with_present_slugs
from catalog.ledger.publishing import PayloadError, PublishingError, bound_form, lock_and_fetch, publish
from catalog.ledger.trace import Trace
from catalog.models import Entry, Revision
from submissions import rules
from submissions.models import Event, Proposal
from submissions.verbs import APPROVE
from submissions.workflow.errors import Conflict, Invalid
from submissions.workflow.transitions import require

Payload = Mapping[str, Any]
Additions = Mapping[str, Mapping[str, Any]]
KEY = "additions"
SHOWN = 100
"""Characters of a name in an error."""


def checked_additions(kind: Kind, payload: Payload, given: Any) -> dict[str, dict[str, Any]]:
    """Additions as they would be stored, without those that are listed already.

    Raises Invalid, by "additions", for what is no addition, is not named by the payload, or is refused by the form of
    the owner. Where the owner is not there, the payload is refused.
    """
    if not given:
        return {}
    if errors := _shape_errors(kind, given) or _unnamed_errors(kind, payload, given):
        raise Invalid({KEY: errors})
    checked: dict[str, dict[str, Any]] = {}
    for owner_key, owner in _owners(kind, payload, given):
        listed = kind.form.listed
        new = {
            key: row
            for key, row in given.items()
            if listed[key].owner == owner_key and not listed[key].lists(owner, str(row.get("name") or ""))
        }
        checked |= _checked_by_owner(kind, owner, new)
    return {key: checked[key] for key in kind.form.listed if key in checked}


def refuse_locked_owners(author: User, kind: Kind, payload: Payload, additions: Additions) -> None:
    """Raise NotAllowed if an addition is to an entry that this person may not change."""
    for _, owner in _owners(kind, payload, additions):
        lock = rules.get_lock(owner.kind, owner.pk)
        reason = f"{owner.name} is locked, so that nothing can be added to it: {lock.reason}" if lock else ""
        require(lock is None or rules.can_edit_locked(author), reason)


def still_named(proposal: Proposal, payload: Any) -> dict[str, Any]:
    """The additions of a proposal that another payload needs as well: it names the same in the same owner."""
    kind = KINDS[proposal.kind]
    if not proposal.additions or not isinstance(payload, Mapping):
        return {}
    listed = kind.form.listed
    former, present = _owner_slugs(kind, proposal.current_payload), _owner_slugs(kind, payload)
    return {
        key: row
        for key, row in proposal.current_additions.items()
        if former.get(listed[key].owner) == present.get(listed[key].owner)
        and listed[key].find([row], str(payload.get(key) or ""))
    }


def publish_additions(proposal: Proposal, payload: Payload, approver: User) -> list[Revision]:
    """Publish the additions that a payload of the proposal needs: one edit for each owner that does not list them yet.

    Raises Conflict if the form of the owner refuses one by now. Where the owner is gone, the payload is refused.
    """
    kind, additions = KINDS[proposal.kind], still_named(proposal, payload)
    listed = kind.form.listed
    trace = Trace(proposal.author, approver, proposal.source, _comment(proposal))
    revisions = []
    for owner_key, found in _owners(kind, payload, additions):
        try:
            owner = lock_and_fetch(kind_of(found), found.pk)
        except PublishingError as error:
            raise Conflict(f"{found.name}: {error}") from error
        new = {
            key: row
            for key, row in additions.items()
            if listed[key].owner == owner_key and not listed[key].lists(owner, row["name"])
        }
        if not new:
            continue
        try:
            longer = _with_rows(owner, listed, owner_key, new)
            revisions.append(publish(kind=kind_of(owner), payload=longer, trace=trace, entry=owner))
        except PayloadError as error:
            names = ", ".join(f"“{row['name']}”" for row in new.values())
            raise Conflict(f"{names} cannot be added to {owner.name} as it is now. {error}") from error
    return revisions


def revisions_of_additions(revision: Revision) -> list[Revision]:
    """The edits of other entries that were published with a revision, as additions of its proposal."""
    approvals = Event.objects.filter(verb=APPROVE.name, proposal__revision_id=revision.pk)
    ids = [pk for payload in approvals.values_list("payload", flat=True) for pk in as_object(payload).get(KEY, [])]
    return list(Revision.objects.defer("snapshot").filter(pk__in=ids).order_by("pk"))


def _shape_errors(kind: Kind, given: Any) -> list[str]:
    """What is wrong with the keys and types of additions."""
    listed = kind.form.listed
    if not listed:
        return [f"A {kind.label.lower()} names nothing that another entry lists: leave this out."]
    if not isinstance(given, Mapping):
        return ["The additions must be an object."]
    errors = [f"{key[:SHOWN]}: unknown; known are: {', '.join(listed)}." for key in given if key not in listed]
    for key, row in given.items():
        if key in listed:
            wrong = payload_errors(listing_field(kind, key).row_form, row)
            errors += [f"{key}, {cell}: {message}" for cell, messages in wrong.items() for message in messages]
            if not wrong and not str(row.get("name") or "").strip():
                errors.append(f"{key}, name: Give the name that the proposal has.")
    return errors


def _unnamed_errors(kind: Kind, payload: Payload, given: Additions) -> list[str]:
    """An error for each addition that has another name than the payload."""
    named = {key: str(payload.get(key) or "") for key in given}
    return [
        f"{key}: the proposal names “{named[key][:SHOWN]}”, and not “{row['name'][:SHOWN]}”: give both the same name."
        for key, row in given.items()
        if not kind.form.listed[key].find([{"name": row["name"]}], named[key])
    ]


def _owners(kind: Kind, payload: Payload, additions: Additions) -> Iterator[tuple[str, Entry]]:
    """The live entries that the additions go to, each with the key of the field that refers to it."""
    slugs = _owner_slugs(kind, payload) if additions else {}
    owners = {kind.form.listed[key].owner: listing_kind(kind, key) for key in additions}
    for owner_key, listing in owners.items():
        slug = slugs.get(owner_key)
        rows = listing.model.objects.with_references()
        owner: Entry | None = rows.filter(slug=slug).first() if isinstance(slug, str) else None
        if owner is not None:
            yield owner_key, owner


def _owner_slugs(kind: Kind, payload: Payload) -> dict[str, Any]:
    """The present slugs of the entries that list names for a payload, by the fields that refer to them."""
    owners = {listed.owner for listed in kind.form.listed.values()}
    return with_present_slugs(kind, {key: payload[key] for key in sorted(owners & payload.keys())})


def _checked_by_owner(kind: Kind, owner: Entry, new: Additions) -> dict[str, dict[str, Any]]:
    """Additions to one owner as its form stores them. Raises Invalid for those that it refuses."""
    listed = kind.form.listed
    cleaned: dict[str, dict[str, Any]] = {}
    errors: list[str] = []
    for key, row in new.items():
        field = listing_field(kind, key)
        form = field.row_form({**field.row_form.empty(), **row})
        if form.is_valid():
            cleaned[key] = {name: cell.canonical(form.cleaned_data[name]) for name, cell in field.cells.items()}
        errors += [f"{key}, {cell}: {message}" for cell, messages in form.errors.items() for message in messages]
    if errors:
        raise Invalid({KEY: errors})
    live = kind_of(owner).dump(owner)
    try:
        for owner_key in dict.fromkeys(listed[key].owner for key in cleaned):
            bound_form(kind_of(owner), _with_rows(owner, listed, owner_key, cleaned), owner, stored=[live])
    except PayloadError as error:
        keys = {listed[key].rows: key for key in cleaned}
        raise Invalid(
            {KEY: [f"{keys.get(field, field)}: {message}" for field, all_ in error.errors.items() for message in all_]}
        ) from error
    return cleaned


def _with_rows(owner: Entry, listed: Mapping[str, Listed], owner_key: str, new: Additions) -> dict[str, Any]:
    """The payload of an owner with further rows."""
    payload: dict[str, Any] = kind_of(owner).dump(owner)
    for rows, row in rows_by_list(listed, owner_key, new):
        payload[rows] = [*payload[rows], dict(row)]
    return payload


def _comment(proposal: Proposal) -> str:
    """Why an owner is edited, for its history."""
    about = f"Added with “{proposal.name}”, proposal {proposal.pk}."
    return "\n\n".join(filter(None, [about, proposal.comment]))
