"""Payloads as HTML forms: what was posted becomes a payload, a payload becomes questions. Validates nothing itself."""

from submissions.forms.posted import number_in, payload_of
from submissions.forms.sheet import Sheet, sheet_of

__all__ = ["Sheet", "number_in", "payload_of", "sheet_of"]
