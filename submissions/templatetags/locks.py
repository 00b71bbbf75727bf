"""Locks of entries, for pages of the catalogue, which knows none."""

from collections.abc import Mapping
from typing import Any

from django import template

from accounts.rules import Visitor
from catalog.ledger.catalogue_version import version_of_request
from submissions import rules
from submissions.models import EntryLock

register = template.Library()


@register.simple_tag(takes_context=True)
def lock_of(context: Mapping[str, Any], kind: str, entry_id: int) -> EntryLock | None:
    """The lock on an entry, if there is one; no query while nothing is locked."""
    locks = version_of_request(context["request"]).of_other_apps["locks"]
    return rules.get_lock(kind, entry_id) if locks else None


@register.filter
def can_edit_locked(user: Visitor) -> bool:
    """Whether the user may propose changes of a locked entry."""
    return rules.can_edit_locked(user)
