"""Research directions, challenges, emerging areas, ethics and practice."""

from django.db import models

from catalog.models import Entry


class Family(models.TextChoices):
    DIRECTIONS = "research-directions", "Research directions"
    CHALLENGES = "current-challenges", "Current challenges"
    AREAS = "emerging-areas", "Emerging areas"
    ETHICS = "ethics-and-practice", "Ethics & best practice"


class TopicStatus(models.TextChoices):
    OPEN = "open", "Open"
    ACTIVE = "active", "Active"
    MATURING = "maturing", "Maturing"
    SOLVED = "solved", "Solved"


class Topic(Entry):
    """An open problem or a direction, in ordered points."""

    kind = "topic"
    plural = "topics"

    emoji = models.CharField(max_length=16, blank=True)
    family = models.CharField(max_length=30, choices=Family.choices, blank=True)
    points = models.JSONField(default=list, blank=True)
    status = models.CharField(max_length=20, choices=TopicStatus.choices, blank=True)
    key_references = models.JSONField("key references", default=list, blank=True)
