"""The payload of a benchmark."""

from collections.abc import Mapping
from typing import Any

from catalog.forms.display import Display, DisplayItem, joined
from catalog.forms.entry import COMMON
from catalog.forms.fields import ChoiceField, FlagField, LineField, PrintedDecimalField
from catalog.forms.references import SlugField
from catalog.forms.rows import RowForm, RowsField
from catalog.forms.tables import TableRowsField
from catalog.kinds.benchmark.model import Benchmark, Direction
from catalog.kinds.shared.card_forms import CARD, CardForm, NamedRow


class MetricRow(RowForm):
    name = LineField(max_length=100)
    unit = LineField(max_length=50, required=False)
    direction = ChoiceField(choices=[("", "not stated"), *Direction.choices], required=False)
    minimum = PrintedDecimalField(required=False)
    maximum = PrintedDecimalField(required=False)
    primary = FlagField(required=False)
    note = LineField(max_length=500, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        bounds = f"{row['minimum'] or '…'} to {row['maximum'] or '…'}" if row["minimum"] or row["maximum"] else ""
        direction = f"{row['direction']} is better" if row["direction"] else ""
        primary = "primary" if row["primary"] else ""
        return DisplayItem(row["name"], note=joined(primary, row["unit"], direction, bounds, row["note"]))


class FoundationRow(NamedRow):
    name = LineField(max_length=300)
    dataset = SlugField("dataset", required=False)


class BenchmarkForm(CardForm):
    metrics = RowsField(MetricRow, required=False)
    built_on = TableRowsField(FoundationRow, "foundations", required=False)

    class Meta(CardForm.Meta):
        model = Benchmark
        fields = (
            *COMMON,
            *CARD,
            *("metrics", "settings", "built_on", "official_leaderboard", "evaluation_server"),
            *("standing", "standing_note"),
        )
