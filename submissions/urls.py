"""The URLs of proposing, of one's own submissions and of contributors."""

from django.urls import include, path

from submissions.web import (
    batches,
    board_rows,
    contribute,
    editing,
    form_help,
    lists,
    llms_txt,
    my_submissions,
    people,
    results,
)
from submissions.web.person_feed import PersonFeed

app_name = "submissions"

urlpatterns = [
    path("llms.txt", llms_txt.llms, name="llms"),
    path("contribute/", contribute.contribute, name="contribute"),
    path("contribute/paste/", contribute.paste, name="paste"),
    path("contribute/batch/", lists.new_batch, name="new-batch"),
    path("contribute/table/", results.new_results, name="new-table"),
    path("contribute/preview/", form_help.preview, name="preview"),
    path("contribute/pick/checkpoint/", board_rows.suggest_checkpoints, name="pick-checkpoint"),
    path("contribute/pick/<slug:kind_name>/", form_help.suggest_entries, name="pick"),
    path("contribute/<kind:plural>/", contribute.new_entry, name="new"),
    path("contribute/<kind:plural>/twins/", form_help.likely_duplicates, name="twins"),
    path("submissions/", my_submissions.my_submissions, name="mine"),
    path("submissions/<id:pk>/", my_submissions.proposal_detail, name="detail"),
    path("submissions/<id:pk>/revise/", my_submissions.revise, name="revise"),
    path("submissions/<id:pk>/<slug:verb>/", my_submissions.act, name="act"),
    path("submissions/batches/<id:pk>/", batches.batch, name="batch"),
    path("submissions/batches/<id:pk>/continue/", batches.continue_batch, name="continue-batch"),
    # about people, but with their proposals, which accounts may not import
    path("accounts/forget/", people.delete_account, name="forget"),
    path("accounts/settings/webhooks/", include("submissions.web.webhook_urls")),
    path("people/<str:username>/", people.person, name="person"),
    path("people/<str:username>/changes.atom", PersonFeed(), name="person-feed"),
    path("benchmarks/<slug:slug>/leaderboard/add/", board_rows.add_result, name="add-result"),
    path("<kind:plural>/<slug:slug>/edit/", editing.edit_entry, name="edit"),
    path("<kind:plural>/<slug:slug>/retire/", editing.retire_entry, name="retire"),
    path("<kind:plural>/<slug:slug>/restore/", editing.restore_entry, name="restore"),
    path("<kind:plural>/<slug:slug>/flag/", editing.flag_entry, name="flag"),
]
