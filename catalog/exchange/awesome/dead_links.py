"""The links of a list that cannot lead anywhere, or have a better form, by their form alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from catalog.exchange.awesome import inline
from catalog.exchange.awesome.dead_addresses import TRAILING, Fault, fault_of
from catalog.exchange.awesome.lines import LINK, read_lines

OPENING = re.compile(r"\]\(")
TITLED = re.compile(r"^(\S++)\s++[\"'(]")
HREF = re.compile(r"\bhref\s*+=\s*+([\"'])([^\"'<>]*+)\1", re.IGNORECASE)
CODE_SPAN = re.compile(r"`([^`]*+)`")
MAX_LABEL = 60


@dataclass(frozen=True)
class DeadLink:
    """A link of the list: its line (counted from 1), its text and target, what is wrong with it, and the address that
    was meant or is better, if that is clear."""

    line: int
    text: str
    address: str
    problem: str
    better: str = ""

    def __str__(self) -> str:
        shown = ", ".join(filter(None, [f"“{self.text}”" if self.text else "", self.address])) or "A link"
        return f"{shown}: {self.problem}." + (f" Better: {self.better}" if self.better else "")


def dead_links(text: str) -> list[DeadLink]:
    """The links with a fault, in order; those in comments and code are left out. The time is linear in the text."""
    shown = [CODE_SPAN.sub(_without_links, line) for line in read_lines(text.removeprefix("\ufeff")).shown]
    found: list[DeadLink] = []
    for number, line in enumerate(shown):
        following = shown[number + 1] if number + 1 < len(shown) else ""
        for label, target, fault in _faults(line, following):
            found.append(DeadLink(number + 1, label, target, fault.problem, fault.better))
    return list(dict.fromkeys(found))


def _without_links(code: re.Match[str]) -> str:
    return "" if LINK.search(code[1]) else code[0]


def _faults(line: str, following: str) -> Iterator[tuple[str, str, Fault]]:
    """The text, target and fault of each link of a line that has one."""
    if definition := inline.DEFINITION.match(line):
        if fault := fault_of(definition[2]):
            yield definition[1], definition[2], fault
        return
    rest: list[str] = []
    position = 0
    starts = [match.end() for match in OPENING.finditer(line)]
    for start, limit in zip(starts, [*starts[1:], len(line)], strict=False):
        rest.append(line[position:start])
        label, is_image = _label_before(line[max(0, start - 2 - MAX_LABEL * 5) : start - 2])
        end = _end_of_target(line, start, limit)
        position = limit if end < 0 else end
        target = line[start:position]
        if is_image:
            continue
        if end < 0:
            if not following.lstrip().startswith(")"):
                address = "".join(target.split(maxsplit=1)[:1])
                yield label, address, Fault("the bracket after its address is missing")
            continue
        bare = _without_title(target)
        if fault := fault_of(bare):
            yield label, bare, fault
    rest.append(line[position:])
    yield from _faults_in_words(" ".join(rest))


def _faults_in_words(text: str) -> Iterator[tuple[str, str, Fault]]:
    """The same for HTML's links, and addresses that stand in the text."""
    for anchor in HREF.finditer(text):
        if fault := fault_of(anchor[2]):
            yield "", anchor[2], fault
    for bare in inline.BARE_URL.finditer(HREF.sub("", text)):
        address = bare[1].rstrip(TRAILING + "\"'*_~!?")
        if fault := fault_of(address):
            yield "", address, fault


def _end_of_target(line: str, start: int, limit: int) -> int:
    """Where the bracket closes that a target stands in; -1 if it does not before `limit`."""
    depth = 0
    for index in range(start, limit):
        if line[index] == "(":
            depth += 1
        elif line[index] == ")":
            if depth == 0:
                return index
            depth -= 1
    return line.rfind(")", start, limit)  # [a](https://b/(c) is a link all the same


def _label_before(text: str) -> tuple[str, bool]:
    """The text of a link that ends here, and whether it is a picture."""
    before, _, label = text.rpartition("[")
    is_image = before.endswith("!") and "](" not in label
    shown = "" if "](" in label else " ".join(inline.plain_text(label).split())
    return shown[:MAX_LABEL], is_image


def _without_title(target: str) -> str:
    """The address of a link's target, without the brackets and the title that Markdown allows."""
    target = target.strip()
    titled = TITLED.match(target)
    return (titled[1] if titled else target).removeprefix("<").removesuffix(">")
