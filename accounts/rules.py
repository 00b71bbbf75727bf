"""Permissions: predicates that pages, the API, the admin site and the workflow all use."""

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.demo import is_demo_account
from accounts.models import User

Visitor = User | AnonymousUser


def require_account(user: Visitor) -> User:
    """The signed-in account. Raises PermissionDenied if there is none."""
    if not isinstance(user, User):
        raise PermissionDenied("Sign in first.")
    return user


def can_contribute(user: Visitor) -> bool:
    """Whether the user may propose, comment and flag: signed in and not suspended."""
    return isinstance(user, User) and user.is_active and not user.is_suspended


def needs_second_factor(user: Visitor) -> bool:
    """Whether the user must set up a second factor before moderating, or use it in this session.

    It is optional for the accounts of the local demo, which anybody at this machine may choose.
    """
    if not isinstance(user, User) or not user.is_staff or is_demo_account(user):
        return False
    return user.second_factor_unused or not user.has_second_factor


def can_moderate(user: Visitor) -> bool:
    """Whether the user may see the queue and decide: staff, not suspended, second factor used in this session."""
    return isinstance(user, User) and can_contribute(user) and user.is_staff and not needs_second_factor(user)


def can_administer(user: Visitor) -> bool:
    """Whether the user may change accounts and edit entries directly."""
    return isinstance(user, User) and can_moderate(user) and user.is_superuser


def can_suspend(actor: Visitor, user: User) -> bool:
    """Whether `actor` may suspend `user`: moderators contributors, admins anybody; never themselves or who has left."""
    if not can_moderate(actor) or actor.pk == user.pk or user.left_at is not None:
        return False
    return can_administer(actor) or user.role == "contributor"
