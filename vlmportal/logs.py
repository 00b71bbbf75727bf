"""How log records are formatted: without what must not get into a log."""

import logging

from accounts.redaction import redacted


class Formatter(logging.Formatter):
    """Formats a record with its traceback, and redacts all of it."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))
