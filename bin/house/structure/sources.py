"""The files that are measured, each read and parsed once."""

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

APPS = ("accounts", "catalog", "submissions", "vlmportal")
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
        """How many lines it has; blank lines, comments and docstrings count, as `wc -l` counts them."""
        return len(self.text.splitlines())

    @property
    def module(self) -> str:
        """The dotted name that it is imported by; a package's is its folder's."""
        parts = self.path.with_suffix("").parts
        return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)

    def within(self, *folders: str) -> bool:
        """Whether it lies in one of the folders, named from the project's root with slashes."""
        return any(self.path.is_relative_to(folder) for folder in folders)


def python_files(root: Path, folders: Iterable[str]) -> list[Source]:
    """Every Python file in the folders of `root` that holds anything, without migrations, in a steady order."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    sources = [Source(path.relative_to(root), path.read_text()) for path in paths if "migrations" not in path.parts]
    return [source for source in sources if source.text.strip()]


def other_texts(root: Path, folder: str, *suffixes: str) -> dict[Path, str]:
    """The text of every file below `folder` whose name ends in one of the suffixes, by its path in the project."""
    paths = sorted(path for path in (root / folder).rglob("*") if path.suffix in suffixes and path.is_file())
    return {path.relative_to(root): path.read_text() for path in paths}
