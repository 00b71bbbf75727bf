"""The variants of a model as its page lists them, no number of parameters twice."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.text.addresses import host_of

COUNT = re.compile(
    r"[~≈]?\s?(\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(\.\d{1,12})?\s?(k|m|b|t|thousand|million|billion|trillion)?"
    r"(\s(?:total |active |activated )?(?:parameters?|params)|\s(?:total|active|activated))?",
    re.IGNORECASE,
)
"""A text that is nothing but a number of parameters: "149.62M", "4.5B activated", "203,447,810 parameters"."""
UNITS = {"": 0, "k": 3, "m": 6, "b": 9, "t": 12}
ROWS_OPEN = 12
SITES = {"huggingface.co": "Hugging Face", "github.com": "GitHub"}


@dataclass(frozen=True, slots=True)
class Parameters:
    """A number of parameters, printed to the nearest `step`."""

    number: Decimal
    step: Decimal

    def is_same(self, other: "Parameters") -> bool:
        """Whether the two are one number, as far as both are printed."""
        return abs(self.number - other.number) * 2 <= max(self.step, other.step)


def parameters_in(text: str) -> Parameters | None:
    """The number of parameters that a text is; None if it says anything else, or may be another number."""
    match = COUNT.fullmatch(text.strip())
    if match is None or not (match[3] or match[4]):
        return None
    power = UNITS[(match[3] or "")[:1].lower()]
    digits = match[1].replace(",", "")
    decimals = match[2] or ""
    return Parameters(Decimal(digits + decimals).scaleb(power), Decimal(1).scaleb(power - max(len(decimals) - 1, 0)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A row of the table. `stated` is what the source says of the size besides its number of parameters, `exact` a more
    precise number than the one shown."""

    name: str
    parameters: str = ""
    exact: str = ""
    active: str = ""
    weights_url: str = ""
    weights: str = ""
    licence: str = ""
    released: str = ""
    stated: str = ""
    note: str = ""


COLUMNS = ("parameters", "weights", "licence", "released", "note")


@dataclass(frozen=True, slots=True)
class Variants:
    """The variants of a model, and the columns that any of them fills."""

    rows: Sequence[Variant]
    columns: frozenset[str]

    @property
    def shown(self) -> Sequence[Variant]:
        return self.rows[:ROWS_OPEN]

    @property
    def folded(self) -> Sequence[Variant]:
        return self.rows[ROWS_OPEN:]


def variants_of(rows: Iterable[Mapping[str, Any]]) -> Variants | None:
    """The table of variants; None if they are nothing but sizes, which need none."""
    listed = list(rows)
    variants = [variant_of(row) for row in listed]
    filled = frozenset(name for name in COLUMNS if any(_fills(one, name) for one in variants))
    return Variants(variants, filled) if filled or any(row["name"] for row in listed) else None


def _fills(one: Variant, column: str) -> bool:
    if column == "parameters":
        return bool(one.parameters or one.active or one.stated)
    return bool(getattr(one, column))


def variant_of(row: Mapping[str, Any]) -> Variant:
    """A variant of a payload as the table shows it. Of several texts that are the same number, one is shown: as the
    source printed it, if that is no less precise. What the name says too is not said again."""
    name = row["name"] or row["as_stated"]
    stated = row["as_stated"] if row["as_stated"] != name else ""
    total, active = (_in_words(row[key]) for key in ("total_b", "active_b"))
    said = [one for text in (total, active) if (one := parameters_in(text))]
    notes = [part.strip() for part in row["note"].split(";")]
    exact = [part for part in notes if _is_said(part, said)]
    if _is_said(stated, said):
        total = _as_printed(stated, total)
        active = _as_printed(stated, active)
        stated = ""
    if stated.casefold() in name.casefold() and (total or not parameters_in(stated)):
        stated = ""
    if name == row["as_stated"]:
        own = [one for one in [parameters_in(name)] if one]
        total, active = ("" if _is_said(text, own) else text for text in (total, active))
    return Variant(
        name=name,
        parameters=total,
        exact=exact[0] if exact else "",
        active=active,
        weights_url=row["weights_url"],
        weights=_site(row["weights_url"]),
        licence=row["licence"],
        released=row.get("released", ""),  # younger than the other keys
        stated=stated,
        note="; ".join(part for part in notes if part and part not in exact),
    )


def _in_words(billions: str | None) -> str:
    """A number of billions: "7.6B", or "151.28M" if it is less than one and no decimal place is lost."""
    if not billions:
        return ""
    number = Decimal(billions)
    digits = len(billions.partition(".")[2])
    return f"{number.scaleb(3):f}M" if number < 1 and digits >= 3 else f"{billions}B"


def _is_said(text: str, said: Iterable[Parameters]) -> bool:
    one = parameters_in(text)
    return one is not None and any(one.is_same(other) for other in said)


def _as_printed(printed: str, number: str) -> str:
    """A number as the source prints it, if it is that one and no less precise."""
    one, other = parameters_in(printed), parameters_in(number)
    if one is None or other is None or not one.is_same(other) or one.step > other.step:
        return number
    return re.sub(r"\s(?:total |active |activated )?(?:parameters?|params|total|active|activated)$", "", printed)


def _site(url: str) -> str:
    host = host_of(url).removeprefix("www.")
    return SITES.get(host, host) if url else ""
