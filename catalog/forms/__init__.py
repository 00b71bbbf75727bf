"""What the forms of kinds are made of: the fields of payloads, rows, references, and the form that all kinds share."""

from catalog.forms.entry import EntryForm
from catalog.forms.payload import Errors, payload_errors

__all__ = ["EntryForm", "Errors", "payload_errors"]
