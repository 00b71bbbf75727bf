"""Results in the register."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError

from catalog.forms.entry import COMMON
from catalog.kinds.duplicate_keys import MAX_KEY_LENGTH
from catalog.kinds.facets import TOPIC, Facet, choice, target, text
from catalog.kinds.formats import EVERY_EVAL_EVER
from catalog.kinds.kind import Fieldset, Kind, Searched, first_link
from catalog.kinds.orders import NAME, UPDATED, Order
from catalog.kinds.ranges import YEARS, Range
from catalog.kinds.result.form import ResultForm
from catalog.kinds.result.model import MeasuredBy, ResultState, Verification
from catalog.kinds.shared.conditions import CONDITIONS, Adaptation
from catalog.text.source_names import is_address

CLAIM = ("paper", "benchmark", "part", "split", "metric", "setting", "variant")
"""The fields that results of the same claim share."""
MEASURED = ("scale", "standard_error", "sample_size", "model_revision", "data_revision", "protocol", *CONDITIONS)
"""What a result says besides of how its value was measured and printed."""
CHECKED = (*CLAIM, *MEASURED, "value", "source_url")
"""The fields that were checked when a result was verified: a change of one makes it reported again."""
STATED_FIRST = (
    *("paper", "variant", "benchmark", "part", "split", "metric", "value", "scale"),
    *("adaptation", "shots", "source_url", "locator"),
)


def claim_keys(payload: Mapping[str, Any]) -> set[str]:
    """The duplicate key of a claim; none if its model or benchmark is missing."""
    parts = [str(payload.get(key) or "").casefold() for key in CLAIM]
    return {f"claim:{'|'.join(parts)}"[:MAX_KEY_LENGTH]} if parts[0] and parts[1] else set()


def stated_source(payload: Mapping[str, Any]) -> str:
    """The source of the claim itself, else the first link."""
    source = payload.get("source_url")
    return source if isinstance(source, str) and source.strip() else first_link(payload)


READ_IN_SOURCE = ("source_url", "locator", "original_source", "read_in")
"""Where the value was read."""
DESCRIBED_BY = {
    "value": (*READ_IN_SOURCE, "verification"),
    "source_url": (*READ_IN_SOURCE[1:], "verification"),
    **dict.fromkeys((*CLAIM, *MEASURED), ("verification",)),
}


def source_of_value(before: Mapping[str, Any], after: Mapping[str, Any], source: str) -> dict[str, Any]:
    """What a change says of where its value was read: another value was not read where the former one was, but in the
    source of the change, or in the one that it names; and what was checked was the former claim."""
    address = _as_source_url(source)
    if not before:
        return {} if after["source_url"] or not address else {"source_url": address}
    stays = {key for key in after if after[key] == before[key]}
    if _is_same_number(before["value"], after["value"]):
        stays.add("value")
    follows: dict[str, Any] = {}
    read_at = address if "source_url" in stays else after["source_url"]
    if "value" not in stays and read_at != before["source_url"]:
        follows = {key: "" for key in READ_IN_SOURCE if key in stays} | {"source_url": read_at}
    if "verification" in stays and (follows or not stays.issuperset(CHECKED)):
        follows["verification"] = Verification.REPORTED.value
    return {key: value for key, value in follows.items() if value != after[key]}


def _as_source_url(source: str) -> str:
    """The source of a change, if it is an address that the field `source_url` accepts; else ""."""
    try:
        return str(ResultForm.base_fields["source_url"].clean(source)) if is_address(source) else ""
    except ValidationError:
        return ""


def _is_same_number(before: Any, after: Any) -> bool:
    """Whether two printed values are the same number, such as 50.0 and 50.00. Stored ones may be damaged."""
    try:
        return Decimal(str(before)) == Decimal(str(after))
    except InvalidOperation:
        return False


def observation(payload: Mapping[str, Any]) -> dict[str, Any]:
    """A result as schema.org has it."""
    return {
        "@type": "Observation",
        "variableMeasured": payload["metric"],
        "value": payload["value"],
        "observationDate": payload["reported_on"],
        "isBasedOn": payload["source_url"],
    }


def casts_doubt(payload: Mapping[str, Any]) -> str:
    """Why a result goes first in the queue: it disputes a score that readers trust."""
    doubts = payload.get("state") in (ResultState.DISPUTED, ResultState.RETRACTED)
    return "Casts doubt on a published score" if doubts else ""


SCORES = Range(
    "value",
    "Value",
    ("The value, at least.", "The value, at most."),
    (-(10**8), 10**8),
    column="number",
    attribute="number",
    decimal=True,
)

KIND = Kind(
    form=ResultForm,
    label="Result",
    label_plural="Results",
    intro="One claim a row: this model scored this, under this protocol, says this source.",
    facets=(
        Facet("benchmark", "Benchmark", target("benchmark"), targets=("benchmark",)),
        Facet("paper", "Model", target("paper"), unbounded=True, targets=("paper",)),
        Facet("metric", "Metric", text("metric"), vocabulary="metrics"),
        choice("measured", "Measured by", MeasuredBy, "measured_by"),
        choice("verification", "Verification", Verification),
        choice("state", "State", ResultState),
    ),
    api_facets=(
        TOPIC,
        Facet("part", "Part or edition", text("part")),
        Facet("split", "Split", text("split"), vocabulary="splits"),
        Facet("setting", "Setting, as stated", text("setting")),
        choice("adaptation", "Setting", Adaptation),
        Facet("harness", "Harness", text("harness")),
        Facet("protocol", "Protocol", target("protocol"), targets=("protocol",)),
        Facet(
            "shots",
            "Shots",
            lambda result: [] if result.shots is None else [(str(result.shots),) * 2],
            number=(0, 1000),
        ),
    ),
    ranges=(YEARS, SCORES),
    entry_formats=(EVERY_EVAL_EVER,),
    orders={
        "reported": Order("Reported, newest first", ("-reported_on", "slug")),
        "score": Order("Score, highest first", ("-number", "slug")),
        "name": NAME,
        "updated": UPDATED,
    },
    announced=False,
    searched=Searched(
        weight=4,
        names=("variant",),
        people=("reported_by",),
        related=("paper.name", "benchmark.name"),
        body=("summary", "notes", "metric", "part", "split", "setting"),
    ),
    summary_keys=("value", "split", "year"),
    fieldsets=(
        Fieldset("The claim", STATED_FIRST),
        Fieldset(
            "How it was measured, and by whom",
            tuple(key for key in ResultForm.payload_keys() if key not in {*COMMON, *STATED_FIRST}),
        ),
        Fieldset(
            "Name, remarks, links, topics",
            ("name", "summary", "notes", "year", "links", "aliases", "topics", "section"),
            folded=True,
        ),
        Fieldset("Sources of single values", ("sources",), folded=True),
    ),
    duplicate_keys=claim_keys,
    known_by_name=False,
    schema_org=observation,
    urgent=casts_doubt,
    own_source=stated_source,
    consequences=source_of_value,
    set_by_moderators=frozenset({"verification"}),
    described_by=DESCRIBED_BY,
    vocabularies={"measured-by": MeasuredBy, "result-states": ResultState, "verification": Verification},
)
