"""The site as races are run against it: on the test database, by a server of several processes."""

import os

from tests.settings import *  # noqa: F403 -- the tests' own, and all of it

DATABASES["default"]["NAME"] = os.environ["RACE_DATABASE"]  # noqa: F405
LIMITS = dict.fromkeys(LIMITS, (10_000, 600))  # noqa: F405
