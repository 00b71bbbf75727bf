from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "submissions.api"
    label = "api"
