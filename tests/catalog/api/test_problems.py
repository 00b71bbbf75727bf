"""Every error under /api/ is a problem."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


def test_an_unknown_address_is_a_problem(client: Client) -> None:
    response = client.get("/api/nowhere")

    assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")
    assert response.json() == {
        "type": "http://127.0.0.1:8000/api/docs/#problem-not-found",
        "title": "Not found",
        "status": 404,
        "detail": "There is nothing at this address; /api/v1/ lists what there is.",
        "instance": "/api/nowhere",
    }


def test_an_unknown_parameter_is_named_and_what_is_allowed_listed(client: Client) -> None:
    response = client.get("/api/v1/?colour=red")

    assert response.json() == {
        "type": "http://127.0.0.1:8000/api/docs/#problem-bad-parameter",
        "title": "Bad request",
        "status": 400,
        "detail": "Not right in the query: colour.",
        "instance": "/api/v1/",
        "errors": {"colour": ["There is no such parameter here. Allowed: none."]},
    }


def test_a_method_that_is_not_allowed_names_those_that_are(client: Client) -> None:
    response = client.put("/api/v1/", b"{}", "application/json")

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_format_that_there_is_not_is_refused(client: Client) -> None:
    response = client.get("/api/v1/", headers={"Accept": "image/png"})

    assert (response.status_code, response.json()["title"]) == (406, "Not acceptable")


def test_a_host_that_is_not_ours_is_a_problem(client: Client) -> None:
    response = client.get("/api/v1/", headers={"Host": "elsewhere.example.org"})

    assert (response.status_code, response.headers["Content-Type"]) == (400, "application/problem+json")


def test_a_failure_is_a_problem_that_tells_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the secret of the machine")

    monkeypatch.setattr("catalog.api.root.Root.answer", fail)
    response = Client(raise_request_exception=False).get("/api/v1/")

    assert (response.status_code, response.headers["Content-Type"]) == (500, "application/problem+json")
    assert b"secret" not in response.content
    assert response.headers["Cache-Control"] == "no-store"


def test_an_error_is_logged_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    monkeypatch.setattr("catalog.api.root.Root.answer", lambda *_: 1 / 0)
    client = Client(raise_request_exception=False)
    for path in ("/api/nowhere", "/api/v1/"):
        response = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in response.headers

    assert [vars(record)["status_code"] for record in caplog.records] == [404, 500]


@pytest.mark.parametrize("path", ["/api/v1/papers/", "/api/v1/papers/clip/", "/api/v1/changes/"])
@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_reads_take_no_other_method(path: str, method: str, client: Client) -> None:
    response = getattr(client, method)(path)

    assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_page_outside_the_api_stays_a_page(client: Client) -> None:
    assert client.get("/nowhere/").headers["Content-Type"].startswith("text/html")
