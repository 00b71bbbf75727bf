"""Addresses as they stand in texts: with or without scheme, in angle brackets, at the end of a sentence."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, unquote

from catalog.text.addresses import split_as_browser

MAX_LENGTH = 2000
ADDRESS = re.compile(r"https?://[^\s<>\"]{1,2000}", re.IGNORECASE)
SCHEME = re.compile(r"https?://", re.IGNORECASE)
HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63}){1,8}", re.IGNORECASE)
CLOSING = {")": "(", "]": "[", ">": "<", "}": "{"}
PUNCTUATION = ".,;:!?\"'”’"


@dataclass(frozen=True)
class Location:
    """Where an address leads to: its host in lower case and without "www.", its path and the values of its query."""

    host: str
    path: str
    query: dict[str, list[str]]

    @property
    def segments(self) -> list[str]:
        """The parts of the path, without percent signs."""
        return [unquote(part) for part in self.path.split("/") if part]

    def is_at(self, *domains: str) -> bool:
        """Whether the host is one of these domains, or below one."""
        return any(self.host == domain or self.host.endswith(f".{domain}") for domain in domains)


@lru_cache(maxsize=512)  # one address of a list is asked for by the reader of each sort of identifier
def location(address: str) -> Location | None:
    """Where one address leads to; None if the text is none, or longer than 2,000 characters. A scheme may be missing
    before a host and a path (`arxiv.org/abs/…`)."""
    address = address.strip()
    if len(address) > MAX_LENGTH or any(char.isspace() for char in address):
        return None
    if not SCHEME.match(address):
        host, slash, _ = address.partition("/")
        if not slash or not HOST.fullmatch(host):
            return None
        address = f"https://{address}"
    try:
        parts = split_as_browser(address)
        host = parts.hostname or ""
    except ValueError:  # brackets without a partner
        return None
    return Location(host.removeprefix("www."), parts.path, parse_qs(parts.query)) if host else None


def addresses_in(text: str) -> list[str]:
    """The addresses in a text, without what closes the sentence or the brackets around them; a text without white space
    may be an address without a scheme."""
    text = text.strip().removeprefix("\ufeff")
    if len(text) <= MAX_LENGTH and not any(char.isspace() for char in text):
        bare = text[1:-1] if text[:1] == "<" and text[-1:] == ">" else text
        if location(bare):
            return [without_closing(bare)]
    return [without_closing(address) for address in ADDRESS.findall(text)]


def without_closing(text: str) -> str:
    """A text without punctuation and without brackets that it does not open at its end."""
    surplus = {close: text.count(close) - text.count(start) for close, start in CLOSING.items()}
    end = len(text)
    while end and (text[end - 1] in PUNCTUATION or surplus.get(text[end - 1], 0) > 0):
        if text[end - 1] in surplus:
            surplus[text[end - 1]] -= 1
        end -= 1
    return text[:end]
