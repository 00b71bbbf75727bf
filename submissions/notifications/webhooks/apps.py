from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "submissions.notifications.webhooks"
    label = "webhooks"
