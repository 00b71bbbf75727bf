"""Result files of MTEB (https://github.com/embeddings-benchmark/results): one model on one task.

The folder names the model and its revision. Values are fractions. What `main_score` holds changes with the version of
the harness, so it is taken under the names of the metrics that equal it, and the other metrics as what stands beside.
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from catalog.exchange.results.documents import items, mapping, printed, read_json, text, why_no_number
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile
from catalog.text.scales import Scale

NOT_METRICS = {"hf_subset", "languages", "main_score", "evaluation_time", "scores_per_experiment"}
NOT_RESULTS = {
    "external": "copied from model cards by MTEB",
    "no_revision_available": "the revision of the model is not known",
}
WHOLE = "default"
"""What MTEB calls the subset of a task that has no parts."""


def read(data: bytes, path: PurePath) -> Iterator[Stated]:
    if path.name == "model_meta.json":
        yield Skipped(path.name, "describes the model, holds no results")
        return
    if len(path.parts) < 3:
        raise UnreadableFile("The path must name model and revision: <model>/<revision>/<task>.json.")
    folder, revision = path.parts[-3:-1]
    if reason := NOT_RESULTS.get(revision):
        yield Skipped(f"{folder}/{revision}/{path.name}", reason)
        return
    document = mapping(read_json(data), "the file")
    about = {
        "model": (folder.replace("__", "/", 1),),
        "model_revision": revision,
        "benchmark": (text(document.get("task_name"), "task_name", required=True),),
        "data_revision": text(document.get("dataset_revision"), "dataset_revision"),
        "harness": "MTEB",
        "harness_version": text(document.get("mteb_version"), "mteb_version"),
        "scale": Scale.FRACTION.value,
        "measured_by": "third-party",
    }
    for split, rows in mapping(document.get("scores"), "scores").items():
        for number, row in enumerate(items(rows, f"scores.{split}")):
            locator = f"scores.{split}[{number}]"
            yield from _scores(mapping(row, locator), locator, {**about, "split": text(split, "scores")})


def _scores(row: dict[str, Any], locator: str, about: dict[str, Any]) -> Iterator[Stated]:
    """The metrics of one split and subset."""
    main = printed(row.get("main_score"))
    if main is None:
        yield Skipped(f"{locator}.main_score", why_no_number(row.get("main_score")))
        return
    subset = text(row.get("hf_subset"), f"{locator}.hf_subset")
    about = {**about, "part": "" if subset == WHOLE else subset}
    named = False
    for metric, given in row.items():
        if metric in NOT_METRICS or isinstance(given, list | dict):
            continue
        value = printed(given)
        if value is None:
            yield Skipped(f"{locator}.{metric}", why_no_number(given))
            continue
        named = named or value == main
        name = text(metric, locator)
        yield StatedResult(metric=(name,), value=value, locator=f"{locator}.{name}", main=value == main, **about)
    if not named:
        yield Skipped(f"{locator}.main_score", "equals none of the metrics that are named beside it")
