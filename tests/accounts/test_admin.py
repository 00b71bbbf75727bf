"""People in the admin: what admins change, what moderators see and do."""

from datetime import UTC, datetime

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.accounts.conftest import make_admin, make_moderator, make_user
from tests.people import log_in

pytestmark = pytest.mark.django_db
LIST = "/admin/accounts/user/"
CANARY = "canary@example.org"


@pytest.fixture
def moderator(client: Client) -> User:
    user = make_moderator()
    log_in(client, user)
    return user


@pytest.fixture
def admin(client: Client) -> User:
    user = make_admin()
    log_in(client, user)
    return user


def act(client: Client, action: str, *people: User, because: str = "") -> str:
    """The page after an action on some people."""
    form = {"action": action, "because": because, "_selected_action": [person.pk for person in people]}
    return client.post(LIST, form, follow=True).content.decode()


class TestModerator:
    def test_sees_names_and_no_address(self, client: Client, moderator: User) -> None:
        ada = make_user(email=CANARY)
        for path in (LIST, f"{LIST}{ada.pk}/change/", f"{LIST}?q=ada"):
            page = client.get(path).content.decode()
            assert "ada" in page
            assert CANARY not in page

    @pytest.mark.parametrize("query", ["email__startswith=canary", "email=canary@example.org", "password__gt=a"])
    def test_cannot_guess_an_address_by_a_filter(self, query: str, client: Client, moderator: User) -> None:
        make_user(email=CANARY)
        assert client.get(f"{LIST}?{query}").status_code == 400

    @pytest.mark.parametrize(("query", "found"), [("yes", ["eve"]), ("no", ["ada", "grace"])])
    def test_filters_by_suspension(self, query: str, found: list[str], client: Client, moderator: User) -> None:
        make_user("ada")
        make_user("eve", suspended_at=timezone.now(), suspended_because="spam")
        response = client.get(f"{LIST}?suspended={query}")
        names = sorted(user.username for user in response.context["cl"].result_list)
        assert (response.status_code, names) == (200, found)

    def test_every_filter_offered_works(self, client: Client, moderator: User) -> None:
        changes = client.get(LIST).context["cl"]
        links = {choice["query_string"] for spec in changes.filter_specs for choice in spec.choices(changes)}
        assert {client.get(f"{LIST}{link}").status_code for link in links} == {200}
        assert len(links) == 9

    def test_sees_dates_as_on_all_pages(self, client: Client, moderator: User) -> None:
        ada = make_user(date_joined=datetime(2026, 11, 28, 13, 31, tzinfo=UTC))
        for path in (LIST, f"{LIST}{ada.pk}/change/"):
            assert "28 November 2026, 13:31" in client.get(path).content.decode()

    def test_cannot_guess_an_address_by_searching(self, client: Client, moderator: User) -> None:
        make_user(email=CANARY)
        assert "0 users" in client.get(f"{LIST}?q=canary").content.decode()

    def test_changes_nobody(self, client: Client, moderator: User) -> None:
        ada = make_user()
        statuses = [
            client.post(f"{LIST}{ada.pk}/change/", {"username": "eve", "is_superuser": "on"}).status_code,
            client.post(f"{LIST}{moderator.pk}/change/", {"is_superuser": "on"}).status_code,
            client.post(f"{LIST}{ada.pk}/password/", {"password1": "x", "password2": "x"}).status_code,
            client.post(f"{LIST}{ada.pk}/delete/", {"post": "yes"}).status_code,
            client.post(f"{LIST}add/", {"username": "eve"}).status_code,
        ]
        assert statuses == [403] * 5
        assert list(User.objects.order_by("pk").values_list("username", "is_superuser")) == [
            ("grace", False),
            ("ada", False),
        ]

    def test_suspends_a_contributor_with_a_reason(self, client: Client, moderator: User) -> None:
        ada = make_user()
        page = act(client, "suspend", ada, because="Spam.")

        ada.refresh_from_db()
        assert (ada.is_suspended, ada.suspended_because) == (True, "Spam.")
        assert "Suspended ada: Spam.<" in page
        assert LogEntry.objects.values_list("user__username", "object_id", "change_message").get() == (
            "grace",
            str(ada.pk),
            "Suspended ada: Spam.",
        )

    def test_lifts_a_suspension(self, client: Client, moderator: User) -> None:
        ada = make_user()
        ada.suspend(because="Spam.")
        act(client, "lift", ada)

        ada.refresh_from_db()
        assert ada.is_suspended is False

    @pytest.mark.parametrize("because", ["  ", "\u200b"])
    def test_needs_a_reason(self, because: str, client: Client, moderator: User) -> None:
        ada = make_user()
        page = act(client, "suspend", ada, because=because)

        ada.refresh_from_db()
        assert ada.is_suspended is False
        assert "A suspension needs a reason: nobody was suspended." in page

    def test_suspends_neither_peers_nor_admins_nor_themselves(self, client: Client, moderator: User) -> None:
        others = [make_moderator("peer"), make_admin(), moderator]
        page = act(client, "suspend", *others, because="Coup.")

        assert User.objects.filter(suspended_at__isnull=False).count() == 0
        assert "Not for you to suspend: grace, peer, root." in page

    def test_does_not_remove_second_factors(self, client: Client, moderator: User) -> None:
        peer = make_moderator("peer")
        act(client, "remove_second_factors", peer)
        assert Authenticator.objects.filter(user=peer).exists()


class TestAdmin:
    def test_sees_and_finds_addresses(self, client: Client, admin: User) -> None:
        ada = make_user(email=CANARY)
        assert CANARY in client.get(f"{LIST}{ada.pk}/change/").content.decode()
        assert "1 user" in client.get(f"{LIST}?q=canary").content.decode()

    def test_makes_a_moderator(self, client: Client, admin: User) -> None:
        ada = make_user()
        form = {"username": "ada", "first_name": "", "email": "", "is_active": "on", "is_staff": "on"}
        response = client.post(f"{LIST}{ada.pk}/change/", form)

        assert response.status_code == 302
        ada.refresh_from_db()
        assert ada.role == "moderator"

    def test_suspends_a_moderator(self, client: Client, admin: User) -> None:
        grace = make_moderator()
        act(client, "suspend", grace, because="Waved everything through.")
        grace.refresh_from_db()
        assert grace.is_suspended

    def test_helps_after_a_lost_phone(self, client: Client, admin: User) -> None:
        grace = make_moderator()
        page = act(client, "remove_second_factors", grace)
        assert "Removed the second factor of grace." in page
        assert not Authenticator.objects.filter(user=grace).exists()

    def test_deletes_nobody(self, client: Client, admin: User) -> None:
        ada = make_user()
        assert client.post(f"{LIST}{ada.pk}/delete/", {"post": "yes"}).status_code == 403

    @pytest.mark.parametrize(
        "name", ["mfa/authenticator", "socialaccount/socialtoken", "account/emailaddress", "auth/group"]
    )
    def test_secrets_have_no_page(self, name: str, client: Client, admin: User) -> None:
        assert client.get(f"/admin/{name}/").status_code == 404

    @pytest.mark.parametrize(("query", "names"), [("yes", {"ada"}), ("no", {"root"})])
    def test_filters_by_suspension(self, query: str, names: set[str], client: Client, admin: User) -> None:
        make_user().suspend(because="Spam.")
        shown = client.get(f"{LIST}?suspended={query}").context["cl"].queryset
        assert {user.username for user in shown} == names


@pytest.mark.parametrize("count", [1, 40])
def test_the_list_costs_the_same_for_any_number(
    count: int, client: Client, admin: User, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(count):
        make_user(f"user-{number}")
    with django_assert_max_num_queries(8):  # type: ignore[operator] # pytest-django's fixture
        assert client.get(LIST).status_code == 200
