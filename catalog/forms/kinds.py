"""One form a kind. The order of `payload` is the order of the API and of the pages."""

from decimal import Decimal
from typing import Any

from django import forms

from catalog.forms.entry import COMMON, EntryForm
from catalog.forms.fields import (
    LineField,
    PrintedDecimalField,
    ReferenceField,
    RowsField,
    entry_formfield,
)
from catalog.forms.related import RelatedRows
from catalog.forms.rows import (
    CitedPaperRow,
    FoundationRow,
    IssueRow,
    KeyReferenceRow,
    MetricRow,
    OriginRow,
    PartRow,
    SplitRow,
    TrainingRow,
    VariantRow,
)
from catalog.models import Benchmark, Component, Dataset, Paper, Result, Role, Topic

ORIGINS = RelatedRows("origins", {"paper": Paper, "component": Component}, ("relation", "note"))


def _parts(role: Role) -> RelatedRows:
    return RelatedRows("parts", {"component": Component}, ("variants", "note"), {"role": role.value})


class PaperForm(EntryForm):
    related = {
        **{role.value: _parts(role) for role in Role},
        "training_datasets": RelatedRows("training_rows", {"dataset": Dataset, "benchmark": Benchmark}, ("name",)),
        "origins": ORIGINS,
    }

    variants = RowsField(VariantRow, required=False, label="Sizes")
    vision_encoders = RowsField(PartRow, required=False)
    language_backbones = RowsField(PartRow, required=False, label="Language models")
    other_encoders = RowsField(PartRow, required=False)
    connectors = RowsField(PartRow, required=False)
    training_datasets = RowsField(TrainingRow, required=False, label="Training data")
    origins = RowsField(OriginRow, required=False, label="Descends from")

    class Meta:
        model = Paper
        payload = (
            *COMMON,
            *("title", "authors", "organisation", "released", "venue", "arxiv_id", "doi"),
            *("architecture", "architecture_note", "variants"),
            *("vision_encoders", "language_backbones", "other_encoders", "connectors"),
            *("modalities_in", "modalities_out", "context_length", "languages", "training_datasets"),
            *("licence_weights", "licence_code", "origins"),
        )
        fields = tuple(key for key in payload if key not in {*Role.values, "training_datasets", "origins"})
        formfield_callback = entry_formfield


CARD = (
    *("modalities", "size", "size_count", "size_unit"),
    *("licence", "licence_annotations", "licence_media", "licence_url"),
    *("tasks", "languages", "availability", "availability_note", "known_issues", "splits", "source_media"),
    *("homepage", "huggingface_id", "papers", "year_note"),
)


class CardForm(EntryForm):
    """What dataset cards and benchmarks share."""

    known_issues = RowsField(IssueRow, required=False)
    splits = RowsField(SplitRow, required=False)
    papers = RowsField(CitedPaperRow, required=False, label="Papers")


class DatasetForm(CardForm):
    class Meta:
        model = Dataset
        fields = (*COMMON, *CARD)
        formfield_callback = entry_formfield


class BenchmarkForm(CardForm):
    related = {"built_on": RelatedRows("foundations", {"dataset": Dataset}, ("name",))}

    metrics = RowsField(MetricRow, required=False)
    built_on = RowsField(FoundationRow, required=False)

    class Meta:
        model = Benchmark
        payload = (
            *COMMON,
            *CARD,
            *("metrics", "settings", "built_on", "official_leaderboard", "evaluation_server"),
            *("standing", "standing_note"),
        )
        fields = tuple(key for key in payload if key != "built_on")
        formfield_callback = entry_formfield


class TopicForm(EntryForm):
    key_references = RowsField(KeyReferenceRow, required=False)

    class Meta:
        model = Topic
        fields = (*COMMON, "emoji", "family", "points", "status", "key_references")
        formfield_callback = entry_formfield


class ComponentForm(EntryForm):
    related = {"origins": ORIGINS}

    paper = ReferenceField(Paper.objects.all(), required=False, label="Described in")
    origins = RowsField(OriginRow, required=False, label="Descends from")

    class Meta:
        model = Component
        payload = (*COMMON, "type", "family", "organisation", "released", "licence", "paper", "origins")
        fields = tuple(key for key in payload if key != "origins")
        formfield_callback = entry_formfield


class ResultForm(EntryForm):
    name = LineField(max_length=300, required=False)
    paper = ReferenceField(Paper.objects.all(), label="Paper or model")
    benchmark = ReferenceField(Benchmark.objects.all())
    value = PrintedDecimalField(max_length=30)
    standard_error = PrintedDecimalField(max_length=30, required=False)
    fine_tuned = forms.NullBooleanField(required=False, label="Fine-tuned")
    chain_of_thought = forms.NullBooleanField(required=False)
    tools = forms.NullBooleanField(required=False)

    class Meta:
        model = Result
        fields = (
            *COMMON,
            *("paper", "variant", "variant_inferred", "benchmark", "subset", "split", "split_inferred"),
            *("metric", "value", "standard_error", "sample_size", "setting", "setting_inferred"),
            *("shots", "fine_tuned", "chain_of_thought", "tools", "prompt", "resolution", "judge"),
            *("harness", "harness_version", "reported_on", "evaluated_on"),
            *("source_url", "locator", "original_source", "read_in", "measured_by", "reported_by"),
            *("verification", "state", "headline"),
        )
        formfield_callback = entry_formfield

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("name") and data.get("paper") and data.get("benchmark"):
            model = data.get("variant") or data["paper"].name
            data["name"] = f"{model} on {data.get('subset') or data['benchmark'].name}: {data.get('metric', '')}"
        if data.get("value"):
            self.instance.number = Decimal(data["value"])
        return data
