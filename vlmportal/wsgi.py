"""The WSGI application, for granian or any other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from accounts.checks import refuse_unsafe_demo
from vlmportal.env import limit_statements

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")

limit_statements()
refuse_unsafe_demo()
application = get_wsgi_application()
