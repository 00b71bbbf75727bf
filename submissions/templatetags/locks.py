"""Locks of entries, for pages of the catalogue, which knows none."""

from django import template

from accounts.rules import Visitor
from submissions import rules
from submissions.models import EntryLock

register = template.Library()


@register.simple_tag
def lock_of(kind: str, entry_id: int) -> EntryLock | None:
    """The lock on an entry, if there is one."""
    return rules.get_lock(kind, entry_id)


@register.filter
def can_edit_locked(user: Visitor) -> bool:
    """Whether the user may propose changes of a locked entry."""
    return rules.can_edit_locked(user)
