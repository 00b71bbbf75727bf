"""manage.py export_awesome: export the catalogue as an awesome list."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from catalog.exchange.awesome.queries import awesome_readme


class Command(BaseCommand):
    help = "Write the catalogue as an awesome-list README."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("-o", "--output", help="the file to write (default: standard output)")

    def handle(self, *args: Any, **options: Any) -> None:
        text = awesome_readme()
        if not options["output"]:
            self.stdout.write(text, ending="")
            return
        try:
            Path(options["output"]).write_bytes(text.encode())
        except OSError as error:
            raise CommandError(f"{options['output']}: {error.strerror}.") from error
        self.stderr.write(f"Wrote {options['output']}.")
