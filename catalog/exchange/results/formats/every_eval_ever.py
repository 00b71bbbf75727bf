"""Every Eval Ever (https://github.com/evaleval/every_eval_ever), version 0.3: one model, several results; or a list.

`catalog.exchange.results.every_eval_ever` writes it, with what the format has no field for in `additional_details`.
"""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from catalog.exchange.results.documents import (
    day,
    items,
    mapping,
    plain,
    printed,
    read_json,
    shown,
    text,
    whole,
    why_no_number,
)
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile
from catalog.text.scales import Scale

VERSION = "0.3"
UNKNOWN = "unknown"
MEASURED_BY = {"first_party": "authors", "third_party": "third-party"}
SCALES = {
    "proportion": Scale.FRACTION.value,
    "fraction": Scale.FRACTION.value,
    "percent": Scale.PERCENT.value,
    "percentage": Scale.PERCENT.value,
    "points": Scale.POINTS.value,
}
DETAILS = "additional_details"


def read(data: bytes, path: PurePath) -> Iterator[Stated]:
    whole_file = read_json(data)
    single = isinstance(whole_file, dict)
    for number, document in enumerate([whole_file] if single else items(whole_file, "the file")):
        yield from _document(mapping(document, f"[{number}]"), "" if single else f"[{number}].")


def _document(document: dict[str, Any], before: str) -> Iterator[Stated]:
    """The results of one document; `before` is its place in a file that has several."""
    version = text(document.get("schema_version"), "schema_version", required=True)
    if version != VERSION and not version.startswith(f"{VERSION}."):
        raise UnreadableFile(f"schema_version: is {shown(version)}; {VERSION} is read.")
    about = _of_run(document)
    for number, entry in enumerate(items(document.get("evaluation_results"), "evaluation_results")):
        place = f"{before}evaluation_results[{number}]"
        yield _result(mapping(entry, place), place, about)


def _of_run(document: dict[str, Any]) -> dict[str, Any]:
    """What the file states of all its results."""
    model = mapping(document.get("model_info"), "model_info")
    library = mapping(document.get("eval_library"), "eval_library")
    source = mapping(document.get("source_metadata"), "source_metadata")
    details = _details(source, "source_metadata")
    relationship = text(source.get("evaluator_relationship"), "source_metadata.evaluator_relationship")
    names = (text(model.get(key), f"model_info.{key}") for key in ("id", "name"))
    return {
        "model": tuple(dict.fromkeys(name for name in names if name)),
        "model_revision": _details(model, "model_info").get("revision", ""),
        "harness": _known(text(library.get("name"), "eval_library.name")),
        "harness_version": _known(text(library.get("version"), "eval_library.version")),
        "measured_by": details.get("measured_by") or MEASURED_BY.get(relationship, ""),
        "source_url": details.get("source", ""),
        "evaluated_on": day(document.get("evaluation_timestamp")),
    }


def _result(entry: dict[str, Any], place: str, about: dict[str, Any]) -> Stated:
    score = mapping(entry.get("score_details"), f"{place}.score_details")
    value = printed(score.get("score"))
    if value is None:
        return Skipped(f"{place}.score_details.score", why_no_number(score.get("score")))
    data = mapping(entry.get("source_data"), f"{place}.source_data")
    config = mapping(entry.get("metric_config"), f"{place}.metric_config")
    uncertainty = mapping(score.get("uncertainty") or {}, f"{place}.score_details.uncertainty")
    error = mapping(uncertainty.get("standard_error") or {}, f"{place}.score_details.uncertainty.standard_error")
    of_data, of_score = _details(data, f"{place}.source_data"), _texts(score, "details", f"{place}.score_details")
    stated = {
        **about,
        "benchmark": _names(entry, place, ("evaluation_name",)),  # its data may be those of another benchmark
        "metric": _names(config, place, ("metric_id", "metric_name")) or _names(config, place, ("metric_kind",)),
        "value": as_printed(value, of_score.get("as_printed", "")),
        "scale": SCALES.get(text(config.get("metric_unit"), f"{place}.metric_config.metric_unit").casefold(), ""),
        "standard_error": printed(error.get("value")) or "",
        "sample_size": whole(uncertainty.get("num_samples"), f"{place}.score_details.uncertainty.num_samples"),
        "split": text(data.get("hf_split"), f"{place}.source_data.hf_split") or of_data.get("split", ""),
        "part": of_data.get("part", ""),
        "data_revision": of_data.get("revision", ""),
        "locator": f"{place}.score_details.score",
        "source_locator": of_score.get("locator", ""),
        "judge": _judges(config, place) or _details(config, f"{place}.metric_config").get("judge", ""),
        **_generation(entry, place),
    }
    stated["evaluated_on"] = day(entry.get("evaluation_timestamp")) or about["evaluated_on"]
    stated["source_url"] = of_score.get("source") or about["source_url"]
    return StatedResult(**stated)


def as_printed(value: str, original: str) -> str:
    """The string that a number was printed as, if the file has it and the number is that one or the nearest float."""
    same = printed(original) and (Decimal(original) == Decimal(value) or float(original) == float(value))
    return original if same else value


def _generation(entry: dict[str, Any], place: str) -> dict[str, Any]:
    """The conditions that are stated of how answers were generated."""
    generation = mapping(entry.get("generation_config") or {}, f"{place}.generation_config")
    arguments = mapping(generation.get("generation_args") or {}, f"{place}.generation_config.generation_args")
    details = _details(generation, f"{place}.generation_config")
    reasoning = arguments.get("reasoning")
    return {
        "chain_of_thought": reasoning if isinstance(reasoning, bool) else None,
        "shots": whole(plain_whole(details.get("shots", "")), f"{place}.generation_config.{DETAILS}.shots"),
        "adaptation": details.get("adaptation", ""),
        "setting": details.get("setting", ""),
        "decoding": details.get("decoding", ""),
    }


def plain_whole(number: str) -> str:
    """A whole number without a decimal point: "5" of "5.0"."""
    return plain(number).removesuffix(".0") if printed(number) else number


def _judges(config: dict[str, Any], place: str) -> str:
    scoring = mapping(config.get("llm_scoring") or {}, f"{place}.metric_config.llm_scoring")
    judges = items(scoring.get("judges") or [], f"{place}.metric_config.llm_scoring.judges")
    names = []
    for number, judge in enumerate(judges):
        at = f"{place}.metric_config.llm_scoring.judges[{number}]"
        info = mapping(mapping(judge, at).get("model_info"), f"{at}.model_info")
        names.append(text(info.get("name"), f"{at}.model_info.name"))
    return ", ".join(name for name in names if name)


def _names(owner: dict[str, Any], place: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    names = (text(owner.get(key), f"{place}, {key}") for key in keys)
    return tuple(dict.fromkeys(name for name in names if name))


def _details(owner: dict[str, Any], place: str) -> dict[str, str]:
    return _texts(owner, DETAILS, place)


def _texts(owner: dict[str, Any], key: str, place: str) -> dict[str, str]:
    """The texts of an object of free keys; other values are left out."""
    details = mapping(owner.get(key) or {}, f"{place}.{key}")
    return {
        name: text(value, f"{place}.{key}.{shown(name)}")
        for name, value in details.items()
        if isinstance(value, str) and name in READ_DETAILS
    }


READ_DETAILS = {
    *("revision", "source", "part", "split", "as_printed", "locator", "shots", "adaptation", "setting", "decoding"),
    *("judge", "measured_by"),
}
"""The free keys that are read."""


def _known(name: str) -> str:
    return "" if name.casefold() == UNKNOWN else name
