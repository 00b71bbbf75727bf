"""The form of what dataset cards and benchmarks share."""

from collections.abc import Mapping
from typing import Any, ClassVar

from catalog.forms.display import Display, DisplayItem, joined
from catalog.forms.entry import COMMON, EntryForm
from catalog.forms.fields import ChoiceField, LineField, LinkField, ProseField, YearField
from catalog.forms.identifiers import ArxivField, DoiField
from catalog.forms.rows import RowForm, RowsField
from catalog.models import Confidence

CARD = (
    *("modalities", "size", "size_count", "size_unit"),
    *("licence", "licence_annotations", "licence_media", "licence_url"),
    *("tasks", "languages", "availability", "availability_note", "known_issues", "splits", "source_media"),
    *("homepage", "huggingface_id", "papers", "year_note"),
)


class IssueRow(RowForm):
    text = ProseField(max_length=2000)
    url = LinkField(required=False, label="Address")
    confidence = ChoiceField(choices=Confidence.choices)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        return DisplayItem(
            row["text"], row["url"], "not verified" if row["confidence"] == Confidence.UNVERIFIED else ""
        )


class SplitRow(RowForm):
    name = LineField(max_length=200)
    size = LineField(max_length=200, required=False)


class CitedPaperRow(RowForm):
    title = LineField(max_length=500)
    url = LinkField(required=False, label="Address")
    arxiv_id = ArxivField()
    doi = DoiField()
    authors = LineField(max_length=500, required=False)
    year = YearField(required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        return cited_item(row, row["authors"])


def cited_item(row: Mapping[str, Any], authors: str = "", note: str = "") -> DisplayItem:
    """The display item of a cited paper: title, URL, authors and year."""
    url = row["url"] or (f"https://arxiv.org/abs/{row['arxiv_id']}" if row["arxiv_id"] else "")
    return DisplayItem(row["title"], url, joined(authors, str(row["year"] or ""), note, glue=", "))


class NamedRow(RowForm):
    """Data as a source names it, with its card if the catalogue has one."""

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        card = next((name for name in cls.base_fields if name != "name" and row[name]), "")
        return DisplayItem(row["name"], display.reference(card, row[card]).url if card else "")


class CardForm(EntryForm):
    """The base form of dataset cards and benchmarks."""

    huggingface_id = LineField(
        max_length=200, required=False, label="Hugging Face id", url_prefix="https://huggingface.co/datasets/"
    )
    known_issues = RowsField(IssueRow, required=False)
    splits = RowsField(SplitRow, required=False)
    papers = RowsField(CitedPaperRow, required=False, label="Papers")

    class Meta(EntryForm.Meta):
        fields: ClassVar[tuple[str, ...]] = (*COMMON, *CARD)
        help_texts = {**EntryForm.Meta.help_texts, "size": "As the source states it."}
