"""Account deletion: personal data is erased, the row stays under a pseudonym."""

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.sessions.models import Session
from django.test import Client

from accounts.account_deletion import erase_account
from accounts.models import User
from tests.accounts.conftest import make_admin, make_user
from tests.background_work import run_tasks
from tests.people import log_in

pytestmark = pytest.mark.django_db
CANARY = "CANARY"


def test_nothing_personal_stays() -> None:
    user = make_admin(
        f"{CANARY}-name",
        email=f"{CANARY}@example.org",
        first_name=f"{CANARY} first",
        last_name=f"{CANARY} last",
        password=CANARY,
    )
    SocialAccount.objects.create(user=user, provider="github", uid="1", extra_data={"login": CANARY})
    EmailAddress.objects.create(user=user, email=f"{CANARY}@example.org")
    erase_account(user=user)

    row = User.objects.values().get()
    assert CANARY not in str(row)
    assert (row["username"], row["is_active"], row["is_staff"], row["is_superuser"]) == (
        f"former-contributor-{user.pk}",
        False,
        False,
        False,
    )
    assert row["left_at"] is not None
    assert [model.objects.count() for model in (SocialAccount, EmailAddress, Authenticator)] == [0, 0, 0]


def test_sessions_end_and_others_stay(client: Client) -> None:
    leaver, other = make_user("leaver"), make_user("other")
    log_in(client, leaver)
    elsewhere, bystander = Client(), Client()
    log_in(elsewhere, leaver)
    log_in(bystander, other)
    erase_account(user=leaver)

    assert [one.get("/accounts/settings/").status_code for one in (client, elsewhere, bystander)] == [302, 302, 200]
    assert run_tasks() == ["delete_sessions"]
    assert Session.objects.count() == 1


def test_deleting_twice_changes_nothing() -> None:
    user = make_user()
    erase_account(user=user)
    before = User.objects.values().get()
    erase_account(user=user)

    assert User.objects.values().get() == before


def test_a_suspension_survives_the_deletion() -> None:
    user = make_user()
    user.suspend(because="Spam.")
    erase_account(user=user)

    assert User.objects.values_list("suspended_because", flat=True).get() == "Spam."
