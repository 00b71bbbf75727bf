"""Tables of open_clip (https://github.com/mlfoundations/open_clip/tree/main/docs): a checkpoint a row.

Values are fractions. The table names no metric; each data set has the main metric that DataComp gives it
(https://github.com/mlfoundations/datacomp/blob/4a8df1992566ef8334773f7152e1855b1f716162/tasklist.yml). Nor does it name
a split; DataComp's evaluation reads the test split of every data set (eval_utils/wds_eval.py there).
"""

import re
from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from catalog.exchange.results.documents import printed, read_csv, text, why_no_number
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, UnreadableFile
from catalog.text.scales import Scale

ABOUT_MODEL = ("name", "pretrained", "params (M)", "FLOPs (B)")
RETRIEVAL = re.compile(r"\A(?P<benchmark>.+) (?P<part>image|text) retr\. (?P<metric>R@[0-9]+)")
JACCARD = re.compile(r"(?P<benchmark>WinoGAViL) (?P<metric>jaccard score) (?P<part>[0-9]+(-[0-9]+)?)")
MAIN_METRICS = {
    **dict.fromkeys(("Caltech-101", "FGVC Aircraft", "Oxford Flowers-102", "Oxford-IIIT Pet"), "mean_per_class_recall"),
    "iWildCam": "F1-macro_all",
    "FMoW": "acc_worst_region",
    "Dollar Street": "acc_top5_wg",
    "GeoDE": "acc_wg",
}
USUAL_METRIC = "acc1"
REASON = "The table names no metric: this is DataComp's main metric of the data set."
TEST = {"split": "test"}
RETRIEVAL_SETS = {"Flickr": (("Flickr30k Retrieval", "Flickr"), "test"), "MSCOCO": (("MSCOCO",), "5K test")}
"""The names and the split of data sets for retrieval; of COCO it is the one that has 5,000 images."""
OF_TEST = ("split", "The table names no split: DataComp's evaluation reads the test split.")


def read(data: bytes, path: PurePath) -> Iterator[Stated]:
    for number, row in read_csv(data):
        if missing := {"name", "pretrained"} - row.keys():
            raise UnreadableFile(f"Row 1: the column “{min(missing)}” is missing.")
        name = text(row["name"], f"row {number}, name", required=True)
        tag = text(row["pretrained"], f"row {number}, pretrained", required=True)
        for column, cell in row.items():
            if column in ABOUT_MODEL:
                continue
            locator = f'row {number}, column "{text(column, "row 1")}"'
            if column.startswith("Average") or "avg" in column:
                yield Skipped(locator, "an average of other columns")
            elif (value := printed(cell)) is None:
                yield Skipped(locator, why_no_number(cell))
            else:
                yield StatedResult(model=(f"{name} {tag}",), value=value, locator=locator, **FIXED, **_column(column))


FIXED: dict[str, Any] = {"harness": "open_clip", "scale": Scale.FRACTION.value, "measured_by": "third-party"}


def _column(column: str) -> dict[str, Any]:
    """What the heading of a column says: benchmark, part and metric."""
    if match := RETRIEVAL.fullmatch(column):
        names, split = RETRIEVAL_SETS.get(match["benchmark"], ((match["benchmark"],), "test"))
        metric = f"{match['part'].capitalize()} retrieval {match['metric']}"
        return {"benchmark": names, "metric": (metric,), "split": split, "inferred": (OF_TEST,)}
    if match := JACCARD.fullmatch(column):
        about = {"benchmark": (match["benchmark"],), "part": match["part"], "metric": (match["metric"],)}
        return {**about, **TEST, "inferred": (OF_TEST,)}
    metric = MAIN_METRICS.get(column, USUAL_METRIC)
    return {"benchmark": (column,), "metric": (metric,), **TEST, "inferred": (("metric", REASON), OF_TEST)}
