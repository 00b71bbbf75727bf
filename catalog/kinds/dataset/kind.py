"""Dataset cards in the register."""

from catalog.kinds.dataset.form import DatasetForm
from catalog.kinds.facets import LICENCE, LINK, MODALITY, SECTION, SPOKEN, TASK, TOPIC, YEAR, choice
from catalog.kinds.formats import CROISSANT
from catalog.kinds.kind import Kind, Searched
from catalog.kinds.orders import AS_LISTED, NAME, NEWEST, UPDATED, Order
from catalog.kinds.ranges import YEARS, Range
from catalog.kinds.shared import schema_org
from catalog.kinds.shared.cards import Availability

SIZES = Range(
    "size",
    "Size",
    ("Items it holds at least.", "Items it holds at most."),
    (1, 2**53),
    column="order_size",
    attribute="size_count",
    unknown=0,
    examples=(1_000_000, None),
)

KIND = Kind(
    form=DatasetForm,
    label="Dataset",
    label_plural="Datasets",
    intro="Cards of what models are trained on: size, terms, availability and known troubles.",
    facets=(
        choice("availability", "Availability", Availability),
        MODALITY,
        TASK,
        SECTION,
        YEAR,
        TOPIC,
    ),
    api_facets=(LINK, LICENCE, SPOKEN),
    ranges=(YEARS, SIZES),
    orders={
        "newest": NEWEST,
        "name": NAME,
        "size": Order("Largest first", ("-order_size", "slug")),
        "updated": UPDATED,
        "listed": AS_LISTED,
    },
    entry_formats=(CROISSANT,),
    one_line="Name | Modalities | Size | License",
    searched=Searched(
        titles=("papers.title",),
        identifiers=("huggingface_id", "papers.arxiv_id", "papers.doi"),
        body=("summary", "notes", "modalities", "tasks", "languages", "licence", "size", "availability"),
    ),
    summary_keys=("size", "year"),
    schema_org=schema_org.dataset,
    vocabularies={"availability": Availability},
)
