"""manage.py deliver: send the letters that are due, for cron or a timer where the web processes should not."""

from typing import Any

from django.core.management.base import BaseCommand

from submissions import postman


class Command(BaseCommand):
    help = "Send the letters that are due; what fails stays for later."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{postman.deliver()} sent.")
