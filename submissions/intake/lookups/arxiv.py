"""What arXiv says about a paper, as an Atom feed (https://info.arxiv.org/help/api/user-manual.html)."""

from typing import Any
from urllib.parse import quote
from xml.parsers import expat

from submissions.intake.lookups.answers import Answer
from submissions.intake.lookups.client import ATOM, fetch
from submissions.intake.lookups.sites import ARXIV
from submissions.intake.lookups.values import day, doi, line, names, titled, year

API = "https://export.arxiv.org/api/query?id_list="


def read_arxiv(arxiv_id: str, until: float) -> Answer:
    """Title, authors, the first version's year and day, and DOI. Raises NotFetched."""
    entry = atom_entry(fetch(ARXIV, API + quote(arxiv_id, safe="/."), ATOM, until))
    title = line("".join(entry.get("title", [])))
    if not title or title == "Error":  # the feed of an unknown id is empty or has an entry with that title
        raise ARXIV.unknown()
    published = "".join(entry.get("published", [])).strip()
    return Answer(
        f"https://arxiv.org/abs/{arxiv_id}",
        {
            **titled(title),
            "authors": names(entry.get("name", [])),
            "year": year(published[:4]),
            "released": day(published),
            "doi": doi("".join(entry.get("doi", [])).strip()),
        },
    )


def atom_entry(body: bytes) -> dict[str, list[str]]:
    """The texts of a feed's first entry by element name. Raises NotFetched.

    A document type declaration is refused, since it could define entities that expand without limit.
    """
    reader = _EntryReader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = reader.refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise ARXIV.not_understood() from error
    return {name: ["".join(pieces) for pieces in texts] for name, texts in reader.texts.items()}


class _EntryReader:
    """Collects the pieces of text in the elements of the first entry that has any."""

    def __init__(self) -> None:
        self.texts: dict[str, list[list[str]]] = {}
        self.path: list[str] = []
        self.entry_depth = 0  # of the elements in the entry, while it is read

    def refuse(self, *_: Any) -> None:
        raise ARXIV.not_understood()

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.path.append(tag.rpartition(" ")[2])
        if self.path[0] != "feed":
            raise ARXIV.not_understood()
        if self._is_in_entry:
            self.texts.setdefault(self.path[-1], []).append([])
        elif self.path[-1] == "entry" and not self.texts:
            self.entry_depth = len(self.path) + 1

    def text(self, data: str) -> None:
        if self._is_in_entry:
            self.texts[self.path[-1]][-1].append(data)

    def end(self, tag: str) -> None:
        self.path.pop()
        if len(self.path) < self.entry_depth - 1:
            self.entry_depth = 0

    @property
    def _is_in_entry(self) -> bool:
        return 0 < self.entry_depth <= len(self.path)
