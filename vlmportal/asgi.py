"""The ASGI application, for servers that need one; the portal has no asynchronous views."""

import os

from accounts.checks import refuse_unsafe_demo
from vlmportal.handlers import asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")
os.environ.setdefault("STATEMENT_TIMEOUT", "15")

refuse_unsafe_demo()
application = asgi_application()
