"""The figures of docs/structure.md: each measure on a few lines of code whose answer can be counted by hand."""

import ast
from pathlib import Path
from textwrap import dedent

import pytest
from tooling import structure as command
from tooling.base import ScriptError
from tooling.structure import functions, guide, imports, measures, names, page, repetition
from tooling.structure.sources import Source, python_files


def source(path: str, text: str) -> Source:
    return Source(Path(path), dedent(text).lstrip("\n"))


def only_function(text: str) -> functions.Function:
    [node] = functions.functions([source("catalog/a.py", text)])
    return node


def test_python_files_are_those_that_hold_something_without_migrations(tmp_path: Path):
    for name in ("catalog/b.py", "catalog/a/c.py", "catalog/migrations/0001_initial.py", "bench/d.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x = 1\n")
    (tmp_path / "catalog" / "__init__.py").touch()
    assert [str(file.path) for file in python_files(tmp_path, ["catalog"])] == ["catalog/a/c.py", "catalog/b.py"]


@pytest.mark.parametrize(
    ("path", "module"), [("catalog/text/slugs.py", "catalog.text.slugs"), ("catalog/text/__init__.py", "catalog.text")]
)
def test_module_of_a_package_is_its_folder(path: str, module: str):
    assert source(path, "").module == module


def test_length_counts_the_docstring_and_no_decorator():
    function = only_function('''
        @cache
        def a(
            b,
        ):
            """Say b."""

            return b
    ''')
    assert functions.length(function) == 6


def test_hints_are_required_of_every_parameter_but_self_and_of_the_return_value():
    assert functions.hints(only_function("def a(self, b: int, c, *d, **e: str) -> int: ...")) == [
        True,
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("hint", "expected"),
    [("Any", True), ("dict[str, Any]", True), ("typing.Any", True), ("'list[Any]'", True), ("Anything", False)],
)
def test_holds_any_looks_inside_a_hint(hint: str, expected: bool):
    assert functions.holds_any(ast.parse(hint, mode="eval").body) is expected


A_CIRCLE = [
    source("catalog/a.py", "from catalog import b\n"),
    source("catalog/b.py", "def late():\n    from catalog.c import x\n"),
    source("catalog/c.py", "import catalog.a\nimport os\n"),
    source("catalog/d.py", "from catalog.a import y\n"),
]


def test_circle_closed_by_an_inline_import_shows_only_with_inline_imports():
    circles = [imports.in_circles(imports.graph(A_CIRCLE, inline=inline)) for inline in (False, True)]
    assert circles == [[], ["catalog.a", "catalog.b", "catalog.c"]]


def test_arrows_lead_to_modules_of_the_project_only():
    assert imports.graph(A_CIRCLE, inline=False) == {
        "catalog.a": {"catalog.b"},
        "catalog.b": set(),
        "catalog.c": {"catalog.a"},
        "catalog.d": {"catalog.a"},
    }


def test_longer_repetition_is_one_pair_and_imports_are_none():
    imported = "".join(f"import {name}\n" for name in "abcdef")
    shared = "".join(f"x{number} = {number}\n\n" for number in range(8))
    one, other = source("a.py", imported + shared), source("b.py", imported + "y = 1\n" + shared)
    assert repetition.repetitions([one, other]) == [((Path("a.py"), 0), (Path("b.py"), 1))]


def test_five_lines_are_no_repetition():
    text = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n"
    assert repetition.repetitions([source("a.py", text), source("b.py", text)]) == []


def test_unused_names_are_written_once_and_neither_decorated_nor_found_by_django():
    module = source(
        "catalog/a.py",
        """
        USED, UNUSED = 1, 2
        LEFT = 1
        handler404 = USED

        @register
        def registered(): ...

        def forgotten(): ...

        def of_a_template(): ...
        """,
    )
    assert names.unused_names([module], [module.text, "{{ of_a_template }}"]) == [
        "catalog.a.LEFT",
        "catalog.a.forgotten",
    ]


def test_kind_is_known_by_its_name_its_classes_and_its_folder():
    model = source("catalog/kinds/tool/model.py", 'class Tool(Entry):\n    kind = "tool"\n    plural = "tools"\n')
    code = [
        model,
        source("catalog/a.py", 'if kind == "tool": ...'),
        source("catalog/b.py", "from catalog.kinds.tool.form import ToolForm"),
        source("catalog/c.py", 'tools = "a toolbox"'),
        source("submissions/d.py", "def of(entry: Tool): ..."),
    ]
    [kind] = names.kinds(code)
    templates = {Path("templates/e.html"): "{% if kind == 'tool' %}", Path("templates/f.html"): "a tool"}
    paths = [str(path) for path in names.files_naming_kind(kind, code, templates)]
    assert paths == ["catalog/a.py", "catalog/b.py", "submissions/d.py", "templates/e.html"]


def test_verb_is_known_in_each_spelling():
    texts = {Path(text): text for text in ("REQUEST_CHANGES", "request-changes", "Request changes", "request change")}
    paths = [str(path) for path in names.files_naming_verb("request changes", texts)]
    assert paths == ["REQUEST_CHANGES", "Request changes", "request-changes"]


GUIDE = """
### How to add a kind

1. Make the folder:

   ```sh
   touch catalog/kinds/tool/__init__.py
   ```

2. The model, in `catalog/kinds/tool/model.py`; see `catalog/models/entry.py`:

   ```python
   class Tool(Entry):

       kind = "tool"
   ```

3. One line in `catalog/kinds/__init__.py`:

   ```diff
        "component",
   +    "tool",
   ```

### How to add a verb

| place | what to add |
|---|---|
| `submissions/verbs/__init__.py` | one entry, see `submissions/verbs/definitions.py` |
| `submissions/workflow/` | its function |
| `submissions/migrations/` | what `manage.py makemigrations` makes |

### How to add a page

Ask.
"""


@pytest.mark.parametrize(
    ("heading", "written"),
    [
        ("How to add a kind", (3, 3)),
        ("How to add a verb", (2, 0)),
        ("How to add a page", (0, 0)),
        ("How to fly", (0, 0)),
    ],
)
def test_guide_says_how_many_files_and_lines_are_written(heading: str, written: tuple[int, int]):
    assert guide.to_write(GUIDE, heading) == written


def test_part_of_an_app_has_the_tests_of_its_folder():
    everything = measures.Part(
        [source("accounts/a.py", "def a(): ...\n"), source("catalog/b.py", "x = 1\ny = 2\n")],
        [source("tests/catalog/test_b.py", "def test_b(): ...\n"), source("tests/test_c.py", "x = 1\n")],
    )
    parts = [everything.in_folder("accounts"), everything.in_folder("catalog"), everything]
    assert [measures.files(part) for part in parts] == ["1 / 1", "1 / 2", "2 / 3"]
    assert [measures.test_ratio(part) for part in parts] == ["–", "0.50", "0.67"]
    assert [measures.test_lines(part) for part in parts] == ["–", "1 / 1", "1 / 1"]


PAGE = """\
# Structure

<!-- comparison -->
| | before | now | pretalx |
|---|--:|--:|--:|
| Files | 2 | ? | 4 |
| Circles | 0 | | 112 |
<!-- /comparison -->

Kept.

<!-- apps -->
<!-- /apps -->
"""


def test_measured_column_is_rewritten_and_the_rest_stays():
    assert page.with_column(PAGE, {"Files": "3"}) == PAGE.replace("| Files | 2 | ? | 4 |", "| Files | 2 | 3 | 4 |")


def test_rewriting_twice_changes_nothing_more():
    once = page.with_column(PAGE, {"Files": "3", "Circles": "0"})
    assert page.with_column(once, {"Files": "3", "Circles": "0"}) == once


def test_table_stands_between_its_markers():
    table = page.table(["", "all"], {"Files": ["3"]})
    assert table == "| | all |\n|---|--:|\n| Files | 3 |\n"
    assert table in page.with_apps(PAGE, table).partition("<!-- apps -->")[2].partition("<!-- /apps -->")[0]


def test_measure_without_a_row_is_refused():
    with pytest.raises(ScriptError, match="the comparison lacks Arrows; add it there"):
        page.with_column(PAGE, {"Files": "3", "Arrows": "3.3"})


def test_page_without_the_markers_is_refused():
    message = "the markers <!-- comparison --> and <!-- /comparison --> are missing"
    with pytest.raises(ScriptError, match=message):
        page.with_column(PAGE.replace("<!-- /comparison -->", ""), {"Files": "3"})


def test_page_without_the_column_is_refused():
    with pytest.raises(ScriptError, match="the comparison lacks the column now; add it there"):
        page.with_column(PAGE.replace("now", "then"), {"Files": "3"})


def test_page_in_docs_has_a_place_for_every_measure():
    values = dict.fromkeys(measures.MEASURES_OF_PART, "?")
    assert "| ? |" in page.with_column(command.PAGE.read_text(), values)


def test_folder_that_is_no_checkout_is_refused(tmp_path: Path):
    with pytest.raises(ScriptError, match=r"is not a checkout of the portal: it has no accounts/\."):
        command.structure(str(tmp_path))
