"""The one register of what kinds exist. Lists, filters, history, feeds, exports and admin follow from it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.forms import (
    BenchmarkForm,
    ComponentForm,
    DatasetForm,
    EntryForm,
    PaperForm,
    ResultForm,
    TopicForm,
)
from catalog.models import (
    Architecture,
    Availability,
    ComponentType,
    Entry,
    Family,
    MeasuredBy,
    Paper,
    ResultState,
    Role,
    Standing,
    TopicStatus,
    Verification,
)
from catalog.text.slugs import slug_for

Values = Iterable[tuple[str, str]]


@dataclass(frozen=True)
class Facet:
    """A way to narrow a list: `values` gives the (value, label) pairs that one entry falls under; `open` says that
    their number grows with the catalogue."""

    name: str
    label: str
    values: Callable[[Any], Values]
    ordered_by_value: bool = False
    open: bool = False


@dataclass(frozen=True)
class Order:
    """A way to sort a list; `by` ends with the slug, so that the order is total."""

    label: str
    by: tuple[str, ...]


@dataclass(frozen=True)
class Kind:
    """One kind of entry: its model, its form, and how lists of it are narrowed and sorted.

    The first order is the default; `formats` are those of its exports, as (ending, label). `more` are facets that the
    API narrows by and the pages do not offer."""

    form: type[EntryForm]
    label: str
    label_plural: str
    facets: tuple[Facet, ...]
    orders: Mapping[str, Order]
    one_line: str = ""
    intro: str = ""
    in_menu: bool = True
    more: tuple[Facet, ...] = ()

    formats: tuple[tuple[str, str], ...] = (("json", "JSON"), ("csv", "CSV"), ("jsonl", "JSON Lines"))

    @property
    def model(self) -> type[Entry]:
        return self.form.Meta.model

    @property
    def name(self) -> str:
        return self.model.kind

    @property
    def plural(self) -> str:
        return self.model.plural

    @property
    def indexed(self) -> tuple[Facet, ...]:
        """All facets that publishing keeps values of."""
        return (*self.facets, *self.more)

    def dump(self, entry: Entry) -> dict[str, Any]:
        """The payload of a saved entry of this kind."""
        return self.form.dump(entry)


def chosen(field: str, choices: Any) -> Callable[[Any], Values]:
    """The value of a choice field and its label; nothing when it is empty."""
    labels = dict(choices.choices)

    def values(entry: Any) -> Values:
        value = getattr(entry, field)
        return [(value, labels[value])] if value else []

    return values


def listed(field: str) -> Callable[[Any], Values]:
    """The texts of a list field."""
    return lambda entry: [(slug_for(text), text) for text in getattr(entry, field)]


def text(field: str) -> Callable[[Any], Values]:
    """A text that many entries share."""
    return lambda entry: [(slug_for(value), value)] if (value := getattr(entry, field)) else []


def target(field: str) -> Callable[[Any], Values]:
    """The entry (or section) that a reference points to."""
    return lambda entry: [(found.slug, str(found))] if (found := getattr(entry, field)) else []


def families(role: Role) -> Callable[[Any], Values]:
    """The families of a model's parts in one role; a part without a family stands for itself."""

    def values(entry: Paper) -> Values:
        names = [part.component.family or part.component.name for part in entry.parts.all() if part.role == role]
        return [(slug_for(name), name) for name in names]

    return values


def linked(kind: str, label: str) -> Callable[[Any], Values]:
    """Whether an entry has a link of this kind."""
    return lambda entry: (
        [(kind, label)] if any(link["kind"] == kind for link in entry.links) else [(f"no-{kind}", f"No {kind} linked")]
    )


def texts(*fields: str) -> Callable[[Any], Values]:
    """The texts of several fields, lists of texts among them, taken together."""

    def values(entry: Any) -> Values:
        found = [getattr(entry, field) for field in fields]
        every = [text for value in found for text in (value if isinstance(value, list) else [value]) if text]
        return [(slug_for(text), text) for text in every]

    return values


def parts(entry: Paper) -> Values:
    """The components that a model is built from, whatever their role."""
    return [(part.component.slug, part.component.name) for part in entry.parts.all()]


def parameters(entry: Paper) -> Values:
    """The total parameters of a model's variants in millions, as twelve digits, so that their order is that of the
    numbers."""
    counts = [row["total_b"] for row in entry.variants if row["total_b"]]
    return [(f"{int(Decimal(count) * 1000):012d}", f"{count}B") for count in counts if Decimal(count) >= 0]


def cards(manager: str, *targets: str) -> Callable[[Any], Values]:
    """The entries that the rows of a repeated part point to."""

    def values(entry: Any) -> Values:
        rows = [getattr(row, target) for row in getattr(entry, manager).all() for target in targets]
        return [(row.slug, row.name) for row in rows if row is not None]

    return values


YEAR = Facet(
    "year", "Year", lambda entry: [(str(entry.year), str(entry.year))] if entry.year else [], ordered_by_value=True
)
SECTION = Facet("section", "Section of the list", target("section"))
TOPIC = Facet("topic", "Topic", lambda entry: [(topic.slug, topic.name) for topic in entry.topics.all()])
LINK = Facet("link", "Has a link of kind", lambda entry: [(row["kind"], row["kind"]) for row in entry.links])
LICENCE = Facet("licence", "Licence", texts("licence", "licence_annotations", "licence_media"))
SPOKEN = Facet("spoken", "Language of the content", texts("languages"))
ORGANISATION = Facet("organisation", "Organisation", text("organisation"))

NEWEST = Order("Newest first", ("-order_year", "slug"))
NAME = Order("Name", ("name", "slug"))
UPDATED = Order("Last changed", ("-updated", "slug"))
AS_LISTED = Order("As in the list", ("order_section", "position", "slug"))

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            PaperForm,
            "Paper or model",
            "Papers & models",
            (
                Facet("architecture", "Architecture", chosen("architecture", Architecture)),
                Facet("vision", "Vision encoder", families(Role.VISION_ENCODER)),
                Facet("language", "Language model", families(Role.LANGUAGE_BACKBONE)),
                Facet("takes", "Takes", listed("modalities_in")),
                Facet("weights", "Weights", linked("weights", "Weights linked")),
                YEAR,
                TOPIC,
            ),
            {
                "released": Order("Released, newest first", ("-released", "-order_year", "slug")),
                "name": NAME,
                "updated": UPDATED,
                "listed": AS_LISTED,
            },
            more=(
                LINK,
                SECTION,
                ORGANISATION,
                SPOKEN,
                Facet("licence", "Licence of the weights or the code", texts("licence_weights", "licence_code")),
                Facet("modality", "Takes or gives", texts("modalities_in", "modalities_out")),
                Facet("component", "Built from", parts),
                Facet("dataset", "Trained on", cards("training_rows", "dataset", "benchmark")),
                Facet("parameters", "Parameters", parameters),
            ),
            one_line="Year | Title | Link | Brief Description",
            formats=(("json", "JSON"), ("csv", "CSV"), ("jsonl", "JSON Lines"), ("bib", "BibTeX")),
            intro="How each model is built, what it takes and gives, and where every value was read.",
        ),
        Kind(
            DatasetForm,
            "Dataset",
            "Datasets",
            (
                Facet("availability", "Availability", chosen("availability", Availability)),
                Facet("modality", "Modality", listed("modalities")),
                Facet("task", "Task", listed("tasks")),
                SECTION,
                YEAR,
                TOPIC,
            ),
            {
                "newest": NEWEST,
                "name": NAME,
                "size": Order("Largest first", ("-order_size", "slug")),
                "updated": UPDATED,
                "listed": AS_LISTED,
            },
            more=(LINK, LICENCE, SPOKEN),
            one_line="Name | Modalities | Size | License",
            intro="Cards of what models are trained on: size, terms, availability and known troubles.",
        ),
        Kind(
            BenchmarkForm,
            "Benchmark",
            "Benchmarks",
            (
                Facet("modality", "Modality", listed("modalities")),
                Facet("task", "Task", listed("tasks")),
                Facet("standing", "Standing", chosen("standing", Standing)),
                SECTION,
                YEAR,
                TOPIC,
            ),
            {"newest": NEWEST, "name": NAME, "updated": UPDATED, "listed": AS_LISTED},
            more=(LINK, LICENCE, SPOKEN, Facet("dataset", "Built on", cards("foundations", "dataset"))),
            intro="What models are scored on, and the scores, ranked only like with like.",
        ),
        Kind(
            ResultForm,
            "Result",
            "Results",
            (
                Facet("benchmark", "Benchmark", target("benchmark")),
                Facet("paper", "Model", target("paper"), open=True),
                Facet("metric", "Metric", text("metric")),
                Facet("measured", "Measured by", chosen("measured_by", MeasuredBy)),
                Facet("verification", "Verification", chosen("verification", Verification)),
                Facet("state", "State", chosen("state", ResultState)),
            ),
            {
                "reported": Order("Reported, newest first", ("-reported_on", "slug")),
                "name": NAME,
                "updated": UPDATED,
            },
            more=(
                TOPIC,
                Facet("subset", "Part or edition", text("subset")),
                Facet("split", "Split", text("split")),
                Facet("setting", "Setting, as stated", text("setting")),
                Facet("shots", "Shots", lambda result: [] if result.shots is None else [(str(result.shots),) * 2]),
            ),
            intro="One claim a row: this model scored this, under this protocol, says this source.",
            in_menu=False,
        ),
        Kind(
            TopicForm,
            "Topic",
            "Topics",
            (
                Facet("family", "Family", chosen("family", Family)),
                Facet("status", "Status", chosen("status", TopicStatus)),
            ),
            {"listed": AS_LISTED, "name": NAME, "updated": UPDATED},
            more=(LINK, SECTION),
            intro="Research directions, current challenges, emerging areas, and ethics in practice.",
        ),
        Kind(
            ComponentForm,
            "Component",
            "Components",
            (Facet("type", "Type", chosen("type", ComponentType)), Facet("family", "Family", text("family"))),
            {"name": NAME, "newest": NEWEST, "updated": UPDATED},
            more=(
                LINK,
                TOPIC,
                ORGANISATION,
                Facet("licence", "Licence", texts("licence")),
                Facet("paper", "Described in", target("paper")),
            ),
            intro="The encoders, language models and connectors that models are built from.",
        ),
    )
}

BY_PLURAL: dict[str, Kind] = {kind.plural: kind for kind in KINDS.values()}


def kind_of(entry: Entry) -> Kind:
    """The kind of a saved entry."""
    return KINDS[entry.kind]
