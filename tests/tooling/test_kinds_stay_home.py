"""What is about one kind is in catalog/kinds/<kind>/ and templates/kinds/<kind>/; nothing else names a kind.

A file that is about particular kinds by nature is listed in ABOUT_KINDS. A word that is the name of a kind and means
something else is listed in OTHER_MEANINGS, for a file or for a folder. What is listed and not needed any more fails the
test.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tooling.base import ROOT

from catalog.kinds import FOLDERS, KINDS

APPS = ("accounts", "background", "catalog", "submissions", "vlmportal", "bin")
NAMES = {word for kind in KINDS.values() for word in (kind.name, kind.plural, f"catalog.{kind.model.__name__}")}
IN_TEMPLATES = re.compile(rf"[\"']({'|'.join(sorted(NAMES))})[\"']|kinds/({'|'.join(FOLDERS)})/")
PACKAGES = tuple(f"catalog.kinds.{folder}" for folder in FOLDERS)

ABOUT_KINDS: dict[str, str] = {
    "catalog/kinds/__init__.py": "the register",
    "catalog/kinds/shared/origin_forms.py": "what papers and components share",
    "catalog/kinds/shared/origins.py": "what papers and components share",
    "catalog/kinds/shared/training.py": "datasets and benchmarks are what models are trained on",
    "catalog/kinds/shared/training_forms.py": "datasets and benchmarks are what models are trained on",
    "catalog/ledger/indexing/exposure.py": "variants are named as results name them",
    "catalog/api/exposure.py": "models are exposed to benchmarks",
    "catalog/reading/exposure/reading.py": "models are exposed to benchmarks",
    "catalog/api/boards.py": "leaderboards rank the results of a benchmark",
    **dict.fromkeys(
        [
            "catalog/api/board_changes.py",
            "catalog/api/board_change_shapes.py",
            "catalog/api/board_shapes.py",
            "catalog/reading/boards/filters.py",
            "catalog/reading/boards/pages.py",
            "catalog/reading/boards/scorecards.py",
            "catalog/reading/boards/standings.py",
            "catalog/reading/boards/table.py",
            "catalog/reading/results/benchmark_ledger.py",
            "catalog/reading/results/board_news.py",
            "catalog/reading/results/comparing.py",
            "catalog/reading/results/fetching.py",
            "catalog/reading/results/models.py",
            "catalog/reading/results/reading.py",
            "catalog/reading/results/overview.py",
            "catalog/reading/results/replaying.py",
            "catalog/web/board_feeds.py",
            "catalog/web/leaderboards.py",
            "templates/catalog/leaderboard.html",
            "templates/components/scorecard-board.html",
            "templates/components/scorecard-others.html",
        ],
        "results of models are compared on a benchmark",
    ),
    "catalog/web/scoped_feeds.py": "a topic has a feed of all that names it",
    "catalog/reading/lineage.py": "lineage leads from components to papers",
    "catalog/exchange/awesome/builder.py": "the awesome-list format",
    "catalog/exchange/awesome/headings.py": "the awesome-list format",
    "catalog/exchange/awesome/labels.py": "the awesome-list format",
    "catalog/exchange/awesome/describe.py": "the awesome-list format",
    "catalog/exchange/awesome/kind_words.py": "the awesome-list format",
    "catalog/exchange/awesome/queries.py": "the awesome-list format",
    "catalog/exchange/awesome/reader.py": "the awesome-list format",
    "catalog/exchange/awesome/tables.py": "the awesome-list format",
    "catalog/exchange/awesome/writer.py": "the awesome-list format",
    "catalog/management/awesome.py": "the awesome-list format",
    **dict.fromkeys(
        [
            f"catalog/exchange/results/formats/{name}.py"
            for name in (
                *("every_eval_ever", "hf_eval_results", "lmms_eval", "model_index", "mteb", "open_clip"),
                *("telling", "vlmevalkit"),
            )
        ],
        "results files name models and benchmarks",
    ),
    **dict.fromkeys(
        [
            *("submissions/forms/given_results.py", "submissions/intake/results.py"),
            *("submissions/web/results.py", "submissions/web/result_values.py"),
        ],
        "results are brought as tables and files",
    ),
    **dict.fromkeys(
        [
            *(
                f"catalog/exchange/results/{name}.py"
                for name in ("catalogue", "every_eval_ever", "matching", "names", "payloads")
            ),
            *("catalog/exchange/results/previewing.py", "catalog/management/results.py"),
            "catalog/management/commands/import_results.py",
        ],
        "results are imported from files",
    ),
    "catalog/management/generating.py": "invents entries of certain kinds",
    "catalog/management/seed_files.py": "the files of the seed catalogue",
    "catalog/management/seed_ledger.py": "the files of the seed catalogue",
    "catalog/reading/boards/newest.py": "what is dated are results",
    "catalog/reading/boards/progress.py": "a topic is measured by benchmarks",
    "catalog/web/home.py": "the home page has a timeline of models and open problems",
    "templates/catalog/home.html": "the home page has a timeline of models and open problems",
    "templates/components/timeline.html": "the home page has a timeline of models and open problems",
    "submissions/intake/bibtex.py": "BibTeX describes papers",
    **dict.fromkeys(
        ["submissions/intake/board_rows.py", "submissions/intake/checkpoints.py", "submissions/web/board_rows.py"],
        "a row of a board is results of a model on a benchmark",
    ),
    "submissions/intake/drafts.py": "one line of a list names the components of a model",
    "submissions/intake/pasted_lines.py": "arXiv ids, DOIs and lines of a list describe papers and datasets",
    "submissions/intake/lookups/chain.py": "addresses of Hugging Face lead to models and datasets",
    "submissions/api/examples.py": "requests that a reader of the documentation can send",
    "templates/api/examples/propose.js": "requests that a reader of the documentation can send",
    "templates/api/examples/propose.py": "requests that a reader of the documentation can send",
    "templates/api/examples/propose.sh": "requests that a reader of the documentation can send",
    "templates/api/examples/search.js": "requests that a reader of the documentation can send",
    "templates/api/examples/search.py": "requests that a reader of the documentation can send",
    **dict.fromkeys(
        [f"submissions/notifications/webhooks/{name}.py" for name in ("forms", "models", "subscriptions")],
        "webhooks are told of changes of the boards of a benchmark",
    ),
    "submissions/workflow/verifying.py": "results are verified",
    "submissions/admin/verifying.py": "results are verified",
    "submissions/admin/watches.py": "moderators watch topics",
    "submissions/admin/filters.py": "moderators watch topics",
    "catalog/models/entry.py": "every kind has topics, and links of the kind paper",
    "catalog/forms/entry.py": "every kind has topics",
}
OTHER_MEANINGS: dict[tuple[str, str], str] = {
    **dict.fromkeys(
        [
            ("catalog/api/", "results"),
            ("submissions/api/", "results"),
            ("templates/api/examples/", "results"),
        ],
        "the key of an answer that lists the results",
    ),
    **dict.fromkeys(
        [
            ("catalog/exchange/croissant.py", "papers"),
            ("catalog/kinds/shared/card_forms.py", "papers"),
            ("catalog/kinds/shared/schema_org.py", "papers"),
        ],
        "a key of the payload of cards",
    ),
    **dict.fromkeys(
        [
            ("catalog/ledger/bulk.py", "topics"),
            ("catalog/ledger/bulk_edits.py", "topics"),
            ("catalog/web/log_lines.py", "topics"),
            ("submissions/forms/layout.py", "topics"),
            ("submissions/workflow/deciding.py", "topics"),
            ("submissions/workflow/submitting.py", "topics"),
        ],
        "a key of every payload",
    ),
    ("catalog/kinds/facets.py", "topic"): "the query parameter of a facet that every kind can have",
    ("catalog/reading/results/claims.py", "protocol"): "where the value of a condition comes from",
    ("submissions/api/proposals.py", "topic"): "a query parameter",
    ("submissions/models.py", "topic"): "a column",
    ("catalog/text/source_classes.py", "datasets"): "a part of the URLs of Hugging Face",
    **dict.fromkeys(
        [
            ("catalog/exchange/awesome/dead_addresses.py", "datasets"),
            ("catalog/exchange/awesome/dead_addresses.py", "papers"),
            ("catalog/text/identifiers/arxiv.py", "papers"),
            ("catalog/text/identifiers/places.py", "dataset"),
            ("catalog/text/identifiers/places.py", "datasets"),
            ("catalog/text/identifiers/places.py", "papers"),
            ("catalog/text/identifiers/places.py", "topics"),
        ],
        "parts of the URLs of Hugging Face and GitHub",
    ),
    ("catalog/text/source_names.py", "datasets"): "a part of the URLs of Hugging Face",
}


def modules() -> Iterator[Path]:
    """The Python files outside the folders of kinds, without migrations."""
    homes = {ROOT / "catalog" / "kinds" / folder for folder in FOLDERS}
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts and not homes & set(path.parents):
                yield path


def named_in_module(text: str) -> set[str]:
    """The kinds that Python code names, in string literals (not docstrings) and in imports from their folders."""
    tree, names_found = ast.parse(text), set()
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value in NAMES and id(node) not in docstrings:
            names_found.add(str(node.value))
        elif isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(tuple(f"{name}." for name in PACKAGES)):
            names_found.add(str(node.module))
        elif isinstance(node, ast.Import):
            names_found |= {alias.name for alias in node.names if alias.name.startswith(PACKAGES)}
    return names_found


def named_in_template(text: str) -> set[str]:
    """The kinds that a template names, in quotes or by the folder of its templates."""
    return {match[1] or match[2] for match in IN_TEMPLATES.finditer(text)}


def other_meanings(path: str, word: str) -> list[tuple[str, str]]:
    """The keys of OTHER_MEANINGS that allow a word in a file."""
    return [key for key in OTHER_MEANINGS if key[1] == word and path.startswith(key[0])]


@pytest.fixture(scope="module")
def kind_names() -> dict[str, set[str]]:
    """The names of kinds by the file that they stand in."""
    named = {path: named_in_module(path.read_text()) for path in modules()}
    templates = [path for path in (ROOT / "templates").rglob("*.*") if "kinds" not in path.relative_to(ROOT).parts]
    named |= {path: named_in_template(path.read_text()) for path in templates}
    return {path.relative_to(ROOT).as_posix(): names for path, names in named.items() if names}


def test_nothing_else_names_a_kind(kind_names: dict[str, set[str]]) -> None:
    others = {path: {name for name in names if not other_meanings(path, name)} for path, names in kind_names.items()}

    assert {path: sorted(names) for path, names in others.items() if names and path not in ABOUT_KINDS} == {}


def test_no_exception_is_stale(kind_names: dict[str, set[str]]) -> None:
    needed = {
        key
        for path, names in kind_names.items()
        if path not in ABOUT_KINDS
        for name in names
        for key in other_meanings(path, name)
    }
    unused = [key for key in OTHER_MEANINGS if key not in needed]

    assert (sorted(ABOUT_KINDS.keys() - kind_names.keys()), unused) == ([], [])


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('if kind.name == "paper": ...', {"paper"}),
        ('def f():\n    """paper"""\n    return "topics"', {"topics"}),
        ('"""paper"""\nx = "a paper"', set()),
        ("from catalog.kinds.topic.model import Topic", {"catalog.kinds.topic.model"}),
        ("from catalog.kinds.shared.cards import Card", set()),
        ("import catalog.kinds.paper.form", {"catalog.kinds.paper.form"}),
        ('topics = ManyToManyField("catalog.Topic")', {"catalog.Topic"}),
    ],
)
def test_names_are_found_in_code(line: str, names: set[str]) -> None:
    assert named_in_module(line) == names


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ('{% if kind.name == "dataset" %}', {"dataset"}),
        ("{% url 'catalog:list' 'papers' %}", {"papers"}),
        ('{% include "kinds/result/row.html" %}', {"result"}),
        ("<p>Every paper</p>", set()),
    ],
)
def test_names_are_found_in_templates(line: str, names: set[str]) -> None:
    assert named_in_template(line) == names
