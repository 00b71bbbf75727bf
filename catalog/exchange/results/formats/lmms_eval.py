"""`results.json` of lmms-eval (https://github.com/EvolvingLMMs-Lab/lmms-eval): one model on several tasks.

Fractions, percent and points stand side by side; only metrics that are shares of right answers by definition have a
scale here. Older files name neither version nor model.
"""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from catalog.exchange.results.documents import day, mapping, printed, read_json, shown, text, whole, why_no_number
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile
from catalog.text.scales import Scale

FRACTIONS = {"exact_match", "acc", "acc_norm", "mmmu_acc", "relaxed_overall", "anls"}
"""Metrics that the harness averages over items with scores from 0 to 1."""
PRETRAINED = re.compile(r"(?:^|,)\s*(?:pretrained|model_version|model)=([^,]+)")
NO_FILTER = "none"


def read(data: bytes, path: PurePath) -> Iterator[Stated]:
    document = mapping(read_json(data), "the file")
    results = mapping(document.get("results"), "results")
    config = mapping(document.get("config") or {}, "config")
    limit = config.get("limit")
    if limit is not None and not str(limit).startswith("-"):
        yield Skipped("config.limit", f"a run on a part of the items (limit {shown(str(limit))})")
        return
    about: dict[str, Any] = {
        "model": model_of(document, config),
        "harness": "lmms-eval",
        "harness_version": text(document.get("lmms_eval_version"), "lmms_eval_version"),
        "evaluated_on": day(document.get("date")),
        "decoding": arguments(config, "gen_kwargs"),
    }
    for task, scores in results.items():
        name = text(task, "results", required=True)
        yield from _task(document, name, mapping(scores, f"results.{name}"), about)


def model_of(document: dict[str, Any], config: dict[str, Any]) -> tuple[str, ...]:
    """What the file calls the model: the id of its weights before its name."""
    weights = PRETRAINED.search(arguments(config, "model_args"))
    name = text(document.get("model_name"), "model_name")
    names = tuple(dict.fromkeys(one for one in (weights[1].strip() if weights else "", name) if one))
    if not names:
        raise UnreadableFile("The file names no model: neither model_name nor pretrained= in config.model_args.")
    return names


def arguments(config: dict[str, Any], key: str) -> str:
    """Arguments as one text, whether they stand there as text or as an object."""
    given = config.get(key)
    if isinstance(given, dict):
        given = ", ".join(f"{name}={value}" for name, value in given.items())
    return text(given or None, f"config.{key}")


def _task(document: dict[str, Any], task: str, scores: dict[str, Any], about: dict[str, Any]) -> Iterator[Stated]:
    if _of(document, "group_subtasks", task):
        yield Skipped(f"results.{task}", "an average of other tasks")
        return
    samples = mapping(_of(document, "n-samples", task) or {}, f"n-samples.{task}")
    original, effective = (whole(samples.get(key), f"n-samples.{task}.{key}") for key in ("original", "effective"))
    if original and effective and effective < original:
        yield Skipped(f"results.{task}", f"measured on {effective} of {original} items")
        return
    settings = mapping(_of(document, "configs", task) or {}, f"configs.{task}")
    of_task: dict[str, Any] = {
        "benchmark": (task,),
        "split": text(settings.get("test_split"), f"configs.{task}.test_split"),
        "shots": whole(_of(document, "n-shot", task), f"n-shot.{task}"),
        "sample_size": effective,
    }
    for key, given in scores.items():
        name, comma, chosen = key.partition(",")
        if not comma or name.endswith("_stderr"):
            continue
        locator = f'results.{task}["{text(key, f"results.{task}")}"]'
        if (value := printed(given)) is None:
            yield Skipped(locator, why_no_number(given))
            continue
        yield StatedResult(
            metric=(name,),
            value=value,
            scale=Scale.FRACTION.value if name in FRACTIONS else "",
            standard_error=printed(scores.get(f"{name}_stderr,{chosen}")) or "",
            setting="" if chosen == NO_FILTER else f"filter {chosen}",
            locator=locator,
            **of_task,
            **about,
        )


def _of(document: dict[str, Any], key: str, task: str) -> Any:
    """What a part of the document says of a task."""
    return mapping(document.get(key) or {}, key).get(task)
