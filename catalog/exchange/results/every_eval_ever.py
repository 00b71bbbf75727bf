"""Results as Every Eval Ever (https://github.com/evaleval/every_eval_ever), version 0.3.

A document is about one model, measured by one harness, according to one source, so that a benchmark or a model has
several. What the format has no field for stands in `additional_details`, whose values are texts. Claims that were
superseded or retracted are left out.
"""

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Q

from catalog.exchange.results.names import SIZE, hub_id
from catalog.exchange.results.previewing import CONDITIONS
from catalog.kinds.result.model import Result
from catalog.kinds.result.vocabulary import find_row
from catalog.reading.results.claims import RANKABLE
from catalog.text.addresses import host_of
from catalog.text.scales import Scale, scale_of_unit, shifted

VERSION = "0.3.0"
UNKNOWN = "unknown"
RELATIONSHIPS = {"authors": "first_party", "benchmark-authors": "third_party", "third-party": "third_party"}
UNITS = {Scale.FRACTION: "proportion", Scale.PERCENT: "percent", Scale.PER_MILLE: "per mille", Scale.POINTS: "points"}
BATCH = 500
SHARED = (
    *("paper_id", "variant", "model_revision", "harness", "harness_version", "protocol_id"),
    *("measured_by", "source_url", "evaluated_on"),
)
"""What the results of one document have in common."""

Document = dict[str, Any]


def documents(chosen: Q, site_url: str) -> Iterator[Document]:
    """The documents of the results that a condition chooses, in one query, the results of one model in memory at a
    time."""
    rows = Result.objects.filter(chosen, state__in=RANKABLE).select_related("paper", "benchmark", "protocol")
    ordered = rows.order_by(*SHARED, "slug").iterator(BATCH)
    for _, results in groupby(ordered, key=lambda result: tuple(getattr(result, name) for name in SHARED)):
        yield document(list(results), site_url)


def lines(chosen: Q, site_url: str) -> Iterator[str]:
    """The documents as a JSON array."""
    opening = "[\n"
    for one in documents(chosen, site_url):
        yield opening + json.dumps(one, ensure_ascii=False, indent=2)
        opening = ",\n"
    yield "[]\n" if opening == "[\n" else "\n]\n"


def document(results: list[Result], site_url: str) -> Document:
    """The document of results that have SHARED in common."""
    first = results[0]
    recorded = str(int(max(result.updated for result in results).timestamp()))
    model = model_info(first)
    protocol = first.protocol
    return {
        "schema_version": VERSION,
        "evaluation_id": f"{first.slug}/{model['id'].replace('/', '_')}/{recorded}",
        **({"evaluation_timestamp": first.evaluated_on} if first.evaluated_on else {}),
        "retrieved_timestamp": recorded,
        "source_metadata": {
            "source_name": host_of(first.source_url) or UNKNOWN,
            "source_type": "documentation",
            "source_organization_name": host_of(first.source_url) or UNKNOWN,
            "evaluator_relationship": RELATIONSHIPS.get(first.measured_by, "other"),
            "additional_details": texts(source=first.source_url, measured_by=first.measured_by, recorded_by=site_url),
        },
        "eval_library": {
            "name": first.harness or (protocol.harness if protocol else "") or UNKNOWN,
            "version": first.harness_version or (protocol.harness_version if protocol else "") or UNKNOWN,
            "additional_details": texts(protocol=protocol.name if protocol else ""),
        },
        "model_info": model,
        "evaluation_results": [evaluation(result, site_url) for result in results],
    }


def model_info(result: Result) -> Document:
    """The model: its id on Hugging Face if the catalogue links its weights, else its name."""
    paper = result.paper
    row = find_row(paper.variants, result.variant) if result.variant else None
    only = not result.variant and not paper.variants
    urls = [row["weights_url"]] if row else [link["url"] for link in paper.links if only and link["kind"] == "weights"]
    name = f"{paper.name} {result.variant}" if SIZE.fullmatch(result.variant) else result.variant or paper.name
    weights = next((url for url in urls if url), "")
    return {
        "name": name,
        "id": hub_id(weights) or name,
        **({"developer": paper.organisation} if paper.organisation else {}),
        "additional_details": {
            "deployment_type": UNKNOWN,
            "model_availability": "open_weights" if weights else UNKNOWN,
            **texts(revision=result.model_revision),
        },
    }


def evaluation(result: Result, site_url: str) -> Document:
    """One result of a document."""
    conditions = {key: getattr(result, key) for key in CONDITIONS if key in GENERATION}
    generation = texts(**{key: "" if value is None else str(value) for key, value in conditions.items()})
    reasoning = result.chain_of_thought
    return {
        "evaluation_result_id": result.slug,
        "evaluation_name": result.benchmark.name,
        "source_data": source_data(result),
        "metric_config": metric_config(result),
        "score_details": score_details(result, f"{site_url}{result.get_absolute_url()}"),
        "generation_config": {
            **({"generation_args": {"reasoning": reasoning}} if reasoning is not None else {}),
            "additional_details": generation,
        },
    }


GENERATION = ("setting", "adaptation", "shots", "decoding")
"""The conditions that the format has no field for."""


def source_data(result: Result) -> Document:
    hub = result.benchmark.huggingface_id
    return {
        "dataset_name": hub or result.benchmark.name,
        "source_type": "hf_dataset" if hub else "other",
        **({"hf_repo": hub} if hub else {}),
        "additional_details": texts(split=result.split, part=result.part, revision=result.data_revision),
    }


def metric_config(result: Result) -> Document:
    """The metric, with its bounds in the unit that the value is printed in."""
    row = find_row(result.benchmark.metrics, result.metric)
    unit = scale_of_unit(row["unit"]) if row else ""
    direction = row["direction"] if row else ""
    bounds = [Decimal(row[key]) if row and row[key] else None for key in ("minimum", "maximum")]
    low, high = (None if bound is None else shifted(bound, unit, result.scale or unit) for bound in bounds)
    known = low is not None and high is not None
    return {
        "metric_id": result.metric,
        "metric_name": result.metric,
        "metric_unit": UNITS.get(Scale(result.scale or unit), "")
        if result.scale or unit
        else (row or {}).get("unit", ""),
        "lower_is_better": direction == "lower",
        **({"score_type": "continuous", "min_score": number(low), "max_score": number(high)} if known else {}),
        "additional_details": texts(
            direction="" if direction else "not stated; lower_is_better is required by the format", judge=result.judge
        ),
    }


def score_details(result: Result, url: str) -> Document:
    uncertainty: Document = {}
    if result.standard_error:
        uncertainty["standard_error"] = {"value": number(Decimal(result.standard_error))}
    if result.sample_size:
        uncertainty["num_samples"] = result.sample_size
    return {
        "score": number(Decimal(result.value)),
        "details": texts(
            as_printed=result.value,
            locator=result.locator,
            state=result.state,
            verification=result.verification,
            url=url,
        ),
        **({"uncertainty": uncertainty} if uncertainty else {}),
    }


def number(value: Decimal | None) -> int | float | None:
    """A JSON number: a whole one without a decimal point."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def texts(**details: str) -> dict[str, str]:
    """Details, without what is not known."""
    return {key: value for key, value in details.items() if value}


def chosen_by(kind: str, slugs: Iterable[str]) -> Q:
    """The results of entries: those themselves, or those of a model or a benchmark."""
    wanted = list(slugs)
    return Q(slug__in=wanted) if kind == Result.kind else Q(**{f"{kind}__slug__in": wanted})
