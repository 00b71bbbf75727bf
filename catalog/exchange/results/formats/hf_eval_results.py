"""Results in a model repository of Hugging Face (https://huggingface.co/docs/hub/eval-results).

The model is the repository that the file lies in: <owner>/<model>/.eval_results/<name>.yaml. The format has neither
metric nor unit nor split.
"""

from collections.abc import Iterator
from pathlib import PurePath

from catalog.exchange.results.documents import day, items, mapping, printed, read_yaml, text, why_no_number
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile

FOLDER = ".eval_results"
WHOLE = "default"


def read(data: bytes, path: PurePath) -> Iterator[Stated]:
    model = model_of(path)
    for number, entry in enumerate(items(read_yaml(data) or [], "the file")):
        place = f"[{number}]"
        row = mapping(entry, place)
        dataset = mapping(row.get("dataset"), f"{place}.dataset")
        source = mapping(row.get("source") or {}, f"{place}.source")
        task = text(dataset.get("task_id"), f"{place}.dataset.task_id")
        if (value := printed(row.get("value"))) is None:
            yield Skipped(f"{place}.value", why_no_number(row.get("value")))
            continue
        yield StatedResult(
            model=(model,),
            benchmark=(text(dataset.get("id"), f"{place}.dataset.id", required=True),),
            part="" if task == WHOLE else task,
            data_revision=text(dataset.get("revision"), f"{place}.dataset.revision"),
            value=value,
            locator=f"{place}.value",
            reported_on=day(row.get("date")),
            source_url=text(source.get("url"), f"{place}.source.url"),
            setting=text(row.get("notes"), f"{place}.notes"),
        )


def model_of(path: PurePath) -> str:
    """The repository that the file lies in."""
    parts = path.parts
    at = parts.index(FOLDER) if FOLDER in parts else 0
    if at < 2:
        raise UnreadableFile(f"The path must name the model: <owner>/<model>/{FOLDER}/<name>.yaml.")
    return f"{parts[at - 2]}/{parts[at - 1]}"
