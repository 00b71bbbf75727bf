"""The payload of a dataset card."""

from catalog.kinds.dataset.model import Dataset
from catalog.kinds.shared.card_forms import CardForm


class DatasetForm(CardForm):
    class Meta(CardForm.Meta):
        model = Dataset
