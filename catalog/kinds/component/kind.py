"""Components in the register."""

from collections.abc import Mapping
from typing import Any

from catalog.kinds.component.form import ComponentForm
from catalog.kinds.component.model import ComponentType
from catalog.kinds.facets import LINK, ORGANISATION, TOPIC, Facet, choice, target, text, texts
from catalog.kinds.kind import Kind, Searched
from catalog.kinds.orders import NAME, NEWEST, UPDATED
from catalog.kinds.shared.schema_org import citations, licence, organisation


def creative_work(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A component as schema.org has it."""
    return {
        "@type": "CreativeWork",
        "additionalType": payload["type"],
        "creator": organisation(payload["organisation"]),
        "license": licence(payload["licence"]),
        "citation": citations([], payload["links"]),
        "datePublished": payload["released"] or (str(payload["year"]) if payload["year"] else ""),
    }


KIND = Kind(
    form=ComponentForm,
    label="Component",
    label_plural="Components",
    intro="The encoders, language models and connectors that models are built from.",
    facets=(choice("type", "Type", ComponentType), Facet("family", "Family", text("family"), vocabulary="families")),
    api_facets=(
        LINK,
        TOPIC,
        ORGANISATION,
        Facet("licence", "Licence", texts("licence"), vocabulary="licences"),
        Facet("paper", "Described in", target("paper"), targets=("paper",)),
    ),
    orders={"name": NAME, "newest": NEWEST, "updated": UPDATED},
    announced=False,
    searched=Searched(
        weight=2,
        people=("organisation",),
        related=("paper.name",),
        body=("summary", "notes", "licence", "family", "type"),
    ),
    inherited=("name", "family"),
    summary_keys=("organisation", "year"),
    schema_org=creative_work,
    vocabularies={"component-types": ComponentType},
)
