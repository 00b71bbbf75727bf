"""The verb register: what people can do to a proposal.

The pages, the keyboard help, the queue's bulk actions, the API with its schema and examples, the emails and the event
log all read it. A new verb is an entry here and a function in `submissions/workflow/` that `performs` it. Its name is
also the URL segment and the stored verb of the event.
"""

from collections.abc import Iterator

from accounts.tokens import Scope
from submissions import rules
from submissions.states import Status
from submissions.verbs.definitions import Argument, AuthorEmail, Bulk, ButtonPosition, Rule, Verb

VERBS: dict[str, Verb] = {}
"""The register, by name."""


def register(verb: Verb) -> Verb:
    """Add an entry to the register."""
    VERBS[verb.name] = verb
    return verb


def verbs_with_rule() -> Iterator[Verb]:
    """The verbs that have a button or a URL."""
    return (verb for verb in VERBS.values() if verb.rule)


def past_tense_of(name: str) -> str:
    """The text of the event log for a stored verb, such as “rejected it”."""
    return VERBS[name].past_tense if name in VERBS else name


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

SUBMIT = register(Verb("submit", past_tense="submitted it"))

REVISE = register(Verb("revise", past_tense="revised it", moves={PENDING: PENDING, CHANGES_REQUESTED: PENDING}))

WITHDRAW = register(
    Verb(
        "withdraw",
        past_tense="withdrew it",
        moves={PENDING: Status.WITHDRAWN, CHANGES_REQUESTED: Status.WITHDRAWN},
        rule=AUTHOR,
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
        past_tense="wrote",
        rule=PARTIES,
        arguments=(Argument("comment", "The words.", required=True, example="Table 3 of the paper says 64.50."),),
        email=AuthorEmail("comment", "{actor} wrote to you about what you proposed, “{proposal}”."),
        key="m",
        position=ButtonPosition.ASIDE,
        done="Sent",
        stays_on_page=True,
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
        past_tense="brought it up to date with the live entry",
        moves={PENDING: PENDING, CHANGES_REQUESTED: CHANGES_REQUESTED},
        rule=REBASERS,
        key="b",
        position=ButtonPosition.STALE,
        done="Brought up to date",
        stays_on_page=True,
        scope=Scope.PROPOSE,
        summary="Bring an edit up to date with the live entry",
        about="Its author or a moderator, where no field was changed on both sides.",
    )
)

REQUEST_CHANGES = register(
    Verb(
        "request-changes",
        past_tense="asked for changes",
        moves={PENDING: CHANGES_REQUESTED},
        rule=MODERATORS,
        arguments=(
            Argument("reason", REASON, required=True, example="Please name the table that the value stands in."),
        ),
        email=AuthorEmail(
            "changes requested",
            "{actor} asks you to change something in what you proposed, “{proposal}”, before it can be published.",
            "Revise, answer or withdraw it here:",
        ),
        key="c",
        position=ButtonPosition.REASON,
        offered=lambda user, proposal: proposal.has_payload,
        done="Sent back to its author",
        summary="Hand it back to its author",
    )
)

SECOND = register(Verb("second", past_tense="agreed; another moderator has to agree as well", moves=STAYS_PENDING))

APPROVE = register(
    Verb(
        "approve",
        past_tense="approved it",
        moves={PENDING: Status.APPROVED},
        rule=MODERATORS,
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
            "{actor} approved what you proposed, “{proposal}”, and published it with your name in its history. "
            "Thank you.",
        ),
        key="a",
        position=ButtonPosition.DECISION,
        bulk=Bulk.BATCH,
        done="Approved",
        summary="Approve and publish",
        about="Never by its author. Retiring, merging, restoring and replacing an entry take two moderators: the first "
        "only agrees.",
    )
)

REJECT = register(
    Verb(
        "reject",
        past_tense="rejected it",
        moves={PENDING: Status.REJECTED},
        rule=MODERATORS,
        arguments=(Argument("reason", REASON, required=True, example="The source says otherwise."),),
        email=AuthorEmail("rejected"),
        key="r",
        position=ButtonPosition.REASON,
        presets=(
            "It is in the catalogue already.",
            "The source does not say this.",
            "There is no source that can be checked: please add one.",
            "It is outside what the catalogue is for.",
            "The text advertises: please describe it plainly.",
        ),
        undo_presets=(
            "The change was right: its source says so.",
            "Only a part of the change is wrong: please correct that part by an edit.",
            "What was wrong has been corrected since.",
            "The reason does not say what is wrong with the change: please say it, with a source.",
        ),
        bulk=Bulk.BATCH,
        done="Rejected",
        summary="Reject, with a reason",
    )
)

CLAIM = register(
    Verb(
        "claim",
        past_tense="took it to review",
        moves=STAYS_PENDING,
        rule=MODERATORS,
        key="t",
        position=ButtonPosition.ASIDE,
        offered=lambda user, proposal: not rules.has_claimed(user, proposal),
        bulk=Bulk.SELECTION,
        done="Taken to review",
        stays_on_page=True,
        summary="Tell other moderators that one is looking at it",
    )
)

RELEASE = register(
    Verb(
        "release",
        past_tense="gave it back to the queue",
        moves=STAYS_PENDING,
        rule=MODERATORS,
        key="t",
        position=ButtonPosition.ASIDE,
        offered=rules.has_claimed,
        done="Given back",
        stays_on_page=True,
        summary="Give it back to the queue",
    )
)

UNDO = register(Verb("undo", past_tense="undid the published change", email=AuthorEmail("undone", collects=True)))
