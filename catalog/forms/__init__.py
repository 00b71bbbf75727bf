"""The forms: one a kind, THE validator of a payload wherever it comes from."""

from catalog.forms.entry import EntryForm
from catalog.forms.kinds import BenchmarkForm, ComponentForm, DatasetForm, PaperForm, ResultForm, TopicForm
from catalog.forms.payload import Errors, payload_errors

__all__ = [
    "BenchmarkForm",
    "ComponentForm",
    "DatasetForm",
    "EntryForm",
    "Errors",
    "PaperForm",
    "ResultForm",
    "TopicForm",
    "payload_errors",
]
