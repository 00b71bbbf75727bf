"""Protocols in the register."""

from catalog.kinds.facets import TOPIC, YEAR, Facet, choice, text
from catalog.kinds.kind import Kind
from catalog.kinds.protocol.form import ProtocolForm
from catalog.kinds.shared.conditions import Adaptation

KIND = Kind(
    form=ProtocolForm,
    label="Protocol",
    label_plural="Protocols",
    intro="Named ways of measuring: the harness, the prompt, the judge, and what was measured by them.",
    facets=(
        Facet("harness", "Harness", text("harness"), vocabulary="harnesses"),
        choice("adaptation", "Setting", Adaptation),
        YEAR,
        TOPIC,
    ),
    in_menu=False,
    summary_keys=("harness", "adaptation"),
    vocabularies={"adaptations": Adaptation},
)
