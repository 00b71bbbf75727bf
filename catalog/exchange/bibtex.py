"""Publications as BibTeX."""

import re
from collections.abc import Iterable, Iterator

from catalog.exchange.publications import Author, Publication, PublicationType
from catalog.text.author_names import name_in_parts

ESCAPES = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
}
LIGATURE = re.compile(r"(?<=-)(?=-)|(?<=[`!?])(?=`)|(?<=')(?=')|(?<=,)(?=,)|(?<=&)(?=[a-zA-Z#])")
"""Where LaTeX would read two letters as one (-- is a dash), and readers of HTML the beginning of an entity."""
TYPES = {
    PublicationType.PROCEEDINGS: ("inproceedings", "booktitle"),
    PublicationType.JOURNAL: ("article", "journal"),
    PublicationType.PREPRINT: ("misc", "howpublished"),
    PublicationType.PAGE: ("misc", "howpublished"),
    PublicationType.OTHER: ("misc", "howpublished"),
}


def escaped(text: str) -> str:
    """Text escaped for BibTeX and LaTeX, in one line."""
    pieces = LIGATURE.split(" ".join(text.split()))
    return "{}".join("".join(ESCAPES.get(letter, letter) for letter in piece) for piece in pieces)


def escaped_url(url: str) -> str:
    """A URL or an identifier for BibTeX, verbatim but for braces, backslashes and blanks, which are percent-encoded:
    they could end the field."""
    return "%20".join(url.split()).replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def author(one: Author) -> str:
    """An author for BibTeX: braces keep a name together that is not to be read as given and family name."""
    name = name_in_parts(one.name)
    if one.is_group or "," in one.name:
        return f"{{{escaped(one.name)}}}"
    if name.suffix:
        family = f"{name.particle} {name.family}".strip()
        return escaped(f"{family}, {name.suffix}, {name.given}")
    return escaped(one.name)


def record(publication: Publication) -> str:
    """The record of a publication; what is not known is left out, such as the class of an arXiv id."""
    kind, container = TYPES[publication.type]
    fields = {
        "title": f"{{{escaped(publication.title)}}}",
        "author": " and ".join(map(author, publication.authors)),
        "year": str(publication.year or ""),
        container: escaped(publication.container),
        "note": escaped(publication.note),
        "eprint": escaped_url(publication.arxiv_id),
        "archivePrefix": "arXiv" if publication.arxiv_id else "",
        "doi": escaped_url(publication.doi),
        "url": escaped_url(publication.url),
    }
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{publication.key},\n{body}}}\n"


def records(publications: Iterable[Publication]) -> Iterator[str]:
    """The records of many publications, with an empty line after each."""
    for publication in publications:
        yield record(publication) + "\n"
