"""Pipe tables: cells, widths, and the meanings of columns."""

import re
from dataclasses import dataclass

from catalog.exchange.awesome import inline

SEPARATOR = re.compile(r"^\s*+\|?+\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+$")
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
    """Whether a line is the separator below a table's header."""
    return "-" in line and "|" in line and bool(SEPARATOR.match(line.rstrip("\r\n")))


def split_row(line: str) -> list[str]:
    """The cells of a row; an escaped pipe is part of its cell."""
    inner = line.strip().removeprefix("|")
    if inner.endswith("|") and not inner.endswith("\\|"):
        inner = inner[:-1]
    return [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", inner)]


def widths_of(line: str) -> list[int]:
    """The widths of a header's cells in the file, including spaces."""
    inner = line.strip().removeprefix("|").removesuffix("|")
    return [len(cell) for cell in re.split(r"(?<!\\)\|", inner)]


def columns_of(header: list[str]) -> list[str]:
    """The meaning of each column: "name" (one), "year" (any number), "description" (one) or "other"."""
    meanings = []
    for cell in header:
        title = inline.plain_text(inline.links(cell)[1]).strip(" *:").lower()
        meaning = next(
            (meaning for meaning, titles in MEANINGS.items() if title in titles or title.removesuffix("s") in titles),
            "other",
        )
        meanings.append(meaning if meaning in ("other", "year") or meaning not in meanings else "other")
    if "name" not in meanings and meanings:
        meanings[0] = "name"
    return meanings
