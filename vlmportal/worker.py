"""The WSGI application as `bin/portal serve` runs it: each request has REQUEST_TIMEOUT seconds."""

from vlmportal.env import request_timeout
from vlmportal.time_limit import Limited
from vlmportal.wsgi import application as without_limit

application = Limited(without_limit, request_timeout())
