"""Papers with their topics and results."""

from django.db import models


class Topic(models.Model):
    name = models.CharField(max_length=300, unique=True)

    def __str__(self) -> str:
        return self.name


class Paper(models.Model):
    slug = models.SlugField(max_length=100, unique=True)
    name = models.CharField(max_length=300)
    summary = models.TextField()
    title = models.CharField(max_length=500)
    authors = models.JSONField(default=list)
    year = models.IntegerField(db_index=True)
    organisation = models.CharField(max_length=300)
    released = models.CharField(max_length=10)
    arxiv_id = models.CharField(max_length=20)
    architecture = models.CharField(max_length=20, db_index=True)
    modalities_in = models.JSONField(default=list)
    variants = models.JSONField(default=list)
    links = models.JSONField(default=list)
    topics = models.ManyToManyField(Topic, related_name="papers")
    updated = models.DateTimeField(auto_now=True, db_index=True)

    class Meta:
        ordering = ["-released", "slug"]
        indexes = [models.Index(fields=["-released", "slug"])]

    def __str__(self) -> str:
        return self.name


class Result(models.Model):
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="results")
    benchmark = models.CharField(max_length=300)
    split = models.CharField(max_length=100)
    metric = models.CharField(max_length=100)
    value = models.CharField(max_length=30)
    source_url = models.URLField()

    def __str__(self) -> str:
        return f"{self.paper_id} on {self.benchmark}"
