"""The kind that a heading or a column of a list is about."""

import re

KIND_WORDS = (
    ("dataset", ("dataset", "数据集")),
    ("benchmark", ("benchmark", "基准", "评测")),
    ("paper", ("model", "模型")),
)
JOINED = re.compile(r"\band\b|[&/,、与和]")
HEAD_END = re.compile(r"[(:（：\[]|\s[-–—]\s|\b(?:for|of|in|on|with|to|from|by|used|about)\b")
NEUTRAL_END = re.compile(r"\b(?:names?|titles?|lists?|links?)$")
EMOJI_CODE = re.compile(r":[a-z+-][a-z0-9_+-]{0,40}:")


def kind_named_in(text: str) -> str:
    """The kind that a heading or a column is about; "" if it is about none, several, or something else beside it.

    It is about what its last noun says: "Training Datasets for VLMs", but not "Dataset Distillation" and not
    "Applications and Datasets".
    """
    head = HEAD_END.split(EMOJI_CODE.sub("", text.lower()).strip(), maxsplit=1)[0].strip() or text.lower()
    kinds = [kind for kind, names in KIND_WORDS if any(name in head for name in names)]
    if "paper" in head or "论文" in head:
        return "paper" if kinds in ([], ["paper"]) else ""
    if len(kinds) == 2 and not JOINED.search(head):
        kinds = [
            kind
            for kind in kinds
            if NEUTRAL_END.sub("", head).strip().removesuffix("s").endswith(dict(KIND_WORDS)[kind])
        ]
    *others, last = [part.strip() for part in JOINED.split(head) if part.strip()] or [head]
    last = NEUTRAL_END.sub("", last).strip()
    if len(kinds) != 1 or not last.removesuffix("s").endswith(dict(KIND_WORDS)[kinds[0]]):
        return ""
    return "" if others and last.removesuffix("s") in dict(KIND_WORDS)[kinds[0]] else kinds[0]
