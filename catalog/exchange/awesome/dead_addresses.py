"""What is wrong with an address by its form alone: nothing is asked of the network."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from catalog.text.identifiers import arxiv_error, arxiv_id_of, doi_address, doi_of
from catalog.text.identifiers.web import Location, location

NOWHERE = re.compile(
    r"#?|\.{2,}|…|-|to-?do|tb[ad]|n/?a|none|null|x{3,}|link|url|href|paper|code|pdf|coming[ _-]?soon|placeholder"
    r"|(?:your|insert|paste)[ _-][a-z _-]{1,40}",
    re.IGNORECASE,
)
"""Targets that stand for an address that somebody meant to write."""
SCHEME_TWICE = re.compile(r"(?:https?(?::/{0,3}|/{1,3})){2,5}", re.IGNORECASE)
SCHEME_MISSPELT = re.compile(r"h?t{1,3}ps?(?:[:;]/{1,4}|/{2,4})", re.IGNORECASE)
ABSOLUTE = re.compile(r"https?://(?!/)", re.IGNORECASE)
OWN_COMPUTER = re.compile(r"file:|[a-z]:[\\/]|~/", re.IGNORECASE)
TRAILING = ".,;:…"
EXAMPLE_HOSTS = ("example.com", "example.org", "example.net", "example.edu", "localhost")
EXAMPLE_ENDINGS = (".example", ".invalid", ".localhost", ".test")
"""Names that lead nowhere by RFC 2606 and RFC 6761."""
PLACEHOLDER_OWNERS = frozenset(
    ("username", "your-username", "your_username", "yourusername", "your-org", "yourname", "xxx", "xxxx", "todo")
)
SECURE = (
    *("arxiv.org", "github.com", "huggingface.co", "hf.co", "doi.org", "openreview.net", "aclanthology.org"),
    *("openaccess.thecvf.com", "proceedings.mlr.press", "proceedings.neurips.cc", "dl.acm.org", "ieeexplore.ieee.org"),
)
"""Sites that have https, so that http is a detour that some networks refuse."""
GONE = {
    "paperswithcode.com": "Papers with Code was closed in July 2025",
    "arxiv-vanity.com": "arXiv Vanity was closed; arXiv shows papers as HTML itself",
}
ARXIV_PAGES = frozenset({"abs", "pdf", "html", "format", "ps"})
HUB_LISTS = frozenset({"datasets", "models", "papers", "spaces"})
MISSING_ID, IMPOSSIBLE_ID = "it leads to no paper: the id is missing", "it has no arXiv id that there can be"
ID_LIKE = re.compile(r"[0-9]{4}\.[0-9]")


@dataclass(frozen=True)
class Fault:
    """What is wrong with an address, and the one that was meant or is better, if there is one thing that it can be."""

    problem: str
    better: str = ""


def fault_of(target: str) -> Fault | None:
    """What is wrong with the target of a link; None if nothing is, or for one within the list's own files."""
    target = target.strip()
    if NOWHERE.fullmatch(target):
        return Fault(f"“{target}” is no address" if target else "it has no address")
    if twice := SCHEME_TWICE.match(target):
        return Fault("it begins twice with http", f"https://{target[twice.end() :]}")
    if not ABSOLUTE.match(target):
        return _fault_of_relative(target)
    if len(parts := target.split()) > 1:
        return Fault("there is a space within it", "".join(parts))
    return _fault_of_form(target) or _fault_of_place(target)


def _fault_of_relative(target: str) -> Fault | None:
    """What is wrong with a target that is not the address of a page."""
    if misspelt := SCHEME_MISSPELT.match(target):
        return Fault("it does not begin with https://", f"https://{target[misspelt.end() :]}")
    if OWN_COMPUTER.match(target):
        return Fault("it leads to a file on one computer")
    host = target.partition("/")[0].lower()
    if host.startswith("www.") or host in SECURE:
        return Fault("without https:// it leads to a file of the list", f"https://{target}")
    return None


def _fault_of_form(address: str) -> Fault | None:
    """What is wrong with the signs of an address, or with the name of its host."""
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:
        return Fault("it is no address")
    if any(address.count(one) > address.count(other) for one, other in ("()", "[]", "{}")):
        return Fault("a bracket is not closed")
    if address.endswith(tuple(TRAILING)):
        return Fault(f"it ends with “{address[-1]}”", address.rstrip(TRAILING))
    return _fault_of_host(host)


def _fault_of_host(host: str) -> Fault | None:
    """What is wrong with the name of a host."""
    is_example = any(host == one or host.endswith(f".{one}") for one in EXAMPLE_HOSTS)
    if is_example or host.endswith(EXAMPLE_ENDINGS):
        return Fault(f"{host} is an example and leads nowhere")
    if not host:
        return Fault("it is no address")
    if "." not in host and ":" not in host:
        return Fault(f"“{host}” is no host that others reach")
    return None


def _fault_of_place(address: str) -> Fault | None:
    """What is wrong with an address of a site whose addresses are known."""
    place = location(address)
    if place is None:
        return None
    for host, reason in GONE.items():
        if place.is_at(host):
            return Fault(reason)
    for host, check in CHECKS.items():
        if place.is_at(host) and (fault := check(place, address)):
            return fault
    if place.is_at(*SECURE) and address[:5].lower() == "http:":
        return Fault("it has no https", f"https:{address[5:]}")
    return None


def _arxiv(place: Location, address: str) -> Fault | None:
    first = place.segments[0] if place.segments else ""
    if not place.segments or (len(place.segments) == 1 and first in ARXIV_PAGES):
        return Fault(MISSING_ID)
    found = arxiv_id_of(address)
    if first in ARXIV_PAGES and not found:
        return Fault(IMPOSSIBLE_ID)
    if found and (error := arxiv_error(found, datetime.now(UTC).date())):
        return Fault(error.rstrip("."))
    if found and ID_LIKE.match(first):
        return Fault("arXiv has no page there", f"https://arxiv.org/abs/{found}")
    return None


def _doi(place: Location, address: str) -> Fault | None:
    found = doi_of(address)
    if not found:
        return Fault("it has no DOI that there can be")
    is_old = place.host.startswith("dx.")
    return Fault("dx.doi.org is the resolver's former name", doi_address(found)) if is_old else None


def _hub(place: Location, address: str) -> Fault | None:
    first = place.segments[0] if place.segments else ""
    if not place.segments or (len(place.segments) == 1 and first in HUB_LISTS):
        return Fault("it leads to no model, dataset or paper")
    if first == "papers" and ID_LIKE.match(place.segments[1]):
        found = arxiv_id_of(address)
        error = arxiv_error(found, datetime.now(UTC).date()) if found else IMPOSSIBLE_ID
        return Fault(error.rstrip(".")) if error else None
    return None


def _code(place: Location, address: str) -> Fault | None:
    if not place.segments:
        return Fault("it leads to no repository")
    owner = place.segments[0].lower()
    return Fault(f"“{owner}” stands for a name that nobody filled in") if owner in PLACEHOLDER_OWNERS else None


def _openreview(place: Location, address: str) -> Fault | None:
    has_id = bool("".join(place.query.get("id", [])))
    return None if has_id or place.segments[:1] not in (["forum"], ["pdf"]) else Fault(MISSING_ID)


CHECKS: dict[str, Callable[[Location, str], Fault | None]] = {
    "arxiv.org": _arxiv,
    "doi.org": _doi,
    "huggingface.co": _hub,
    "hf.co": _hub,
    "github.com": _code,
    "openreview.net": _openreview,
}
