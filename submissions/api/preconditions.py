"""ETag and If-Match of proposals: an entity tag begins with the version, which every write increments."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.conditional import ENTITY_TAG
from catalog.api.problems import Problem
from submissions.models import Proposal
from submissions.workflow import Conflict

VERSION_TAG = re.compile(r"v(\d{1,9})-")
NO_VERSION = 0
"""A version that no proposal has."""


def proposal_tag(proposal: Proposal, body: Mapping[str, Any]) -> str:
    """Return the entity tag of a represented proposal: comments add events without a new version, and what a
    removal or a restoration would meet depends on other entries."""
    effects = body["effects"]
    met = f"-{effects['referring_count']}{'x' if effects['blocker'] else ''}" if effects else ""
    return f"v{proposal.version}-{len(body['events'])}{met}"


def proposal_response(body: dict[str, Any], proposal: Proposal, status: int = 200) -> Response:
    """Build the response to a write: the represented proposal, with its ETag and, for a new one, its Location."""
    headers = {"ETag": f'W/"{proposal_tag(proposal, body)}"'}
    if status == 201:
        headers["Location"] = body["url"]
    return Response(body, status=status, headers=headers)


@contextmanager
def version_from_if_match(request: Request, proposal: Proposal) -> Iterator[int]:
    """Yield the version that the workflow must find: the proposal's, or NO_VERSION if If-Match names another.

    The workflow's other errors thus come first, as RFC 9110, 13.2.1 requires; its Conflict becomes a Problem (412).
    """
    sent = request.headers.get("If-Match")
    versions = [int(match[1]) for tag in ENTITY_TAG.findall(sent or "") if (match := VERSION_TAG.match(tag))]
    matches = sent is None or sent.strip() == "*" or proposal.version in versions
    try:
        yield proposal.version if matches else NO_VERSION
    except Conflict as error:
        if matches:
            raise
        raise Problem(
            412,
            f"The proposal is at version {proposal.version}, and If-Match names another: read it again.",
            kind="changed-since",
            version=proposal.version,
        ) from error
