"""Who may do what: named predicates that pages, the API, the admin and the workflow all ask."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from accounts.models import User

Visitor = User | AnonymousUser


def require_account(user: Visitor) -> User:
    """The account that is signed in. Raises PermissionDenied for a visitor without one."""
    if not isinstance(user, User):
        raise PermissionDenied("Sign in first.")
    return user


def can_contribute(user: Visitor) -> bool:
    """Propose, discuss and flag: anyone signed in who is not suspended."""
    return isinstance(user, User) and user.is_active and not user.is_suspended


def needs_second_factor(user: Visitor) -> bool:
    """Whether the queue stays closed until a second factor is set up; the local demo only offers one."""
    return isinstance(user, User) and user.is_staff and not settings.LOCAL_DEMO and not user.has_second_factor


def can_moderate(user: Visitor) -> bool:
    """See the queue and decide: staff, not suspended, with a second factor."""
    return isinstance(user, User) and can_contribute(user) and user.is_staff and not needs_second_factor(user)


def can_administer(user: Visitor) -> bool:
    """Change accounts and the site itself."""
    return isinstance(user, User) and can_moderate(user) and user.is_superuser


def can_suspend(actor: Visitor, user: User) -> bool:
    """A moderator may suspend contributors, an admin anyone; nobody themselves, and nobody who left."""
    if not can_moderate(actor) or actor.pk == user.pk or user.left_at is not None:
        return False
    return can_administer(actor) or user.role == "contributor"
