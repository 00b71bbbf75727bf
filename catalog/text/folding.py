"""Fold text so that different spellings match in search."""

import re
import unicodedata
from difflib import SequenceMatcher

from catalog.text.identifiers import without_arxiv_versions

TOKEN = re.compile(r"[^\W_]+")
MAX_TOKENS = 12
MAX_TOKEN_LENGTH = 64
MAX_QUERY_LENGTH = 400


def fold(text: str) -> str:
    """Lower-case words without accents, separated by one space."""
    return " ".join(tokenize(text))


def tokenize(text: str) -> list[str]:
    """The folded words of a text; punctuation, emoji and lone surrogates are dropped."""
    if text.isascii():
        return TOKEN.findall(text.lower())
    plain = unicodedata.normalize("NFKD", text.encode("utf-8", "ignore").decode())
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return TOKEN.findall(bare.casefold())


def compact(text: str) -> str:
    """A name as one word: "Qwen2.5-VL" gives "qwen25vl"."""
    return "".join(tokenize(text))


def query_tokens(query: str) -> list[str]:
    """The words to search for, bounded in number and length because queries come from anybody."""
    query, _ = without_arxiv_versions(query[:MAX_QUERY_LENGTH])
    return [word[:MAX_TOKEN_LENGTH] for word in tokenize(query)[:MAX_TOKENS]]


def arxiv_ids(query: str) -> list[str]:
    """The arXiv ids in a query, as one word each ("2304.08485v2" gives "230408485")."""
    return [compact(arxiv_id) for arxiv_id in without_arxiv_versions(query[:MAX_QUERY_LENGTH])[1]]


def trigrams(word: str) -> list[str]:
    """The distinct runs of three letters, in order."""
    return list(dict.fromkeys(word[n : n + 3] for n in range(len(word) - 2)))


def similarity(query: str, name: str) -> float:
    """The similarity of two compact names, 0 to 1."""
    return SequenceMatcher(None, query, name, autojunk=False).ratio()


def marked(text: str, query: list[str]) -> list[tuple[str, bool]]:
    """A text as spans, each with whether it begins with a word of the query.

    Words separated only by punctuation are one span: "Qwen2.5-VL".
    """
    spans: list[tuple[int, int]] = []
    beginnings = tuple(query)
    for match in TOKEN.finditer(text):
        if fold(match[0]).startswith(beginnings):
            joined = spans and not re.search(r"[\s\w]", text[spans[-1][1] : match.start()])
            spans[-1:] = [(spans[-1][0], match.end())] if joined else [*spans[-1:], match.span()]
    parts: list[tuple[str, bool]] = []
    end = 0
    for start, stop in spans:
        parts += [(text[end:start], False), (text[start:stop], True)] if start > end else [(text[start:stop], True)]
        end = stop
    return [*parts, (text[end:], False)] if end < len(text) else parts
