"""URLs of the read endpoints, below /api/v1/."""

from django.urls import URLPattern, path

from catalog.api import operations
from catalog.api.board_changes import BoardChanges
from catalog.api.boards import BoardIndex, Boards, Compare
from catalog.api.changes import Changes
from catalog.api.describing import SchemaView
from catalog.api.entries import EntryDetail, RevisionDetail, RevisionList, entry_params
from catalog.api.exposure import ExposureView, TrainedView, TrainingView, trained, training
from catalog.api.lists import EntryList, list_params
from catalog.api.root import Root
from catalog.api.searching import Search
from catalog.api.vocabularies import VOCABULARIES, Vocabulary, VocabularyIndex
from catalog.kinds import KINDS, Kind
from catalog.ledger.indexing.exposure import has_exposure
from catalog.reading.exposure.reading import TARGETS


def kind_patterns(kind: Kind) -> list[URLPattern]:
    """Return the URL patterns of one kind."""
    plural, params = kind.plural, list_params(kind)
    listing = EntryList.as_view(kind=kind, params=params, operations={"get": operations.entry_list(kind)})
    stream = EntryList.as_view(kind=kind, params=params)
    detail = EntryDetail.as_view(kind=kind, params=entry_params(kind), operations={"get": operations.entry(kind)})
    history = RevisionList.as_view(kind=kind, operations={"get": operations.revisions(kind)})
    revision = RevisionDetail.as_view(kind=kind, operations={"get": operations.revision(kind)})
    return [
        path(f"{plural}/", listing, name=f"{plural}-list"),
        *(
            path(f"{plural}.{one.extension}", stream, {"format": one.extension}, name=f"{plural}-{one.extension}")
            for one in operations.streamed(kind)
        ),
        path(f"{plural}/<slug:slug>/", detail, name=f"{plural}-detail"),
        path(f"{plural}/<slug:slug>/revisions/", history, name=f"{plural}-revisions"),
        path(f"{plural}/<slug:slug>/revisions/<revision:number>/", revision, name=f"{plural}-revision"),
        *exposure_patterns(kind),
    ]


def exposure_patterns(kind: Kind) -> list[URLPattern]:
    """Return the URL pattern of the exposure of one kind, if it takes part in it."""
    view: type[ExposureView]
    if has_exposure(kind):
        view, operation = TrainingView, training(kind)
    elif kind.model in TARGETS:
        view, operation = TrainedView, trained(kind)
    else:
        return []
    read = view.as_view(kind=kind, operations={"get": operation})
    return [path(f"{kind.plural}/<slug:slug>/exposure/", read, name=f"{kind.plural}-exposure")]


vocabulary = operations.vocabulary(list(VOCABULARIES))

urlpatterns = [
    path("", Root.as_view(), name="api-root"),
    *(pattern for kind in KINDS.values() for pattern in kind_patterns(kind)),
    path("search/", Search.as_view(operations={"get": operations.SEARCH}), name="api-search"),
    path("changes/", Changes.as_view(operations={"get": operations.CHANGES}), name="api-changes"),
    path("leaderboards/", BoardIndex.as_view(), name="api-boards"),
    path("leaderboards/<slug:slug>/", Boards.as_view(), name="api-board"),
    path("leaderboards/<slug:slug>/changes/", BoardChanges.as_view(), name="api-board-changes"),
    path("compare/<slug:slug>/<slug:other>/", Compare.as_view(), name="api-compare"),
    path(
        "vocabularies/",
        VocabularyIndex.as_view(operations={"get": operations.VOCABULARY_INDEX}),
        name="api-vocabularies",
    ),
    path("vocabularies/<slug:name>/", Vocabulary.as_view(operations={"get": vocabulary}), name="api-vocabulary"),
    path("schema/", SchemaView.as_view(), name="api-schema"),
]
