"""Plain values from answers of any shape: texts in one line, names, years, days."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from accounts.words import hidden_character
from catalog.forms.fields import MAX_ITEMS
from catalog.text.identifiers import arxiv_in, doi_error, normalised_doi
from catalog.text.latex import plain_text
from submissions.intake.identifiers import short_name

YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
MAX_NAME = 300
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def obj(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """The value if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def line(value: Any) -> str:
    """A text in one line, without LaTeX, HTML and characters that nobody sees; "" for what is no text."""
    text = plain_text(value) if isinstance(value, str) else ""
    return unicodedata.normalize("NFC", "".join(char for char in text if not hidden_character(char))).strip()


def names(values: Iterable[Any]) -> list[str]:
    """The names of people or groups among the first MAX_ITEMS values, each once."""
    texts = (value[:MAX_NAME] for value in islice(values, MAX_ITEMS) if isinstance(value, str))
    return list(dict.fromkeys(filter(None, map(line, texts))))


def given_first(name: str) -> str:
    """A name with one comma in it as it is spoken: “Li, Junnan” is Junnan Li."""
    family, comma, given = name.partition(",")
    return f"{given.strip()} {family.strip()}" if comma and given.strip() and "," not in given else name


def year(value: Any) -> int | None:
    """The first year from 1900 to 2099 in a number or text."""
    found = YEAR.search(str(value)[:200]) if isinstance(value, int | str) else None
    return int(found[0]) if found else None


def day(value: Any) -> str:
    """The day at the beginning of a text, as YYYY-MM-DD; "" if there is none."""
    found = DAY.match(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(found[0]).isoformat() if found else ""
    except ValueError:
        return ""


def doi(value: Any) -> str:
    """A DOI as it is stored; "" for what is none, and for arXiv's own, which say no more than the id."""
    found = normalised_doi(value) if isinstance(value, str) else ""
    return "" if doi_error(found) or arxiv_in(found) else found


def titled(title: str) -> dict[str, str]:
    """The two fields that a title fills."""
    return {"name": short_name(title), "title": title}
