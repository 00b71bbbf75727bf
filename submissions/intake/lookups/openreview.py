"""What OpenReview says about a paper, by the id of its forum (https://docs.openreview.net/reference/api-v2)."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from submissions.intake.lookups.answers import Answer
from submissions.intake.lookups.client import fetch_json
from submissions.intake.lookups.sites import OPENREVIEW, Unknown
from submissions.intake.lookups.values import items, line, names, obj, titled, year

API = "https://api2.openreview.net/notes?id="
OLD_API = "https://api.openreview.net/notes?id="
"""Where venues from before 2024 mostly are."""
NOT_PUBLISHED = re.compile(r"submitted|submission|withdrawn|rejected|under review|\bcorr\b", re.IGNORECASE)
"""Words in the `venue` of what was not published there: “Submitted to ICLR 2024”; “CoRR 2023” is arXiv."""


def read_openreview(forum: str, until: float) -> Answer:
    """Title, authors, and the venue and year if it was published. Raises NotFetched."""
    try:
        note = _note(API + quote(forum, safe=""), until)
    except Unknown:
        note = _note(OLD_API + quote(forum, safe=""), until)
    content = obj(note.get("content"))
    title = line(_value(content, "title"))
    if not title:
        raise OPENREVIEW.not_understood()
    venue = line(_value(content, "venue"))
    if NOT_PUBLISHED.search(venue):
        venue = ""
    fields = {
        **titled(title),
        "authors": names(items(_value(content, "authors"))),
        "year": (year(venue) or _year_of(note.get("pdate"))) if venue else None,
        "venue": venue,
    }
    return Answer(f"https://openreview.net/forum?id={forum}", fields)


def _note(url: str, until: float) -> dict[str, Any]:
    notes = obj(fetch_json(OPENREVIEW, url, until)).get("notes")
    if not isinstance(notes, list):
        raise OPENREVIEW.not_understood()
    if not notes:
        raise OPENREVIEW.unknown()
    return obj(notes[0])


def _value(content: dict[str, Any], key: str) -> Any:
    """A field of a note: of version 2 an object with `value`, of version 1 the value itself."""
    value = content.get(key)
    return value.get("value") if isinstance(value, dict) else value


def _year_of(milliseconds: Any) -> int | None:
    """The year of a time in milliseconds since 1970."""
    if not isinstance(milliseconds, int) or not 0 < milliseconds < 4_102_444_800_000:  # the year 2100
        return None
    return datetime.fromtimestamp(milliseconds / 1000, UTC).year
