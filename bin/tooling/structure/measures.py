"""The measures, each a name and a text: "Function lines, median / p90 / max" and "5 / 16 / 43"."""

import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tooling.structure import functions, guide, imports, names, repetition
from tooling.structure.functions import Function
from tooling.structure.sources import APPS, TESTS, Source, other_texts, python_files

LONG_FILE = 300  # lines
LONG_FUNCTION = 30  # lines
WIDE, VERY_WIDE = 120, 200  # characters in a line of a template
VERB = "request changes"  # one verb as an example


@dataclass(frozen=True)
class Part:
    """A part of the code with its tests: one app or all."""

    code: Sequence[Source]
    tests: Sequence[Source]

    def in_folder(self, app: str) -> "Part":
        """The part that is one app, with the tests in the folder of the same name."""
        tests = [source for source in self.tests if source.within(f"{TESTS}/{app}")]
        return Part([source for source in self.code if source.within(app)], tests)

    @cached_property
    def all_functions(self) -> list[Function]:
        """Its functions."""
        return functions.functions(self.code)

    @cached_property
    def test_functions(self) -> list[Function]:
        """Its test functions; a parametrised one counts once."""
        return [node for node in functions.functions(self.tests) if node.name.startswith("test")]


def all_code(root: Path) -> Part:
    """All apps of a project, with all of its tests."""
    return Part(python_files(root, APPS), python_files(root, [TESTS]))


def files(part: Part) -> str:
    return f"{len(part.code):,} / {code_lines(part.code):,}"


def file_lines(part: Part) -> str:
    lines = [source.lines for source in part.code]
    return f"{statistics.median(lines):g} / {max(lines):,}"


def long_files(part: Part) -> str:
    return f"{sum(source.lines > LONG_FILE for source in part.code)}"


def function_lines(part: Part) -> str:
    lines = sorted(map(functions.length, part.all_functions))
    return f"{statistics.median(lines):g} / {lines[len(lines) * 9 // 10]} / {lines[-1]}"


def long_functions(part: Part) -> str:
    long = sum(functions.length(function) > LONG_FUNCTION for function in part.all_functions)
    return f"{long} of {len(part.all_functions):,}"


def test_ratio(part: Part) -> str:
    return f"{code_lines(part.tests) / code_lines(part.code):.2f}" if part.tests else "–"


def test_lines(part: Part) -> str:
    if not part.test_functions:
        return "–"
    return f"{len(part.test_functions):,} / {statistics.median(map(functions.length, part.test_functions)):g}"


def hinted(part: Part) -> str:
    hints = [functions.hints(function) for function in part.all_functions]
    return f"{percent(map(any, hints))} / {percent(map(all, hints))}"


def holding_any(part: Part) -> str:
    with_any = [
        functions.holds_any(hint) for function in part.all_functions for hint in functions.annotations(function)
    ]
    return f"{percent(with_any)} ({sum(with_any):,} of {len(with_any):,})"


def documented(part: Part) -> str:
    public = filter(functions.is_public, part.all_functions)
    every, some = map(functions.has_docstring, part.all_functions), map(functions.has_docstring, public)
    return f"{percent(every)} ({percent(some)})"


def circles(part: Part) -> str:
    counts = [len(imports.in_circles(imports.graph(part.code, inline=inline))) for inline in (False, True)]
    return " / ".join(map(str, counts))


def arrows(part: Part) -> str:
    return f"{imports.arrows(imports.graph(part.code, inline=False)) / len(part.code):.1f}"


def repeated(part: Part) -> str:
    return f"{len(repetition.repetitions(part.code))}"


MEASURES_OF_PART: dict[str, Callable[[Part], str]] = {
    "Python files / lines of code": files,
    "File lines, median / max": file_lines,
    f"Files > {LONG_FILE} lines": long_files,
    "Function lines, median / p90 / max": function_lines,
    f"Functions > {LONG_FUNCTION} lines": long_functions,
    "Test : code lines": test_ratio,
    "Test functions / median lines": test_lines,
    "Functions with any hint / all hints": hinted,
    "Annotations that hold `Any`": holding_any,
    "Functions with docstring (public)": documented,
    "Files in import circles, top level / with inline": circles,
    "Import arrows a file": arrows,
    f"Pairs of places that share {repetition.MIN_REPEATED_LINES} or more lines": repeated,
}


def project_measures(root: Path, part: Part) -> dict[str, str]:
    """The measures that make sense for the whole project only, by name."""
    templates = other_texts(root, "templates", ".html", ".txt", ".py")
    code = {source.path: source.text for source in part.code}
    rest = [text for folder in ("bench", "bin", "docs") for text in other_texts(root, folder, ".py", ".html").values()]
    pages = {path: text for path, text in templates.items() if path.suffix == ".html"}
    widths = [len(line) for text in pages.values() for line in text.splitlines()]
    scripts = other_texts(root, "static/js", ".js")
    return {
        f"Template lines > {WIDE} characters": share(width > WIDE for width in widths),
        f"Template lines > {VERY_WIDE} characters, longest": f"{share(w > VERY_WIDE for w in widths)}, {max(widths):,}",
        "Unused top-level names": f"{len(names.unused_names(part.code, [*code.values(), *templates.values(), *rest]))}",
        "A new kind by the guide": by_the_guide(root, "How to add a kind"),
        "Files outside `catalog/kinds/` that name a kind": by_kind(part, templates),
        "A new verb by the guide": by_the_guide(root, "How to add a verb"),
        f"Files that name the verb “{VERB}”": f"{len(names.files_naming_verb(VERB, {**code, **templates, **scripts}))}",
    }


def by_the_guide(root: Path, heading: str) -> str:
    """The number of files and lines that a guide requires."""
    count, lines = guide.to_write((root / "CONTRIBUTING.md").read_text(), heading)
    if not count:
        return "no guide"
    return f"{count} files, {lines} lines" if lines else f"{count} places"


def by_kind(part: Part, templates: dict[Path, str]) -> str:
    """The number of files outside each kind's folder that name it, largest first."""
    counts = {kind.name: len(names.files_naming_kind(kind, part.code, templates)) for kind in names.kinds(part.code)}
    return ", ".join(f"{name} {count}" for name, count in sorted(counts.items(), key=lambda item: -item[1]))


def code_lines(sources: Iterable[Source]) -> int:
    """The total number of lines of the files."""
    return sum(source.lines for source in sources)


def percent(flags: Iterable[bool]) -> str:
    """The percentage of true values, without decimals."""
    values = list(flags)
    return f"{sum(values) / len(values):.0%}" if values else "–"


def share(flags: Iterable[bool]) -> str:
    """The percentage of true values with one decimal, and both counts."""
    values = list(flags)
    return f"{sum(values) / len(values):.1%} ({sum(values):,} of {len(values):,})"
