"""Payloads as HTML forms: what was posted becomes a payload, a payload becomes questions. Validates nothing itself."""

from submissions.forms.posted import int_from_post, payload_from_post
from submissions.forms.sheet import RenderedForm, rendered_form

__all__ = ["RenderedForm", "int_from_post", "payload_from_post", "rendered_form"]
