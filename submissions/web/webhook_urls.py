"""The URLs of an account's webhooks, below /accounts/settings/webhooks/."""

from django.urls import path

from submissions.web import webhooks

urlpatterns = [
    path("", webhooks.webhooks, name="webhooks"),
    path("<int:pk>/", webhooks.webhook, name="webhook"),
    path("<int:pk>/test/", webhooks.test_webhook, name="test-webhook"),
    path("<int:pk>/resume/", webhooks.resume_webhook, name="resume-webhook"),
    path("<int:pk>/delete/", webhooks.delete_webhook, name="delete-webhook"),
    path("deliveries/<int:pk>/send/", webhooks.redeliver, name="send-again"),
]
