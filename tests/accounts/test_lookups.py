"""Looking for a text that no column holds, or that is too long to look for, finds nothing on every engine."""

import pytest
from django.contrib.sessions.models import Session
from django.db.models import CharField, Q, TextField
from django.test import Client
from django.utils import timezone

from accounts.lookups import MAX_PATTERN_LENGTH, Exact
from accounts.models import User
from tests.people import person

pytestmark = pytest.mark.django_db

PATTERNS = ["iexact", "contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"]
LONG = "%" * 60_000
NUL = ["\0", "a\0b", "ada\0"]


def names(condition: Q) -> list[str]:
    return list(User.objects.filter(condition).order_by("username").values_list("username", flat=True))


@pytest.fixture(autouse=True)
def people() -> None:
    person("ada")
    person("bob")


@pytest.mark.parametrize("text", NUL)
@pytest.mark.parametrize("lookup", ["exact", *PATTERNS])
def test_nothing_has_a_nul(lookup: str, text: str) -> None:
    condition = Q(**{f"username__{lookup}": text})

    assert (names(condition), names(~condition)) == ([], ["ada", "bob"])


def test_of_several_texts_those_that_can_be_are_found() -> None:
    assert names(Q(username__in=["a\0", "bob"])) == ["bob"]
    assert names(Q(username__in=["\0"])) == []
    assert names(~Q(username__in=["\0"])) == ["ada", "bob"]
    assert names(Q(username__in=User.objects.filter(username="ada").values("username"))) == ["ada"]


@pytest.mark.parametrize("text", [LONG, "\U0001f600" * 50_001])
@pytest.mark.parametrize("lookup", PATTERNS)
def test_what_is_too_long_is_nowhere(lookup: str, text: str) -> None:
    assert names(Q(**{f"username__{lookup}": text})) == []


@pytest.mark.parametrize("letter", ["%", "\\", "a", "\U0001f600"])
def test_what_is_not_too_long_is_looked_for(letter: str) -> None:
    text = letter * MAX_PATTERN_LENGTH
    User.objects.filter(username="ada").update(suspended_because=text, suspended_at=timezone.now())

    for lookup in PATTERNS:
        assert names(Q(**{f"suspended_because__{lookup}": text})) == ["ada"]


def test_a_text_is_found_as_before() -> None:
    assert names(Q(username="ada")) == ["ada"]
    assert names(Q(username__iexact="ADA")) == ["ada"]
    assert names(Q(username__icontains="D")) == ["ada"]
    assert names(Q(email="")) == ["ada", "bob"]


def test_they_are_those_of_all_columns_of_text() -> None:
    assert [field.get_lookup("exact") for field in (CharField(), TextField())] == [Exact, Exact]
    assert Session._meta.get_field("session_key").get_lookup("exact") is Exact


def test_a_cookie_with_a_nul_is_no_session() -> None:
    client = Client()
    client.cookies["sessionid"] = "abcdefgh\0"

    assert client.get("/submissions/").status_code == 302
