"""The variants of a model as its page lists them, no number of parameters twice."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from catalog.text.addresses import host_of
from catalog.text.rows import Row, number_of, readable_rows, text_in

WORDS = r"\s(?:total |active |activated )?(?:parameters?|params)|\s(?:total|active|activated)"
UNITS = {"": 0, "k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "billion": 9, "t": 12, "trillion": 12}
"""The powers of ten that are written behind a number."""
COUNT = re.compile(
    r"(?P<printed>[~≈]?\s?(?P<whole>\d{1,3}(?:,\d{3}){1,5}|\d{1,15})(?P<decimals>\.\d{1,12})?"
    rf"\s?(?P<unit>{'|'.join(filter(None, UNITS))})?)(?P<words>{WORDS})?",
    re.IGNORECASE,
)
"""A text that is nothing but a number of parameters: "149.62M", "4.5B activated", "203,447,810 parameters"."""
WITHIN_A_WORD = re.compile(r"[\w.]")
FURTHER_IN_WORD = re.compile(r"\w|\.\d")
"""What stands before and behind a part of a longer word or number."""
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
    if match is None or not (match["unit"] or match["words"]):
        return None
    power = UNITS[(match["unit"] or "").lower()]
    digits = match["whole"].replace(",", "")
    decimals = match["decimals"] or ""
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


def variants_of(rows: Any) -> Variants | None:
    """The table of variants, as far as they can be read; None if they are nothing but sizes, which need none."""
    listed = readable_rows(rows)
    variants = [variant_of(row) for row in listed]
    filled = frozenset(name for name in COLUMNS if any(_fills(one, name) for one in variants))
    return Variants(variants, filled) if filled or any(text_in(row, "name") for row in listed) else None


def _fills(one: Variant, column: str) -> bool:
    if column == "parameters":
        return bool(one.parameters or one.active or one.stated)
    return bool(getattr(one, column))


def variant_of(row: Row) -> Variant:
    """A variant of a payload as the table shows it. Of several texts that are the same number, one is shown: as the
    source printed it, if that is no less precise. What the name says too is not said again."""
    as_stated = text_in(row, "as_stated")
    name = text_in(row, "name") or as_stated
    stated = as_stated if as_stated != name else ""
    total, active = (_in_words(text_in(row, key)) for key in ("total_b", "active_b"))
    said = [one for text in (total, active) if (one := parameters_in(text))]
    notes = [part.strip() for part in text_in(row, "note").split(";")]
    exact = [part for part in notes if _is_said(part, said)]
    if _is_said(stated, said):
        total = _as_printed(stated, total)
        active = _as_printed(stated, active)
        stated = ""
    if _says(name, stated) and (total or not parameters_in(stated)):
        stated = ""
    if name == as_stated:
        own = [one for one in [parameters_in(name)] if one]
        total, active = ("" if _is_said(text, own) else text for text in (total, active))
    return Variant(
        name=name,
        parameters=total,
        exact=_more_precise(exact, total or name),
        active=active,
        weights_url=text_in(row, "weights_url"),
        weights=_site(text_in(row, "weights_url")),
        licence=text_in(row, "licence"),
        released=text_in(row, "released"),
        stated=stated,
        note="; ".join(part for part in notes if part and part not in exact),
    )


def _says(name: str, stated: str) -> bool:
    """Whether a name says what is stated in whole words: "Model 7B" says "7B", "Model-17B" and "Model-1.7B" do not."""
    name, stated = name.casefold(), stated.casefold()
    start = name.find(stated)
    while start >= 0:
        before, after = name[:start], name[start + len(stated) :]
        if not WITHIN_A_WORD.match(before[-1:]) and not FURTHER_IN_WORD.match(after):
            return True
        start = name.find(stated, start + 1)
    return False


def _in_words(billions: str) -> str:
    """A number of billions: "7.6B", or "151.28M" if it is less than one and no decimal place is lost. What is no number
    is shown as it is."""
    number = number_of(billions)
    if number is None:
        return billions
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
    match = COUNT.fullmatch(printed.strip())
    return match["printed"] if match else number


def _more_precise(texts: Iterable[str], shown: str) -> str:
    """The most precise of texts that are the same number as the one that is shown; "" if none is more precise."""
    read = [(one.step, text) for text in texts if (one := parameters_in(text))]
    step, text = min(read, default=(Decimal(0), ""))
    own = parameters_in(shown)
    match = COUNT.fullmatch(text)
    return match["printed"] if match and own and step < own.step else ""


def _site(url: str) -> str:
    host = host_of(url).removeprefix("www.")
    return SITES.get(host, host) if url else ""
