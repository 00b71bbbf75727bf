"""Fill the empty fields of a draft from arXiv, Crossref or Hugging Face, each value with its source."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote
from xml.parsers import expat

from catalog.forms.rows import SourceRow
from catalog.text.identifiers import hub_of
from submissions.intake.drafts import Draft, truncated
from submissions.intake.fetching import CHECK_THE_FORM, NotFetched, fetch, fetch_json
from submissions.intake.identifiers import short_name

Fields = dict[str, Any]
ARXIV_API = "https://export.arxiv.org/api/query?id_list="
CROSSREF_API = "https://api.crossref.org/works/"
HUB_API = "https://huggingface.co/api/"


def enrich(draft: Draft) -> Draft:
    """Add the metadata for the draft's arXiv id, DOI or Hugging Face URL; a failure becomes a note."""
    lookup = _lookup_for(draft)
    if lookup is None:
        return draft
    reader, argument, url, name = lookup
    try:
        metadata = reader(argument)
    except NotFetched as error:
        return Draft(draft.kind, draft.payload, (*draft.notes, str(error)), draft.line, draft.source)
    new = {key: value for key, value in metadata.items() if value and not draft.payload.get(key)}
    read = {**SourceRow.empty(), "url": url, "note": f"Read from {name}", "confidence": "unverified"}
    rows = [{**read, "field": key} for key in new]
    payload = {**draft.payload, **new, "sources": [*draft.payload.get("sources", []), *rows]}
    note = f"{', '.join(key.replace('_', ' ') for key in new)} read from {name}: please check." if new else ""
    return truncated(
        Draft(draft.kind, payload, tuple(filter(None, (*draft.notes, note))), draft.line, draft.source or url)
    )


def _lookup_for(draft: Draft) -> tuple[Callable[[str], Fields], str, str, str] | None:
    """The function to call, its argument, the URL that readers can open, and the name of the site."""
    if number := draft.payload.get("arxiv_id"):
        return from_arxiv, number, f"https://arxiv.org/abs/{number}", "arXiv"
    if doi := draft.payload.get("doi"):
        return from_crossref, doi, f"https://doi.org/{doi}", "Crossref"
    for row in draft.payload.get("links", []):
        kind, hub = hub_of(row["url"])
        if hub:
            return from_hub, f"{'datasets' if kind == 'dataset' else 'models'}/{hub}", row["url"], "Hugging Face"
    return None


def from_arxiv(number: str) -> Fields:
    """Title, authors, year, date and DOI (https://info.arxiv.org/help/api/user-manual.html). Raises NotFetched."""
    entry = _atom_entry(fetch(ARXIV_API + quote(number, safe="/.")))
    title = " ".join("".join(entry.get("title", [])).split())
    if not title or title == "Error":
        raise NotFetched("arXiv does not know it; please check the id.")
    day = "".join(entry.get("published", []))[:10]
    return {
        "name": short_name(title),
        "title": title,
        "authors": [name.strip() for name in entry.get("name", []) if name.strip()],
        "year": int(day[:4]) if re.match(r"\d{4}", day) else None,
        "released": day if re.fullmatch(r"\d{4}-\d\d-\d\d", day) else "",
        "doi": "".join(entry.get("doi", [])).strip(),
    }


def from_crossref(doi: str) -> Fields:
    """Title, authors, year and venue (https://api.crossref.org/swagger-ui/). Raises NotFetched."""
    reply = fetch_json(CROSSREF_API + quote(doi, safe="/"))
    work = reply.get("message") if isinstance(reply, dict) else None
    if not isinstance(work, dict):
        raise NotFetched(f"Crossref's answer could not be understood; {CHECK_THE_FORM}")
    title = _first(work.get("title"))
    authors = work.get("author")
    people = [row for row in authors if isinstance(row, dict)] if isinstance(authors, list) else []
    names = [
        " ".join(filter(None, [_text(row, "given"), _text(row, "family") or _text(row, "name")])) for row in people
    ]
    year = re.search(r"\d{4}", str(work.get("issued") or ""))
    return {
        "name": short_name(title),
        "title": title,
        "authors": [name for name in names if name],
        "year": int(year[0]) if year else None,
        "venue": _first(work.get("container-title")),
    }


def from_hub(path: str) -> Fields:
    """Licence and, for a dataset, languages and tasks, from the card's tags. Raises NotFetched."""
    card = fetch_json(HUB_API + quote(path, safe="/"))
    given = card.get("tags") if isinstance(card, dict) else None
    tags = [tag for tag in given if isinstance(tag, str)] if isinstance(given, list) else []

    def tagged(prefix: str) -> list[str]:
        return [tag.partition(":")[2] for tag in tags if tag.startswith(f"{prefix}:")]

    licence = ", ".join(tagged("license"))
    if path.startswith("models/"):
        return {"licence_weights": licence, "arxiv_id": next(iter(tagged("arxiv")), "")}
    return {"licence": licence, "languages": tagged("language"), "tasks": tagged("task_categories")}


def _atom_entry(body: bytes) -> dict[str, list[str]]:
    """The texts of a feed's first entry by element name.

    A document type declaration is refused, since it could define entities that expand without limit.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    texts: dict[str, list[str]] = {}
    path: list[str] = []

    def refuse(*_: Any) -> None:
        raise NotFetched(f"arXiv's answer could not be understood; {CHECK_THE_FORM}")

    def start(tag: str, attributes: dict[str, str]) -> None:
        path.append(tag.rpartition(" ")[2])
        if "entry" in path and path[-1] != "entry":
            texts.setdefault(path[-1], []).append("")

    def text(data: str) -> None:
        if "entry" in path and path[-1] != "entry":
            texts[path[-1]][-1] += data

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: path.pop()
    parser.CharacterDataHandler = text
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        raise NotFetched(f"arXiv's answer could not be understood; {CHECK_THE_FORM}") from error
    return texts


def _first(value: Any) -> str:
    return str(value[0]) if isinstance(value, list) and value else ""


def _text(row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""
