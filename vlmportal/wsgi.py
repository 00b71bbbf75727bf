"""The WSGI application, for granian or any other WSGI server."""

import os

from accounts.checks import refuse_unsafe_demo
from vlmportal.env import limit_statements
from vlmportal.garbage import look_seldom
from vlmportal.handlers import wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")

limit_statements()
refuse_unsafe_demo()
application = wsgi_application()

look_seldom()
