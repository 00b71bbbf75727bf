"""The URLs of an account's webhooks, below /accounts/settings/webhooks/."""

from django.urls import path

from submissions.web import webhooks

urlpatterns = [
    path("", webhooks.webhooks, name="webhooks"),
    path("<id:pk>/", webhooks.webhook, name="webhook"),
    path("<id:pk>/test/", webhooks.test_webhook, name="test-webhook"),
    path("<id:pk>/resume/", webhooks.resume_webhook, name="resume-webhook"),
    path("<id:pk>/delete/", webhooks.delete_webhook, name="delete-webhook"),
    path("deliveries/<id:pk>/send/", webhooks.redeliver, name="send-again"),
]
