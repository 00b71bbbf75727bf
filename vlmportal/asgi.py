"""The ASGI application, for servers that need one; the portal has no asynchronous views."""

import os

from django.core.asgi import get_asgi_application

from accounts.checks import refuse_unsafe_demo
from vlmportal.env import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")

limit_statements()
refuse_unsafe_demo()
application = get_asgi_application()
