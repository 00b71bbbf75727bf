"""What the register says of a kind of entry. Every attribute but the form has a default that works."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import cached_property

from catalog.forms import EntryForm
from catalog.forms.entry import COMMON
from catalog.kinds.duplicate_keys import names_and_ids
from catalog.kinds.facets import LINK, SECTION, TOPIC, YEAR, Facet
from catalog.kinds.formats import CSV, JSON, JSON_LINES, Format
from catalog.kinds.orders import AS_LISTED, NAME, NEWEST, UPDATED, Order
from catalog.kinds.ranges import YEARS, Range
from catalog.models import Entry

Payload = Mapping[str, Any]
ORDERS = {"newest": NEWEST, "name": NAME, "updated": UPDATED, "listed": AS_LISTED}


@dataclass(frozen=True, kw_only=True)
class Searched:
    """What search reads of an entry of a kind. Every name is a path of attributes and row keys: "variants.name".

    `weight` breaks ties between kinds, a smaller one first. `body` None means all texts of the payload.
    """

    weight: int = 1
    names: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    body: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Fieldset:
    """Questions that stand together in the form of a kind; `folded` ones stay closed while nothing is in them."""

    title: str
    keys: tuple[str, ...]
    folded: bool = False


def creative_work(payload: Payload) -> dict[str, Any]:
    """The schema.org type that fits any kind."""
    return {"@type": "CreativeWork"}


def not_urgent(payload: Payload) -> str:
    """No payload of the kind goes before others in the queue."""
    return ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """One kind of entry: its form (which names its model), and what lists, pages, search, exports and review ask of it.

    - `label`, `label_plural`, `intro`: its names on pages and a sentence below the heading of its list.
    - `facets`: what lists are narrowed by; `api_facets` are further ones, without a group on the page. `ranges`: the
      numbers that lists are narrowed by.
    - `orders`: what lists are sorted by, by name; the first is the default.
    - `formats`: what lists and entries are exported as; `entry_formats` are further ones for a single entry.
    - `one_line`: how an entry is written in one line, where it can be.
    - `in_menu`, `announced`: whether the site's menu and the newest entries on the home page name it.
    - `searched`: see Searched. `inherited`: the keys that others show of it, so that they follow a change of one.
    - `summary_keys`: the keys that say most in a line of the queue. `shown_elsewhere`: those that the page of an entry
      shows outside its table of facts. `fieldsets`: the groups of its form; by default made from the fields.
    - `keys`: what tells that two payloads are the same thing. `known_by_name`: whether a similar name suggests so.
    - `schema_org`: its part of the page's JSON-LD. `urgent`: why a payload goes first in the queue, if it does.
    - `vocabularies`: closed lists that the API publishes, by name. `example`: a few values for the documentation.

    A kind may have files in its folder besides: `page.py` with `surroundings(entry)`, what its page shows around it;
    `examples.yaml`, full payloads for the tests; and templates in templates/kinds/<kind>/.
    """

    form: type[EntryForm]
    label: str = ""
    label_plural: str = ""
    intro: str = ""
    facets: tuple[Facet, ...] = (YEAR, TOPIC)
    api_facets: tuple[Facet, ...] = (LINK, SECTION)
    ranges: tuple[Range, ...] = (YEARS,)
    orders: Mapping[str, Order] = field(default_factory=lambda: ORDERS)
    formats: tuple[Format, ...] = (JSON, CSV, JSON_LINES)
    entry_formats: tuple[Format, ...] = ()
    one_line: str = ""
    in_menu: bool = True
    announced: bool = True
    searched: Searched = Searched()
    inherited: tuple[str, ...] = ("name",)
    summary_keys: tuple[str, ...] = ("year",)
    shown_elsewhere: frozenset[str] = frozenset()
    fieldsets: tuple[Fieldset, ...] = ()
    duplicate_keys: Callable[[Payload], set[str]] = names_and_ids
    known_by_name: bool = True
    schema_org: Callable[[Payload], dict[str, Any]] = creative_work
    urgent: Callable[[Payload], str] = not_urgent
    vocabularies: Mapping[str, type[models.TextChoices]] = field(default_factory=dict)
    example: Payload = field(default_factory=dict)

    def __post_init__(self) -> None:
        meta = self.model._meta
        label = self.label or str(meta.verbose_name).capitalize()
        plural = self.label_plural or str(meta.verbose_name_plural).capitalize()
        object.__setattr__(self, "label", label)
        object.__setattr__(self, "label_plural", plural)
        object.__setattr__(self, "intro", self.intro or f"All {plural.lower()} in the catalogue.")
        object.__setattr__(self, "example", {"name": f"A {self.name}", **self.example})

    @cached_property
    def model(self) -> type[Entry]:
        return self.form.Meta.model

    @cached_property
    def name(self) -> str:
        return self.model.kind

    @cached_property
    def plural(self) -> str:
        return self.model.plural

    @property
    def indexed(self) -> tuple[Facet, ...]:
        """All facets that publishing keeps values of."""
        return (*self.facets, *self.api_facets)

    @property
    def all_formats(self) -> tuple[Format, ...]:
        """What a single entry is exported as."""
        return (*self.formats, *self.entry_formats)

    @property
    def own_keys(self) -> list[str]:
        """The payload keys that not every kind has, in their order."""
        return [key for key in self.form.payload_keys() if key not in COMMON]

    @cached_property
    def package(self) -> str:
        """The dotted name of the kind's folder."""
        return self.form.__module__.rpartition(".")[0]

    def dump(self, entry: Entry) -> dict[str, Any]:
        """The payload of a saved entry of this kind."""
        return self.form.dump(entry)

    def label_of(self, key: str) -> str:
        """The name of a payload field on the page."""
        return self.form.label_of(key)
