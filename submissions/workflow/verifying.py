"""Verify published entries: say how far a result was checked, with the evidence. It publishes a revision."""

from dataclasses import dataclass

from django.db import transaction

from accounts.models import User
from accounts.rules import can_moderate
from accounts.words import is_blank
from catalog.kinds import kind_of
from catalog.kinds.result.model import Verification
from catalog.ledger.publishing import NothingChanged, PayloadError, PublishingError, StaleBase, lock_and_fetch, publish
from catalog.ledger.trace import Trace
from catalog.models import Entry, Revision
from catalog.text.addresses import address_error
from catalog.text.source_names import as_source, is_address
from submissions import rules
from submissions.workflow.errors import Conflict, Invalid
from submissions.workflow.submitting import SOURCE_LENGTH, clean_text
from submissions.workflow.transitions import require

FIELD = "verification"
TEXT_LENGTH = 500
REQUIRED = {
    Verification.REPORTED: {"looked_at": "Say why it does not count as checked."},
    Verification.CHECKED_IN_COPY: {"looked_at": "Say which page, table and cell of the copy you read."},
    Verification.CHECKED: {"looked_at": "Say which page, table and cell of the source you read."},
    Verification.REPRODUCED: {
        "reproduced_by": "Say who ran it again.",
        "reproduced_with": "Say with what: harness, version, weights, hardware.",
    },
}
"""The texts that a tier needs, and what to say where one is missing."""


@dataclass(frozen=True)
class Check:
    """What a moderator found: how far a value is checked (a tier of Verification), the link to the evidence, and what
    was looked at there: page, table and cell. A reproduction says by whom and with what."""

    tier: str
    evidence: str
    looked_at: str = ""
    reproduced_by: str = ""
    reproduced_with: str = ""

    @property
    def comment(self) -> str:
        """What the history says of it."""
        if self.tier == Verification.REPRODUCED:
            found = f"Reproduced by {self.reproduced_by} with {self.reproduced_with}"
        elif self.tier == Verification.REPORTED:
            found = "Not checked any more"
        else:
            found = str(Verification(self.tier).label)
        return f"{found}: {self.looked_at}" if self.looked_at else found


@transaction.atomic
def verify(*, entry: Entry, actor: User, check: Check, base: int) -> Revision:
    """Publish how far the value of an entry is checked; `base` is the revision that the moderator looked at.

    Raises NotAllowed (also for who gave the value), Invalid by field, or Conflict if the entry has changed since or
    says so already.
    """
    require(can_moderate(actor), "Only moderators verify entries.")
    require(rules.can_verify(actor, entry), rules.OWN_VALUE_MESSAGE)
    check = _checked(check)
    kind = kind_of(entry)
    trace = Trace(actor, None, check.evidence, check.comment)
    try:
        live = lock_and_fetch(kind, entry.pk, base)
        payload = {**kind.dump(live), FIELD: check.tier}
        return publish(kind=kind, payload=payload, trace=trace, entry=live, base=base, as_given=True)
    except StaleBase as error:
        raise Conflict(
            f"The entry has changed since you opened the page: it was at revision {error.base} and is at "
            f"{error.live} now. Look at it once more."
        ) from error
    except PayloadError as error:
        raise Invalid(error.errors) from error
    except NothingChanged as error:
        raise Conflict(f"The entry says this already: {Verification(check.tier).label}.") from error
    except PublishingError as error:
        raise Conflict(str(error)) from error


def _checked(check: Check) -> Check:
    """The check with clean texts. Raises Invalid by field."""
    if check.tier not in Verification.values:
        raise Invalid({"tier": [f"There is no tier “{check.tier}”; known are: {', '.join(Verification.values)}."]})
    texts = {key: getattr(check, key).strip() for key in ("looked_at", "reproduced_by", "reproduced_with")}
    required = REQUIRED[Verification(check.tier)]
    errors = {key: [message] for key, message in required.items() if is_blank(texts[key])}
    for key, text in texts.items():
        if text and key.startswith("reproduced") and key not in required:
            errors[key] = ["Only a reproduction has this: leave it empty, or choose “Reproduced”."]
        elif message := _text_error(text, key):
            errors.setdefault(key, [message])
    evidence = as_source(check.evidence.strip())
    if message := _evidence_error(evidence):
        errors["evidence"] = [message]
    if errors:
        raise Invalid(errors)
    return Check(check.tier, evidence, **texts)


def _text_error(text: str, key: str) -> str:
    """What is wrong with a text; "" if nothing is."""
    if len(text) > TEXT_LENGTH:
        return f"At most {TEXT_LENGTH} characters."
    try:
        clean_text(text, key)
    except Invalid as error:
        return error.errors[key][0]
    return ""


def _evidence_error(evidence: str) -> str:
    """What is wrong with the link to the evidence; "" if nothing is."""
    if not is_address(evidence):
        return "Give the link to what you looked at."
    if len(evidence) > SOURCE_LENGTH:
        return f"At most {SOURCE_LENGTH} characters."
    return _text_error(evidence, "evidence") or address_error(evidence)
