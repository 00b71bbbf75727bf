"""arXiv ids: as they are stored, what is wrong with one, and which one an address or a text states."""

import re
from datetime import UTC, date, datetime

from catalog.text.identifiers.doi import doi_of, normalised_doi
from catalog.text.identifiers.web import Location, addresses_in, location

ARXIV_PREFIX = re.compile(
    r"^(?:(?:https?://)?(?:[\w-]{1,63}\.){0,8}arxiv\.org/(?:abs|pdf|html|format|ps)/|arxiv:)\s*", re.IGNORECASE
)
ARXIV_VERSION = re.compile(r"v[0-9]+$", re.IGNORECASE)
ARXIV_ID = re.compile(r"([0-9]{2})([0-9]{2})\.([0-9]{4,5})")
OLD_ARXIV_ID = re.compile(r"([a-z-]{2,8})(?:\.[A-Za-z]{2})?/(([0-9]{2})([0-9]{2})[0-9]{3})")
OLD_ARCHIVES = frozenset(
    (
        *("acc-phys", "adap-org", "alg-geom", "ao-sci", "astro-ph", "atom-ph", "bayes-an", "chao-dyn", "chem-ph"),
        *("cmp-lg", "comp-gas", "cond-mat", "cs", "dg-ga", "funct-an", "gr-qc", "hep-ex", "hep-lat", "hep-ph"),
        *("hep-th", "math", "math-ph", "mtrl-th", "nlin", "nucl-ex", "nucl-th", "patt-sol", "physics", "plasm-ph"),
        *("q-alg", "q-bio", "quant-ph", "solv-int", "supr-con"),
    )
)
"""The archives whose names stand in ids from before April 2007 (https://info.arxiv.org/help/arxiv_identifier.html)."""
FIRST_OLD_MONTH, LAST_OLD_MONTH, FIRST_MONTH = (1991, 7), (2007, 3), (2007, 4)
FIRST_OF_FIVE_DIGITS = (2015, 1)
ARXIV_HELP = "Write an arXiv id as 2304.08485 or, from before April 2007, as hep-th/9901001."

ANY_ID = re.compile(
    r"(?<![0-9])([0-9]{4}\.[0-9]{4,5})(?:v[0-9]{1,3})?(?![0-9])"
    r"|(?<![\w-])([a-z-]{2,8}(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?(?![0-9])",
    re.IGNORECASE,
)
"""An id of either scheme with its version, in a query or a path."""
STATED = re.compile(
    r"(?:arxiv ?: {0,3})?([0-9]{4}\.[0-9]{4,5}|[a-z-]{2,8}(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?"
    r"(?: {1,3}\[[a-z-]{2,8}(?:\.[a-z-]{2,8})?\](?: {1,3}[0-9]{1,2} [a-z]{3} [0-9]{4})?)?",
    re.IGNORECASE,
)
"""What somebody writes to state an id: the id, perhaps as the mark at the margin of arXiv's PDF files has it."""
NAMED = re.compile(
    r"\b(?:arxiv|corr)(?:[ :,]{1,3}(?:e-?prints?|preprints?|abs))?[ :,./]{0,3}"
    r"([0-9]{4}\.[0-9]{4,5}|[a-z-]{2,8}(?:\.[a-z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?(?![0-9])",
    re.IGNORECASE,
)
"""An id that a text calls one of arXiv: “arXiv preprint arXiv:2304.08485”, “CoRR abs/2304.08485”."""
MIRRORS = ("arxiv.org", "ar5iv.org", "alphaxiv.org", "arxiv-vanity.com", "xxx.lanl.gov", "scirate.com", "papers.cool")
HUBS = ("huggingface.co", "hf.co")
ARXIV_DOI_PREFIX = "10.48550/arxiv."
"""How arXiv's own DOIs begin, in lower case (https://info.arxiv.org/help/doi.html)."""


def normalised_arxiv_id(text: str) -> str:
    """An arXiv id without address, version and subject class; a text that is none comes back stripped."""
    text = text.strip()
    bare = ARXIV_PREFIX.sub("", text).removesuffix("/").removesuffix(".pdf")
    return _normalised(ARXIV_VERSION.sub("", bare)) or arxiv_id_of(text) or arxiv_id_of_doi(text) or text


def _normalised(bare: str) -> str:
    """An id without version, as it is stored; "" if it is none."""
    if old := OLD_ARXIV_ID.fullmatch(bare[:1].lower() + bare[1:]):
        return f"{old[1]}/{old[2]}"
    return bare if ARXIV_ID.fullmatch(bare) else ""


def arxiv_id_of(address: str) -> str:
    """The id of the paper that an address leads to, on arXiv, on a site that shows its papers, or by arXiv's DOI."""
    place = location(address)
    if place is None:
        return ""
    if place.is_at(*MIRRORS) or (place.is_at(*HUBS) and place.segments[:1] == ["papers"]):
        return _id_in_path(place)
    return arxiv_id_of_doi(doi_of(address))


def _id_in_path(place: Location) -> str:
    path = "/".join(place.segments)
    ids = {_in_known_archive(match[1] or match[2]) for match in ANY_ID.finditer(path)} - {""}
    return ids.pop() if len(ids) == 1 else ""


def _in_known_archive(found: str) -> str:
    """An id as it is stored; "" for one of the old scheme in an archive that never was: `pdf/2301234`."""
    bare = _normalised(found.lower())
    return bare if bare and ("/" not in bare or bare.partition("/")[0] in OLD_ARCHIVES) else ""


def arxiv_id_of_doi(doi: str) -> str:
    """The id in one of arXiv's own DOIs."""
    rest = normalised_doi(doi).lower()
    if not rest.startswith(ARXIV_DOI_PREFIX):
        return ""
    return _normalised(ARXIV_VERSION.sub("", rest.removeprefix(ARXIV_DOI_PREFIX)))


def arxiv_in(text: str) -> str:
    """The id that a pasted text states: alone, with “arXiv:” before it, as the mark at the margin of arXiv's PDF files,
    as the address of a paper, or by arXiv's DOI. A bare number is one only if there can be such an id today."""
    text = text.strip().strip("\ufeff").strip()
    if stated := STATED.fullmatch(text):
        found = _in_known_archive(stated[1])
        possible = not arxiv_error(found, datetime.now(UTC).date()) if found else False
        return found if possible or ":" in text else ""
    ids = {found for address in addresses_in(text) if (found := arxiv_id_of(address))}
    return ids.pop() if len(ids) == 1 else arxiv_id_of_doi(text)


def arxiv_ids_in(text: str) -> list[str]:
    """The different ids that a text calls ids of arXiv, or gives the address of, in its order."""
    found = [_in_known_archive(match[1]) for match in NAMED.finditer(text)]
    found += [arxiv_id_of(address) for address in addresses_in(text)]
    return list(dict.fromkeys(filter(None, found)))


def without_arxiv_versions(text: str) -> tuple[str, list[str]]:
    """A text in which the ids have no versions and subject classes, and these ids."""
    found: list[str] = []

    def bare(match: re.Match[str]) -> str:
        arxiv_id = _in_known_archive(match[1] or match[2])
        found.extend(filter(None, [arxiv_id]))
        return arxiv_id or match[0]

    return ANY_ID.sub(bare, text), found


def arxiv_error(arxiv_id: str, today: date) -> str:
    """What is wrong with a normalised arXiv id, which may be of next month at the latest; "" if nothing is."""
    if match := OLD_ARXIV_ID.fullmatch(arxiv_id):
        return _old_arxiv_error(match)
    match = ARXIV_ID.fullmatch(arxiv_id)
    if not match:
        return f"“{arxiv_id}” is not an arXiv id. {ARXIV_HELP}"
    month = (2000 + int(match[1]), int(match[2]))
    if error := _month_error(month, FIRST_MONTH, _next_month(today)):
        return f"“{arxiv_id}” is not an arXiv id: {error}."
    digits = 5 if month >= FIRST_OF_FIVE_DIGITS else 4
    if len(match[3]) != digits or not int(match[3]):
        return f"“{arxiv_id}” is not an arXiv id: {digits} digits from 1 on follow the point in that month."
    return ""


def _old_arxiv_error(match: re.Match[str]) -> str:
    year = int(match[3])
    month = (1900 + year if year > 50 else 2000 + year, int(match[4]))
    if match[1] not in OLD_ARCHIVES:
        return f"arXiv never had an archive “{match[1]}”. {ARXIV_HELP}"
    error = _month_error(month, FIRST_OLD_MONTH, LAST_OLD_MONTH)
    return f"“{match[0]}” is not an arXiv id: {error}." if error else ""


def _month_error(month: tuple[int, int], first: tuple[int, int], last: tuple[int, int]) -> str:
    if not 1 <= month[1] <= 12:
        return f"there is no month {month[1]:02}"
    if not first <= month <= last:
        return f"ids of this form are from {first[0]}-{first[1]:02} to {last[0]}-{last[1]:02}"
    return ""


def _next_month(today: date) -> tuple[int, int]:
    return (today.year + 1, 1) if today.month == 12 else (today.year, today.month + 1)
