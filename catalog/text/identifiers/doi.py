"""DOIs: as they are stored, what is wrong with one, when two are the same, and which one an address states.

Normalising what is normalised changes nothing, and neither does normalising what is no identifier, but for white space
around it.
"""

import re
import unicodedata
from urllib.parse import quote, unquote

from catalog.text.identifiers.web import addresses_in, location, without_closing

DOI_PREFIX = re.compile(r"^(?:(?:https?://)?(?:www\.|dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/(?:(?!%[0-9A-Fa-f]{2})[^\s\x00-\x1f\x7f-\x9f\ufffd])+")
"""Without percent signs that escape a character: whether such a DOI is one or its address could not be told."""
DOI_HELP = "Write a DOI as 10.1109/CVPR52688.2022.01042."
MAX_LENGTH = 500
"""The longest DOI that is looked at; the form takes shorter ones only."""
RESOLVERS = ("doi.org",)
PUBLISHERS = (
    *("biorxiv.org", "brill.com", "degruyter.com", "dl.acm.org", "emerald.com", "frontiersin.org"),
    *(
        "ieeecomputersociety.org",
        "iopscience.iop.org",
        "journals.aps.org",
        "journals.plos.org",
        "link.springer.com",
        "medrxiv.org",
        "onlinelibrary.wiley.com",
    ),
    *("pnas.org", "pubs.acs.org", "pubs.aip.org", "royalsocietypublishing.org", "sagepub.com", "science.org"),
    *("spiedigitallibrary.org", "tandfonline.com", "worldscientific.com", "asmedigitalcollection.asme.org"),
)
"""Sites whose addresses of publications contain their DOIs: https://dl.acm.org/doi/10.1145/3581783.3612374."""
IN_PATH = re.compile(r"(?:^|/)(10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/.{1,500})")
IN_ADDRESS = "/:;()@!$&'*+,=~"
VIEWS = re.compile(
    r"/(?:abstract|epdf|epub|full|full-?text|full\.pdf|html|meta|pdf|references|summary)$"
    r"|\.(?:pdf|epub|full|full\.pdf|full-text)$",
    re.IGNORECASE,
)
"""What follows a DOI in an address, and says only how to show the publication."""
PREPRINT_VERSION = re.compile(r"(?<=[0-9])v[0-9]{1,2}$")
PREPRINTS = ("biorxiv.org", "medrxiv.org")
NAMED = re.compile(r"(?:\bdoi ?: {0,3}|(?<!\S))(10\.[0-9]{4,9}(?:\.[0-9]{1,9}){0,4}/\S{1,500})", re.IGNORECASE)
"""A DOI among words: “Journal, 2022. doi:10.1000/182”."""
STATED = re.compile(r"doi ?:|(?:https?://)?(?:www\.|dx\.)?doi\.org/|10\.", re.IGNORECASE)


def normalised_doi(text: str) -> str:
    """A DOI without address and percent signs; a text that is none comes back stripped."""
    text = text.strip()
    return doi_in_words(unquote(DOI_PREFIX.sub("", text))) or text


def doi_in_words(text: str) -> str:
    """A DOI, which no percent sign escapes any more, without punctuation that follows it in a sentence; brackets that
    are paired belong to it. "" for a text that is none."""
    doi = unicodedata.normalize("NFC", text)
    doi = without_closing(doi) if len(doi) <= MAX_LENGTH and DOI.fullmatch(doi) else ""
    return doi if DOI.fullmatch(doi) else ""


def doi_error(doi: str) -> str:
    """What is wrong with a normalised DOI; "" if nothing is."""
    return "" if DOI.fullmatch(doi) else f"“{doi}” is not a DOI. {DOI_HELP}"


def doi_key(doi: str) -> str:
    """A normalised DOI as two are compared: upper and lower case of ASCII letters are the same (DOI Handbook, 3.4)."""
    return "".join(char.lower() if char.isascii() else char for char in doi)


def doi_address(doi: str) -> str:
    """The address of a normalised DOI, in which what an address may not hold is escaped."""
    return f"https://doi.org/{quote(doi, safe=IN_ADDRESS)}"


def doi_of(address: str) -> str:
    """The DOI that an address leads to: of the resolver, or of a publisher who writes it into addresses."""
    place = location(address)
    if place is None:
        return ""
    if place.is_at(*RESOLVERS):
        return doi_in_words(unquote(place.path).removeprefix("/"))
    if not place.is_at(*PUBLISHERS):
        return ""
    stated = IN_PATH.search(unquote(place.path).rstrip("/"))
    if stated is None:
        return doi_in_words("".join(place.query.get("id", [])[:1]))  # https://journals.plos.org/plosone/article?id=10.…
    return doi_in_words(_without_view(stated[1], is_preprint=place.is_at(*PREPRINTS)))


def _without_view(doi: str, is_preprint: bool) -> str:
    """A DOI of an address without what says how to show the publication, and of a preprint in which version."""
    for _ in range(2):
        doi = VIEWS.sub("", doi)
    return PREPRINT_VERSION.sub("", doi) if is_preprint else doi


def doi_in(text: str) -> str:
    """The DOI that a pasted text states: alone, with “doi:” before it, or as an address; the text itself if what looks
    like one cannot be, so that a form says why."""
    text = text.strip().strip("\ufeff").strip()
    found = {doi for address in addresses_in(text) if (doi := doi_of(address))}
    if found or not STATED.match(text):
        return found.pop() if len(found) == 1 else ""
    first = "".join(DOI_PREFIX.sub("", unquote(text)).split(maxsplit=1)[:1])
    return (doi_in_words(first) or text) if IN_PATH.match(first) else ""


def dois_in(text: str) -> list[str]:
    """The different DOIs that a text names among its words, or gives the address of, in its order."""
    found = [doi_in_words(unquote(match[1])) for match in NAMED.finditer(text)]
    found += [doi_of(address) for address in addresses_in(text)]
    return list(dict.fromkeys(filter(None, found)))
