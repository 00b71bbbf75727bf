"""The rows of a payload's repeated parts: one small form each."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from catalog.forms.fields import (
    LineField,
    LinkField,
    PrintedDecimalField,
    ProseField,
    TextListField,
)
from catalog.models import Confidence, Direction, LinkKind, Relation

SLUG_LENGTH = 100


class SlugField(LineField):
    """The slug of another entry, or null; the entry's form looks all of them up at once."""

    json_types = (str, type(None))

    def clean(self, value: Any) -> str | None:
        return super().clean(value) or None


class LinkRow(forms.Form):
    kind = forms.ChoiceField(choices=LinkKind.choices)
    url = LinkField()
    label = LineField(max_length=100, required=False)


class SourceRow(forms.Form):
    field = LineField(max_length=50)
    url = LinkField(required=False)
    note = LineField(max_length=500, required=False)
    confidence = forms.ChoiceField(choices=Confidence.choices)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not (data.get("url") or data.get("note") or data.get("confidence") == Confidence.UNVERIFIED):
            raise ValidationError("Name the source: an address, or a note that says where it was read.")
        return data


class VariantRow(forms.Form):
    name = LineField(max_length=200, required=False)
    total_b = PrintedDecimalField(required=False)
    active_b = PrintedDecimalField(required=False)
    as_stated = LineField(max_length=200, required=False)
    weights_url = LinkField(required=False)
    licence = LineField(max_length=200, required=False)
    note = LineField(max_length=500, required=False)


class PartRow(forms.Form):
    component = SlugField(max_length=SLUG_LENGTH)
    variants = TextListField(required=False)
    note = LineField(max_length=500, required=False)


class OriginRow(forms.Form):
    relation = forms.ChoiceField(choices=Relation.choices)
    paper = SlugField(max_length=SLUG_LENGTH, required=False)
    component = SlugField(max_length=SLUG_LENGTH, required=False)
    note = LineField(max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("paper")) == bool(data.get("component")):
            raise ValidationError("Name one origin: a paper or a component, not both.")
        return data


class TrainingRow(forms.Form):
    name = LineField(max_length=300)
    dataset = SlugField(max_length=SLUG_LENGTH, required=False)
    benchmark = SlugField(max_length=SLUG_LENGTH, required=False)


class FoundationRow(forms.Form):
    name = LineField(max_length=300)
    dataset = SlugField(max_length=SLUG_LENGTH, required=False)


class IssueRow(forms.Form):
    text = ProseField(max_length=2000)
    url = LinkField(required=False)
    confidence = forms.ChoiceField(choices=Confidence.choices)


class SplitRow(forms.Form):
    name = LineField(max_length=200)
    size = LineField(max_length=200, required=False)


class CitedPaperRow(forms.Form):
    title = LineField(max_length=500)
    url = LinkField(required=False)
    arxiv_id = LineField(max_length=20, required=False)
    doi = LineField(max_length=200, required=False)
    authors = LineField(max_length=500, required=False)
    year = forms.IntegerField(min_value=1900, max_value=2100, required=False)


class MetricRow(forms.Form):
    name = LineField(max_length=100)
    unit = LineField(max_length=50, required=False)
    direction = forms.ChoiceField(choices=[("", "not stated"), *Direction.choices], required=False)
    minimum = PrintedDecimalField(required=False)
    maximum = PrintedDecimalField(required=False)
    primary = forms.BooleanField(required=False)
    note = LineField(max_length=500, required=False)


class KeyReferenceRow(forms.Form):
    title = LineField(max_length=500)
    year = forms.IntegerField(min_value=1900, max_value=2100, required=False)
    url = LinkField(required=False)
    arxiv_id = LineField(max_length=20, required=False)
    kind = LineField(max_length=50, required=False)
    note = LineField(max_length=500, required=False)
