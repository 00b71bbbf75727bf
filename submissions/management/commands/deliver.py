"""manage.py deliver: send due emails and webhook deliveries from a timer, instead of by the web processes."""

from typing import Any

from django.core.management.base import BaseCommand

from submissions.notifications import email_queue
from submissions.notifications.webhooks import delivery


class Command(BaseCommand):
    help = "Send the letters and webhooks that are due; what fails stays for later."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(
            f"{email_queue.send_due_emails()} letters and {delivery.send_due_deliveries()} webhooks sent."
        )
