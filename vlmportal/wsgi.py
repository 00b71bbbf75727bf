"""The WSGI application, for granian or any other WSGI server."""

import os

from django.core.wsgi import get_wsgi_application

from accounts.checks import refuse_unsafe_demo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")

refuse_unsafe_demo()
application = get_wsgi_application()
