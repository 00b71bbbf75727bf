"""The payload of a benchmark."""

from collections.abc import Mapping
from typing import Any

from catalog.forms.display import Display, DisplayItem, joined
from catalog.forms.entry import COMMON
from catalog.forms.fields import (
    MAX_ROWS,
    ChoiceField,
    FlagField,
    LineField,
    LinkField,
    PartialDateField,
    PrintedDecimalField,
    TextListField,
    WholeNumberField,
)
from catalog.forms.references import ReferenceField, SlugField
from catalog.forms.rows import RowForm, RowsField
from catalog.forms.tables import TableRowsField
from catalog.kinds.benchmark.model import Benchmark, Direction, ErratumAbout, PartSort
from catalog.kinds.shared.card_forms import CARD, CardForm, NamedRow, SplitRow


class MetricRow(RowForm):
    name = LineField(max_length=100)
    aliases = TextListField(required=False, max_items=MAX_ROWS)
    unit = LineField(max_length=50, required=False)
    direction = ChoiceField(choices=[("", "not stated"), *Direction.choices], required=False)
    minimum = PrintedDecimalField(required=False)
    maximum = PrintedDecimalField(required=False)
    primary = FlagField(required=False)
    proportion = FlagField(required=False, label="Share of items that are right")
    note = LineField(max_length=500, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        bounds = f"{row['minimum'] or '…'} to {row['maximum'] or '…'}" if row["minimum"] or row["maximum"] else ""
        direction = f"{row['direction']} is better" if row["direction"] else ""
        primary = "primary" if row["primary"] else ""
        names = also_known_as(row)
        return DisplayItem(row["name"], note=joined(primary, row["unit"], direction, bounds, names, row["note"]))


class BenchmarkSplitRow(SplitRow):
    name = LineField(max_length=100)
    size_count = WholeNumberField(required=False, min_value=1, max_value=10**9, label="Size as a number")
    aliases = TextListField(required=False, max_items=MAX_ROWS)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        size = row["size"] or (f"{row['size_count']:,}" if row["size_count"] else "")
        return DisplayItem(row["name"], note=joined(size, also_known_as(row)))


class PartRow(RowForm):
    name = LineField(max_length=200)
    aliases = TextListField(required=False, max_items=MAX_ROWS)
    sort = ChoiceField(choices=[("", "not stated"), *PartSort.choices], required=False)
    date = PartialDateField(max_length=10, required=False)
    note = LineField(max_length=1000, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        return DisplayItem(row["name"], note=joined(row["sort"], row["date"], also_known_as(row), row["note"]))


class ErratumRow(RowForm):
    date = PartialDateField(max_length=10)
    about = ChoiceField(choices=[("", "not stated"), *ErratumAbout.choices], required=False)
    text = LineField(max_length=1000)
    parts = TextListField(required=False, max_items=MAX_ROWS)
    splits = TextListField(required=False, max_items=MAX_ROWS)
    metrics = TextListField(required=False, max_items=MAX_ROWS)
    harness_versions = TextListField(required=False, max_items=MAX_ROWS)
    before = LineField(max_length=200, required=False, label="Edition before")
    after = LineField(max_length=200, required=False, label="Edition after")
    source_url = LinkField(required=False, label="Source")

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        touched = (*row["parts"], *row["splits"], *row["metrics"], *row["harness_versions"])
        return DisplayItem(row["text"], row["source_url"], joined(row["date"], row["about"], ", ".join(touched)))


def also_known_as(row: Mapping[str, Any]) -> str:
    """The aliases of a row, in words."""
    return f"also {', '.join(row['aliases'])}" if row["aliases"] else ""


class FoundationRow(NamedRow):
    name = LineField(max_length=300)
    dataset = SlugField("dataset", required=False)


class BenchmarkForm(CardForm):
    metrics = RowsField(MetricRow, required=False)
    splits = RowsField(BenchmarkSplitRow, required=False)
    parts = RowsField(PartRow, required=False, label="Parts and editions")
    errata = RowsField(ErratumRow, required=False, label="Errata")
    reference_protocol = ReferenceField("protocol", required=False)
    built_on = TableRowsField(FoundationRow, "foundations", required=False)

    class Meta(CardForm.Meta):
        model = Benchmark
        fields = (
            *COMMON,
            *CARD,
            *("parts", "errata", "reference_protocol"),
            *("metrics", "settings", "built_on", "official_leaderboard", "evaluation_server"),
            *("standing", "standing_note"),
        )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for key in ("metrics", "splits", "parts"):
            there = {name.casefold() for row in self.stored for name in repeated_names(row.get(key) or [])}
            if repeated := [name for name in repeated_names(data.get(key) or []) if name.casefold() not in there]:
                self.add_error(key, f"“{repeated[0]}” is a name of two rows: each name belongs to one.")
        return data


def repeated_names(rows: list[dict[str, Any]]) -> list[str]:
    """The names and aliases that two rows share, in any case."""
    owners: dict[str, int] = {}
    named = [(number, name) for number, row in enumerate(rows) for name in (row["name"], *row["aliases"])]
    return [name for number, name in named if owners.setdefault(name.casefold(), number) != number]
