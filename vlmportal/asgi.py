"""The ASGI application, for servers that need one; the portal has no asynchronous views."""

import os

from accounts.checks import refuse_unsafe_demo
from vlmportal.env import limit_statements
from vlmportal.handlers import asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")

limit_statements()
refuse_unsafe_demo()
application = asgi_application()
