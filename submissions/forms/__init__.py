"""Payloads as HTML forms: posted data to payload, payload to form fields. Nothing is validated here."""

from submissions.forms.additions import additions_from_post
from submissions.forms.posted import int_from_post, ints_from_post, payload_from_post, version_from_post
from submissions.forms.rendering import RenderedForm, rendered_form

__all__ = [
    "RenderedForm",
    "additions_from_post",
    "int_from_post",
    "ints_from_post",
    "payload_from_post",
    "rendered_form",
    "version_from_post",
]
