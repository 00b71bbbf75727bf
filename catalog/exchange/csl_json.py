"""Publications as CSL-JSON (https://docs.citationstyles.org/en/stable/specification.html), for citation processors."""

from typing import Any

from catalog.exchange.publications import Author, Publication, PublicationType
from catalog.forms.fields import is_blank
from catalog.text.author_names import name_in_parts

TYPES = {
    PublicationType.PROCEEDINGS: "paper-conference",
    PublicationType.JOURNAL: "article-journal",
    PublicationType.PREPRINT: "article",
    PublicationType.PAGE: "webpage",
    PublicationType.OTHER: "document",
}


def author(one: Author) -> dict[str, str]:
    """An author in CSL's parts of names; a group, or a name of one word, as it is."""
    name = name_in_parts(one.name)
    if one.is_group or "," in one.name or not name.given:
        return {"literal": one.name}
    parts = {
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {key: value for key, value in parts.items() if value}


def item(publication: Publication) -> dict[str, Any]:
    """The item of a publication; what is not known is left out."""
    is_preprint = publication.type is PublicationType.PREPRINT
    fields = {
        "id": publication.key,
        "type": TYPES[publication.type],
        "title": publication.title,
        "author": [author(one) for one in publication.authors],
        "issued": _date(publication),
        "container-title": publication.container,
        "publisher": "arXiv" if is_preprint else "",
        "number": f"arXiv:{publication.arxiv_id}" if is_preprint else "",
        "note": publication.note,
        "DOI": publication.doi,
        "URL": publication.url,
    }
    return {key: value for key, value in fields.items() if not is_blank(value)}


def _date(publication: Publication) -> dict[str, list[list[int]]] | None:
    if publication.date:
        return {"date-parts": [[int(part) for part in publication.date.split("-")]]}
    return {"date-parts": [[publication.year]]} if publication.year else None
