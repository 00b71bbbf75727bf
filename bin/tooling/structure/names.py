"""Uses of names: unused ones, and the files that name a kind or a verb."""

import ast
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tooling.structure.sources import Source

# used by Django and drf-spectacular by name or base class
USED_BY_NAME = re.compile(r"handler\d{3}|urlpatterns|application|\w+Scheme")
FILES_USED_BY_NAME = ("apps.py", "settings.py")
KINDS = "catalog/kinds"


def unused_names(sources: Sequence[Source], texts: Iterable[str]) -> list[str]:
    """The top-level functions, classes and constants that no text names except where they are defined.

    A decorated one counts as used, since a decorator may register it. `texts` are all files but tests, these included.
    """
    written = Counter(word for text in texts for word in re.findall(r"\w+", text))
    defined = [
        (source, name) for source in sources if source.path.name not in FILES_USED_BY_NAME for name in names(source)
    ]
    return [
        f"{source.module}.{name}" for source, name in defined if written[name] == 1 and not USED_BY_NAME.fullmatch(name)
    ]


def names(source: Source) -> list[str]:
    """What a module defines at its top level without a decorator."""
    defined_names: list[str] = []
    for node in source.tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.decorator_list:
            defined_names.append(node.name)
        elif isinstance(node, ast.Assign):
            defined_names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            defined_names.append(node.target.id)
    return defined_names


@dataclass(frozen=True)
class KindNames:
    """How code names a kind: its name ("dataset") and its model's ("Dataset")."""

    name: str
    model: str

    def are_in(self, source: Source) -> bool:
        """Whether a file contains the name as a string, or uses the model, form or a module of the kind's folder."""
        return any(self._names(node) for node in ast.walk(source.tree))

    def _names(self, node: ast.AST) -> bool:
        classes = (self.model, f"{self.model}Form")
        if isinstance(node, ast.Constant):
            return bool(node.value == self.name)
        if isinstance(node, ast.ImportFrom):
            return f"{node.module}.".startswith(f"catalog.kinds.{self.name}.")
        return (isinstance(node, ast.Name) and node.id in classes) or (
            isinstance(node, ast.alias) and node.name in classes
        )


def kinds(sources: Sequence[Source]) -> list[KindNames]:
    """The kinds, by their models: classes with strings as `kind` and `plural`, sorted by name."""
    classes = [node for source in sources for node in source.tree.body if isinstance(node, ast.ClassDef)]
    texts = [(node.name, class_texts(node)) for node in classes]
    kind_names = [
        KindNames(attributes["kind"], model) for model, attributes in texts if {"kind", "plural"} <= attributes.keys()
    ]
    return sorted(kind_names, key=lambda kind: kind.name)


def class_texts(node: ast.ClassDef) -> dict[str, str]:
    """The attributes of a class that are assigned a string."""
    return {
        target.id: line.value.value
        for line in node.body
        if isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant) and isinstance(line.value.value, str)
        for target in line.targets
        if isinstance(target, ast.Name)
    }


def files_naming_kind(kind: KindNames, sources: Sequence[Source], templates: Mapping[Path, str]) -> list[Path]:
    """The Python files and templates outside catalog/kinds/ that name a kind; in a template, between quotes."""
    quoted = re.compile(rf"""["']{kind.name}["']""")
    paths = [source.path for source in sources if not source.within(KINDS) and kind.are_in(source)]
    return sorted([*paths, *(path for path, text in templates.items() if quoted.search(text))])


def files_naming_verb(verb: str, texts: Mapping[Path, str]) -> list[Path]:
    """The files that contain a verb ("request changes") as a name, a URL segment or a label."""
    written = re.compile(verb.replace(" ", "[ _-]"), re.IGNORECASE)
    return sorted(path for path, text in texts.items() if written.search(text))
