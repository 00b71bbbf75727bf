"""The payload of a topic."""

from collections.abc import Mapping
from typing import Any

from catalog.forms.display import Display, DisplayItem
from catalog.forms.entry import COMMON, EntryForm
from catalog.forms.fields import LineField, LinkField, YearField
from catalog.forms.identifiers import ArxivField
from catalog.forms.rows import RowForm, RowsField
from catalog.kinds.shared.card_forms import cited_item
from catalog.kinds.topic.model import Topic


class KeyReferenceRow(RowForm):
    title = LineField(max_length=500)
    year = YearField(required=False)
    url = LinkField(required=False, label="Address")
    arxiv_id = ArxivField()
    kind = LineField(max_length=50, required=False)
    note = LineField(max_length=500, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        return cited_item(row, note=row["note"])


class TopicForm(EntryForm):
    key_references = RowsField(KeyReferenceRow, required=False)

    class Meta(EntryForm.Meta):
        model = Topic
        fields = (*COMMON, "emoji", "family", "points", "status", "key_references")
        help_texts = {**EntryForm.Meta.help_texts, "points": "The points in their order."}
