"""What makes two results the same claim: everything that is claimed, the value, and the source that says so."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from catalog.forms.holders import Holder, Holders, Identifiers
from catalog.kinds.result.model import Result
from catalog.kinds.shared.conditions import CONDITIONS

REFERENCES = ("paper", "benchmark", "protocol")
CLAIMED = (
    *("variant", "model_revision", "data_revision", "part", "split", "metric", "value", "scale"),
    *("setting", *CONDITIONS, "source_url"),
)
COLUMNS = (*(f"{name}__slug" for name in REFERENCES), *CLAIMED)


def identifiers(payload: Mapping[str, Any]) -> Identifiers:
    """The identifier of a claim, whose references are slugs or entries; none while what is claimed is not complete, or
    without the address of a source: two may say the same."""
    if not all(payload.get(key) for key in ("paper", "benchmark", "metric", "value", "source_url")):
        return {}
    named = [getattr(payload.get(key), "slug", payload.get(key)) for key in REFERENCES]
    return {_identifier([*named, *(payload.get(key) for key in CLAIMED)]): "value"}


def _identifier(values: list[Any]) -> str:
    return json.dumps([value if isinstance(value, bool | int) else value or "" for value in values])


def fetch_holders(wanted: Collection[str], exclude: int | None = None) -> Holders:
    """The results with the benchmarks and values of these claims, by their own identifiers, in one query: a claim may
    name metric, split or variant in another way than the results that have it."""
    asked = [dict(zip(COLUMNS, json.loads(identifier), strict=True)) for identifier in wanted]
    rows = Result.objects.filter(
        benchmark__slug__in={claim["benchmark__slug"] for claim in asked}, value__in={claim["value"] for claim in asked}
    ).exclude(pk=exclude or 0)
    holders: dict[str, list[Holder]] = {}
    for pk, slug, name, *values in rows.values_list("pk", "slug", "name", *COLUMNS):
        holders.setdefault(_identifier(values), []).append(Holder(pk, slug, name))
    return holders


def refusal(other: Holder) -> str:
    """Why the same claim is refused."""
    return (
        f"{other.name} ({other.slug}) says the same already: the same value, measured in the same way, from the same "
        "source. From another source it would be a claim of its own; name that one."
    )
