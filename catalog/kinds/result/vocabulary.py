"""Names that a benchmark or a model lists: metrics, splits, parts, variants; and the bounds of a metric."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from difflib import get_close_matches
from itertools import islice
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError

from catalog.forms.listed import Listed
from catalog.models import Entry
from catalog.text.folding import compact
from catalog.text.rows import Row, number_of, readable_rows, text_in, texts_of
from catalog.text.scales import scale_of_unit, shifted
from catalog.text.variants import without_model

SHOWN = 12
NEAREST, COMPARED = 3, 1_000
"""How many names that are spelt alike are shown, and among how many they are sought."""
LONGEST_NAME = 300
"""No row has a longer name, so that nothing is spelt like one."""
SPELLINGS: tuple[Callable[[str], str], ...] = (str, str.casefold, compact)
"""How names are compared, the strictest first: RefCOCO and RefCOCO+ differ, and R@1 and R1 are the same."""


def find_row(rows: Iterable[Row], name: str) -> Row | None:
    """The row with this name or alias, in any case and punctuation; None if there is none, or more than one."""
    rows = readable_rows(list(rows))
    for spelling in SPELLINGS:
        wanted = spelling(name)
        for keys in (("name",), ("name", "aliases")):
            found = [row for row in rows if wanted and wanted in {spelling(one) for one in names_of(row, keys)}]
            if len(found) == 1:
                return found[0]
    return None


def names_of(row: Row, keys: Iterable[str] = ("name", "aliases")) -> list[str]:
    """The names of a row."""
    names: list[str] = []
    for key in keys:
        value = row.get(key)
        names += [value] if isinstance(value, str) else texts_of(value)
    return names


def variants_of(model: Entry) -> list[dict[str, Any]]:
    """The variants that a model lists, each also by its name without the model's: "72B" of Qwen2.5-VL-72B."""
    rows = readable_rows(model.variants, "name")  # type: ignore[attr-defined]  # of a paper
    return [{**row, "aliases": [*texts_of(row.get("aliases")), without_model(row["name"], model.name)]} for row in rows]


def nearest_names(rows: Iterable[Row], name: str) -> list[str]:
    """The listed names that are spelt like another one, by themselves or in an alias, the nearest first."""
    if len(name) > LONGEST_NAME:
        return []
    readable = readable_rows(list(rows), "name")
    named = ((compact(one), row["name"]) for row in readable if row["name"] for one in names_of(row))
    listed = dict(islice(named, COMPARED))
    return list(dict.fromkeys(listed[one] for one in get_close_matches(compact(name), listed, NEAREST)))


LISTED = {
    "variant": Listed(
        owner="paper",
        rows="variants",
        rows_of=variants_of,
        find=find_row,
        nearest=nearest_names,
        asked=("total_b",),
    ),
    **{
        key: Listed(
            owner="benchmark",
            rows=f"{key}s",
            rows_of=attrgetter(f"{key}s"),
            find=find_row,
            nearest=nearest_names,
            asked=asked,
        )
        for key, asked in (("part", ("sort",)), ("split", ("size_count",)), ("metric", ("unit", "direction")))
    },
}
"""Where the names in a result are listed, by its field."""


def listed_name(rows: Sequence[Row], name: str, key: str, owner: Entry) -> str:
    """The name as it is listed. An owner that lists none takes any; raises ValidationError for one that does not list
    this."""
    if not rows:
        return name
    row = find_row(rows, name)
    if row is None or not text_in(row, "name"):
        names = [one for row in readable_rows(list(rows)) if (one := text_in(row, "name"))]
        if not names:
            return name
        nearest = nearest_names(rows, name)
        names = [*nearest, *(one for one in names if one not in nearest)]
        shown = ", ".join(names[:SHOWN]) + (f" and {len(names) - SHOWN} more" if len(names) > SHOWN else "")
        raise ValidationError(
            f"{owner.name} lists no {key} “{name}”. It lists: {shown}. If yours is another one, propose to add it to "
            f"{owner.name} as well.",
            code="unlisted",
        )
    return str(row["name"])


def out_of_bounds(data: Mapping[str, Any]) -> str:
    """Why a metric cannot have a value, or ""."""
    row = find_row(data["benchmark"].metrics, data["metric"])
    if row is None:
        return ""
    unit = text_in(row, "unit")
    number = shifted(Decimal(data["value"]), data.get("scale") or "", scale_of_unit(unit))
    low, high = (number_of(row.get(key)) for key in ("minimum", "maximum"))
    if (low is None or number >= low) and (high is None or number <= high):
        return ""
    if low is not None and high is not None:
        bounds = f"lies between {row['minimum']} and {row['maximum']}"
    else:
        bounds = f"is at least {row['minimum']}" if low is not None else f"is at most {row['maximum']}"
    printed = f"{data['value']} printed as {data['scale']} is {number:f}" if data.get("scale") else data["value"]
    return (
        f"{printed}, but {row['name']} {bounds} {unit}".rstrip()
        + ". Correct the value or say how it is printed (scale); if the bounds are wrong, correct the benchmark."
    )
