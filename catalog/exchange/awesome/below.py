"""What stands below the title of an entry and belongs to it: links with labels, and when and where it was published."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from catalog.exchange.awesome import inline, venues
from catalog.exchange.awesome.blocks import Block, ListItem, Paragraph, Text
from catalog.exchange.awesome.labels import is_label_of_nothing
from catalog.exchange.awesome.names import before_labels, is_byline, is_no_name, labelled_links, names_nothing
from catalog.exchange.awesome.tables import MEANINGS

FIELD = re.compile(r"^[^\w]{0,12}(\w[^:：\n]{0,30}?)\s?[:：]\s*+(.{1,100})$", re.DOTALL)
FOLDED = re.compile(r"^\s*+(?:<details\b[^<>]{0,100}>\s*+)?<summary\b[^<>]{0,100}>(.{1,1000}?)</summary>", re.DOTALL)
MAX_BLOCKS = 80  # of an entry
MAX_PARAGRAPHS = 3  # of words between the heading of an entry and its links


@dataclass
class Below:
    """What was found below a title: its `links`, its `year` and `venue`, the blocks that hold the links and those
    between them (`taken`), and the others that state something of it (`told`)."""

    links: list[inline.Link] = field(default_factory=list)
    year: int | None = None
    venue: str = ""
    taken: list[Block] = field(default_factory=list)
    told: list[Paragraph] = field(default_factory=list)

    def state(self, text: str, venue: str = "") -> bool:
        """Take the year of a text, and a venue; False if there is neither."""
        year = inline.year_in(text)
        self.year, self.venue = self.year or year, self.venue or venue
        return bool(year or venue)


def read_below(
    block: Paragraph, others: Iterable[Block], text_of: Callable[[Paragraph], str], *, has_links: bool, words: int = 0
) -> Below:
    """What stands below a block and belongs to it: below an item, only what is within it.

    Without links in the title, those within the item may follow words, such as the authors. `words` is the number of
    paragraphs of words that may stand before the links; below them, there may be others.
    """
    found = Below()
    passed: list[Block] = []
    is_item = isinstance(block, ListItem)
    for other in others:
        if _is_blank(other):
            passed.append(other)
            continue
        if not isinstance(other, Paragraph) or (is_item and not is_within(other, block)):
            break
        content = text_of(other)
        linked = labelled_links(content)
        if not linked and is_item and not has_links and not found.links:
            linked = _links_after_authors(other, content)
        passed.append(other)
        if linked:
            found.links += linked
            found.taken, passed = [*found.taken, *passed], []
            plain = inline.plain_text(inline.links(content)[1])
            found.state(plain, venues.venue_in(plain))
        elif inline.links(content)[0]:
            break
        elif _states(content, found):
            found.told.append(other)
        elif not is_item and not is_picture(content) and not is_byline(content):
            words -= 1
            if words < 0:
                break
    taken = {id(one) for one in found.taken}
    found.told = [one for one in found.told if id(one) not in taken]
    return found


def is_within(other: Paragraph, item: Paragraph) -> bool:
    """Whether a block stands within an item: deeper, or as a further paragraph of it."""
    return other.depth > item.depth or (other.depth == item.depth and not isinstance(other, ListItem))


def _links_after_authors(block: Paragraph, content: str) -> list[inline.Link]:
    """The links of a text if all of them are labels: "*Ann A, Bob B.* [[pdf](…)], 2021.6". In an item, nothing but
    authors may precede them, since it may be an entry itself."""
    found, _ = inline.links(content)
    if isinstance(block, ListItem) and not is_byline(before_labels(content)):
        return []
    return found if all(names_nothing(link) for link in found) else []


def _states(content: str, found: Below) -> bool:
    """Whether a text without links says something of the entry above it: "CVPR 2020 oral", "Date: 2024-05-01", "Code:
    coming soon"."""
    plain = inline.plain_text(content)
    if is_label_of_nothing(plain):
        return True
    if is_no_name(plain) or venues.is_venue(plain) or (plain and not venues.AWARD.sub("", plain).strip(venues.EDGES)):
        found.state(plain, venues.venue_of_mark(plain))
        return True
    if folded := FOLDED.match(content):
        shown = inline.plain_text(folded[1])
        return found.state(shown, venues.venue_in(shown))
    told = False
    for line in plain.split("\n"):
        if stated := FIELD.match(line):
            title = stated[1].strip(" *_`").lower()
            is_venue = title in MEANINGS["venue"]
            if is_venue or title in MEANINGS["year"]:
                told = found.state(stated[2], venues.venue_of_mark(stated[2]) if is_venue else "") or told
    return told


def is_picture(content: str) -> bool:
    """Whether a text holds no words, only pictures, tags and signs."""
    return not any(char.isalnum() for char in inline.plain_text(content))


def _is_blank(block: Block) -> bool:
    return isinstance(block, Text) and not block.raw.strip()
