"""The payload of a paper or model."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError

from catalog.forms.display import Display, DisplayItem, joined
from catalog.forms.entry import COMMON, EntryForm
from catalog.forms.fields import MAX_ROWS, LineField, LinkField, PartialDateField, PrintedDecimalField, TextListField
from catalog.forms.holders import Holder, Holders, Identifiers
from catalog.forms.identifiers import ArxivField, DoiField
from catalog.forms.references import SlugField
from catalog.forms.rows import Row, RowForm, RowsField
from catalog.forms.tables import TableRowsField
from catalog.kinds.paper import identity
from catalog.kinds.paper.model import Paper, Role
from catalog.kinds.result.vocabulary import find_row
from catalog.kinds.shared.inheritance_forms import InheritingForm
from catalog.kinds.shared.origin_forms import OriginRow
from catalog.kinds.shared.training_forms import TrainingRow
from catalog.text.variants import without_model


class VariantRow(RowForm):
    name = LineField(max_length=200, required=False)
    aliases = TextListField(required=False, max_items=MAX_ROWS)
    released = PartialDateField(max_length=10, required=False)
    total_b = PrintedDecimalField(required=False, negative=False, label="Parameters (billion)")
    active_b = PrintedDecimalField(required=False, negative=False, label="Active (billion)")
    as_stated = LineField(max_length=200, required=False)
    weights_url = LinkField(required=False, label="Address of the weights")
    licence = LineField(max_length=200, required=False)
    note = LineField(max_length=500, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        text = row["name"] or row["as_stated"]
        stated = row["as_stated"] if row["as_stated"] != text else ""
        total = f"{row['total_b']}B parameters" if row["total_b"] else ""
        active = f"{row['active_b']}B active" if row["active_b"] else ""
        return DisplayItem(text, row["weights_url"], joined(stated, total, active, row["licence"], row["note"]))


class SamePaperRow(RowForm):
    paper = SlugField("paper")
    note = LineField(max_length=500, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        return display.reference("paper", row["paper"], row["note"])


class PartRow(RowForm):
    component = SlugField("component")
    variants = TextListField(required=False, max_items=MAX_ROWS)
    note = LineField(max_length=500, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        return display.reference("component", row["component"], joined(row["note"], ", ".join(row["variants"])))


class VariantTrainingRow(TrainingRow):
    variants = TextListField(required=False, max_items=MAX_ROWS)


def with_listed_variants(
    rows: Iterable[Row], listed: Sequence[Mapping[str, Any]], model: str
) -> tuple[list[Row], list[str]]:
    """Rows with the variants that they are about by their listed names, and a message for each that is not listed. A
    model that lists none takes any."""
    named = [{**row, "aliases": [*row["aliases"], without_model(row["name"], model)]} for row in listed if row["name"]]
    changed, errors = list[Row](), list[str]()
    for number, row in enumerate(rows, 1):
        found = {
            name: (find_row(named, name) or find_row(named, without_model(name, model))) if named else {"name": name}
            for name in row["variants"]
        }
        errors += [
            f"row {number}, variants: “{name}” is none of its sizes. Name one of them, or add it to the sizes."
            for name, one in found.items()
            if one is None
        ]
        names = [one["name"] if one else name for name, one in found.items()]
        changed.append({**row, "variants": list(dict.fromkeys(names))})
    return changed, errors


def parts(role: Role, label: str | None = None) -> TableRowsField:
    """The components of a model in one role."""
    return TableRowsField(PartRow, "parts", fixed={"role": role.value}, required=False, label=label)


class PaperForm(InheritingForm):
    in_order = (("year", "released"),)
    sharing_keys = ("same_paper",)

    arxiv_id = ArxivField(url_prefix="https://arxiv.org/abs/")
    doi = DoiField(url_prefix="https://doi.org/")
    same_paper = TableRowsField(
        SamePaperRow,
        "same_paper_rows",
        required=False,
        label="Other models of this paper",
        help_text="Entries that share its arXiv id or DOI, because one paper describes them all.",
    )
    variants = RowsField(
        VariantRow,
        required=False,
        label="Sizes",
        help_text="One row a size. Parameters in billions, as printed: 7.6",
    )
    vision_encoders = parts(Role.VISION_ENCODER)
    language_backbones = parts(Role.LANGUAGE_BACKBONE, "Language models")
    other_encoders = parts(Role.OTHER_ENCODER)
    connectors = parts(Role.CONNECTOR)
    training_datasets = TableRowsField(VariantTrainingRow, "training_rows", required=False, label="Training data")
    origins = TableRowsField(OriginRow, "origins", required=False, label="Descends from")

    class Meta(EntryForm.Meta):
        model = Paper
        fields = (
            *COMMON,
            *("title", "authors", "organisation", "released", "venue", "arxiv_id", "doi", "same_paper"),
            *("architecture", "architecture_note", "variants"),
            *("vision_encoders", "language_backbones", "other_encoders", "connectors"),
            *("modalities_in", "modalities_out", "context_length", "languages", "training_datasets"),
            *("licence_weights", "licence_code", "origins"),
        )

    @classmethod
    def identifiers(cls, payload: Mapping[str, Any]) -> Identifiers:
        return identity.identifiers(payload)

    @classmethod
    def fetch_holders(cls, identifiers: Collection[str], exclude: int | None = None) -> Holders:
        return identity.fetch_holders(identifiers, exclude)

    @classmethod
    def holder_of(cls, payload: Mapping[str, Any], pk: int | None = None, slug: str = "") -> Holder:
        named = frozenset(row["paper"] for row in payload.get("same_paper") or ())
        return replace(super().holder_of(payload, pk, slug), shares_with=named)

    @classmethod
    def refusal(cls, identifier: str, own: Holder, other: Holder) -> str:
        return identity.refusal(identifier, own, other)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "variants" in data and "training_datasets" in data:
            rows, errors = with_listed_variants(data["training_datasets"], data["variants"], data.get("name", ""))
            data["training_datasets"] = rows
            for message in errors:
                self.add_error("training_datasets", message)
        return data

    def clean_variants(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["variants"]
        if errors := identity.repeated_weights(rows):
            raise ValidationError(errors)
        return rows
