"""The site's own settings, with static files that need not be collected."""

from vlmportal.settings import *  # noqa: F403 -- all of it

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
