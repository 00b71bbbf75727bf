"""The `model-index` of a model card of Hugging Face (https://huggingface.co/docs/hub/model-cards).

It stands in the front matter of README.md. What is not verified is what the repository's authors report; the unit is
not stated.
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from catalog.exchange.results.documents import items, mapping, printed, read_yaml, text, why_no_number
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile

FENCE = b"---"
WHOLE = "default"


def read(data: bytes, path: PurePath) -> Iterator[Stated]:
    document = mapping(read_yaml(front_matter(data)) or {}, "the front matter")
    for number, entry in enumerate(items(document.get("model-index"), "model-index")):
        place = f"model-index[{number}]"
        model = mapping(entry, place)
        name = text(model.get("name"), f"{place}.name", required=True)
        for at, result in enumerate(items(model.get("results") or [], f"{place}.results")):
            yield from _result(mapping(result, f"{place}.results[{at}]"), f"{place}.results[{at}]", name)


def front_matter(data: bytes) -> bytes:
    """What stands between the first two lines "---"; a file without them is YAML as a whole."""
    lines = data.removeprefix(b"\xef\xbb\xbf").splitlines()
    if not lines or lines[0].rstrip() != FENCE:
        return data
    for number, line in enumerate(lines[1:], 1):
        if line.rstrip() == FENCE:
            return b"\n".join(lines[1:number])
    raise UnreadableFile("Line 1: the front matter that begins here has no end.")


def _result(result: dict[str, Any], place: str, model: str) -> Iterator[Stated]:
    dataset = mapping(result.get("dataset") or {}, f"{place}.dataset")
    source = mapping(result.get("source") or {}, f"{place}.source")
    about = {key: text(dataset.get(key), f"{place}.dataset.{key}") for key in ("name", "type", "config", "split")}
    of_result: dict[str, Any] = {
        "model": (model,),
        "benchmark": tuple(one for one in (about["name"], about["type"]) if one),
        "part": "" if about["config"] == WHOLE else about["config"],
        "split": about["split"],
        "data_revision": text(dataset.get("revision"), f"{place}.dataset.revision"),
        "source_url": text(source.get("url"), f"{place}.source.url"),
    }
    for number, entry in enumerate(items(result.get("metrics") or [], f"{place}.metrics")):
        locator = f"{place}.metrics[{number}]"
        metric = mapping(entry, locator)
        names = [text(metric.get(key), f"{locator}.{key}") for key in ("type", "name")]
        if (value := printed(metric.get("value"))) is None:
            yield Skipped(f"{locator}.value", why_no_number(metric.get("value")))
            continue
        yield StatedResult(
            metric=tuple(one for one in names if one),
            value=value,
            locator=f"{locator}.value",
            measured_by="" if metric.get("verified") == "true" else "authors",
            **of_result,
        )
