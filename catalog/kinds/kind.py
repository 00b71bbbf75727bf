"""The register entry of a kind. All attributes except the form have defaults."""

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
from catalog.kinds.tallies import Tally
from catalog.models import Entry

Payload = Mapping[str, Any]
ORDERS = {"newest": NEWEST, "name": NAME, "updated": UPDATED, "listed": AS_LISTED}


@dataclass(frozen=True, kw_only=True)
class Searched:
    """The values of an entry that are searched, as paths of attributes and row keys: "variants.name".

    `weight` breaks ties between kinds, smaller ones first. `body` None means all texts of the payload.
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
    """Fields that are grouped in the form of a kind; a `folded` group is closed while all its fields are empty."""

    title: str
    keys: tuple[str, ...]
    folded: bool = False


def creative_work(payload: Payload) -> dict[str, Any]:
    """The schema.org type that fits any kind."""
    return {"@type": "CreativeWork"}


def first_link(payload: Payload) -> str:
    """The default of `own_source`: the address of the first link, "" without one. The payload need not be valid."""
    links = payload.get("links")
    rows = [row for row in links if isinstance(row, Mapping)] if isinstance(links, list) else []
    return next((row["url"] for row in rows if isinstance(row.get("url"), str) and row["url"].strip()), "")


def no_consequences(before: Payload, after: Payload, source: str) -> dict[str, Any]:
    """The default of `consequences`: a change changes nothing else."""
    return {}


def not_urgent(payload: Payload) -> str:
    """The default of `urgent`: no payload goes first in the queue."""
    return ""


@dataclass(frozen=True, kw_only=True, eq=False)
class Kind:
    """A kind of entry: its form (which has its model), and the settings of lists, pages, search, exports and review.

    - `label`, `label_plural`, `intro`: its names on pages, and a sentence below the heading of its list.
    - `facets`: what lists are filtered by; `api_facets` are further ones, without a group on the page. `ranges`: the
      numbers that lists are filtered by.
    - `orders`: what lists are sorted by, by name; the first is the default. `tallies`: its columns that count entries
      of other kinds.
    - `formats`: what lists and entries are exported as; `entry_formats` are further ones for a single entry.
    - `one_line`: how an entry is written in one line, if it can be.
    - `in_menu`, `announced`: whether it is in the site's menu, and among the newest entries on the home page.
    - `searched`: see Searched. `inherited`: the keys that other entries show; a change of one reindexes them.
    - `summary_keys`: the keys shown in a line of the queue. `shown_elsewhere`: the keys that the page of an entry shows
      outside its table of facts. `fieldsets`: the groups of its form; by default made from the fields.
    - `duplicate_keys`: the duplicate keys of a payload. `known_by_name`: whether a similar name suggests a duplicate.
    - `schema_org`: its part of the page's JSON-LD. `urgent`: why a payload goes first in the queue, or "".
    - `own_source`: the source of a new entry whose proposal names none, from its payload. `consequences`: the values
      that a change with this source changes besides, from the payloads before ({} for a new entry) and after it, such
      as what was stated of a value that it replaces.
    - `described_by`: the fields that say something about another one's value, such as where it was read, by that field;
      where the value changes, they are approved with it, and a rebase or an undo does not separate them from it.
    - `set_by_moderators`: the keys that no proposal sets: moderators do, by a verb of their own.
    - `vocabularies`: fixed lists that the API publishes, by name. `example`: some values for the documentation.

    Optional files in its folder: `page.py` with `surroundings(entry, sources)`, the further context of its page
    (`sources`: those of its values, by field); `preview.py` with `preview(payload, slug, additions)`, what the review
    page shows of what a proposal would do; `table.py` with `Table`, the same of several (`catalog.reading.pages`); and
    `examples.yaml`, full payloads for the tests. Its templates are in templates/kinds/<kind>/.
    """

    form: type[EntryForm]
    label: str = ""
    label_plural: str = ""
    intro: str = ""
    facets: tuple[Facet, ...] = (YEAR, TOPIC)
    api_facets: tuple[Facet, ...] = (LINK, SECTION)
    ranges: tuple[Range, ...] = (YEARS,)
    orders: Mapping[str, Order] = field(default_factory=lambda: ORDERS)
    tallies: tuple[Tally, ...] = ()
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
    own_source: Callable[[Payload], str] = first_link
    consequences: Callable[[Payload, Payload, str], dict[str, Any]] = no_consequences
    described_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    set_by_moderators: frozenset[str] = frozenset()
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
        """All facets whose values are indexed."""
        return (*self.facets, *self.api_facets)

    @property
    def all_formats(self) -> tuple[Format, ...]:
        """The formats that a single entry is exported as."""
        return (*self.formats, *self.entry_formats)

    @property
    def own_keys(self) -> list[str]:
        """The payload keys that are not common to all kinds, in order."""
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
