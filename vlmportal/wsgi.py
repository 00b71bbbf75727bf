"""The WSGI application, for granian or any other WSGI server."""

import os

from accounts.checks import refuse_unsafe_demo
from vlmportal.handlers import wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")
# a slow statement then gives a page, before REQUEST_TIMEOUT ends the process
os.environ.setdefault("STATEMENT_TIMEOUT", str(float(os.environ.get("REQUEST_TIMEOUT") or 30) / 2))

refuse_unsafe_demo()
application = wsgi_application()
