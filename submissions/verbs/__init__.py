"""The register of verbs: one entry for each thing that is done to a proposal.

The pages, the keyboard help, the queue's bulk actions, the API with its schema and examples, the mails and the event
log all read it. A new verb is an entry here and a function in `submissions/workflow/` that `performs` it; the entry's
name is the function's, the part of the address and the stored action of the event.
"""

from collections.abc import Iterator

from accounts.tokens import Scope
from submissions import rules
from submissions.states import Status
from submissions.verbs.definitions import Argument, AuthorEmail, Bulk, Place, Rule, Verb

VERBS: dict[str, Verb] = {}
"""The register, by name."""


def register(verb: Verb) -> Verb:
    """Add an entry to the register."""
    VERBS[verb.name] = verb
    return verb


def verbs_with_rule() -> Iterator[Verb]:
    """The verbs that have a button or an address of their own."""
    return (verb for verb in VERBS.values() if verb.by)


def past_of(name: str) -> str:
    """What the event log says for a stored verb."""
    return VERBS[name].past if name in VERBS else name


def email_of(name: str) -> AuthorEmail | None:
    """The mail to the author about a stored verb, if there is one."""
    if name in VERBS:
        return VERBS[name].email
    return AuthorEmail(name, "{actor} did this to what you proposed, “{proposal}”: {subject}.")


AUTHOR = Rule(
    rules.is_contributing_author,
    "Only its author can withdraw a proposal.",
    "You cannot do this with this account.",
)
PARTIES = Rule(rules.can_comment, *["Only its author and moderators discuss a proposal."] * 2)
MODERATORS = Rule(rules.can_review, "Only moderators decide on proposals.", "Nobody decides on their own proposal.")
REBASERS = Rule(rules.can_rebase, *["This proposal cannot be brought up to date."] * 2)

PENDING, CHANGES_REQUESTED = Status.PENDING, Status.CHANGES_REQUESTED
STAYS_PENDING = {PENDING: PENDING}
REASON = "Why; the author reads it."

SUBMIT = register(Verb("submit", past="submitted it"))

REVISE = register(Verb("revise", past="revised it", moves={PENDING: PENDING, CHANGES_REQUESTED: PENDING}))

WITHDRAW = register(
    Verb(
        "withdraw",
        past="withdrew it",
        moves={PENDING: Status.WITHDRAWN, CHANGES_REQUESTED: Status.WITHDRAWN},
        by=AUTHOR,
        arguments=(Argument("comment", "Words for the other side.", example="I was mistaken."),),
        on_author_page=True,
        thanks="Withdrawn. Nothing of it was published.",
        scope=Scope.PROPOSE,
        summary="Withdraw one's own proposal",
    )
)

COMMENT = register(
    Verb(
        "comment",
        past="wrote",
        by=PARTIES,
        arguments=(Argument("comment", "The words.", required=True, example="Table 3 of the paper says 64.50."),),
        email=AuthorEmail("a word from the reviewer", "{actor} wrote to you about what you proposed, “{proposal}”."),
        key="m",
        place=Place.ASIDE,
        done="Sent",
        stays=True,
        on_author_page=True,
        scope=Scope.PROPOSE,
        summary="Say something to the other side",
        about="Author and moderators, also once it is decided.",
        limit="comment",
    )
)

REBASE = register(
    Verb(
        "rebase",
        past="brought it up to date with the live entry",
        moves={PENDING: PENDING, CHANGES_REQUESTED: CHANGES_REQUESTED},
        by=REBASERS,
        key="b",
        place=Place.STALE,
        done="Brought up to date",
        stays=True,
        scope=Scope.PROPOSE,
        summary="Bring an edit up to date with the live entry",
        about="Its author or a moderator, where no field was changed on both sides.",
    )
)

REQUEST_CHANGES = register(
    Verb(
        "request-changes",
        past="asked for changes",
        moves={PENDING: CHANGES_REQUESTED},
        by=MODERATORS,
        arguments=(
            Argument("reason", REASON, required=True, example="Please name the table that the value stands in."),
        ),
        email=AuthorEmail(
            "changes requested",
            "{actor} asks you to change something in what you proposed, “{proposal}”, before it can be published.",
            "Revise, answer or withdraw it here:",
        ),
        key="c",
        place=Place.REASON,
        offered=lambda user, proposal: proposal.has_payload,
        done="Sent back to its author",
        summary="Hand it back to its author",
    )
)

SECOND = register(Verb("second", past="agreed; another moderator has to agree as well", moves=STAYS_PENDING))

APPROVE = register(
    Verb(
        "approve",
        past="approved it",
        moves={PENDING: Status.APPROVED},
        by=MODERATORS,
        arguments=(
            Argument("comment", "Words for the author.", example="Thank you."),
            Argument(
                "fields",
                "Of an edit only these fields; by default all that it changes.",
                type="array",
                example=["venue"],
            ),
            Argument("patch", "Your own corrections: a merge patch over what is proposed.", type="object"),
        ),
        email=AuthorEmail(
            "approved",
            "{actor} approved what you proposed, “{proposal}”. It is published, with your name in its history. "
            "Thank you.",
        ),
        key="a",
        place=Place.DECISION,
        bulk=Bulk.BATCH,
        done="Approved",
        summary="Approve and publish",
        about="Never by its author. Retiring and merging take two moderators: the first only agrees.",
    )
)

REJECT = register(
    Verb(
        "reject",
        past="rejected it",
        moves={PENDING: Status.REJECTED},
        by=MODERATORS,
        arguments=(Argument("reason", REASON, required=True, example="The source says otherwise."),),
        email=AuthorEmail("rejected"),
        key="r",
        place=Place.REASON,
        presets=(
            "It is in the catalogue already.",
            "The source does not say this.",
            "There is no source that can be checked: please add one.",
            "It is outside what the catalogue is for.",
            "The text advertises: please describe it plainly.",
        ),
        bulk=Bulk.BATCH,
        done="Rejected",
        summary="Reject, with a reason",
    )
)

CLAIM = register(
    Verb(
        "claim",
        past="took it to review",
        moves=STAYS_PENDING,
        by=MODERATORS,
        key="t",
        place=Place.ASIDE,
        offered=lambda user, proposal: not rules.has_claimed(user, proposal),
        bulk=Bulk.SELECTION,
        done="Taken to review",
        stays=True,
        summary="Tell other moderators that one is looking at it",
    )
)

RELEASE = register(
    Verb(
        "release",
        past="gave it back to the queue",
        moves=STAYS_PENDING,
        by=MODERATORS,
        key="t",
        place=Place.ASIDE,
        offered=rules.has_claimed,
        done="Given back",
        stays=True,
        summary="Give it back to the queue",
    )
)

UNDO = register(Verb("undo", past="undid the published change"))
