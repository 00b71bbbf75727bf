"""What must be true of an account together, and the names that are given out."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from tests.accounts.conftest import make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("flags", "role"),
    [
        ({}, "contributor"),
        ({"is_staff": True}, "moderator"),
        ({"is_staff": True, "is_superuser": True}, "admin"),
    ],
)
def test_role_comes_from_the_flags(flags: dict[str, bool], role: str) -> None:
    assert User(**flags).role == role


def test_sessions_begun_between_two_ends_of_all_are_ended_too() -> None:
    first = make_user()
    second = User.objects.get(pk=first.pk)
    first.end_sessions()
    begun = first.get_session_auth_hash()

    second.end_sessions()

    assert second.get_session_auth_hash() != begun
    assert User.objects.get().get_session_auth_hash() == second.get_session_auth_hash()


def test_suspend_needs_a_reason() -> None:
    with pytest.raises(ValueError, match="needs a reason"):
        make_user().suspend(because="  ")


def test_suspend_and_lift() -> None:
    user = make_user()
    user.suspend(because=" Spam. ")
    suspended = User.objects.values_list("suspended_because", flat=True).get()
    assert (user.is_suspended, suspended) == (True, "Spam.")

    user.lift_suspension()
    assert User.objects.values_list("suspended_at", "suspended_because").get() == (None, "")


@pytest.mark.parametrize(
    "fields",
    [
        {"suspended_at": timezone.now()},
        {"suspended_because": "Spam."},
        {"left_at": timezone.now()},
        {"left_at": timezone.now(), "is_active": False, "email": "a@example.org"},
        {"left_at": timezone.now(), "is_active": False, "is_staff": True},
    ],
)
def test_the_database_refuses_halves(fields: dict[str, object]) -> None:
    make_user()
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.update(**fields)


@pytest.mark.parametrize("name", ["Ada\u202elove", "Ada\x00", "Ada\nLovelace", "\u200b"])
def test_a_shown_name_holds_nothing_invisible(name: str) -> None:
    with pytest.raises(ValidationError):
        User(username="ada", password="!", first_name=name).full_clean()


def test_shown_name_falls_back_to_the_username() -> None:
    assert [User(username="ada").shown_name, User(username="ada", first_name="Ada L.").shown_name] == ["ada", "Ada L."]


@pytest.mark.parametrize(
    ("taken", "requested", "free"),
    [
        ([], "ada", "ada"),
        ([], "", "user"),
        (["user"], "", "user-2"),
        (["ADA"], "ada", "ada-2"),
        (["ada", "ada-3"], "ada", "ada-2"),
        (["a%a", "axa"], "a_a", "a_a"),
        ([], "Former-Contributor-1", "gh-Former-Contributor-1"),
        ([], "x" * 200, "x" * 130),
    ],
)
def test_free_username(taken: list[str], requested: str, free: str) -> None:
    for name in taken:
        make_user(name)
    assert User.objects.free_username(requested) == free
