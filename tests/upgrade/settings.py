"""The site's own settings for requests within one process: no collected files, no limits of requests."""

from vlmportal.settings import *  # noqa: F403 -- the site's own, and all of it

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
FETCH_METADATA = False
API_RATES = dict.fromkeys(API_RATES, (1_000_000, 60))  # noqa: F405
