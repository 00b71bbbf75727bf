"""Pipe tables: cells, widths, and what a column means."""

import re
from dataclasses import dataclass

from catalog.exchange.awesome import inline

SEPARATOR = re.compile(r"^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$")
MEANINGS = {
    "name": {
        *("dataset", "benchmark", "model", "name", "title", "paper", "method", "work", "resource"),
        *("名称", "模型", "数据集", "基准", "论文", "标题", "方法"),
    },
    "year": {
        *("year", "date", "published", "release", "released", "venue", "publication", "pub", "time", "conference"),
        *("年份", "年", "时间", "日期", "会议"),
    },
    "description": {
        *("description", "summary", "note", "details", "abstract", "introduction", "task", "comment"),
        *("描述", "简介", "说明", "任务"),
    },
}


@dataclass(frozen=True)
class Table:
    header: list[str]
    widths: list[int]


def is_separator(line: str) -> bool:
    """Whether a line is the rule below a table's header."""
    return "-" in line and "|" in line and bool(SEPARATOR.match(line.rstrip("\r\n")))


def split_row(line: str) -> list[str]:
    """The cells of a row; an escaped pipe is part of its cell."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def widths_of(line: str) -> list[int]:
    """How wide the cells of a header stand in the file, blanks included."""
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [len(cell) for cell in re.split(r"(?<!\\)\|", inner)]


def columns_of(header: list[str]) -> list[str]:
    """What each column means: "name" (one), "year" (any number), "description" (one) or "other"."""
    meanings = []
    for cell in header:
        word = inline.plain_text(inline.links(cell)[1]).strip(" *:").lower()
        found = next(
            (meaning for meaning, words in MEANINGS.items() if word in words or word.removesuffix("s") in words),
            "other",
        )
        meanings.append(found if found in ("other", "year") or found not in meanings else "other")
    if "name" not in meanings and meanings:
        meanings[0] = "name"
    return meanings
