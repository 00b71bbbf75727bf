"""Fields for arXiv ids and DOIs: normalised as they are read, whatever address they were pasted as."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from catalog.forms.fields import LineField
from catalog.text.identifiers import arxiv_error, doi_error, normalised_arxiv_id, normalised_doi


class ArxivField(LineField):
    """An arXiv id without its version."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 20, "required": False, "label": "arXiv id", **kwargs})

    def to_python(self, value: Any) -> str:
        return normalised_arxiv_id(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (error := arxiv_error(value, timezone.now().date())):
            raise ValidationError(error, code="arxiv")


class DoiField(LineField):
    """A DOI without the address of its resolver, in the letters that it was given in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": 200, "required": False, "label": "DOI", **kwargs})

    def to_python(self, value: Any) -> str:
        return normalised_doi(super().to_python(value))

    def validate(self, value: str) -> None:
        super().validate(value)
        if value and (error := doi_error(value)):
            raise ValidationError(error, code="doi")
