"""Every reader of what people send takes time in proportion to it: on texts, lists and pairs made to be slow."""

import math
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from catalog.api.compression import WEIGHT
from catalog.api.conditional import ENTITY_TAG
from catalog.exchange.awesome import describe, inline
from catalog.exchange.awesome.dead_links import dead_links
from catalog.exchange.awesome.reader import parse
from catalog.kinds import KINDS
from catalog.ledger.identity import ByIdentity, identity_of
from catalog.text import identifiers
from catalog.text.folding import marked, query_tokens, tokenize
from catalog.text.slugs import slug_for
from catalog.text.source_classes import source_class
from catalog.text.source_names import as_source, source_name
from catalog.web import markdown
from submissions import diff
from submissions.intake import paste, pasted_lines
from submissions.intake.bibtex import read_bibtex
from submissions.text_diff import text_diff
from tests.linear import growth

LINE, LINES = 4_000, 16_000  # characters: just below the longest line of a list, and of a long text
NOISE = 0.04  # seconds
EVERY = int(os.environ.get("GROWTH_EVERY", "6"))
"""Which of the texts below are tried: each sixth, all of them by `make prove`, which sets 1."""
PIECES = (
    *(
        " ",
        "\t",
        "[",
        "]",
        "(",
        ")",
        "|",
        "`",
        "``",
        "*",
        "**",
        "_",
        "\\",
        "\\[",
        "#",
        "<",
        ">",
        "<!--",
        "![",
        "[[",
        "[a](b",
    ),
    *(
        "[a](",
        "](",
        "](a ",
        "[a[b]",
        "a",
        "a ",
        "a b c ",
        "x, ",
        "1",
        "1/1",
        "-",
        "- ",
        ":",
        "=",
        "@",
        "{",
        "}",
        "{a}",
        "$",
    ),
    *(
        "\\'",
        '"',
        "|-",
        "| ",
        "&amp;",
        "https://a ",
        "http://",
        "10.1234/",
        "2401.",
        "é",
        "é ",
        "using ",
        " and ",
        "(a ",
    ),
    *("<a href='b'>", "<b", "</", "**a** ", "~", "+", "!", ".", "a.", ";", "%", "\xa0", "，", "'24 "),
)
BEGINNINGS = ("", "- **a**")
ROWS = (
    *(
        "# a\n",
        "#\n",
        "- a\n",
        "- [a](https://b.c)\n",
        "| a | b |\n",
        "|-|-|\n",
        "| a |\n|---|\n",
        "a\n---\n",
        "\n",
        "```\n",
    ),
    *(
        "[a]: https://b.c\n",
        "[a]\n",
        "[Title](https://a.b), ACL 2021 [[code]](https://c.d)\n",
        "<li>a\n",
        "> a\n",
        "1. a\n",
    ),
    *(
        "  - a\n",
        "- **a** (2024) - [b](https://c.d)\n",
        "**a**\n",
        "@a{b,\n",
        "@article{a,\n  title = {b}\n}\n",
        "a = {\n",
    ),
    *("<table>\n", "<tr><td>a</td></tr>\n", "<table><tr><th>Name<tr><td>[a](https://b.c)</table>\n", "<pre>\n"),
    *("**a**\n- Paper: https://b.c\n", "- Paper: https://b.c\n", "#### [a](https://arxiv.org/abs/2301.00001)\n"),
    *("**a**\\\n", "a  \n", "• a\n", "# 模\n", "<li>[a](https://b.c)\n", "<details>\n", "> - a\n", "<!-- a -->\n"),
    *("Name | Size\n", "a\thttps://b.c\n", "https://arxiv.org/abs/2301.00001\n", "| 2024 | a | https://b.c |\n"),
    *("## Challenges\n- a\n", "- [a](b\n)\n", "@string{a = {b}}\n", "%\n", "\t\n", "<!--\n", "-->\n"),
)
PARSERS: dict[str, Callable[[str], object]] = {
    "a list": parse,
    "links that lead nowhere": dead_links,
    "BibTeX": read_bibtex,
    "a pasted line": paste.read,
    "pasted lines": pasted_lines.read_lines,
    "links": inline.links,
    "plain text": inline.plain_text,
    "a heading": lambda text: parse(f"# {text}"),
    "reference links": lambda text: inline.with_reference_links_expanded(text, {"a": "b"}),
    "link definitions": lambda text: inline.definitions([text]),
    "fields of a paper": describe.paper_fields,
    "fields of a dataset": describe.card_fields,
    "licences": describe.stated_licences,
    "an arXiv id": identifiers.arxiv_in,
    "a DOI": identifiers.doi_in,
    "arXiv ids": identifiers.arxiv_ids_in,
    "DOIs": identifiers.dois_in,
    "a DOI in an address": identifiers.doi_of,
    "a Hugging Face URL": identifiers.hub_of,
    "a repository": identifiers.repository_of,
    "an address of several": identifiers.canonical_address,
    "versions in a query": identifiers.without_arxiv_versions,
    "Markdown": markdown.render,
    "a line of Markdown": markdown.inline,
    "a slug": slug_for,
    "words": tokenize,
    "a search": query_tokens,
    "marked words": lambda text: marked(text, ["a", "b"]),
    "the name of a source": lambda text: source_name(f"https://{text}"),
    "the class of a source": lambda text: source_class(f"https://{text}"),
    "a source": as_source,
    "Accept-Encoding": WEIGHT.search,
    "If-Match": ENTITY_TAG.findall,
}


def families() -> Iterator[tuple[str, Callable[[int], str], int]]:
    """Texts by description, with the largest size that is worth trying."""
    for piece in PIECES[::EVERY]:
        for beginning in BEGINNINGS:
            yield f"{beginning!r} + {piece!r} * n + 'b'", repeated(beginning, piece, "b"), LINE
    for row in ROWS[::EVERY]:
        yield f"{row!r} * n", repeated("", row, ""), LINES


def repeated(beginning: str, piece: str, ending: str) -> Callable[[int], str]:
    return lambda size: beginning + piece * (size // len(piece)) + ending


def grows(call: Callable[[Any], object], input_of: Callable[[int], Any], size: int) -> float:
    """How many times as long a call takes for four times the input; infinity if it takes too long to say."""
    try:
        with growth.processor_limit(10.0):
            return growth.ratio(call, input_of, size // 4, size, NOISE)
    except growth.TooSlow:
        return math.inf


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_takes_time_in_proportion_to_its_text(name: str) -> None:
    times = {family: grows(PARSERS[name], text_of, size) for family, text_of, size in families()}

    assert {family: ratio for family, ratio in times.items() if ratio > growth.MAX_RATIO} == {}


PAIRS = {
    "words twice": ("a ", "b a "),
    "words in another order": ("a b c d ", "d c b a "),
    "letters": ("a", "b"),
    "rows of a table": ("| a | b | 1 |\n", "| a | c | 1 |\n"),
    "lines": ("a\n", "b\na\n"),
    "blanks": (" ", "\t"),
    "signs": ("*", "**_"),
    "one long word": ("abc", "abd"),
    "paragraphs": ("one two three. ", "one three two, "),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("size", [500, 1_000, 2_000, 4_000, 20_000])
def test_a_difference_of_texts_is_bounded(name: str, size: int) -> None:
    """In units of what this machine does in about a hundredth of a second; without a bound it was two thousand."""
    before, after = (piece * (size // len(piece)) for piece in PAIRS[name])
    unit = growth.seconds_of(lambda: sum(range(1_000_000)), 3)

    assert growth.seconds_of(lambda: text_diff.__wrapped__(before, after)) < 40 * unit


ROW_PAIRS: dict[str, Callable[[int], list[dict[str, Any]]]] = {
    "different rows": lambda size: [{"name": str(n), "url": f"https://a.b/{n}"} for n in range(size)],
    "one row": lambda size: [{"name": "a", "url": ""}] * size,
    "rows with one identity": lambda size: [{"url": "https://a.b", "label": str(n)} for n in range(size)],
}


@pytest.mark.parametrize("name", ROW_PAIRS)
def test_a_difference_of_lists_takes_time_in_proportion_to_them(name: str) -> None:
    rows = ROW_PAIRS[name]

    def difference(size: int) -> object:
        before = rows(size)
        after = [{**row, "label": "changed"} for row in reversed(before)]
        payloads = ({"links": before}, {"links": after}, {"links": before[1:]})
        return diff.row_diff(before, after), diff.three_way_diff(*payloads)

    assert grows(difference, lambda size: size, 8_000) <= growth.MAX_RATIO


ALIKE: dict[str, Callable[[int], dict[str, Any]]] = {
    "one id": lambda number: {"name": f"Model {number}", "arxiv_id": "2301.00001"},
    "one name": lambda number: {"name": "Model", "doi": f"10.1000/{number}"},
    "one repository": lambda number: {"name": f"Model {number}", "links": [{"url": "https://github.com/a/b"}]},
}


@pytest.mark.parametrize("name", ALIKE)
def test_rows_with_one_identity_are_compared_in_proportion_to_their_number(name: str) -> None:
    kind = KINDS["paper"]
    identities = [identity_of(kind, ALIKE[name](number)) for number in range(8_000)]

    def compare(size: int) -> object:
        known = ByIdentity[int]()
        for number, identity in enumerate(identities[:size]):
            known.find(kind, identity)
            known.add(kind, identity, number)
        return known

    assert grows(compare, lambda size: size, 8_000) <= growth.MAX_RATIO
