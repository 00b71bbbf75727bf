"""The WSGI application that granian (or any WSGI server) runs."""

import os

from django.core.wsgi import get_wsgi_application

from accounts.checks import refuse_unsafe_demo

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vlmportal.settings")

refuse_unsafe_demo()
application = get_wsgi_application()

# Django has to be set up first
from submissions.notifications import email_queue  # noqa: E402
from submissions.notifications.webhooks import delivery  # noqa: E402

email_queue.wake()  # letters may wait from before a restart
delivery.worker.wake()
