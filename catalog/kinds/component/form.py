"""The payload of a component."""

from catalog.forms.entry import COMMON, EntryForm
from catalog.forms.references import ReferenceField
from catalog.forms.tables import TableRowsField
from catalog.kinds.component.model import Component
from catalog.kinds.shared.inheritance_forms import InheritingForm
from catalog.kinds.shared.origin_forms import OriginRow
from catalog.kinds.shared.training_forms import TrainingRow


class ComponentForm(InheritingForm):
    in_order = (("year", "released"),)

    paper = ReferenceField("paper", required=False, label="Described in")
    origins = TableRowsField(OriginRow, "origins", required=False, label="Descends from")
    training_datasets = TableRowsField(TrainingRow, "training_rows", required=False, label="Training data")

    class Meta(EntryForm.Meta):
        model = Component
        fields = (
            *COMMON,
            "type",
            "family",
            "organisation",
            "released",
            "licence",
            "paper",
            "origins",
            "training_datasets",
        )
