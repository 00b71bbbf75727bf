"""Pipe tables: cells, widths, and the meanings of columns."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from catalog.exchange.awesome import inline

SEPARATOR = re.compile(r"^\s*+\|?+\s*+:?-++:?\s*+(?:\|\s*+:?-++:?\s*+)*+\|?\s*+$")
MEANINGS = {
    "name": {
        *("dataset", "benchmark", "model", "name", "title", "paper", "method", "work", "resource", "paper title"),
        *("model name", "dataset name", "benchmark name", "method name", "architecture", "project", "approach"),
        *("名称", "模型", "模型名称", "数据集", "数据集名称", "名字", "基准", "论文", "标题", "方法", "论文标题"),
    },
    "year": {
        *("year", "date", "release", "released", "time", "release date", "publication date", "publish date", "month"),
        *("published date", "publish year", "published year", "publication year", "release time", "submitted"),
        *("年份", "年", "时间", "日期", "发布时间"),
    },
    "venue": {
        *("published", "published in", "published at", "venue", "publication", "pub", "pub.", "conference", "journal"),
        *("venue/year", "year/venue", "venue & year", "year & venue", "venue, year", "conference/journal", "publisher"),
        *(
            "journal/conference",
            "venue/date",
            "venue and year",
            "where",
            "accepted",
            "accepted by",
            "会议",
            "期刊",
            "发表",
        ),
    },
    "description": {
        *(
            "description",
            "summary",
            "note",
            "details",
            "abstract",
            "introduction",
            "task",
            "comment",
            "brief description",
        ),
        *(
            "remark",
            "highlight",
            "tl;dr",
            "tldr",
            "描述",
            "简介",
            "介绍",
            "概述",
            "说明",
            "任务",
            "内容概述",
            "数据集介绍",
        ),
    },
    "modalities": {"modality", "modalitie", "模态"},
    "size": {"size", "scale", "规模", "大小", "数据大小", "数据量", "数据规模"},
    "licence": {"license", "licence", "许可"},
}
NOT_NAMES = {
    *("#", "no", "no.", "id", "index", "rank", "code", "github", "link", "url", "star", "demo", "website", "homepage"),
    *("page", "weights", "checkpoint", "download", "pdf", "arxiv", "author", "org", "organization", "institution"),
    *("metric", "score", "param", "parameter", "代码", "链接", "序号", "主页", "作者", "机构"),
}
"""Titles of columns in which no names stand."""


@dataclass(frozen=True)
class Table:
    """What is known of a table's columns: `meanings` as of `columns_of`, `widths` of their cells in the file, and the
    title of the column of names. `form` is that of the style of its rows. Where names are links, a row with nothing but
    words in one cell is a heading (`has_linked_names`)."""

    meanings: list[str]
    widths: list[int]
    name_title: str
    form: str
    has_linked_names: bool = False

    @property
    def is_unnamed(self) -> bool:
        """Whether no column is titled as one of names."""
        return not is_title_of_names(self.name_title)

    @classmethod
    def of(cls, titles: Sequence[str], form: str, rows: Sequence[Sequence[str]], widths: Sequence[int] = ()) -> "Table":
        meanings = columns_of(titles)
        column = meanings.index("name") if "name" in meanings else len(titles)
        names = [row[column] for row in rows if len(row) > column and len([cell for cell in row if cell]) > 1]
        has_linked_names = bool(names) and all(inline.links(name)[0] for name in names)
        return cls(meanings, list(widths), titles[column] if column < len(titles) else "", form, has_linked_names)


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


def columns_of(header: Sequence[str]) -> list[str]:
    """The meaning of each column: "name" (one), "year" and "venue" (any number), or "description", "modalities", "size"
    and "licence" (one each), or "other".

    Where no column is titled as one of names, it is the first whose title does not say that it holds something else.
    """
    titles = [_title(cell) for cell in header]
    meanings: list[str] = []
    for title in titles:
        meaning = next(
            (key for key, known in MEANINGS.items() if title in known or title.removesuffix("s") in known), ""
        )
        repeated = meaning in meanings and meaning not in ("year", "venue")
        meanings.append("other" if repeated else meaning or "other")
    if "name" not in meanings:
        unknown = [
            number
            for number, title in enumerate(titles)
            if meanings[number] == "other" and title not in NOT_NAMES and title.removesuffix("s") not in NOT_NAMES
        ]
        if unknown:
            meanings[unknown[0]] = "name"
    return meanings


def is_title_of_names(title: str) -> bool:
    """Whether a column is titled as one that holds names, such as "Model" or "Dataset name"."""
    last = (_title(title).split() or [""])[-1]
    return last.removesuffix("s") in MEANINGS["name"]


def is_header(cells: Sequence[str]) -> bool:
    """Whether cells are titles of columns, and nothing else."""
    known = {title for titles in MEANINGS.values() for title in titles} | NOT_NAMES
    titles = [title for title in map(_title, cells) if title]
    return len(titles) > 1 and all(title in known or title.removesuffix("s") in known for title in titles)


def _title(cell: str) -> str:
    """The title of a column, in lower case and without markup."""
    return " ".join(inline.plain_text(inline.links(cell)[1]).strip(" *:").lower().split())
