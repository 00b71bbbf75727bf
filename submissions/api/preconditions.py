"""ETag and If-Match of proposals: a tag begins with the version, which every write counts up."""

import re
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from catalog.api.conditional import TAG
from catalog.api.problems import Problem
from submissions.models import Proposal

VERSION = re.compile(r"v(\d{1,9})-")


def tag_of(proposal: Proposal, events: int) -> str:
    """The tag of a proposal on which so many things were done: a comment changes what is read, not the version."""
    return f"v{proposal.version}-{events}"


def told(body: dict[str, Any], proposal: Proposal, status: int = 200) -> Response:
    """The answer to a write: the proposal as it is now, with its tag and, for a new one, its address."""
    headers = {"ETag": f'W/"{tag_of(proposal, len(body["events"]))}"'}
    if status == 201:
        headers["Location"] = body["url"]
    return Response(body, status=status, headers=headers)


def refuse_other_version(request: Request, proposal: Proposal) -> None:
    """Raises Problem (412) where If-Match is sent and names another version than the proposal's."""
    sent = request.headers.get("If-Match")
    if sent is None or sent.strip() == "*":
        return
    found = [int(match[1]) for tag in TAG.findall(sent) if (match := VERSION.match(tag))]
    if proposal.version not in found:
        raise Problem(
            412,
            f"The proposal is at version {proposal.version}, and If-Match names another: read it again.",
            kind="changed-since",
            version=proposal.version,
        )
