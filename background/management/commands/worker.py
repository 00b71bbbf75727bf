"""manage.py worker: run background work, beside the web processes or from a timer (--batch)."""

import os
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.autoreload import run_with_reloader

from background.worker import WorkerProcess


def run_or_exit(worker: WorkerProcess) -> None:
    """Run in a thread of the reloader, and end the process if that fails: the reloader would wait for changes."""
    if not worker.run():
        os._exit(1)


class Command(BaseCommand):
    help = "Send emails and webhooks and do other background work, until stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--batch", action="store_true", help="do what is due, then end: for a timer")
        parser.add_argument("--reload", action="store_true", help="start again when the code changes")

    def handle(self, *args: Any, batch: bool, reload: bool, **options: Any) -> None:
        worker = WorkerProcess(batch=batch)
        if reload:
            run_with_reloader(run_or_exit, worker)
            return
        worker.stop_on_signals()
        if not worker.run():
            sys.exit(1)  # the log says why
