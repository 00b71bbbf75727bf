"""manage.py deliver: send the letters and webhooks that are due, for a timer where the web processes should not."""

from typing import Any

from django.core.management.base import BaseCommand

from submissions import postman
from submissions.webhooks import courier


class Command(BaseCommand):
    help = "Send the letters and webhooks that are due; what fails stays for later."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{postman.deliver()} letters and {courier.deliver()} webhooks sent.")
