"""Addresses of sites that have one paper, model, dataset or repository under several: which one it is."""

import re
from collections.abc import Callable

from catalog.text.identifiers.web import Location, location

HUB = ("huggingface.co", "hf.co")
HUB_PAGES = frozenset(
    (
        *("api", "assets", "blog", "brand", "buckets", "changelog", "chat", "collections", "contact", "docs"),
        *("enterprise", "front", "hardware", "inference", "inference-endpoints", "join", "kernels", "languages"),
        *("learn", "login", "logout", "metrics", "models", "new", "new-dataset", "new-space", "notifications"),
        *("organizations", "papers", "playground", "posts", "pricing", "privacy", "search", "security", "settings"),
        *("shop", "spaces", "storage", "subscribe", "support", "tasks", "terms-of-service", "users", "welcome"),
    )
)
"""First parts of addresses on Hugging Face that are no owner of a model."""
OWNER_PAGES = frozenset({"activity", "collections", "datasets", "followers", "likes", "models", "papers", "spaces"})
"""Second parts of addresses on Hugging Face that list what an owner has."""
VIEWS = frozenset({"blob", "commit", "commits", "discussions", "edit", "raw", "resolve", "tree", "viewer"})
"""Parts of addresses that begin what belongs to a repository."""
CODE_HOSTS = ("github.com", "raw.githubusercontent.com")
CODE_PAGES = frozenset(
    (
        *("about", "apps", "blog", "collections", "contact", "enterprise", "events", "explore", "features", "issues"),
        *("join", "login", "marketplace", "new", "notifications", "orgs", "pricing", "pulls", "readme", "search"),
        *("security", "settings", "site", "sponsors", "stars", "topics", "trending", "users"),
    )
)
"""First parts of addresses on GitHub that are no owner of a repository."""
NAME = re.compile(r"[\w.-]{1,100}")
SSH = re.compile(r"(?:ssh://)?git@github\.com[:/]", re.IGNORECASE)

OPENREVIEW_VIEWS = frozenset({"forum", "pdf", "attachment", "references", "revisions"})
OPENREVIEW_ID = re.compile(r"[\w-]{6,40}")
ACL_HOSTS = ("aclanthology.org", "aclanthology.info", "aclweb.org", "anthology.aclweb.org")
ACL_ID = re.compile(r"[A-Z][0-9]{2}-[0-9]{4,5}|[0-9]{4}\.[a-z0-9_]{2,30}-[a-z0-9_]{1,30}\.[0-9]{1,5}", re.IGNORECASE)
ACL_FILE = re.compile(r"(?:v[0-9]{1,2})?(?:\.(?:pdf|bib|xml|html|endf))?$")
ACL_DOI = "10.18653/v1/"
CVF = "openaccess.thecvf.com"
CVF_FILE = re.compile(r"_(?:paper|supplemental)\.(?:pdf|html|zip)$")
PMLR = ("proceedings.mlr.press",)
PMLR_VOLUME, PMLR_PAPER = re.compile(r"[vr][0-9]{1,4}"), re.compile(r"[a-z][\w-]{1,60}")


def hub_of(address: str) -> tuple[str, str]:
    """What an address on Hugging Face leads to ("model" or "dataset"), and its name; two empty texts for others.

    A model has an owner; a dataset has one or, from the early days, none (`datasets/mnist`).
    """
    place = location(address)
    parts = place.segments if place and place.host in HUB else []
    if not all(NAME.fullmatch(part) for part in parts[:3]):
        return "", ""
    if parts[:1] == ["datasets"]:
        name = "/".join(parts[1:2] if parts[2:3] == [] or parts[2] in VIEWS else parts[1:3])
        return ("dataset", name) if name else ("", "")
    is_model = len(parts) > 1 and parts[0].lower() not in HUB_PAGES and parts[1].lower() not in OWNER_PAGES
    return ("model", "/".join(parts[:2])) if is_model else ("", "")


def repository_of(address: str) -> str:
    """The repository on GitHub, "owner/name", that an address leads to or into."""
    place = location(SSH.sub("https://github.com/", address.strip()))
    parts = place.segments if place and place.host in CODE_HOSTS else []
    if len(parts) < 2 or parts[0].lower() in CODE_PAGES:
        return ""
    owner, name = parts[0], parts[1].removesuffix(".git")
    return f"{owner}/{name}" if NAME.fullmatch(owner) and NAME.fullmatch(name) else ""


def acl_id_of(address: str) -> str:
    """The id of a paper of the ACL Anthology, of its own or an earlier address."""
    place = location(address)
    if place is None or not place.segments or not place.is_at(*ACL_HOSTS):
        return ""
    last = ACL_FILE.sub("", place.segments[-1])
    return last[:1].upper() + last[1:] if ACL_ID.fullmatch(last) else ""


def address_of_acl_doi(doi: str) -> str:
    """The address of a paper of the ACL Anthology by its DOI, which holds its id."""
    acl_id = doi[len(ACL_DOI) :]
    is_one = doi.lower().startswith(ACL_DOI) and ACL_ID.fullmatch(acl_id)
    return f"https://aclanthology.org/{acl_id[:1].upper()}{acl_id[1:]}" if is_one else ""


def paper_address_of(address: str) -> str:
    """The address of the page of a paper on OpenReview, in the ACL Anthology, at the CVF or PMLR, whichever of its
    addresses is given."""
    place = location(address)
    if place is None:
        return ""
    if acl_id := acl_id_of(address):
        return f"https://aclanthology.org/{acl_id}"
    return next((found for read in (_openreview, _cvf, _pmlr) if (found := read(place))), "")


def _openreview(place: Location) -> str:
    paper = "".join(place.query.get("id", [])[:1])
    is_one = place.is_at("openreview.net") and "".join(place.segments[:1]) in OPENREVIEW_VIEWS
    return f"https://openreview.net/forum?id={paper}" if is_one and OPENREVIEW_ID.fullmatch(paper) else ""


def _cvf(place: Location) -> str:
    parts = place.segments
    if place.host != CVF or len(parts) < 3 or not CVF_FILE.search(parts[-1]):
        return ""
    folders = ["html" if part in ("papers", "supplemental") else part for part in parts[:-1]]
    return f"https://{CVF}/{'/'.join(folders)}/{CVF_FILE.sub('', parts[-1])}_paper.html"


def _pmlr(place: Location) -> str:
    parts = place.segments
    if not place.is_at(*PMLR) or len(parts) < 2 or not PMLR_VOLUME.fullmatch(parts[0]):
        return ""
    paper = parts[1].removesuffix(".html").removesuffix(".pdf")
    return f"https://proceedings.mlr.press/{parts[0]}/{paper}.html" if PMLR_PAPER.fullmatch(paper) else ""


def canonical_address(address: str) -> str:
    """The one address of what a known site has under several: a paper, a model, or a dataset or repository as a whole;
    "" for others, since a part of a repository may be a publication of its own."""
    readers: tuple[Callable[[str], str], ...] = (paper_address_of, _hub_address, _repository_address)
    return next((found for read in readers if (found := read(address))), "")


def _hub_address(address: str) -> str:
    kind, name = hub_of(address)
    if kind == "dataset":
        return f"https://huggingface.co/datasets/{name}" if _is_whole(address, 1 + len(name.split("/"))) else ""
    return f"https://huggingface.co/{name}" if name else ""


def _repository_address(address: str) -> str:
    name = repository_of(address)
    return f"https://github.com/{name}" if name and _is_whole(address, 2) else ""


def _is_whole(address: str, length: int) -> bool:
    """Whether nothing follows the name of a repository, of so many parts, but what shows the whole of it."""
    place = location(SSH.sub("https://github.com/", address.strip()))
    rest = place.segments[length:] if place else []
    return not rest or rest == ["viewer"] or (len(rest) == 2 and rest[0] in ("tree", "blob"))
