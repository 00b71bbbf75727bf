"""The WSGI application as `bin/portal serve` runs it: each request has REQUEST_TIMEOUT seconds."""

from vlmportal.env import env
from vlmportal.time_limit import Limited
from vlmportal.wsgi import application as without_limit

application = Limited(without_limit, float(env.str("REQUEST_TIMEOUT", "") or 30))
