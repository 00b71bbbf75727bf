"""`leaderboard_data.json` of MMMU's page (https://github.com/MMMU-Benchmark/mmmu-benchmark.github.io).

Values are printed strings in percent. `source: author` marks what a model's authors provided; who measured the others,
the board does not say. Only the overall scores are taken; other boards of this shape have other keys.
"""

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from catalog.exchange.results.documents import day, items, mapping, printed, read_json, text, why_no_number
from catalog.exchange.results.stated import Skipped, Stated, StatedResult
from catalog.text.scales import Scale

COLUMNS = (
    ("validation", "overall", "MMMU", "val", ""),
    ("test", "overall", "MMMU", "test", ""),
    ("pro", "overall", "MMMU-Pro", "test", ""),
    ("pro", "vision", "MMMU-Pro", "test", "vision"),
    ("pro", "original", "MMMU-Pro", "test", "original"),
)
"""Group and key of the file, and the benchmark, split and part that they are. MMMU-Pro has one evaluation set."""
NOT_MODELS = {"human_expert": "people, not a model", "random_frequent": "a baseline by chance, not a model"}
REASON = "The file names no metric: MMMU's scores are accuracies."
ONE_SET = "The file names no split: MMMU-Pro has one evaluation set."


def read(data: bytes, path: PurePath) -> Iterator[Stated]:
    document = mapping(read_json(data), "the file")
    for number, entry in enumerate(items(document.get("leaderboardData"), "leaderboardData")):
        place = f"leaderboardData[{number}]"
        row = mapping(entry, place)
        info = mapping(row.get("info"), f"{place}.info")
        if reason := NOT_MODELS.get(text(info.get("type"), f"{place}.info.type")):
            yield Skipped(place, reason)
            continue
        about = {
            "model": (text(info.get("name"), f"{place}.info.name", required=True),),
            "reported_on": day(info.get("date")),
        }
        yield from _scores(row, place, about)


def _scores(row: dict[str, Any], place: str, about: dict[str, Any]) -> Iterator[Stated]:
    for group, key, benchmark, split, part in COLUMNS:
        locator = f"{place}.{group}"
        scores = mapping(row.get(group) or {}, locator)
        if key not in scores:
            continue
        if (value := printed(scores[key])) is None:
            yield Skipped(f"{locator}.{key}", why_no_number(scores[key]))
            continue
        by_authors = text(scores.get("source"), f"{locator}.source") == "author"
        yield StatedResult(
            benchmark=(benchmark,),
            split=split,
            part=part,
            metric=("accuracy",),
            value=value,
            scale=Scale.PERCENT.value,
            locator=f"{locator}.{key}",
            measured_by="authors" if by_authors else "",
            inferred=(("metric", REASON), *((("split", ONE_SET),) if group == "pro" else ())),
            **about,
        )
