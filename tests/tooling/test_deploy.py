"""The configuration of the proxies against the settings."""

import re

import pytest
from django.conf import settings
from tooling.base import ROOT

LIMITS = {
    "nginx.conf": re.compile(r"^\s*client_max_body_size (\S+?);$", re.MULTILINE),
    "Caddyfile": re.compile(r"^\s*max_size (\S+)$", re.MULTILINE),
}
TOKEN = "WzEsIm1haWxfcXVldWUiXQ:1abc:x_y-z"


def text_of(name: str) -> str:
    return (ROOT / "deploy" / name).read_text()


@pytest.mark.parametrize("name", LIMITS)
def test_a_proxy_takes_bodies_of_the_same_size(name: str):
    assert LIMITS[name].findall(text_of(name)) == [str(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)]


def test_every_access_log_of_nginx_has_the_format_without_tokens():
    text = text_of("nginx.conf")
    logs = re.findall(r"^\s*access_log (.*);$", text, re.MULTILINE)

    assert logs == ["/var/log/nginx/vlm-portal.log portal"] * text.count("server {")


def test_the_format_of_nginx_names_no_whole_address():
    [logged] = re.findall(r"log_format portal '(.*)';", text_of("nginx.conf"))

    assert re.findall(r"\$\w+", logged) == [
        *("$remote_addr", "$time_local", "$request_method", "$portal_path"),
        *("$status", "$body_bytes_sent", "$http_user_agent"),
    ]


def test_the_map_of_nginx_matches_unsubscribe_links():
    [(pattern, path)] = re.findall(r"^  ~(\S+) (\S+);$", text_of("nginx.conf"), re.MULTILINE)

    assert re.search(pattern, f"/accounts/unsubscribe/{TOKEN}/")
    assert path == "/accounts/unsubscribe/[token]/"


@pytest.mark.parametrize(
    ("uri", "logged"),
    [
        (f"/accounts/unsubscribe/{TOKEN}/", "/accounts/unsubscribe//"),
        (f"/accounts/unsubscribe/{TOKEN}/?x={TOKEN}", "/accounts/unsubscribe//"),
        ("/admin/accounts/user/?q=ada@example.org", "/admin/accounts/user/"),
        ("/papers/clip/", "/papers/clip/"),
    ],
)
def test_the_filter_of_caddy_removes_tokens_and_queries(uri: str, logged: str):
    [(pattern, replacement)] = re.findall(r"request>uri regexp (\S+) (\S+)", text_of("Caddyfile"))

    assert re.sub(pattern, replacement.replace("$1", r"\1"), uri) == logged
