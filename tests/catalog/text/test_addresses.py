"""Addresses as browsers read them: nothing hidden before, in or after the host."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.text.addresses import NOT_AN_ADDRESS, address_error, host_of, is_at

LABELS = st.text("abcdefghijklmnopqrstuvwxyz0123456789", min_size=1, max_size=12)
HOSTS = st.builds("{}_{}.example.org".format, LABELS, LABELS)


@pytest.mark.parametrize(
    "address",
    [
        "https://arxiv.org/abs/2304.08485",
        "http://example.org:8080/a?b=c#d",
        "HTTPS://Example.org/",
        "https://my_host.example.org/",
        "https://_dmarc.example.org/",
        "https://b\u00fccher.example/",
        "https://[2001:db8::1]/",
        "https://example.org/@user",
        "https://example.org/a%5Cb",
        "mailto:ada@example.org",
        "MAILTO:ada@example.org",
    ],
)
def test_what_a_browser_opens_is_accepted(address: str) -> None:
    assert address_error(address) == ""


@pytest.mark.parametrize(
    ("address", "error"),
    [
        ("https://user@example.org/", "Holds a user name"),
        ("https://user:pass@example.org/", "Holds a user name"),
        ("https://arxiv.org@example.org/", "Holds a user name"),
        ("https://@example.org/", "Holds a user name"),
        ("https:\\\\example.org", "Holds a backslash"),
        ("https://example.org\\@arxiv.org/", "Holds a backslash"),
        ("https://example.org/a\\b", "Holds a backslash"),
        ("https://example.org:0/", "Not a port"),
        ("https://example.org:/", "Not a port"),
        ("https://example.org:65536/", NOT_AN_ADDRESS),
        ("https://example.org:8o/", NOT_AN_ADDRESS),
        ("https://example.org:-1/", NOT_AN_ADDRESS),
        ("https://exam\u200bple.org/", "Holds an invisible character in its host"),
        ("https://exam\u00adple.org/", "Holds an invisible character in its host"),
        ("https://exam ple.org/", NOT_AN_ADDRESS),
        ("https://exam\u00a0ple.org/", "Holds an invisible character in its host"),
        ("https://exam%70le.org/", NOT_AN_ADDRESS),
        ("https://[::1/", NOT_AN_ADDRESS),
        ("https:///path", NOT_AN_ADDRESS),
        ("https://", NOT_AN_ADDRESS),
        ("//example.org/", NOT_AN_ADDRESS),
        ("javascript:alert(1)", NOT_AN_ADDRESS),
        ("data:text/html,x", NOT_AN_ADDRESS),
        ("ftp://example.org/", NOT_AN_ADDRESS),
        ("mailto:", "After mailto:"),
        ("mailto:ada", "After mailto:"),
        ("mailto:ada@example.org?cc=all@example.org", "After mailto:"),
        ("mailto:ada@example.org,grace@example.org", "After mailto:"),
    ],
)
def test_what_leads_elsewhere_than_it_seems_is_refused(address: str, error: str) -> None:
    assert address_error(address).startswith(error)


@given(HOSTS, st.integers(1, 65535), st.text("abc/?#=&._-", max_size=20))
def test_any_host_with_an_underscore_and_any_port_is_accepted(host: str, port: int, rest: str) -> None:
    assert address_error(f"https://{host}:{port}/{rest}") == ""


@given(st.text(max_size=80))
def test_any_text_gives_an_answer(text: str) -> None:
    assert isinstance(address_error(f"https://{text}"), str)
    assert isinstance(address_error(text), str)
    assert is_at(text, "arxiv.org") in (True, False)


@pytest.mark.parametrize(
    ("address", "leads_there"),
    [
        ("https://arxiv.org/abs/1", True),
        ("https://export.ArXiv.org:443/abs/1", True),
        ("https://notarxiv.org/", False),
        ("https://arxiv.org.example.org/", False),
        ("https://example.org/arxiv.org", False),
        ("https://\u0430rxiv.org/", False),  # a Cyrillic a
        ("https://[::1", False),
    ],
)
def test_an_address_is_at_a_domain_or_below_it(address: str, leads_there: bool) -> None:
    assert is_at(address, "arxiv.org") is leads_there


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://User:secret@Example.org:8443/a", "example.org"),
        ("https://example.org\\@arxiv.org/", "example.org"),
        ("https:\\\\example.org\\a", "example.org"),
        ("https://example.org?\\@arxiv.org/", "example.org"),
        ("https://example.org#\\@arxiv.org/", "example.org"),
        ("https://[::1/", ""),
        ("Table 3", ""),
        ("", ""),
    ],
)
def test_the_host_is_the_one_that_a_browser_opens(address: str, host: str) -> None:
    assert host_of(address) == host
