"""The conditions of a measurement: what a protocol sets, and what a result states itself."""

from django.db import models

CONDITIONS = (
    *("harness", "harness_version", "adaptation", "shots", "chain_of_thought", "tools"),
    *("prompt", "resolution", "frames", "judge", "decoding"),
)
"""Their payload keys, in order."""


class Adaptation(models.TextChoices):
    """How a model was prepared for a benchmark. The word is HELM's (P. Liang et al., “Holistic Evaluation of Language
    Models”, 2022)."""

    ZERO_SHOT = "zero-shot", "Zero-shot"
    FEW_SHOT = "few-shot", "Few-shot"
    FINE_TUNED = "fine-tuned", "Fine-tuned"


class Conditions(models.Model):
    """Columns of the conditions; empty or null is unknown."""

    harness = models.CharField(max_length=100, blank=True)
    harness_version = models.CharField("version of the harness", max_length=100, blank=True)
    adaptation = models.CharField("setting", max_length=20, choices=Adaptation.choices, blank=True)
    shots = models.PositiveIntegerField(null=True, blank=True)
    chain_of_thought = models.BooleanField("chain of thought", null=True)
    tools = models.BooleanField(null=True)
    prompt = models.TextField(blank=True)
    resolution = models.CharField(max_length=100, blank=True)
    frames = models.CharField(max_length=100, blank=True)
    judge = models.CharField(max_length=200, blank=True)
    decoding = models.CharField(max_length=300, blank=True)

    class Meta:
        abstract = True
