"""Where the questions of a form stand, and the words that help with them."""

from catalog.forms.entry import COMMON
from catalog.kinds import Kind

HELP = {
    "name": "As readers know it.",
    "summary": "Two or three sentences. Markdown is fine.",
    "notes": "Remarks for readers: what is disputed, what to mind. Markdown is fine.",
    "aliases": "Other names it is known by.",
    "year": "Of the first publication.",
    "size": "As the source states it.",
    "variants": "One row a size. Parameters in billions, as printed: 7.6",
    "value": "As printed, zeros and all: 64.50",
    "variant": "The size or checkpoint, as the source names it.",
    "metric": "As the source names it: accuracy, CIDEr, ANLS",
    "source_url": "The address of the paper, the model card or the board.",
    "locator": "A table, a figure or a page: Table 3",
    "shots": "0 is zero-shot. Leave it empty where it is not stated.",
    "sources": "Which field stands in which source. The source of your change as a whole goes below.",
    "points": "The points in their order.",
}

# what a result says first; the rest is how it came about
CLAIM = ("paper", "variant", "benchmark", "subset", "split", "metric", "value", "shots", "source_url", "locator")

CELLS = {
    "url": "Address",
    "total_b": "Parameters (billion)",
    "active_b": "Active (billion)",
    "weights_url": "Address of the weights",
    "arxiv_id": "arXiv id",
    "doi": "DOI",
}


def plan(kind: Kind, repeated: set[str]) -> list[tuple[str, list[str], bool]]:
    """The groups of a kind's form in order: title, keys, and whether it may stay folded.

    `repeated` are the keys that have rows.
    """
    own = [key for key in kind.form.payload_keys() if key not in COMMON]
    rows = [key for key in own if key in repeated]
    if kind.name == "result":
        measured = [key for key in own if key not in CLAIM]
        about = ["name", "summary", "notes", "year", "links", "aliases", "topics", "section"]
        opening = [("The claim", [*CLAIM], False), ("How it was measured, and by whom", measured, False)]
        return [
            *opening,
            ("Name, remarks, links, topics", about, True),
            ("Sources of single values", ["sources"], True),
        ]
    first = [key for key in own if kind.form.base_fields[key].required]
    return [
        ("What it is", ["name", *first, "summary", "year"], False),
        ("Links", ["links"], False),
        (f"About this {kind.label.lower()}", [key for key in own if key not in (*first, *rows)], False),
        ("Parts", rows, False),
        ("Other names, topics, place in the list", ["aliases", "topics", "section", "notes"], True),
        ("Sources of single values", ["sources"], True),
    ]
