"""URLs of the proposals API, below /api/v1/proposals/."""

from django.urls import path

from submissions.api.batches import SubmitBatch
from submissions.api.drafting import Parse
from submissions.api.lists import ImportDetail, ImportList
from submissions.api.proposals import ProposalDetail, ProposalList
from submissions.api.verbs import view_of
from submissions.verbs import verbs_with_rule

app_name = "submissions-api"

urlpatterns = [
    path("", ProposalList.as_view(), name="proposals"),
    path("batch/", SubmitBatch.as_view(), name="batch"),
    path("list/", ImportList.as_view(), name="list"),
    path("list/<id:pk>/", ImportDetail.as_view(), name="import"),
    path("parse/", Parse.as_view(), name="parse"),
    path("<id:pk>/", ProposalDetail.as_view(), name="proposal"),
    *(path(f"<id:pk>/{verb.name}/", view_of(verb).as_view(), name=verb.name) for verb in verbs_with_rule()),
]
