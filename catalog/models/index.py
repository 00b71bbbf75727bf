"""Tables that publishing derives from entries: former slugs, facets, duplicate keys, exposure, and how values are
sourced."""

from collections.abc import Iterable

from django.db import models
from django.db.models import OuterRef

from catalog.models.entry import Sourced
from catalog.models.revision import Revision, RevisionAction


class FormerSlugQuerySet(models.QuerySet["FormerSlug"]):
    """Former slugs, with where they lead."""

    def entry_ids(self, kind: str, slugs: Iterable[str]) -> dict[str, int]:
        """The entries of a kind that former slugs lead to, by slug: of a merged entry the one it was merged into, and
        so on. An entry may be retired since. Two queries, and two more for each merge in a row."""
        found = dict(self.filter(kind=kind, slug__in=set(slugs)).values_list("slug", "entry_id"))
        later = Revision.objects.filter(kind=kind, entry_id=OuterRef("entry_id"), number__gt=OuterRef("number"))
        ids, seen = set(found.values()), set[int]()
        while ids := ids - seen:
            seen |= ids
            rows = Revision.objects.filter(~models.Exists(later), kind=kind, entry_id__in=ids)
            merged = dict(rows.filter(action=RevisionAction.MERGE).values_list("slug", "entry_id"))
            into = dict(self.filter(kind=kind, slug__in=merged).values_list("slug", "entry_id"))
            targets = {merged[slug]: target for slug, target in into.items()}
            found = {slug: targets.get(entry_id, entry_id) for slug, entry_id in found.items()}
            ids = set(targets.values())
        return found


class FormerSlug(models.Model):
    """A former slug of an entry, or the last one of an entry that was merged into it; its URL redirects permanently.

    `entry_id` stays with the entry that had the slug when that one is merged too, so that restoring it loses nothing.
    """

    kind = models.CharField(max_length=20)
    slug = models.CharField(max_length=100)
    entry_id = models.BigIntegerField()

    objects = FormerSlugQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "slug"], name="former_slug_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}"


class FacetValue(models.Model):
    """A facet value of an entry, rewritten with each revision."""

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    facet = models.CharField(max_length=30)
    value = models.CharField(max_length=120)
    label = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "facet", "value", "entry_id"], name="facet_value_once"),
        ]
        indexes = [models.Index(fields=["kind", "entry_id", "facet"], name="facet_of_entry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.facet}: {self.label}"


class FacetSet(models.Model):
    """The entries of a kind under a facet value: their number, and their ids as a serialized roaring bitmap.

    Updated together with the facet values; read by catalog.listing.facets.
    """

    kind = models.CharField(max_length=20)
    facet = models.CharField(max_length=30)
    value = models.CharField(max_length=120)
    label = models.CharField(max_length=200)
    count = models.PositiveIntegerField()
    entries = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "facet", "value"], name="facet_set_once")]
        indexes = [models.Index(fields=["kind", "facet", "-count", "value"], name="facet_set_most")]

    def __str__(self) -> str:
        return f"{self.kind} {self.facet}: {self.label}, {self.count}"


class IndexDefinition(models.Model):
    """The digest of an index's definition when it was last built for a kind (catalog.ledger.indexing.upgrade)."""

    kind = models.CharField(max_length=20)
    index = models.CharField(max_length=20)
    digest = models.CharField(max_length=64)
    built_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "index"], name="index_definition_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.index}: {self.digest[:8]}"


class EntryKey(models.Model):
    """A duplicate key of an entry (catalog.kinds.duplicate_keys), rewritten with each revision."""

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    key = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key", "entry_id"], name="entry_key_once")]
        indexes = [models.Index(fields=["kind", "entry_id"], name="keys_of_entry")]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Exposure(models.Model):
    """A dataset or benchmark that an entry was trained on, itself or through what it inherits from; or, if `excluded`,
    of which it is stated that it was not. `variant` is "" for all variants of the entry.

    `path` leads from the entry to the one that states it, with a relation, kind, slug and name for each of its `steps`;
    it is empty if the entry does so itself. Rewritten with each revision, also of what the entry inherits from.
    """

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    variant = models.CharField(max_length=500, blank=True)
    target_kind = models.CharField(max_length=20)
    target_id = models.BigIntegerField()
    excluded = models.BooleanField()
    steps = models.PositiveSmallIntegerField()
    path = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "entry_id", "variant", "target_kind", "target_id", "excluded"], name="exposure_once"
            )
        ]
        indexes = [models.Index(fields=["target_kind", "target_id", "kind", "entry_id"], name="exposure_of_target")]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id}: {self.target_kind} {self.target_id}"


class FieldSourcing(models.Model):
    """How many values of a field of an entry have sources of their own, and what stands for those of the others;
    rewritten with each revision. `weakest` is the least that one of the values has."""

    kind = models.CharField(max_length=20)
    entry_id = models.BigIntegerField()
    field = models.CharField(max_length=50)
    own = models.PositiveIntegerField()
    change = models.PositiveIntegerField()
    list = models.PositiveIntegerField()
    none = models.PositiveIntegerField()
    weakest = models.CharField(max_length=10, choices=Sourced)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "entry_id", "field"], name="field_sourcing_once")]
        indexes = [models.Index(fields=["weakest", "kind", "field", "entry_id"], name="field_sourcing_work")]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id}, {self.field}: {self.weakest}"


class SourcingCount(models.Model):
    """The sums of FieldSourcing by kind and field, kept so that they need not be added up for a large catalogue."""

    kind = models.CharField(max_length=20)
    field = models.CharField(max_length=50)
    own = models.PositiveBigIntegerField(default=0)
    change = models.PositiveBigIntegerField(default=0)
    list = models.PositiveBigIntegerField(default=0)
    none = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "field"], name="sourcing_count_once")]

    def __str__(self) -> str:
        return f"{self.kind}, {self.field}"
