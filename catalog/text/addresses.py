"""Addresses of web pages and mailboxes, as a browser reads them."""

import re
from urllib.parse import SplitResult, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator, URLValidator

SCHEMES = ("http", "https")
NOT_AN_ADDRESS = "Not an address that starts with http:// or https://."
_BEFORE_QUERY = re.compile(r"[^?#]*")
_is_url = URLValidator(schemes=SCHEMES, message=NOT_AN_ADDRESS)
_is_mailbox = EmailValidator(message="After mailto: stands one email address and nothing else.")


def address_error(address: str) -> str:
    """What is wrong with an absolute http, https or mailto address; "" if nothing is."""
    scheme, _, rest = address.partition(":")
    try:
        if scheme.lower() == "mailto":
            _is_mailbox(rest)
            return ""
        return _web_error(address)
    except ValidationError as error:
        return str(error.messages[0])
    except ValueError:  # of urlsplit: brackets without a partner, a port beyond 65535
        return NOT_AN_ADDRESS


def _web_error(address: str) -> str:
    if "\\" in address:
        return "Holds a backslash, which browsers read as a slash; write / or %5C."
    parts = urlsplit(address)
    if "@" in parts.netloc:
        return "Holds a user name or password before the host; remove it."
    if not parts.netloc.isprintable():
        return "Holds an invisible character in its host; remove it."
    if parts.netloc.endswith(":") or parts.port == 0:
        return "Not a port between 1 and 65535."
    _is_url(_with_plain_host(parts))
    return ""


def _with_plain_host(parts: SplitResult) -> str:
    """The address with letters for underscores in its host: browsers open such hosts, URLValidator refuses them."""
    return parts._replace(netloc=parts.netloc.replace("_", "a")).geturl()


def split_as_browser(address: str) -> SplitResult:
    """The parts of a web address as a browser reads them: a backslash before the query is a slash. Raises ValueError if
    it cannot be read."""
    before_query = _BEFORE_QUERY.match(address)
    end = before_query.end() if before_query else 0
    return urlsplit(address[:end].replace("\\", "/") + address[end:])


def host_of(address: str) -> str:
    """The host of a web address in lower case, without user and port; "" if it has none or cannot be read."""
    try:
        return split_as_browser(address).hostname or ""
    except ValueError:
        return ""


def is_at(address: str, domain: str) -> bool:
    """Whether an address leads to a domain or a host below it."""
    host = host_of(address)
    return host == domain or host.endswith(f".{domain}")
