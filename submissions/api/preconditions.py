"""ETag and If-Match of proposals: a tag begins with the version, which every write counts up."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.conditional import TAG
from catalog.api.problems import Problem
from submissions.models import Proposal
from submissions.workflow import Conflict

VERSION = re.compile(r"v(\d{1,9})-")
NONE = 0
"""A version that no proposal has."""


def tag_of(proposal: Proposal, events: int) -> str:
    """The tag of a proposal on which so many things were done: a comment changes what is read, not the version."""
    return f"v{proposal.version}-{events}"


def told(body: dict[str, Any], proposal: Proposal, status: int = 200) -> Response:
    """The answer to a write: the proposal as it is now, with its tag and, for a new one, its address."""
    headers = {"ETag": f'W/"{tag_of(proposal, len(body["events"]))}"'}
    if status == 201:
        headers["Location"] = body["url"]
    return Response(body, status=status, headers=headers)


@contextmanager
def as_if_match_says(request: Request, proposal: Proposal) -> Iterator[int]:
    """The version for the workflow to insist on: the proposal's, or NONE where If-Match names another.

    So the workflow's other refusals come first, as RFC 9110, 13.2.1 asks; its conflict becomes a Problem (412).
    """
    sent = request.headers.get("If-Match")
    found = [int(match[1]) for tag in TAG.findall(sent or "") if (match := VERSION.match(tag))]
    matches = sent is None or sent.strip() == "*" or proposal.version in found
    try:
        yield proposal.version if matches else NONE
    except Conflict as error:
        if matches:
            raise
        raise Problem(
            412,
            f"The proposal is at version {proposal.version}, and If-Match names another: read it again.",
            kind="changed-since",
            version=proposal.version,
        ) from error
