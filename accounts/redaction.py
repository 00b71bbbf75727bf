"""What is kept out of logs and of what admins read about emails: addresses, and the tokens of unsubscribe links."""

import re

# bounded, so that the time to search grows with the length of the text alone
EMAIL = re.compile(r"[^\s@%<>\"(),:;=\[\]{}|&?/\\]{1,64}+(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
UNSUBSCRIBE = re.compile(r"(/unsubscribe/)[^\s/?\"'<>]+")


def redacted(text: str) -> str:
    """The text with email addresses and unsubscribe tokens replaced by what they were."""
    return EMAIL.sub("[email address]", UNSUBSCRIBE.sub(r"\1[token]", text))
