"""The files to measure, each read and parsed once."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

APPS = ("accounts", "background", "catalog", "submissions", "vlmportal")
TESTS = "tests"


@dataclass(frozen=True)
class Source:
    """A Python file: its path in the project, and its text."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The file, parsed."""
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        """The number of lines as `wc -l` counts them, including blank lines, comments and docstrings."""
        return len(self.text.splitlines())

    @property
    def module(self) -> str:
        """The dotted name to import it by; for a package, that of its folder."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def within(self, *folders: str) -> bool:
        """Whether it is in one of the folders, given relative to the project's root."""
        return any(self.path.is_relative_to(folder) for folder in folders)


def python_files(root: Path, folders: Iterable[str]) -> list[Source]:
    """All Python files in the folders of `root` that are not empty, without migrations, in a stable order."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    sources = [Source(path.relative_to(root), path.read_text()) for path in paths if "migrations" not in path.parts]
    return [source for source in sources if source.text.strip()]


def other_texts(root: Path, folder: str, *suffixes: str) -> dict[Path, str]:
    """The texts of all files below `folder` with one of the suffixes, by their path in the project."""
    paths = sorted(path for path in (root / folder).rglob("*") if path.suffix in suffixes and path.is_file())
    return {path.relative_to(root): path.read_text() for path in paths}
