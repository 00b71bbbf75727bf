"""Papers as BibTeX, and any entry as something to cite."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from catalog.exchange.envelope import Envelope
from catalog.kinds import Kind
from catalog.kinds.formats import BIBTEX

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
}
PROCEEDINGS = re.compile(
    r"^(CVPR|ICCV|ECCV|NeurIPS|ICML|ICLR|ACL|EMNLP|NAACL|AAAI|WACV|MM|Interspeech)\b", re.IGNORECASE
)
STOPWORDS = {"a", "an", "the", "on", "of", "for", "in", "to", "and", "with"}
GROUP = re.compile(r"\b(team|group|lab|labs|ai|research|consortium|inc)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Citation:
    """How to cite an entry: BibTeX, a line of text, and the address of the very revision."""

    bibtex: str
    text: str
    url: str


def escaped(text: str) -> str:
    """Text that BibTeX and LaTeX take literally."""
    return "".join(ESCAPES.get(letter, letter) for letter in " ".join(text.split()))


def authors(names: list[str]) -> str:
    """Authors for BibTeX; the name of a group is kept together by braces."""
    return " and ".join(
        f"{{{escaped(name)}}}" if GROUP.search(name) or " and " in name else escaped(name) for name in names
    )


def key_of(names: list[str], year: int | None, title: str) -> str:
    """A citation key: first author's last name, year, first word of the title that says something."""
    last = names[0].split()[-1] if names and names[0].split() else "anon"
    words = [word for word in re.findall(r"[^\W_]+", title) if word.lower() not in STOPWORDS]
    return "".join(_plain(part) for part in (last, str(year or ""), words[0] if words else "entry")) or "entry"


def _plain(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())


def record(kind: str, key: str, fields: dict[str, str]) -> str:
    """A BibTeX record; empty fields are left out."""
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{body}}}\n"


def paper(one: Envelope, key: str | None = None) -> str:
    """The record of a paper's envelope."""
    fields = one["fields"]
    title = fields["title"] or fields["name"]
    names = fields["authors"] or ([fields["organisation"]] if fields["organisation"] else [])
    arxiv, venue = fields["arxiv_id"], fields["venue"]
    kind = "inproceedings" if PROCEEDINGS.match(venue) else "article" if venue else "misc"
    place = {"inproceedings": "booktitle", "article": "journal"}.get(kind, "howpublished")
    links = [link["url"] for link in fields["links"]]
    return record(
        kind,
        key or key_of(names, fields["year"], title),
        {
            "title": f"{{{escaped(title)}}}",
            "author": authors(names),
            "year": str(fields["year"] or ""),
            place: escaped(venue),
            "eprint": arxiv,
            "archivePrefix": "arXiv" if arxiv else "",
            "doi": fields["doi"],
            "url": f"https://arxiv.org/abs/{arxiv}" if arxiv else address(links[0] if links else one["url"]),
        },
    )


def address(url: str) -> str:
    """An address as BibTeX takes it: without the braces and backslashes that would end the field."""
    return url.replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def papers(envelopes: Iterable[Envelope]) -> Iterator[str]:
    """The records of many papers, their keys made different by letters."""
    used: dict[str, int] = {}
    for one in envelopes:
        fields = one["fields"]
        names = fields["authors"] or ([fields["organisation"]] if fields["organisation"] else [])
        key = key_of(names, fields["year"], fields["title"] or fields["name"])
        count = used[key] = used.get(key, 0) + 1
        yield paper(one, key if count == 1 else f"{key}-{count}") + "\n"


def citation(kind: Kind, payload: dict[str, Any], *, page: str, revision: int, date: str, site: str) -> Citation:
    """How to cite an entry: by a record of its own where its kind is exported as BibTeX, else as this portal's entry at
    this revision."""
    url = f"{page}history/{revision}/"
    text = f"{payload['name']}, revision {revision}. {site}, {date}. {url}"
    if BIBTEX in kind.formats:
        return Citation(paper({"fields": payload, "url": page}), text, url)
    fields = {
        "title": f"{{{escaped(payload['name'])}}}",
        "author": f"{{{escaped(site)} contributors}}",
        "year": date[:4],
        "howpublished": f"{escaped(site)}, revision {revision}",
        "url": address(url),
    }
    return Citation(record("misc", _plain(site + payload["name"])[:60] or "entry", fields), text, url)
