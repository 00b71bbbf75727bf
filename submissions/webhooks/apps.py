from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "submissions.webhooks"
    label = "webhooks"
