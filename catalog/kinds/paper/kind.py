"""Papers and models in the register."""

from collections.abc import Mapping
from typing import Any

from catalog.kinds.facets import (
    LINK,
    ORGANISATION,
    SECTION,
    SPOKEN,
    TOPIC,
    YEAR,
    Facet,
    choice,
    listed,
    texts,
)
from catalog.kinds.formats import BIBTEX, CSL_JSON, CSV, EVERY_EVAL_EVER, JSON, JSON_LINES, RIS
from catalog.kinds.kind import Kind, Searched
from catalog.kinds.orders import AS_LISTED, MOST_RESULTS, NAME, UPDATED, Order
from catalog.kinds.paper.facets import BILLIONS, PARAMETERS, families, parts, trained_on, weights
from catalog.kinds.paper.form import PaperForm
from catalog.kinds.paper.identity import duplicate_keys
from catalog.kinds.paper.model import Architecture, Role
from catalog.kinds.ranges import YEARS
from catalog.kinds.shared.origins import Relation
from catalog.kinds.shared.schema_org import (
    author,
    citations,
    licence,
    linked_publications,
    organisation,
    paper_addresses,
)
from catalog.kinds.tallies import Tally

PUBLISHED = ("title", "arxiv_id", "doi", "venue")
"""The fields that only a publication has."""


def scholarly_article(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A paper as schema.org has it; a model without one is a creative work, which a publication may be about."""
    if not any(payload[key] for key in PUBLISHED):
        return {
            "@type": "CreativeWork",
            "creator": organisation(payload["organisation"]) or [author(name) for name in payload["authors"]],
            "license": licence(payload["licence_weights"]),
            "citation": citations([], payload["links"]),
            "datePublished": payload["released"] or (str(payload["year"]) if payload["year"] else ""),
        }
    return {
        "@type": "ScholarlyArticle",
        "headline": (payload["title"] or payload["name"])[:110],
        "sameAs": paper_addresses(payload["arxiv_id"], payload["doi"], *linked_publications(payload["links"])),
        "author": [author(name) for name in payload["authors"]],
        "sourceOrganization": organisation(payload["organisation"]),
        "datePublished": payload["released"] or (str(payload["year"]) if payload["year"] else ""),
        "identifier": [f"arXiv:{payload['arxiv_id']}"] if payload["arxiv_id"] else [],
    }


KIND = Kind(
    form=PaperForm,
    label="Paper or model",
    label_plural="Papers & models",
    intro="How each model is built, what it takes and gives, and where every value was read.",
    facets=(
        choice("architecture", "Architecture", Architecture),
        Facet("vision", "Vision encoder", families(Role.VISION_ENCODER), vocabulary="families"),
        Facet("language", "Language model", families(Role.LANGUAGE_BACKBONE), vocabulary="families"),
        Facet("takes", "Takes", listed("modalities_in")),
        Facet("weights", "Weights", weights, choices=("weights", "no-weights")),
        YEAR,
        TOPIC,
    ),
    api_facets=(
        LINK,
        SECTION,
        ORGANISATION,
        SPOKEN,
        Facet(
            "licence",
            "Licence of the weights or the code",
            texts("licence_weights", "licence_code"),
            vocabulary="licences",
        ),
        Facet("modality", "Takes or gives", texts("modalities_in", "modalities_out"), vocabulary="modalities"),
        Facet("component", "Built from", parts, targets=("component",)),
        Facet("dataset", "Trained on", trained_on, targets=("dataset", "benchmark")),
        PARAMETERS,
    ),
    ranges=(YEARS, BILLIONS),
    orders={
        "released": Order("Released, newest first", ("-released", "-order_year", "slug")),
        "name": NAME,
        "updated": UPDATED,
        "listed": AS_LISTED,
        "results": MOST_RESULTS,
    },
    formats=(JSON, CSV, JSON_LINES, BIBTEX, RIS, CSL_JSON),
    entry_formats=(EVERY_EVAL_EVER,),
    one_line="Year | Title | Link | Brief Description",
    tallies=(Tally("result_count", "result", "paper"),),
    searched=Searched(
        weight=0,
        names=("variants.name",),
        titles=("title",),
        identifiers=("arxiv_id", "doi"),
        people=("authors", "organisation"),
        related=("parts.component.name", "training_rows.name"),
        body=("summary", "notes", "venue", "architecture", "modalities_in", "languages"),
    ),
    summary_keys=("title", "organisation", "year"),
    shown_elsewhere=frozenset(Role.values),
    duplicate_keys=duplicate_keys,
    schema_org=scholarly_article,
    vocabularies={"architectures": Architecture, "relations": Relation},
    example={"name": "CLIP", "year": 2021, "organisation": "OpenAI", "architecture": "dual-encoder"},
)
