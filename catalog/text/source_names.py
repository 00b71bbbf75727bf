"""What people write as a source, and short names of sources."""

import re
import unicodedata
from functools import lru_cache

from catalog.text.addresses import host_of, split_as_browser
from catalog.text.source_classes import HOSTS, domains_of

NO_SOURCE = frozenset(
    {
        *("dontknow", "idk", "missing", "na", "nil", "no", "none", "nosource", "notapplicable", "notavailable"),
        *("nothing", "notknown", "null", "tba", "tbc", "tbd", "todo", "unknown", "unsourced"),
    }
)
"""What people write where a source is required and they have none; in lower case, without spaces and punctuation."""

_BARE_ADDRESS = re.compile(r"((?:[a-z0-9][a-z0-9-]{0,62}\.){1,8}[a-z]{2,24})/\S*", re.IGNORECASE)


def is_address(source: str) -> bool:
    """Whether a source is one address, rather than words that lead to it."""
    return source.startswith(("http://", "https://")) and not any(character.isspace() for character in source)


def as_source(text: str) -> str:
    """A source as it is kept: stripped, and with https where it is an address that lacks its scheme. As one counts what
    begins with www. or a host of the table of source classes; anything else may be words, such as “and.or/maybe”."""
    text = text.strip()
    bare = _BARE_ADDRESS.fullmatch(text)
    if not bare:
        return text
    host = bare[1].lower()
    is_known = host.startswith("www.") or not HOSTS.isdisjoint(domains_of(host))
    return f"https://{text}" if is_known else text


def names_no_source(text: str) -> bool:
    """Whether a text leads nobody to a source: fewer than two letters or digits, the same one over and over, or a word
    for none."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(char for char in folded if char.isalnum())
    repeated = letters.isascii() and len(set(letters)) < 2
    return len(letters) < 2 or repeated or letters in NO_SOURCE


@lru_cache(maxsize=10_000)
def source_name(url: str) -> str:
    """A name that readers recognise an address by: "arXiv 2304.08485", "openai/clip", "HF owner/model", else the host,
    and the address itself if it has none."""
    host = host_of(url).removeprefix("www.")
    if not host:
        return url
    parts = [part for part in split_as_browser(url).path.split("/") if part]
    if host in ("arxiv.org", "ar5iv.labs.arxiv.org") and len(parts) > 1:
        return f"arXiv {parts[-1].removesuffix('.pdf')}"
    if host in ("github.com", "huggingface.co") and len(parts) > 1:
        owner = [part for part in parts if part not in ("datasets", "spaces", "models", "blog")]
        return "/".join(owner[:2]) if host == "github.com" else f"HF {'/'.join(owner[:2])}"
    return host
