"""The types of the verb register."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Literal

from accounts.rules import Visitor
from accounts.tokens import Scope
from submissions.models import Proposal
from submissions.states import Status

Predicate = Callable[[Visitor, Proposal], bool]


class ButtonPosition(Enum):
    """The position of the button on the review page."""

    DECISION = "first, beside the edit form"
    REASON = "below the message to the author"
    ASIDE = "in the last line, small"
    STALE = "in the warning that the entry has changed since, where nothing conflicts"


class Bulk(Enum):
    """Whether the verb is a bulk action of the queue, and of what."""

    NONE = "no"
    SELECTION = "to the ticked rows"
    BATCH = "to the ticked rows, and to all of a batch"


@dataclass(frozen=True)
class Rule:
    """Who may use a verb, and the error message for others."""

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
    """The email to the author; {actor}, {proposal} and {subject} in `opening` are replaced.

    One that `collects` names all such events of some minutes, in a template of its own, named like its subject.
    """

    subject: str
    opening: str = "{actor} {subject} what you proposed, “{proposal}”."
    prompt: str = "See it and answer here:"
    collects: bool = False


@dataclass(frozen=True, eq=False)
class Verb:
    """What people can do to a proposal.

    `past_tense` follows the actor's name in the event log. `moves` maps the status before to the status after; in other
    statuses the verb is not legal. Without moves it changes no status and is always legal. A verb without a `rule` has
    neither button nor URL. The first string of `arguments` is the message that the pages ask for.

    On the review page: `key` and `position` of the button (none without a position); `offered`, a further condition for
    showing it; `presets`, the preset reasons, and `undo_presets`, those for proposals to undo a change; `done`, the
    message afterwards; `stays_on_page`, whether the page stays at the proposal instead of going to the next one.

    On the author's page, which has the verb if `on_author_page`: `thanks`, the message afterwards. `email` is sent to
    the author unless they did it themselves.

    In the API: `scope`, `summary`, `about`, and `limit`, a name in settings.LIMITS (also for the author's page).
    """

    name: str
    past_tense: str
    moves: Mapping[Status, Status] = field(default_factory=dict)
    rule: Rule | None = None
    arguments: tuple[Argument, ...] = ()
    email: AuthorEmail | None = None
    key: str = ""
    position: ButtonPosition | None = None
    offered: Predicate = lambda user, proposal: True
    presets: tuple[str, ...] = ()
    undo_presets: tuple[str, ...] = ()
    bulk: Bulk = Bulk.NONE
    done: str = ""
    stays_on_page: bool = False
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
        """The argument that carries a message to the author or the reviewers."""
        return next((argument for argument in self.arguments if argument.type == "string"), None)

    @property
    def needs_message(self) -> bool:
        return self.message is not None and self.message.required

    def presets_for(self, proposals: Collection[Proposal]) -> tuple[str, ...]:
        """The preset reasons that fit these proposals."""
        undoing = bool(proposals) and all(proposal.undoes_id is not None for proposal in proposals)
        return self.undo_presets if undoing else self.presets

    def takes(self, name: str) -> bool:
        """Whether the function has this argument."""
        return any(argument.name == name for argument in self.arguments)

    def is_allowed(self, user: Visitor, proposal: Proposal) -> bool:
        """Whether the user may do it to the proposal in its present status."""
        legal = not self.moves or proposal.status in self.moves
        return self.rule is not None and legal and self.rule.allows(user, proposal)
