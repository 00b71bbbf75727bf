"""Publications as RIS (https://en.wikipedia.org/wiki/RIS_(file_format)), for Zotero, EndNote and Mendeley."""

from collections.abc import Iterable, Iterator

from catalog.exchange.publications import Author, Publication, PublicationType
from catalog.text.author_names import name_in_parts

TYPES = {
    PublicationType.PROCEEDINGS: "CPAPER",
    PublicationType.JOURNAL: "JOUR",
    PublicationType.PREPRINT: "GEN",
    PublicationType.PAGE: "ELEC",
    PublicationType.OTHER: "GEN",
}


def author(one: Author) -> str:
    """An author for RIS: “Lovelace, Ada”, a group as it is."""
    if one.is_group or "," in one.name:
        return one.name
    name = name_in_parts(one.name)
    return ", ".join(filter(None, [f"{name.particle} {name.family}".strip(), name.given, name.suffix]))


def record(publication: Publication) -> str:
    """The record of a publication; lines end with CR and LF."""
    arxiv = publication.arxiv_id
    lines = [
        ("TY", TYPES[publication.type]),
        ("ID", publication.key),
        ("TI", publication.title),
        *(("AU", author(one)) for one in publication.authors),
        ("PY", str(publication.year or "")),
        ("DA", publication.date.replace("-", "/")),
        ("T2", publication.container),
        ("PB", "arXiv" if publication.type is PublicationType.PREPRINT else ""),
        ("N1", publication.note),
        ("AN", f"arXiv:{arxiv}" if arxiv else ""),
        ("DO", publication.doi),
        ("UR", publication.url),
    ]
    stated = [f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines if value.strip()]
    return "".join([*stated, "ER  - \r\n"])


def records(publications: Iterable[Publication]) -> Iterator[str]:
    """The records of many publications, with an empty line after each."""
    for publication in publications:
        yield record(publication) + "\r\n"
