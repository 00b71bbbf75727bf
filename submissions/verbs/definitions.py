"""What an entry of the register of verbs holds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from accounts.rules import Visitor
from accounts.tokens import Scope
from submissions.models import Proposal
from submissions.states import Status

Predicate = Callable[[Visitor, Proposal], bool]


class Place(Enum):
    """Where the review page has the button."""

    DECISION = "first, beside the edit form"
    REASON = "below the message to the author"
    ASIDE = "in the last line, small"
    STALE = "in the warning that the entry has changed since, where nothing conflicts"


class Bulk(Enum):
    """Whether the queue applies the verb to many at once."""

    NONE = "no"
    SELECTION = "to the ticked rows"
    BATCH = "to the ticked rows, and to all of a batch"


@dataclass(frozen=True)
class Rule:
    """Who may use a verb, and what the others are told."""

    allows: Predicate
    refusal: str
    refusal_of_author: str


@dataclass(frozen=True)
class Argument:
    """A keyword argument of the verb's function and a member of the API's body: text, list or object."""

    name: str
    about: str
    type: Literal["string", "array", "object"] = "string"
    required: bool = False
    example: Any = None


@dataclass(frozen=True)
class AuthorEmail:
    """The mail to the author; in `opening`, {actor}, {proposal} and {subject} are filled in."""

    subject: str
    opening: str = "{actor} {subject} what you proposed, “{proposal}”."
    prompt: str = "See it and answer here:"


@dataclass(frozen=True, eq=False)
class Verb:
    """One thing that is done to a proposal.

    `past` is what the event log says after the actor's name. `moves` gives the state after the verb by the state
    before; in other states the verb is not legal. Without moves it changes no state and is always legal. A verb without
    a rule (`by`) has no button or address of its own. The first text of `arguments` is the message that the pages ask
    for.

    On the review page: `key` and `place` of the button (none without a place), `offered` where it makes sense besides
    being allowed, `presets` for the reasons that need no typing, `done` for the message after it, and `stays` where the
    page stays at the proposal instead of going on to the next. `thanks` is the message on the author's own page, which
    has the verb if `on_author_page`. `email` is sent to the author unless they did it themselves.

    In the API: `scope`, `summary`, `about`, and `limit`, a name in settings.LIMITS (also for the author's page).
    """

    name: str
    past: str
    moves: Mapping[Status, Status] = field(default_factory=dict)
    by: Rule | None = None
    arguments: tuple[Argument, ...] = ()
    email: AuthorEmail | None = None
    key: str = ""
    place: Place | None = None
    offered: Predicate = lambda user, proposal: True
    presets: tuple[str, ...] = ()
    bulk: Bulk = Bulk.NONE
    done: str = ""
    stays: bool = False
    on_author_page: bool = False
    thanks: str = ""
    scope: Scope = Scope.MODERATE
    summary: str = ""
    about: str = ""
    limit: str = ""

    @property
    def label(self) -> str:
        """The button's text."""
        return self.name.replace("-", " ").capitalize()

    @property
    def message(self) -> Argument | None:
        """The argument that carries a message to the other side."""
        return next((argument for argument in self.arguments if argument.type == "string"), None)

    @property
    def needs_message(self) -> bool:
        return self.message is not None and self.message.required

    def takes(self, name: str) -> bool:
        """Whether the function has this argument."""
        return any(argument.name == name for argument in self.arguments)

    def is_allowed(self, user: Visitor, proposal: Proposal) -> bool:
        """Whether this person may do it to the proposal in its present state."""
        legal = not self.moves or proposal.status in self.moves
        return self.by is not None and legal and self.by.allows(user, proposal)
