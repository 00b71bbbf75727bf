"""The sections of a list: which are open at a block, what that means for it, and which hold entries."""

from collections.abc import Iterable, Set

from catalog.exchange.awesome import headings
from catalog.exchange.awesome.parsed import ParsedSection


class Outline:
    """The open sections, from the outermost to the innermost."""

    def __init__(self) -> None:
        self.sections: list[ParsedSection] = []

    def leave(self, level: int) -> None:
        """Close the sections that a heading of this level ends."""
        self.sections = [section for section in self.sections if section.level < level]

    def enter(self, section: ParsedSection) -> None:
        """Open a section within the others, and set its parent and its family."""
        section.parent = self.section.slug if self.section else None
        if not self.family:
            section.family = headings.family_of(section.name)
        self.sections.append(section)

    @property
    def section(self) -> ParsedSection | None:
        """The innermost section; None before the first heading."""
        return self.sections[-1] if self.sections else None

    @property
    def names(self) -> list[str]:
        """The names of the sections, the innermost first."""
        return [section.name for section in reversed(self.sections)]

    @property
    def family(self) -> str:
        """The family of the topics here; "" where headings are no topics."""
        return next((section.family for section in self.sections if section.family), "")

    @property
    def holds_topics(self) -> bool:
        """Whether headings with points are topics here."""
        return bool(self.family) or any(headings.TOPICS_HEADING.fullmatch(name) for name in self.names)

    @property
    def may_hold_entries(self) -> bool:
        """Whether titles of papers are entries though their heading is about the list, such as “News”."""
        return not any(headings.is_about_list(name) for name in self.names)

    @property
    def outside(self) -> str:
        """The name of the heading for which the lines here are about the list and no entries; "" where they may be."""
        names = self.names
        if names and headings.is_about_lines(names[0]):
            return names[0]
        return next((name for name in names if headings.is_about_list(name)), "")


def sections_in_use(sections: Iterable[ParsedSection], with_entries: Set[str | None]) -> list[ParsedSection]:
    """The sections with entries and those directly above them; `with_entries` are slugs. Other parents become None."""
    sections = list(sections)
    parents = {section.parent for section in sections if section.slug in with_entries}
    kept = [
        section
        for section in sections
        if section.slug in with_entries or (section.slug in parents and section.level > 1)
    ]
    kept_slugs = {section.slug for section in kept}
    for section in kept:
        section.parent = section.parent if section.parent in kept_slugs else None
    return kept
