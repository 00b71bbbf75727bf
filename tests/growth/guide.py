"""The steps of CONTRIBUTING.md as data, so that a test can follow them to the letter."""

import re
from dataclasses import dataclass

from tooling.base import ROOT

BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>python|diff|html|sh)\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)
PATH = re.compile(r"`([\w/]+/[\w.*]+\.\w+)`")


@dataclass(frozen=True)
class Step:
    """A block of code: the whole of a new file, a change of one ("diff"), or commands ("sh", without a path)."""

    path: str
    language: str
    text: str

    @property
    def written(self) -> int:
        """The lines that somebody types, blank ones left out."""
        lines = self.text.splitlines()
        typed = [line[1:] for line in lines if line.startswith("+")] if self.language == "diff" else lines
        return sum(bool(line.strip()) for line in typed)


def steps_of(heading: str) -> list[Step]:
    """The blocks of code below a heading, each with the last path that the text before it names."""
    section = (ROOT / "CONTRIBUTING.md").read_text().partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    found, start, path = [], 0, ""
    for match in BLOCK.finditer(section):
        named = PATH.findall(section[start : match.start()])
        text = "".join(line.removeprefix(match["indent"]) for line in match["text"].splitlines(keepends=True))
        path = named[-1] if named else path
        found.append(Step(path, match["language"], text))
        start = match.end()
    return found


def changed(before: str, diff: str) -> str:
    """A text with a change made: the lines without a "+" must stand in it once, those with a "-" go."""
    lines = diff.splitlines()
    old = "\n".join(line[1:] for line in lines if not line.startswith("+"))
    new = "\n".join(line[1:] for line in lines if not line.startswith("-"))
    assert before.count(old) == 1, f"{before.count(old)} places like this:\n{old}"
    return before.replace(old, new)
