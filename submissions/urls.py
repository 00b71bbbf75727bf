"""Addresses of the way in."""

from django.urls import path, register_converter

from catalog.urls import KindConverter
from submissions.views import agents, batches, contribute, editing, helping, mine, people, webhooks

app_name = "submissions"

register_converter(KindConverter, "entry-kind")

urlpatterns = [
    path("llms.txt", agents.llms, name="llms"),
    path("contribute/", contribute.contribute, name="contribute"),
    path("contribute/paste/", contribute.paste, name="paste"),
    path("contribute/batch/", batches.new_batch, name="new-batch"),
    path("contribute/preview/", helping.preview, name="preview"),
    path("contribute/pick/<slug:kind_name>/", helping.pick, name="pick"),
    path("contribute/<entry-kind:plural>/", contribute.new_entry, name="new"),
    path("contribute/<entry-kind:plural>/twins/", helping.twins, name="twins"),
    path("submissions/", mine.my_submissions, name="mine"),
    path("submissions/<int:pk>/", mine.detail, name="detail"),
    path("submissions/<int:pk>/revise/", mine.revise, name="revise"),
    path("submissions/<int:pk>/withdraw/", mine.withdraw, name="withdraw"),
    path("submissions/<int:pk>/comment/", mine.comment, name="comment"),
    path("submissions/batches/<int:pk>/", batches.batch, name="batch"),
    path("accounts/forget/", people.forget, name="forget"),
    path("accounts/settings/webhooks/", webhooks.webhooks, name="webhooks"),
    path("accounts/settings/webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("accounts/settings/webhooks/<int:pk>/test/", webhooks.test_webhook, name="test-webhook"),
    path("accounts/settings/webhooks/<int:pk>/resume/", webhooks.resume_webhook, name="resume-webhook"),
    path("accounts/settings/webhooks/<int:pk>/delete/", webhooks.delete_webhook, name="delete-webhook"),
    path("accounts/settings/webhooks/deliveries/<int:pk>/send/", webhooks.send_again, name="send-again"),
    path("people/<str:username>/", people.person, name="person"),
    path("<entry-kind:plural>/<slug:slug>/edit/", editing.edit_entry, name="edit"),
    path("<entry-kind:plural>/<slug:slug>/retire/", editing.retire_entry, name="retire"),
    path("<entry-kind:plural>/<slug:slug>/restore/", editing.restore_entry, name="restore"),
    path("<entry-kind:plural>/<slug:slug>/flag/", editing.flag_entry, name="flag"),
]
