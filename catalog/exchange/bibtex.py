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
GROUP_AUTHOR = re.compile(r"\b(team|group|lab|labs|ai|research|consortium|inc)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Citation:
    """How to cite an entry: BibTeX, a line of text, and the URL of the cited revision."""

    bibtex: str
    text: str
    url: str


def escaped(text: str) -> str:
    """Text escaped for BibTeX and LaTeX, in one line."""
    return "".join(ESCAPES.get(letter, letter) for letter in " ".join(text.split()))


def authors(names: list[str]) -> str:
    """Authors for BibTeX; braces keep the name of a group together."""
    return " and ".join(
        f"{{{escaped(name)}}}" if GROUP_AUTHOR.search(name) or " and " in name else escaped(name) for name in names
    )


def key_of(names: list[str], year: int | None, title: str) -> str:
    """A citation key: first author's last name, year, first word of the title that is no stop word."""
    last_name = names[0].split()[-1] if names and names[0].split() else "anon"
    title_words = [word for word in re.findall(r"[^\W_]+", title) if word.lower() not in STOPWORDS]
    return (
        "".join(
            _ascii_alphanumerics(part)
            for part in (last_name, str(year or ""), title_words[0] if title_words else "entry")
        )
        or "entry"
    )


def _ascii_alphanumerics(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower())


def bibtex_record(kind: str, key: str, fields: dict[str, str]) -> str:
    """A BibTeX record; empty fields are left out."""
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{kind}{{{key},\n{body}}}\n"


def paper(envelope: Envelope, key: str | None = None) -> str:
    """The record of a paper's envelope."""
    fields = envelope["fields"]
    title = fields["title"] or fields["name"]
    names = fields["authors"] or ([fields["organisation"]] if fields["organisation"] else [])
    arxiv, venue = fields["arxiv_id"], fields["venue"]
    kind = "inproceedings" if PROCEEDINGS.match(venue) else "article" if venue else "misc"
    venue_field = {"inproceedings": "booktitle", "article": "journal"}.get(kind, "howpublished")
    links = [link["url"] for link in fields["links"]]
    return bibtex_record(
        kind,
        key or key_of(names, fields["year"], title),
        {
            "title": f"{{{escaped(title)}}}",
            "author": authors(names),
            "year": escaped(str(fields["year"] or "")),
            venue_field: escaped(venue),
            "eprint": escaped_url(arxiv),
            "archivePrefix": "arXiv" if arxiv else "",
            "doi": escaped_url(fields["doi"]),
            "url": escaped_url(f"https://arxiv.org/abs/{arxiv}" if arxiv else links[0] if links else envelope["url"]),
        },
    )


def escaped_url(url: str) -> str:
    """A URL or an identifier for BibTeX, verbatim but for braces, backslashes and blanks, which are percent-encoded:
    they could end the field."""
    return "%20".join(url.split()).replace("\\", "%5C").replace("{", "%7B").replace("}", "%7D")


def papers(envelopes: Iterable[Envelope]) -> Iterator[str]:
    """The records of many papers, with unique keys."""
    used: dict[str, int] = {}
    for envelope in envelopes:
        fields = envelope["fields"]
        names = fields["authors"] or ([fields["organisation"]] if fields["organisation"] else [])
        key = key_of(names, fields["year"], fields["title"] or fields["name"])
        count = used[key] = used.get(key, 0) + 1
        yield paper(envelope, key if count == 1 else f"{key}-{count}") + "\n"


def citation(kind: Kind, payload: dict[str, Any], *, page: str, revision: int, date: str, site: str) -> Citation:
    """How to cite an entry: as a paper if its kind is exported as BibTeX, else as this revision of this portal."""
    url = f"{page}history/{revision}/"
    text = f"{payload['name']}, revision {revision}. {site}, {date}. {url}"
    if BIBTEX in kind.formats:
        return Citation(paper({"fields": payload, "url": page}), text, url)
    fields = {
        "title": f"{{{escaped(payload['name'])}}}",
        "author": f"{{{escaped(site)} contributors}}",
        "year": date[:4],
        "howpublished": f"{escaped(site)}, revision {revision}",
        "url": escaped_url(url),
    }
    return Citation(
        bibtex_record("misc", _ascii_alphanumerics(site + payload["name"])[:60] or "entry", fields), text, url
    )
