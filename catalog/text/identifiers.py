"""arXiv ids and DOIs: as they are stored, what is wrong with one, and when two are the same.

Normalising what is normalised changes nothing, and neither does normalising what is no identifier, but for white space
around it.
"""

import re
import unicodedata
from datetime import date
from urllib.parse import unquote

ARXIV_PREFIX = re.compile(
    r"^(?:(?:https?://)?(?:[\w-]+\.)*arxiv\.org/(?:abs|pdf|html|format|ps)/|arxiv:)\s*", re.IGNORECASE
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

DOI_PREFIX = re.compile(r"^(?:(?:https?://)?(?:www\.|dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/(?:(?!%[0-9A-Fa-f]{2})[^\s\x00-\x1f\x7f-\x9f\ufffd])+")
"""Without percent signs that escape a character: whether such a DOI is one or its address could not be told."""
DOI_HELP = "Write a DOI as 10.1109/CVPR52688.2022.01042."
MAX_LENGTH = 500
"""The longest DOI that is looked at; the form takes shorter ones only."""
CLOSING = {")": "(", "]": "[", ">": "<", "}": "{"}


def normalised_arxiv_id(text: str) -> str:
    """An arXiv id without address, version and subject class; a text that is none comes back stripped."""
    text = text.strip()
    bare = ARXIV_PREFIX.sub("", text).removesuffix("/").removesuffix(".pdf")
    bare = ARXIV_VERSION.sub("", bare)
    if old := OLD_ARXIV_ID.fullmatch(bare[:1].lower() + bare[1:]):
        return f"{old[1]}/{old[2]}"
    return bare if ARXIV_ID.fullmatch(bare) else text


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


def normalised_doi(text: str) -> str:
    """A DOI without address and percent signs; a text that is none comes back stripped."""
    text = text.strip()
    return doi_in_words(unquote(DOI_PREFIX.sub("", text))) or text


def doi_in_words(text: str) -> str:
    """A DOI, which no percent sign escapes any more, without punctuation that follows it in a sentence; brackets that
    are paired belong to it. "" for a text that is none."""
    doi = unicodedata.normalize("NFC", text)
    doi = _without_punctuation(doi) if len(doi) <= MAX_LENGTH and DOI.fullmatch(doi) else ""
    return doi if DOI.fullmatch(doi) else ""


def _without_punctuation(doi: str) -> str:
    """A DOI without full stops, commas and brackets without a partner at its end."""
    while doi[-1] in ".,;:\"'" or (doi[-1] in CLOSING and doi.count(doi[-1]) > doi.count(CLOSING[doi[-1]])):
        doi = doi[:-1]
    return doi


def doi_error(doi: str) -> str:
    """What is wrong with a normalised DOI; "" if nothing is."""
    return "" if DOI.fullmatch(doi) else f"“{doi}” is not a DOI. {DOI_HELP}"


def doi_key(doi: str) -> str:
    """A normalised DOI as two are compared: upper and lower case of ASCII letters are the same (DOI Handbook, 3.4)."""
    return "".join(char.lower() if char.isascii() else char for char in doi)
