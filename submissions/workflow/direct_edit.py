"""Direct edits by admins."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from catalog.kinds import kind_of
from catalog.ledger.publishing import NothingChanged, PayloadError, PublishingError, StaleBase, publish
from catalog.ledger.trace import Trace
from catalog.models import Entry, Revision
from catalog.text.source_names import as_source
from submissions import rules
from submissions.models import ProposalAction
from submissions.workflow.errors import Conflict, Invalid, StaleProposal
from submissions.workflow.moderators_fields import completed, refuse_others
from submissions.workflow.submitting import check_source_and_comment
from submissions.workflow.transitions import require


@transaction.atomic
def edit_directly(
    *, entry: Entry, actor: User, payload: Mapping[str, Any], base: int, source: str, comment: str
) -> Revision:
    """Publish an admin's own change without review; the ledger shows that nobody approved it.

    Raises Conflict for one that replaces the entry, since that takes two moderators, and Invalid for one that sets
    what moderators set by a verb of its own.
    """
    require(rules.can_edit_directly(actor), "Only admins change an entry without review.")
    source = as_source(source)
    check_source_and_comment(ProposalAction.EDIT, source, comment)
    kind = kind_of(entry)
    live = kind.dump(entry)
    payload = completed(kind, payload, live)
    refuse_others(kind, payload, live)
    if rules.replaces_entry(live, payload):
        raise Conflict(
            "This leaves next to nothing of the entry, which takes two moderators: propose it instead, and another "
            "one approves it."
        )
    try:
        return publish(
            kind=kind,
            payload=payload,
            trace=Trace(actor, None, source, comment.strip()),
            entry=entry,
            base=base,
        )
    except StaleBase as error:
        raise StaleProposal(error.base, error.live) from error
    except PayloadError as error:
        raise Invalid(error.errors) from error
    except NothingChanged as error:
        raise Conflict("Nothing is changed: this is what the live entry says.") from error
    except PublishingError as error:
        raise Conflict(str(error)) from error
