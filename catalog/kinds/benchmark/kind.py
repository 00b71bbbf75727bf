"""Benchmarks in the register."""

from catalog.kinds.benchmark.form import BenchmarkForm
from catalog.kinds.benchmark.model import BenchmarkStatus, Direction
from catalog.kinds.facets import LICENCE, LINK, MODALITY, SECTION, SPOKEN, TASK, TOPIC, YEAR, Facet, cards, choice
from catalog.kinds.formats import EVERY_EVAL_EVER
from catalog.kinds.kind import Kind, Searched
from catalog.kinds.orders import AS_LISTED, MOST_RESULTS, NAME, NEWEST, UPDATED
from catalog.kinds.shared import schema_org
from catalog.kinds.tallies import Tally

KIND = Kind(
    form=BenchmarkForm,
    label="Benchmark",
    label_plural="Benchmarks",
    intro="What models are scored on, and the scores, ranked only like with like.",
    facets=(
        MODALITY,
        TASK,
        choice("standing", "Standing", BenchmarkStatus),
        SECTION,
        YEAR,
        TOPIC,
    ),
    api_facets=(
        LINK,
        LICENCE,
        SPOKEN,
        Facet("dataset", "Built on", cards("foundations", "dataset"), targets=("dataset",)),
    ),
    entry_formats=(EVERY_EVAL_EVER,),
    orders={"newest": NEWEST, "name": NAME, "updated": UPDATED, "listed": AS_LISTED, "results": MOST_RESULTS},
    tallies=(Tally("result_count", "result", "benchmark"),),
    searched=Searched(
        titles=("papers.title",),
        identifiers=("huggingface_id", "papers.arxiv_id", "papers.doi"),
        body=("summary", "notes", "modalities", "tasks", "languages", "licence", "size", "availability"),
    ),
    summary_keys=("size", "year"),
    schema_org=schema_org.dataset,
    vocabularies={"directions": Direction, "standings": BenchmarkStatus},
)
