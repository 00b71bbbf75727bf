"""Which format a file has, by its name and by what it holds."""

import re
from pathlib import PurePath
from typing import Any

from catalog.exchange.results.documents import read_json
from catalog.exchange.results.formats.hf_eval_results import FOLDER
from catalog.exchange.results.formats.vlmevalkit import KINDS_OF_FILE
from catalog.exchange.results.stated import UnreadableFile

KEYS = {
    "leaderboardData": "mmmu_board",
    "task_name": "mteb",
    "evaluation_results": "every_eval_ever",
    "results": "lmms_eval",
}
"""Keys that only the documents of one format have, by the format's name."""
CARD = "model-index:"
UNTOLD = "The file does not tell what format it is: choose it."


def format_told(path: PurePath, text: str) -> str:
    """The name of a file's format; "" for what looks like none of them, such as a table. Raises UnreadableFile for JSON
    and YAML that do not tell."""
    start = text.lstrip("\ufeff \t\r\n")
    if path.name.endswith(KINDS_OF_FILE):
        return "vlmevalkit"
    if re.match(r"\"?name\"?,\"?pretrained\"?,", start):
        return "open_clip"
    if FOLDER in path.parts:
        return "hf_eval_results"
    if start[:1] in ("{", "["):
        return _of_document(read_json(text.encode()))
    if any(line.startswith(CARD) for line in start.splitlines()):
        return "model_index"
    if path.suffix in (".yaml", ".yml"):
        raise UnreadableFile(UNTOLD)
    return ""


def _of_document(document: Any) -> str:
    first = document[0] if isinstance(document, list) and document else document
    found = next((name for key, name in KEYS.items() if isinstance(first, dict) and key in first), "")
    if not found:
        raise UnreadableFile(UNTOLD)
    return found
