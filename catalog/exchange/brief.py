"""What an entry is, in a few words: for feeds and previews."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.kinds import Kind
from catalog.text.plain import plain_line


@dataclass(frozen=True)
class Brief:
    """`what` is the kind of thing and its year; `text` its summary, else the values by which the queue of proposals
    shows it, "" if there are none. A `stated` text is a summary."""

    what: str
    text: str
    stated: bool

    @property
    def sentences(self) -> str:
        """Both together."""
        if self.stated:
            return f"{self.what}. {self.text}"
        return f"{self.what}: {self.text}." if self.text else f"{self.what}."


def brief(kind: Kind, payload: Mapping[str, Any], limit: int) -> Brief:
    """The brief of a payload, which need not be valid, with a text of at most `limit` characters."""
    year, summary = payload.get("year"), payload.get("summary")
    what = f"{kind.label} of {year}" if isinstance(year, int) else kind.label
    if isinstance(summary, str) and summary.strip():
        return Brief(what, plain_line(summary, limit), stated=True)
    values = {key: payload.get(key) for key in kind.summary_keys if key != "year"}
    known = [f"{kind.label_of(key).lower()} {value}" for key, value in values.items() if value]
    return Brief(what, plain_line(", ".join(known), limit), stated=False)
