"""The configuration of the proxies against the settings."""

import re

import pytest
import yaml
from django.conf import settings
from tooling.base import ROOT

LIMITS = {
    "nginx.conf": re.compile(r"^\s*client_max_body_size (\S+?);$", re.MULTILINE),
    "Caddyfile": re.compile(r"^\s*max_size (\S+)$", re.MULTILINE),
}
UNITS = ("vlm-portal.service", "vlm-portal-worker.service")
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


def test_one_worker_runs_for_each_way_to_deploy():
    server, worker = text_of("vlm-portal.service"), text_of("vlm-portal-worker.service")
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

    assert "ExecStart=/usr/bin/python3 bin/portal worker" in worker.splitlines()
    assert "PartOf=vlm-portal.service" in worker.splitlines()
    assert re.search(r"^Wants=.*\bvlm-portal-worker\.service$", server, re.MULTILINE)
    assert re.search(r"^Environment=.*\bBACKGROUND_WORKER=0\b", server, re.MULTILINE)
    assert compose["worker"]["command"] == ["python3", "bin/portal", "worker"]
    assert compose["web"]["environment"]["BACKGROUND_WORKER"] == "0"


def test_the_worker_is_confined_as_the_server_is():
    confined = [text_of(name).partition("# least privilege")[2].split("[Install]")[0].strip() for name in UNITS]

    assert confined[0] == confined[1]
