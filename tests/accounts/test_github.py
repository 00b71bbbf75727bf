"""Signing in with GitHub, against its double: whose account it is, and what is stored."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import requests
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount, SocialToken
from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from accounts.models import User
from tests.github_double import GitHubDouble, Person

pytestmark = pytest.mark.django_db
SignIn = Callable[..., HttpResponse]


def test_first_sign_in_makes_an_account_and_keeps_little(client: Client, github: GitHubDouble, sign_in: SignIn) -> None:
    response = sign_in()

    assert (response.status_code, response["Location"]) == (302, "/")
    user = User.objects.get()
    assert (user.username, user.email, user.first_name, user.last_name) == ("octocat", "octocat@example.org", "", "")
    assert (user.role, user.has_usable_password()) == ("contributor", False)
    stored = SocialAccount.objects.values("provider", "uid", "user", "extra_data").get()
    assert stored == {
        "provider": "github",
        "uid": "583231",
        "user": user.pk,
        "extra_data": {"login": "octocat", "html_url": "https://github.com/octocat"},
    }
    assert (SocialToken.objects.count(), EmailAddress.objects.count()) == (0, 0)
    assert github.refused == []


def test_github_is_called_in_its_own_order(github: GitHubDouble, sign_in: SignIn) -> None:
    sign_in()

    assert github.requested == [
        "POST /login/oauth/authorize",
        "POST /login/oauth/access_token",
        "GET /api/v3/user",
        "GET /api/v3/user/emails",
    ]


def test_a_suspended_person_signs_in(client: Client, sign_in: SignIn) -> None:
    sign_in()
    client.logout()
    User.objects.get().suspend(because="Spam.")
    sign_in()

    assert "The reason given: Spam." in client.get("/accounts/settings/").content.decode()


def test_denied_consent_says_so(client: Client, sign_in: SignIn) -> None:
    response = sign_in(answer="no")

    assert response["Location"] == "/accounts/3rdparty/login/cancelled/"
    assert "You said no on GitHub" in client.get(response["Location"]).content.decode()
    assert User.objects.count() == 0


def test_a_state_of_nobody_is_refused(client: Client, github: GitHubDouble) -> None:
    response = client.get("/accounts/github/login/callback/?code=abc&state=abc")

    assert response.status_code == 401
    assert "was not started in this browser" in response.content.decode()
    assert github.requested == []


def test_a_state_of_another_browser_is_refused(client: Client, sign_in: SignIn, github: GitHubDouble) -> None:
    started = client.post("/accounts/github/login/?process=login")["Location"]
    back = requests.post(started, data={"answer": "yes"}, allow_redirects=False, timeout=5).headers["Location"]

    assert Client().get(back).status_code == 401
    assert User.objects.count() == 0


def test_a_callback_counts_once(client: Client, github: GitHubDouble) -> None:
    started = client.post("/accounts/github/login/?process=login")["Location"]
    back = requests.post(started, data={"answer": "yes"}, allow_redirects=False, timeout=5).headers["Location"]

    assert [client.get(back).status_code for _ in range(2)] == [302, 401]


def test_a_code_stolen_for_another_session_fails_pkce(client: Client, github: GitHubDouble) -> None:
    """The thief puts the victim's code into a flow of their own: its verifier does not fit."""
    thief = Client()
    mine, theirs = (
        requests.post(
            browser.post("/accounts/github/login/?process=login")["Location"],
            data={"answer": "yes"},
            allow_redirects=False,
            timeout=5,
        ).headers["Location"]
        for browser in (client, thief)
    )
    code, state = mine.partition("code=")[2].partition("&")[0], theirs.partition("state=")[2]
    response = thief.get(f"/accounts/github/login/callback/?code={code}&state={state}")

    assert (response.status_code, github.refused) == (401, ["bad_verification_code"])


@pytest.mark.parametrize("path", ["/login/oauth/access_token", "/api/v3/user", "/api/v3/user/emails"])
@pytest.mark.parametrize("how", ["500", "nonsense"])
def test_github_out_of_order_is_a_page(path: str, how: str, github: GitHubDouble, sign_in: SignIn) -> None:
    github.failing = {path: how}
    response = sign_in()

    assert response.status_code == 401
    assert "<h1>Sign-in failed</h1>" in response.content.decode()
    assert User.objects.count() == 0


ODD_ANSWERS = {
    "/login/oauth/access_token": [
        *("[]", "5", "null", '"access_token"', '["access_token"]', '{"access_token": 5}', '{"access_token": ["x"]}'),
        *('{"access_token": "a\\nb"}', '{"access_token": "\\ud83d\\ude00"}', '{"access_token": ""}'),
    ],
    "/api/v3/user": [
        *("[]", "5", "null", '"x"', "{}", '{"login": "octocat"}', '{"id": null, "login": "octocat"}', '{"id": 1}'),
        *('{"id": "1", "login": "octocat"}', '{"id": true, "login": "x"}', '{"id": -1, "login": "x"}'),
        *('{"id": 99999999999999999999, "login": "x"}', '{"id": 1.5, "login": "x"}', '{"id": 1, "login": 5}'),
        *('{"id": 1, "login": null}', '{"id": 1, "login": ["x"]}', '{"id": 1, "login": ""}'),
        *('{"id": 1, "login": "a\\u0000b"}', '{"id": 1, "login": "<b>"}', '{"id": [1], "login": "x"}'),
    ],
    "/api/v3/user/emails": [
        *("5", "null1", '"x"', "{}", "[5]", "[null]", "[[]]", "[{}]", '[{"email": "x@example.org"}]'),
        *('[{"email": 5, "primary": true, "verified": true}]', '[{"email": "x", "primary": 1, "verified": "yes"}]'),
        '[{"email": "a\\u0000b@example.org", "primary": true, "verified": true}]',
    ],
}


@pytest.mark.parametrize(
    ("path", "answer"), [(path, answer) for path, answers in ODD_ANSWERS.items() for answer in answers]
)
def test_an_odd_answer_of_github_is_a_page(path: str, answer: str, github: GitHubDouble, sign_in: SignIn) -> None:
    github.answers = {path: answer}

    response = sign_in()

    assert response.status_code == 401
    assert "<h1>Sign-in failed</h1>" in response.content.decode()
    assert User.objects.count() == 0


def test_what_is_odd_and_not_needed_is_left_out(github: GitHubDouble, sign_in: SignIn) -> None:
    github.answers = {
        "/api/v3/user": '{"id": 7, "login": "octo_corp", "html_url": "javascript:x", "name": [], "email": 5}'
    }

    assert sign_in().status_code == 302
    assert SocialAccount.objects.values_list("uid", "extra_data").get() == ("7", {"login": "octo_corp", "html_url": ""})


@pytest.mark.parametrize(
    ("path", "method"),
    [("login/", "get"), ("login/", "post"), ("login/callback/", "get"), ("login/callback/?code=x&state=y", "get")],
)
def test_without_an_app_the_address_says_so(client: Client, path: str, method: str) -> None:
    response = getattr(client, method)(f"/accounts/github/{path}")

    assert response.status_code == 404
    assert "Signing in with GitHub is not set up on this portal." in response.content.decode()


def test_github_out_of_reach_is_a_page(github: GitHubDouble, sign_in: SignIn, settings: Any) -> None:
    github.failing = {"/api/v3/user": "silence"}
    settings.SOCIALACCOUNT_REQUESTS_TIMEOUT = 0.2
    response = sign_in()

    assert response.status_code == 401
    assert "GitHub did not answer" in response.content.decode()


def test_a_get_signs_nobody_in(client: Client, github: GitHubDouble) -> None:
    response = client.get("/accounts/github/login/?process=login")

    assert response.status_code == 200
    assert '<button class="button" type="submit">Go on to GitHub</button>' in response.content.decode()


@pytest.mark.parametrize(
    ("requested", "given"),
    [
        ("/papers/?year=2024", "/papers/?year=2024"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_next_never_leaves_the_site(requested: str, given: str, client: Client, github: GitHubDouble) -> None:
    started = client.post("/accounts/github/login/?process=login", query_params={"process": "login", "next": requested})
    back = requests.post(started["Location"], data={"answer": "yes"}, allow_redirects=False, timeout=5)

    assert client.get(back.headers["Location"])["Location"] == given


def test_a_second_github_account_is_added_only_by_its_owner(
    client: Client, github: GitHubDouble, sign_in: SignIn
) -> None:
    sign_in()
    github.person = Person(number=2, login="octodog", emails=[])
    sign_in(query="process=connect")

    assert list(SocialAccount.objects.order_by("uid").values_list("uid", "user__username")) == [
        ("2", "octocat"),
        ("583231", "octocat"),
    ]


def test_the_last_github_account_cannot_be_removed(client: Client, sign_in: SignIn) -> None:
    sign_in()
    response = client.post("/accounts/3rdparty/", {"account": SocialAccount.objects.get().pk})

    assert "This is your only way in: add another GitHub account first." in response.content.decode()
    assert SocialAccount.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_first_sign_ins_at_once_make_one_account(github: GitHubDouble) -> None:
    backs = []
    for browser in (Client(), Client()):
        started = browser.post("/accounts/github/login/?process=login")["Location"]
        back = requests.post(started, data={"answer": "yes"}, allow_redirects=False, timeout=5).headers["Location"]
        backs.append((browser, back))
    gate, statuses = threading.Barrier(2), []

    def finish(browser: Client, back: str) -> None:
        gate.wait()
        statuses.append(browser.get(back).status_code)
        connection.close()

    threads = [threading.Thread(target=finish, args=pair) for pair in backs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert statuses == [302, 302]
    assert User.objects.count() == SocialAccount.objects.count() == 1


def test_github_itself_is_called_at_its_api_host() -> None:
    assert "GITHUB_URL" not in settings.SOCIALACCOUNT_PROVIDERS["github"]
    assert settings.SOCIALACCOUNT_PROVIDERS["github"]["OAUTH_PKCE_ENABLED"] is True
