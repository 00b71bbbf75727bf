"""What the agencies that register DOIs say about one: Crossref for most papers, DataCite for data and preprints."""

from typing import Any
from urllib.parse import quote

from catalog.text.identifiers import doi_address
from submissions.intake.lookups.answers import Answer
from submissions.intake.lookups.client import fetch_json
from submissions.intake.lookups.sites import CROSSREF, DATACITE
from submissions.intake.lookups.values import given_first, items, line, names, obj, titled, year

CROSSREF_API = "https://api.crossref.org/works/"
DATACITE_API = "https://api.datacite.org/dois/"
DATACITE_PREFIXES = ("10.5281/", "10.6084/", "10.7910/", "10.17605/", "10.34740/", "10.57967/")
"""Of Zenodo, figshare, Harvard Dataverse, OSF, Kaggle and Hugging Face."""
SERIES = ("Lecture Notes in ", "Communications in Computer and Information Science", "IFIP Advances in ")
"""How the names of series begin that stand before the title of the proceedings."""


def read_crossref(doi: str, until: float) -> Answer:
    """Title, authors, year and venue (https://api.crossref.org/swagger-ui/). Raises NotFetched."""
    reply = obj(fetch_json(CROSSREF, CROSSREF_API + quote(doi, safe=""), until))
    work = reply.get("message")
    if not isinstance(work, dict):
        raise CROSSREF.not_understood()
    title, subtitle = _first(work.get("title")), _first(work.get("subtitle"))
    if title and subtitle and subtitle.casefold() not in title.casefold():
        title = f"{title}: {subtitle}"
    return Answer(
        doi_address(doi),
        {
            **titled(title),
            "authors": names(_crossref_name(obj(person)) for person in items(work.get("author"))),
            "year": year(_first_number(obj(work.get("issued")).get("date-parts"))),
            "venue": _venue(items(work.get("container-title"))),
        },
    )


def read_datacite(doi: str, until: float) -> Answer:
    """Title, authors and year (https://support.datacite.org/docs/api). Raises NotFetched.

    The publisher of what is there is the archive, which is no venue.
    """
    reply = obj(fetch_json(DATACITE, DATACITE_API + quote(doi, safe=""), until))
    about = obj(reply.get("data")).get("attributes")
    if not isinstance(about, dict):
        raise DATACITE.not_understood()
    titles = [obj(title) for title in items(about.get("titles"))]
    main = next((title for title in titles if not title.get("titleType")), {})
    return Answer(
        doi_address(doi),
        {
            **titled(line(main.get("title"))),
            "authors": names(_datacite_name(obj(person)) for person in items(about.get("creators"))),
            "year": year(about.get("publicationYear")),
        },
    )


def _crossref_name(person: dict[str, Any]) -> str:
    given, family, suffix = (line(person.get(key)) for key in ("given", "family", "suffix"))
    return " ".join(filter(None, (given, family or line(person.get("name")), suffix)))


def _datacite_name(person: dict[str, Any]) -> str:
    given, family = line(person.get("givenName")), line(person.get("familyName"))
    name = line(person.get("name"))
    if given and family:
        return f"{given} {family}"
    return name if person.get("nameType") == "Organizational" else given_first(name)


def _venue(titles: list[Any]) -> str:
    """Where it appeared: of a volume in a series the volume, “Computer Vision – ECCV 2022”."""
    found = list(filter(None, map(line, titles)))
    volumes = [title for title in found if not title.startswith(SERIES)]
    return next(iter(volumes or found), "")


def _first(value: Any) -> str:
    return next(filter(None, map(line, items(value))), "")


def _first_number(date_parts: Any) -> Any:
    """The year of [[2016, 6]]."""
    return next(iter(items(next(iter(items(date_parts)), None))), None)
