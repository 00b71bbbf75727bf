"""The rows of lineage in a payload."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError

from catalog.forms.display import Display, DisplayItem, joined
from catalog.forms.fields import ChoiceField, LineField
from catalog.forms.references import SlugField
from catalog.forms.rows import RowForm
from catalog.kinds.shared.origins import Relation


class OriginRow(RowForm):
    relation = ChoiceField(choices=Relation.choices)
    paper = SlugField("paper", required=False)
    component = SlugField("component", required=False)
    note = LineField(max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("paper")) == bool(data.get("component")):
            raise ValidationError("Name one origin: a paper or a component, not both.")
        return data

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        kind = "paper" if row["paper"] else "component"
        return display.reference(kind, row[kind], joined(row["relation"].replace("-", " "), row["note"]))
