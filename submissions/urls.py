"""Addresses of the way in."""

from django.urls import include, path

from submissions.web import agents, batches, contribute, editing, helping, mine, people

app_name = "submissions"

urlpatterns = [
    path("llms.txt", agents.llms, name="llms"),
    path("contribute/", contribute.contribute, name="contribute"),
    path("contribute/paste/", contribute.paste, name="paste"),
    path("contribute/batch/", batches.new_batch, name="new-batch"),
    path("contribute/preview/", helping.preview, name="preview"),
    path("contribute/pick/<slug:kind_name>/", helping.pick, name="pick"),
    path("contribute/<kind:plural>/", contribute.new_entry, name="new"),
    path("contribute/<kind:plural>/twins/", helping.twins, name="twins"),
    path("submissions/", mine.my_submissions, name="mine"),
    path("submissions/<int:pk>/", mine.detail, name="detail"),
    path("submissions/<int:pk>/revise/", mine.revise, name="revise"),
    path("submissions/<int:pk>/<slug:verb>/", mine.act, name="act"),
    path("submissions/batches/<int:pk>/", batches.batch, name="batch"),
    path("accounts/forget/", people.forget, name="forget"),
    path("accounts/settings/webhooks/", include("submissions.web.webhook_urls")),
    path("people/<str:username>/", people.person, name="person"),
    path("<kind:plural>/<slug:slug>/edit/", editing.edit_entry, name="edit"),
    path("<kind:plural>/<slug:slug>/retire/", editing.retire_entry, name="retire"),
    path("<kind:plural>/<slug:slug>/restore/", editing.restore_entry, name="restore"),
    path("<kind:plural>/<slug:slug>/flag/", editing.flag_entry, name="flag"),
]
