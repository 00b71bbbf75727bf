"""How to cite an entry, and papers as files of citations."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.exchange import bibtex, csl_json, json_rows, ris
from catalog.exchange.envelope import Envelope
from catalog.exchange.publications import paper, papers, revision
from catalog.kinds import Kind
from catalog.kinds.formats import BIBTEX


@dataclass(frozen=True)
class Citation:
    """How to cite an entry: BibTeX, RIS, CSL-JSON, a line of text, and the URL of the cited revision."""

    bibtex: str
    ris: str
    csl_json: str
    text: str
    url: str


def citation(kind: Kind, payload: Mapping[str, Any], *, page: str, number: int, date: str, site: str) -> Citation:
    """How to cite an entry: as a paper if its kind is exported as BibTeX, else as this revision of this portal."""
    url = f"{page}history/{number}/"
    if BIBTEX in kind.formats:
        publication = paper({"fields": payload, "url": page})
    else:
        publication = revision(payload["name"], url=url, number=number, date=date, site=site)
    return Citation(
        bibtex=bibtex.record(publication),
        ris=ris.record(publication).replace("\r\n", "\n"),
        csl_json=json_rows.json_text([csl_json.item(publication)], indent=2),
        text=f"{payload['name']}, revision {number}. {site}, {date}. {url}",
        url=url,
    )


CITED: dict[str, Callable[[Iterable[Envelope]], Iterator[str]]] = {
    "bib": lambda envelopes: bibtex.records(papers(envelopes)),
    "ris": lambda envelopes: ris.records(papers(envelopes)),
    "csl.json": lambda envelopes: json_rows.array(map(csl_json.item, papers(envelopes))),
}
"""What writes the envelopes of papers as citations, by file extension."""
