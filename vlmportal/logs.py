"""What never gets into a log: email addresses, and the tokens of unsubscribe links."""

import logging
import re

# bounded, so that the time to search grows with the length of the text alone
EMAIL = re.compile(r"[^\s@%<>\"(),:;=\[\]{}|&?/\\]{1,64}+(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
UNSUBSCRIBE = re.compile(r"(/unsubscribe/)[^\s/?\"'<>]+")


def redacted(text: str) -> str:
    """The text with email addresses and unsubscribe tokens replaced by what they were."""
    return EMAIL.sub("[email address]", UNSUBSCRIBE.sub(r"\1[token]", text))


class Formatter(logging.Formatter):
    """Formats a record with its traceback, and redacts all of it."""

    def format(self, record: logging.LogRecord) -> str:
        return redacted(super().format(record))
