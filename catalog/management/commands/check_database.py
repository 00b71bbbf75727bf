"""manage.py check_database: whether the site can be served from the database, as `bin/portal serve` asks first."""

import sys
from typing import Any

from django.core.management.base import BaseCommand
from django.db import connection

from catalog.management.databases import obstacle


class Command(BaseCommand):
    help = "Exit with 1 and one line that says why, if the site cannot be served from the database."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        if problem := obstacle(connection):
            self.stderr.write(f"error: {problem}")
            sys.exit(1)
