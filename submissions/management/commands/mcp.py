"""manage.py mcp: an MCP server on standard input and output, for agents (docs/api-proposing.md)."""

import os
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

TOKEN = "VLM_PORTAL_TOKEN"  # noqa: S105 -- the name of an environment variable


class Command(BaseCommand):
    help = f"Serve the portal's API to an agent by MCP, on standard input and output; {TOKEN} holds an API token."
    requires_system_checks = []  # standard output belongs to the protocol

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--url", default=settings.SITE_URL, help="The portal; by default SITE_URL.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from submissions.mcp_server import build_server  # noqa: PLC0415 -- its packages are optional
        except ModuleNotFoundError as error:
            raise CommandError(f"{error}: install requirements/mcp.txt first.") from error
        build_server(options["url"], os.environ.get(TOKEN, "")).run()
