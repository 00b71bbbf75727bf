"""The fields that moderators set (`Kind.set_by_moderators`), such as the verification of a result: no change sets them
besides, and what it does to them is computed (`Kind.consequences`)."""

from collections.abc import Mapping
from typing import Any

from catalog.forms import EntryForm
from catalog.kinds import KINDS, Kind
from catalog.ledger.publishing import bound_form
from submissions.models import Proposal
from submissions.workflow.errors import Invalid

Payload = Mapping[str, Any]
REFUSAL = (
    "{label} is set by moderators, by verifying the entry, and not by a change of it: leave it out, or at “{value}”."
)


def completed(kind: Kind, payload: Any, present: Payload) -> Any:
    """A payload with the present values of these fields where it leaves them out, as forms do. One that is not an
    object is returned as it is, here as below."""
    return {**_own(kind, present), **payload} if isinstance(payload, Mapping) else payload


def as_present(kind: Kind, payload: Any, present: Payload) -> Any:
    """A payload with the present values of these fields, whatever it says of them."""
    return {**payload, **_own(kind, present)} if isinstance(payload, Mapping) else payload


def bound_as_present(form: EntryForm, kind: Kind, present: Payload) -> EntryForm:
    """A bound form with the present values of these fields."""
    given = form.canonical()
    own = as_present(kind, given, present)
    if own == given:
        return form
    return bound_form(kind, own, form.instance, stored=form.stored, additions=form.additions)


def refuse_others(kind: Kind, given: Any, *accepted: Payload) -> None:
    """Raise Invalid for each of these fields that has none of the values which it has in `accepted`."""
    first, own = accepted[0], _own(kind, given)
    wrong = [key for key, value in own.items() if all(payload.get(key) != value for payload in accepted)]
    if wrong:
        raise Invalid({key: [REFUSAL.format(label=kind.label_of(key), value=first.get(key))] for key in wrong})


def as_published(proposal: Proposal, payload: Any) -> Any:
    """A payload of a proposal as it is published: these fields are as in the live entry, whatever a proposal says that
    is older than this rule. What an undo brings back stays."""
    kind = KINDS[proposal.kind]
    if not kind.set_by_moderators or proposal.undoes_id is not None or not proposal.has_payload:
        return payload
    entry = kind.model.objects.with_references().filter(pk=proposal.target_id or 0).first()
    return as_present(kind, payload, kind.dump(entry) if entry else kind.form.empty())


def recomputed(proposal: Proposal, payload: Payload, before: Payload) -> dict[str, Any]:
    """A payload of a proposal with what its change of `before` does to these fields, whatever it says of them. What an
    undo brings back stays."""
    kind = KINDS[proposal.kind]
    if proposal.undoes_id is not None:
        return dict(payload)
    own: dict[str, Any] = as_present(kind, payload, before)
    changed = kind.consequences(before, own, "")
    return {**own, **{key: value for key, value in changed.items() if key in kind.set_by_moderators}}


def _own(kind: Kind, payload: Any) -> dict[str, Any]:
    """The values of these fields in a payload that has them."""
    keys = sorted(kind.set_by_moderators & payload.keys()) if isinstance(payload, Mapping) else []
    return {key: payload[key] for key in keys}
