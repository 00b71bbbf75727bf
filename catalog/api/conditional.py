"""Validators and caching: ETag, Last-Modified, 304 (RFC 9110, 13), Cache-Control, Vary (RFC 9111).

Entity tags are weak, because compression changes the bytes of the same content, and If-None-Match uses weak comparison.
The tag of an entry begins with its revision, for If-Match: "r12-…" is revision 12.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

from django.utils import timezone
from django.utils.cache import patch_vary_headers
from rest_framework.request import Request
from rest_framework.response import Response

from catalog.kinds import KINDS

REPRESENTATION_VERSION = "1"
"""To be changed whenever the same content is represented differently; payloads have a shape number of their own."""

PUBLIC = "public, max-age=0, s-maxage=30, stale-while-revalidate=60"
PUBLIC_REVALIDATE = "public, no-cache"
PUBLIC_ONE_DAY = "public, max-age=86400"
PRIVATE = "private, no-cache"

ENTITY_TAG = re.compile(r'(?:W/)?"([^"]*)"')


@dataclass(frozen=True)
class Validators:
    """The validators of a response; `modified` is precise to the second."""

    entity_tag: str
    modified: datetime | None = None


def entity_tag(request: Request, *state: object, prefix: str = "") -> str:
    """Return an entity tag of a state of the data for the URL, query and format of this request."""
    media = getattr(request, "accepted_renderer", None)
    payload_shapes = [kind.form.shape() for kind in KINDS.values()]
    parts = (REPRESENTATION_VERSION, *payload_shapes, request.get_full_path(), getattr(media, "format", ""), *state)
    digest = hashlib.blake2b("\x1f".join(map(str, parts)).encode("utf-8", "replace"), digest_size=9).hexdigest()
    return f"{prefix}{digest}"


def digest(content: bytes) -> str:
    """Return a hash of a body, for an entity tag where nothing cheaper identifies its state."""
    return hashlib.blake2b(content, digest_size=9).hexdigest()


def not_modified(request: Request, validators: Validators) -> bool:
    """Whether the client's copy is current; If-Modified-Since is ignored when If-None-Match is sent."""
    if request.method not in ("GET", "HEAD"):
        return False
    if (sent := request.headers.get("If-None-Match")) is not None:
        return sent.strip() == "*" or validators.entity_tag in ENTITY_TAG.findall(sent)
    if validators.modified is None or not (since := request.headers.get("If-Modified-Since")):
        return False
    try:
        return parsedate_to_datetime(since).timestamp() >= int(validators.modified.timestamp())
    except (ValueError, TypeError, OverflowError):
        return False  # RFC 9110, 13.1.3: an invalid date is ignored


def set_validators(response: Response, validators: Validators) -> None:
    """Set ETag and Last-Modified."""
    response["ETag"] = f'W/"{validators.entity_tag}"'
    if validators.modified:
        response["Last-Modified"] = format_datetime(validators.modified.replace(microsecond=0), usegmt=True)


def set_cache_headers(request: Request, response: Response, policy: str) -> None:
    """Set Cache-Control and Vary: `policy` for an anonymous client, private caching for anybody signed in."""
    anonymous = request.auth is None and not request.user.is_authenticated
    response["Cache-Control"] = policy if anonymous else PRIVATE
    patch_vary_headers(response, ["Accept", "Accept-Encoding", "Authorization", "Cookie"])


def policy_as_of(at: datetime | None) -> str:
    """Return the Cache-Control header of a read with `as_of`: what is more than a day past no longer changes."""
    return PUBLIC_ONE_DAY if at and at < timezone.now() - timedelta(days=1) else PUBLIC


def base_revision(if_match: str) -> int | None:
    """Return the revision in an If-Match header that holds one ETag of an entry, else None."""
    revisions = [re.match(r"r(\d{1,9})-", tag) for tag in ENTITY_TAG.findall(if_match)]
    return int(revisions[0][1]) if len(revisions) == 1 and revisions[0] else None
