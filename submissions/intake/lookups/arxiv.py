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
    parser = expat.ParserCreate(namespace_separator=" ")
    pieces: dict[str, list[list[str]]] = {}
    path: list[str] = []
    entry_depth = 0  # of the elements in the entry, while it is read

    def refuse(*_: Any) -> None:
        raise ARXIV.not_understood()

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal entry_depth
        path.append(tag.rpartition(" ")[2])
        if path[0] != "feed":
            raise ARXIV.not_understood()
        if entry_depth and len(path) >= entry_depth:
            pieces.setdefault(path[-1], []).append([])
        elif path[-1] == "entry" and not pieces:
            entry_depth = len(path) + 1

    def text(data: str) -> None:
        if entry_depth and len(path) >= entry_depth:
            pieces[path[-1]][-1].append(data)

    def end(tag: str) -> None:
        nonlocal entry_depth
        path.pop()
        if len(path) < entry_depth - 1:
            entry_depth = 0

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise ARXIV.not_understood() from error
    return {name: ["".join(parts) for parts in texts] for name, texts in pieces.items()}
