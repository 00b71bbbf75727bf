"""A results file as placed results: read, with its address as their source, and with what else is said of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePath
from urllib.parse import quote, unquote, urlsplit

from catalog.exchange.results.formats import ResultsFormat
from catalog.exchange.results.stated import Skipped, Stated, StatedResult, read_at
from catalog.text.addresses import address_error

REPOSITORY = re.compile(
    r"(?P<root>https://(?:github\.com|huggingface\.co(?:/datasets|/spaces)?)/(?P<name>[\w.-]+/[\w.-]+))"
    r"(?:/(?:tree|blob|resolve|raw)/[\w.-]+)?(?P<folder>(?:/[^?#]*)?)"
)


class UnreadableSource(ValueError):
    """What is said of a source cannot be; `about` is "source" or "commit"."""

    def __init__(self, about: str, message: str) -> None:
        self.about = about
        super().__init__(message)


@dataclass(frozen=True)
class Defaults:
    """What is stated of results whose file does not state it."""

    harness_version: str = ""
    scale: str = ""
    protocol: str = ""
    """By slug."""


def read_file(
    source_format: ResultsFormat, data: bytes, path: PurePath, *, url: str, defaults: Defaults
) -> Iterator[Stated]:
    """All that a file states, read at this URL ("" without one). Raises UnreadableFile."""
    name = f"{source_format.name} file {path.name}"
    for one in source_format.read(data, path):
        yield one if isinstance(one, Skipped) else with_defaults(read_at(one, url=url, name=name), defaults)


def with_defaults(stated: StatedResult, defaults: Defaults) -> StatedResult:
    """A stated result with what is said of it besides. Without a harness there is no version of it."""
    return replace(
        stated,
        harness_version=stated.harness_version or (defaults.harness_version if stated.harness else ""),
        scale=stated.scale or defaults.scale,
        protocol=defaults.protocol,
    )


def base_url(source: str, commit: str) -> str:
    """The URL of a file or a folder; at a commit, if one is given. Raises UnreadableSource."""
    if source and (error := address_error(source)):
        raise UnreadableSource("source", error)
    if not commit:
        return source.rstrip("/")
    match = REPOSITORY.fullmatch(source.rstrip("/"))
    if not match or not re.fullmatch(r"[0-9a-f]{7,64}", commit):
        raise UnreadableSource(
            "commit", "Give the hash of a commit, with a source such as https://github.com/owner/name."
        )
    return f"{match['root']}/blob/{commit}{match['folder']}"


def file_url(base: str, name: str, *, at_commit: bool) -> str:
    """The URL of one file: `base` itself, or at a commit the file of this name in it, unless `base` names it."""
    whole = not at_commit or base.endswith(f"/{name}")
    return base if whole else f"{base}/{quote(name)}"


def path_in(source: str, name: str) -> PurePath:
    """The path of a file of this name, in which some formats have names: that of its address, if this ends so; of a
    repository with its name in front."""
    match = REPOSITORY.fullmatch(source.rstrip("/"))
    path = f"{match['name']}{match['folder']}" if match else urlsplit(source).path
    given = PurePath(unquote(path).lstrip("/"))
    return given if given.name == name else PurePath(name)
