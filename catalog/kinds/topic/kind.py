"""Topics in the register."""

from collections.abc import Mapping
from typing import Any

from catalog.kinds.facets import LINK, SECTION, choice
from catalog.kinds.kind import Kind, Searched
from catalog.kinds.orders import AS_LISTED, NAME, UPDATED
from catalog.kinds.shared.schema_org import citations
from catalog.kinds.topic.form import TopicForm
from catalog.kinds.topic.model import Family, TopicStatus


def defined_term(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A topic as schema.org has it."""
    return {
        "@type": "DefinedTerm",
        "termCode": payload["family"],
        "disambiguatingDescription": "; ".join(payload["points"]),
        "subjectOf": citations(payload["key_references"], payload["links"]),
    }


KIND = Kind(
    form=TopicForm,
    label="Topic",
    label_plural="Topics",
    intro="Research directions, current challenges, emerging areas, and ethics in practice.",
    facets=(
        choice("family", "Family", Family),
        choice("status", "Status", TopicStatus),
    ),
    api_facets=(LINK, SECTION),
    orders={"listed": AS_LISTED, "name": NAME, "updated": UPDATED},
    searched=Searched(weight=2, body=("summary", "notes", "points", "family", "emoji")),
    shown_elsewhere=frozenset({"points", "emoji", "key_references"}),
    schema_org=defined_term,
    vocabularies={"topic-families": Family, "topic-statuses": TopicStatus},
)
