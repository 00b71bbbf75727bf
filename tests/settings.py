"""The site's settings for tests: a scratch data folder, cheap passwords, TEST_DATABASE=sqlite (default) or postgres.

SQLite is a file, as in production, so that threads wait for each other by the same rules. The folder is made by the
first process; the parallel workers inherit it and add their own suffix to the database's name.
"""

import atexit
import os
import shutil
import tempfile

POSTGRES = "postgres://postgres@127.0.0.1:5432/postgres"

if "VLM_PORTAL_TEST_DIR" not in os.environ:
    os.environ["VLM_PORTAL_TEST_DIR"] = tempfile.mkdtemp(prefix="vlm-portal-test-")
    atexit.register(shutil.rmtree, os.environ["VLM_PORTAL_TEST_DIR"], ignore_errors=True)

_folder = os.environ["VLM_PORTAL_TEST_DIR"]
_given = os.environ.get("DATABASE_URL", "")
_on_postgres = os.environ.get("TEST_DATABASE", "sqlite") == "postgres"
os.environ["DATA_DIR"] = _folder
os.environ["DATABASE_URL"] = (_given if _given.startswith("postgres") else POSTGRES) if _on_postgres else ""
os.environ["TEST_SQLITE"] = f"{_folder}/test.sqlite3"
for _name in (
    "DEBUG",
    "EMAIL_HOST",
    "SECURE_SSL",
    "REDIS_URL",
    "GITHUB_CLIENT_ID",
    "GITHUB_CLIENT_SECRET",
    "ALLOWED_HOSTS",
    "SITE_URL",
    "GITHUB_URL",
    "BEHIND_PROXY",
    "LOCAL_DEMO",
    "SIGN_INS_A_MINUTE",
    "FETCH_METADATA_EXCEPT",
):
    os.environ.pop(_name, None)

from vlmportal.settings import *  # noqa: E402, F403 -- after the environment is laid out, and all of it

SECRET_KEY = "only-for-tests"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405
WHITENOISE_AUTOREFRESH = True
FETCH_METADATA = False
API_RATES = dict.fromkeys(API_RATES, (1_000_000, 60))  # noqa: F405
if _on_postgres:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405
    DATABASES["default"].setdefault("OPTIONS", {})["options"] = "-c synchronous_commit=off"  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": os.environ.get("TEST_DATABASE_NAME", "test_vlm_portal")}  # noqa: F405
else:
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
