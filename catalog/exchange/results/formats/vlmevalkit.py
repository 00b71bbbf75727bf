"""Score files of VLMEvalKit (https://github.com/open-compass/VLMEvalKit): one model on one data set.

The file is called <model>_<dataset>_acc.csv or <model>_<dataset>_score.csv, and model and data set may hold "_", too: a
folder with the name of the model, as the tool makes it, tells them apart. Accuracies are fractions; how scores are
printed, the file does not say, and neither version nor date.
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from catalog.exchange.results.documents import printed, read_csv, text, why_no_number
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile
from catalog.text.scales import Scale

KINDS_OF_FILE = ("_acc.csv", "_score.csv")
OVERALL = "overall"
SPLIT = "split"
NO_SPLIT = "none"
REASON = "The file holds accuracies and names no metric."


def read(data: bytes, path: PurePath) -> Iterator[Stated]:
    ending = next((one for one in KINDS_OF_FILE if path.name.endswith(one)), "")
    stem = text(path.name.removesuffix(ending), "the name of the file")
    if not ending or "_" not in stem:
        raise UnreadableFile("The file must be called <model>_<dataset>_acc.csv or <model>_<dataset>_score.csv.")
    of_file = {"harness": "VLMEvalKit", **_names(stem, path)}
    for number, row in read_csv(data):
        split = next((cell for column, cell in row.items() if column.casefold() == SPLIT), "")
        about = {**of_file, "split": "" if split.casefold() == NO_SPLIT else text(split, f"row {number}, split")}
        with_overall = any(column.casefold() == OVERALL for column in row)
        for column, cell in row.items():
            locator = f'row {number}, column "{text(column, "row 1")}"'
            if not column or column.casefold() == SPLIT:
                continue
            if (value := printed(cell)) is None:
                yield Skipped(locator, why_no_number(cell))
                continue
            score = _accuracy(column) if ending == "_acc.csv" else _score(column, with_overall=with_overall)
            yield StatedResult(value=value, locator=locator, **score, **about)


def _names(stem: str, path: PurePath) -> dict[str, Any]:
    """Model and data set, told apart by the folder of the model if there is one."""
    for folder in reversed(path.parts[:-1]):
        if stem.startswith(f"{folder}_") and stem != f"{folder}_":
            return {"model": (folder,), "benchmark": (stem.removeprefix(f"{folder}_"),)}
    return {"joined": stem}


def _accuracy(column: str) -> dict[str, Any]:
    whole = column.casefold() == OVERALL
    return {
        "metric": ("accuracy",),
        "part": "" if whole else column,
        "main": whole,
        "scale": Scale.FRACTION.value,
        "inferred": (("metric", REASON),),
    }


def _score(column: str, *, with_overall: bool) -> dict[str, Any]:
    if column.casefold() == OVERALL:
        return {}
    return {"metric": (column,), "main": not with_overall}
