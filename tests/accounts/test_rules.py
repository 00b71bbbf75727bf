"""Who may do what, as a table of states."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser

from accounts.demo import demo_user
from accounts.models import User
from accounts.rules import Visitor, can_administer, can_contribute, can_moderate, can_suspend, needs_second_factor
from tests.accounts.conftest import make_admin, make_moderator, make_user

pytestmark = pytest.mark.django_db


def suspended(user: User) -> User:
    user.suspend(because="Spam.")
    return user


def unused(user: User) -> User:
    """In a session that has not used the second factor."""
    user.second_factor_unused = True
    return user


def visitors() -> dict[str, Visitor]:
    return {
        "nobody": AnonymousUser(),
        "contributor": make_user("contributor"),
        "contributor with a key": make_user("keyed", second_factor=True),
        "suspended contributor": suspended(make_user("s-contributor")),
        "inactive contributor": make_user("inactive", is_active=False),
        "moderator": make_moderator("moderator"),
        "moderator without a key": make_moderator("keyless", second_factor=False),
        "moderator who has not used it": unused(make_moderator("unused")),
        "suspended moderator": suspended(make_moderator("s-moderator")),
        "inactive moderator": make_moderator("i-moderator", is_active=False),
        "admin": make_admin("admin"),
        "admin without a key": make_admin("a-keyless", second_factor=False),
        "superuser who is no staff": make_admin("no-staff", is_staff=False),
    }


def those(rule: Any) -> set[str]:
    return {name for name, visitor in visitors().items() if rule(visitor)}


def test_can_contribute() -> None:
    assert those(can_contribute) == {
        "contributor",
        "contributor with a key",
        "moderator",
        "moderator without a key",
        "moderator who has not used it",
        "admin",
        "admin without a key",
        "superuser who is no staff",
    }


def test_needs_second_factor() -> None:
    assert those(needs_second_factor) == {
        "moderator without a key",
        "moderator who has not used it",
        "admin without a key",
    }


def test_can_moderate() -> None:
    assert those(can_moderate) == {"moderator", "admin"}


def test_can_moderate_in_the_local_demo(settings: Any) -> None:
    settings.LOCAL_DEMO, settings.ALLOWED_HOSTS = True, ["localhost"]
    assert those(can_moderate) == {"moderator", "admin"}
    assert can_moderate(demo_user("demo-moderator") or AnonymousUser())
    settings.LOCAL_DEMO = False
    assert not can_moderate(demo_user("demo-moderator") or AnonymousUser())


def test_can_administer() -> None:
    assert those(can_administer) == {"admin"}


def test_recovery_codes_alone_are_no_second_factor() -> None:
    moderator = make_moderator(second_factor=False)
    Authenticator.objects.create(user=moderator, type="recovery_codes", data={})
    assert can_moderate(moderator) is False


@pytest.mark.parametrize(
    ("actor", "target", "may"),
    [
        ("moderator", "contributor", True),
        ("moderator", "admin", False),
        ("moderator", "moderator without a key", False),
        ("moderator", "moderator", False),
        ("admin", "contributor", True),
        ("admin", "moderator", True),
        ("admin", "admin without a key", True),
        ("admin", "admin", False),
        ("contributor", "contributor with a key", False),
        ("moderator without a key", "contributor", False),
        ("suspended moderator", "contributor", False),
    ],
)
def test_can_suspend(actor: str, target: str, may: bool) -> None:
    people = visitors()
    suspect = people[target]
    assert isinstance(suspect, User)
    assert can_suspend(people[actor], suspect) is may
