"""Tables of open_clip (https://github.com/mlfoundations/open_clip/tree/main/docs): a checkpoint a row.

Values are fractions. The table names no metric; each data set has the main metric that DataComp gives it
(https://github.com/mlfoundations/datacomp/blob/4a8df1992566ef8334773f7152e1855b1f716162/tasklist.yml).
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
        return {"benchmark": (match["benchmark"],), "part": f"{match['part']} retrieval", "metric": (match["metric"],)}
    if match := JACCARD.fullmatch(column):
        return {"benchmark": (match["benchmark"],), "part": match["part"], "metric": (match["metric"],)}
    metric = MAIN_METRICS.get(column, USUAL_METRIC)
    return {"benchmark": (column,), "metric": (metric,), "inferred": (("metric", REASON),)}
