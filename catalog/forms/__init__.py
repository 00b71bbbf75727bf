"""The base form of all kinds, and the fields of payloads, rows and references that it is made of."""

from catalog.forms.entry import EntryForm
from catalog.forms.payload import Errors, payload_errors

__all__ = ["EntryForm", "Errors", "payload_errors"]
