"""API tokens: made once, stored as a digest, looked up by their key, invalid when their account may not act."""

from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts import tokens
from accounts.account_deletion import erase_account
from accounts.authentication import TokenAuthentication, allows
from accounts.models import ApiToken, User
from accounts.tokens import MAX_TOKENS, NoSuchToken, TokenRefused, find_token, make_token, record_use
from tests.accounts.conftest import make_moderator, make_user
from tests.at_once import at_once
from tests.people import log_in

pytestmark = pytest.mark.django_db
PAGE = "/accounts/settings/tokens/"
FORM = {"name": "sync", "scopes": ["read", "propose"], "days": "30"}


def made(user: User | None = None, **fields: Any) -> tuple[ApiToken, str]:
    return make_token(**{"user": user or make_user(), "name": "sync", "scopes": ["read"], "days": 30, **fields})


def request_with(header: str) -> Request:
    return Request(RequestFactory().get("/api/v1/", HTTP_AUTHORIZATION=header))


class TestKeys:
    def test_only_a_digest_is_stored(self) -> None:
        token, key = made()
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM accounts_apitoken")
            row = " ".join(str(value) for value in cursor.fetchone())

        assert key not in row
        assert (key.startswith("vlmp_"), len(key), token.hint, len(token.digest)) == (True, 48, key[-4:], 64)

    def test_a_key_finds_its_token_in_one_query(self, django_assert_num_queries: Any) -> None:
        token, key = made()
        with django_assert_num_queries(1):
            assert find_token(key).user == token.user

    @pytest.mark.parametrize("key", ["", "vlmp_", "vlmp_wrong", "x" * 5000, "vlmp_" + "x" * 5000, "vlmp_é\u0000"])
    def test_a_wrong_key_finds_none(self, key: str) -> None:
        made()
        with pytest.raises(NoSuchToken, match="wrong, expired or revoked"):
            find_token(key)

    def test_a_token_ends_with_its_time(self) -> None:
        token, key = made()
        long_ago = timezone.now() - timedelta(days=31)
        ApiToken.objects.update(created_at=long_ago, expires_at=long_ago + timedelta(days=30))

        with pytest.raises(NoSuchToken):
            find_token(key)
        assert ApiToken.objects.get(pk=token.pk).is_expired

    def test_scopes_are_stored_once_and_in_order(self) -> None:
        token, _ = made(scopes=["propose", "read", "propose"])
        assert token.scopes == ["read", "propose"]

    def test_a_name_is_one_persons_once(self) -> None:
        user = make_user()
        made(user)
        made(make_user("bob"))
        with pytest.raises(TokenRefused):
            made(user)

    def test_a_token_cannot_be_over_before_it_begins(self) -> None:
        token, _ = made()
        with pytest.raises(IntegrityError), transaction.atomic():
            ApiToken.objects.filter(pk=token.pk).update(expires_at=token.created_at)


class TestWhoMayHoldOne:
    def test_a_suspension_ends_tokens_for_good(self) -> None:
        token, key = made()
        token.user.suspend(because="Spam.")
        token.user.lift_suspension()

        with pytest.raises(NoSuchToken):
            find_token(key)

    def test_a_suspended_account_has_no_working_token(self) -> None:
        token, key = made()
        User.objects.filter(pk=token.user.pk).update(suspended_at=timezone.now(), suspended_because="Spam.")

        with pytest.raises(NoSuchToken):
            find_token(key)
        with pytest.raises(PermissionError):
            made(User.objects.get(), name="another")

    def test_who_leaves_leaves_no_token(self) -> None:
        token, _ = made()
        erase_account(user=token.user)
        assert not ApiToken.objects.exists()

    def test_only_moderators_make_a_token_that_moderates(self) -> None:
        with pytest.raises(PermissionError):
            made(scopes=["moderate"])
        assert made(make_moderator(), scopes=["moderate"])[0].scopes == ["moderate"]


class TestLastUse:
    def test_it_is_written_once_a_minute(self, django_assert_num_queries: Any) -> None:
        _, key = made()
        record_use(find_token(key))
        first = ApiToken.objects.get().last_used_at
        with django_assert_num_queries(1):  # finding it, and no write
            record_use(find_token(key))
        assert ApiToken.objects.get().last_used_at == first

        earlier = timezone.now() - tokens.USE_RECORDED_EVERY
        ApiToken.objects.update(last_used_at=earlier)
        record_use(find_token(key))
        assert (ApiToken.objects.get().last_used_at or earlier) > earlier


class TestAuthentication:
    def test_a_bearer_token_is_its_user(self) -> None:
        token, key = made()
        assert TokenAuthentication().authenticate(request_with(f"Bearer {key}")) == (token.user, token)
        assert ApiToken.objects.get().last_used_at is not None

    @pytest.mark.parametrize("header", ["", " ", "Basic YTpi"])
    def test_the_scheme_of_a_gate_before_the_site_is_left_to_it(self, header: str) -> None:
        assert TokenAuthentication().authenticate(request_with(header)) is None

    @pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer x", "bearer a b", "Bearer \xff", "Token x", "R"])
    def test_a_bad_token_is_refused(self, header: str) -> None:
        with pytest.raises(AuthenticationFailed):
            TokenAuthentication().authenticate(request_with(header))

    def test_a_token_reaches_as_far_as_its_scopes_and_a_session_everywhere(self) -> None:
        token, key = made(scopes=["read"])
        request = request_with(f"Bearer {key}")
        request.auth = token
        assert [allows(request, scope) for scope in tokens.Scope] == [True, False, False]
        assert allows(request_with(""), "moderate")


class TestPage:
    def test_the_key_is_shown_once(self, client: Client) -> None:
        log_in(client, make_user())
        answer = client.post(PAGE, FORM)
        key = answer.context["key"]

        assert (answer.status_code, "no-store" in answer["Cache-Control"]) == (200, True)
        assert answer.content.decode().count(key) == 1
        assert find_token(key).name == "sync"
        assert key not in client.get(PAGE).content.decode()

    def test_a_form_sent_twice_makes_one_token(self, client: Client) -> None:
        log_in(client, make_user())
        client.post(PAGE, FORM)
        answer = client.post(PAGE, FORM)

        assert answer.status_code == 400
        assert answer.context["form"].errors == {
            "name": ["You have a token of this name already: revoke it, or choose another name."]
        }
        assert ApiToken.objects.count() == 1

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "a\u202eb"}, "name"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["moderate"]}, "scopes"),
            ({"scopes": ["all"]}, "scopes"),
            ({"days": "36500"}, "days"),
        ],
    )
    def test_an_error_is_shown_at_its_field(self, client: Client, changes: dict[str, Any], field: str) -> None:
        log_in(client, make_user())
        answer = client.post(PAGE, {**FORM, **changes})
        assert (answer.status_code, list(answer.context["form"].errors)) == (400, [field])
        assert not ApiToken.objects.exists()

    def test_moderators_are_offered_to_moderate(self, client: Client) -> None:
        log_in(client, make_moderator())
        client.post(PAGE, {**FORM, "scopes": ["moderate"]})
        assert ApiToken.objects.get().scopes == ["moderate"]

    def test_there_is_an_end_to_how_many(self, client: Client) -> None:
        user = make_user()
        for number in range(MAX_TOKENS):
            made(user, name=str(number))
        log_in(client, user)
        assert client.post(PAGE, FORM).status_code == 400

    def test_revoking_is_at_once(self, client: Client) -> None:
        token, key = made()
        log_in(client, token.user)
        client.post(f"{PAGE}{token.pk}/revoke/")
        with pytest.raises(NoSuchToken):
            find_token(key)

    def test_nobody_revokes_anothers(self, client: Client) -> None:
        token, key = made()
        log_in(client, make_user("bob"))
        assert client.post(f"{PAGE}{token.pk}/revoke/").status_code == 404
        assert find_token(key) == token

    def test_a_suspended_person_makes_none(self, client: Client) -> None:
        user = make_user()
        user.suspend(because="Spam.")
        log_in(client, user)
        assert (client.get(PAGE).status_code, client.post(PAGE, FORM).status_code) == (200, 403)

    def test_visitors_are_sent_to_sign_in(self, client: Client) -> None:
        assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"
        assert client.post(f"{PAGE}1/revoke/").status_code == 302

    def test_the_number_of_queries_is_constant(self, client: Client) -> None:
        user = make_user()
        log_in(client, user)
        made(user)
        with CaptureQueriesContext(
            connection,
        ) as one:
            client.get(PAGE)
        for number in range(10):
            made(user, name=str(number))
        with CaptureQueriesContext(connection) as many:
            client.get(PAGE)
        assert len(one) == len(many) <= 4


@pytest.mark.django_db(transaction=True)
def test_many_at_once_do_not_pass_the_limit() -> None:
    user = make_user()
    for number in range(MAX_TOKENS - 2):
        made(user, name=str(number))

    def make(number: int) -> str:
        try:
            made(User.objects.get(pk=user.pk), name=f"At once {number}")
        except TokenRefused as error:
            return str(error)
        return "made"

    answers = at_once(*(partial(make, number) for number in range(8)))

    assert sorted(answers) == [f"You have {MAX_TOKENS} tokens: revoke one first."] * 6 + ["made"] * 2
    assert user.api_tokens.count() == MAX_TOKENS


def test_who_was_suspended_meanwhile_makes_none() -> None:
    user = make_user()
    User.objects.get(pk=user.pk).suspend(because="Spam.")

    with pytest.raises(PermissionError):
        made(user)
