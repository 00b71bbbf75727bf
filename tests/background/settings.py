"""The site's settings for a worker on the database of a test, with its logs as in production."""

import os

from tests.settings import *  # noqa: F403 -- all of it

DATABASES["default"]["NAME"] = os.environ["WORKER_DATABASE"]  # noqa: F405
