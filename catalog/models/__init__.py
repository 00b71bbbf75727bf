"""The nouns of the catalogue, one a file."""

from catalog.models.benchmark import Benchmark, Direction, Foundation, Standing
from catalog.models.component import Component, ComponentOrigin, ComponentType, Origin, Relation
from catalog.models.dataset import Availability, Card, Dataset
from catalog.models.entry import Confidence, Entry, EntryQuerySet, LinkKind, Reference
from catalog.models.index import EntryKey, FacetSet, FacetValue, FormerSlug
from catalog.models.layout import ListLayout
from catalog.models.paper import Architecture, Paper, PaperOrigin, Part, Role, TrainingData
from catalog.models.result import MeasuredBy, Result, ResultState, Verification
from catalog.models.revision import Action, LedgerIsAppendOnly, Renaming, Revision
from catalog.models.search import SearchDocument
from catalog.models.topic import Family, Topic, TopicStatus
from catalog.models.vocabulary import Section

__all__ = [
    "Action",
    "Architecture",
    "Availability",
    "Benchmark",
    "Card",
    "Component",
    "ComponentOrigin",
    "ComponentType",
    "Confidence",
    "Dataset",
    "Direction",
    "Entry",
    "EntryKey",
    "EntryQuerySet",
    "FacetSet",
    "FacetValue",
    "Family",
    "FormerSlug",
    "Foundation",
    "LedgerIsAppendOnly",
    "LinkKind",
    "ListLayout",
    "MeasuredBy",
    "Origin",
    "Paper",
    "PaperOrigin",
    "Part",
    "Reference",
    "Relation",
    "Renaming",
    "Result",
    "ResultState",
    "Revision",
    "Role",
    "SearchDocument",
    "Section",
    "Standing",
    "Topic",
    "TopicStatus",
    "TrainingData",
    "Verification",
]
