"""Redis refuses, hangs or is cut off: the site goes on without it. With a Redis of the tests' own behind a proxy."""

import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache, caches
from django.test import Client

from catalog.api.throttles import count_request
from tests.journeys.conftest import ROOT, free_port
from tests.people import contributor, propose, signed_in
from tests.proxy import Proxy, wait_for_port
from tests.totp import totp as one_time_code
from vlmportal import cache as module
from vlmportal.cache import LOG_EVERY, PAUSE, CircuitBreaker

SERVER = shutil.which("redis-server") or shutil.which("valkey-server")

pytestmark = pytest.mark.skipif(not SERVER, reason="neither redis-server nor valkey-server is installed")

SECRET = "JBSWY3DPEHPK3PXP"
TROUBLES: dict[str, Callable[[Proxy], None]] = {
    "refuses": Proxy.refuse,
    "hangs": Proxy.hang,
    "hangs in an answer": lambda proxy: proxy.hang(after=3),
    "is cut off": Proxy.cut,
    "is cut off in an answer": lambda proxy: proxy.cut(after=3),
}


class Clock:
    """Seconds that pass when the test says so."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(scope="module")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    port, folder = free_port(), tmp_path_factory.mktemp("redis")
    command = [str(SERVER), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as server:
        wait_for_port(port)
        yield port
        server.terminate()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of a circuit breaker that has seen nothing yet."""
    clock = Clock()
    monkeypatch.setattr(module, "breaker", CircuitBreaker(clock))
    return clock


@pytest.fixture
def proxy(redis_port: int, clock: Clock, settings: Any) -> Iterator[Proxy]:
    """Redis as the site's cache, behind a proxy that passes everything on."""
    with Proxy(redis_port) as proxy:
        settings.CACHES = {
            "default": {
                "BACKEND": "vlmportal.cache.OptionalRedisCache",
                "LOCATION": f"redis://127.0.0.1:{proxy.port}/0",
                "OPTIONS": {"socket_timeout": 0.2, "socket_connect_timeout": 0.2},
            }
        }
        cache.clear()
        caches["default"].local.clear()  # type: ignore[attr-defined]
        yield proxy


def use_every_operation() -> list[Any]:
    """What each operation of a cache returns, on keys that are not there yet."""
    cache.set("a", {"deep": [1]}, 60)
    return [
        cache.get("a"),
        cache.get("none", "else"),
        cache.add("once", 1, 60),
        cache.add("once", 1, 60),
        cache.incr("once"),
        cache.decr("once", 2),
        cache.touch("a", 60),
        cache.has_key("a"),
        cache.set_many({"b": 2, "c": "three"}, 60),
        cache.get_many(["a", "b", "c", "none"]),
        cache.get_or_set("d", lambda: 4, 60),
        cache.delete("a"),
        cache.delete("a"),
        without(cache.delete_many, ["b", "c"]),
        without(cache.clear),
    ]


def without(remove: Callable[..., None], *arguments: Any) -> dict[str, Any]:
    """What is left of the keys after a removal."""
    remove(*arguments)
    return cache.get_many(["a", "b", "c", "d"])


RESULTS: list[Any] = [
    *({"deep": [1]}, "else", True, False, 2, 0, True, True, []),
    *({"a": {"deep": [1]}, "b": 2, "c": "three"}, 4, True, False, {"d": 4}, {}),
]


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.name == "vlmportal.cache"]


def test_operations_are_redis_own_while_it_answers(proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    assert use_every_operation() == RESULTS

    assert (module.breaker.state.since, module.breaker.state.skipped, warnings(caplog)) == (None, 0, [])


@pytest.mark.parametrize("trouble", TROUBLES)
def test_every_operation_goes_on_in_memory(trouble: str, proxy: Proxy, caplog: pytest.LogCaptureFixture) -> None:
    """With an open connection, which the first operation uses."""
    cache.set("a", "x" * 100)
    TROUBLES[trouble](proxy)

    assert cache.get("a") is None
    assert use_every_operation() == RESULTS

    assert module.breaker.state.since is not None
    [warning] = warnings(caplog)
    assert warning.startswith("The shared cache does not answer (")


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_new_connection_goes_on_in_memory(trouble: str, proxy: Proxy) -> None:
    """As in a process, or a thread, that has not used the cache yet."""
    TROUBLES[trouble](proxy)
    caches["default"]._cache._pools.clear()  # type: ignore[attr-defined]

    assert use_every_operation() == RESULTS


def test_a_cache_that_hangs_is_waited_for_once(proxy: Proxy, clock: Clock) -> None:
    """In all threads of the process, each of which has a connection of its own."""
    proxy.hang()
    cache.get("a")
    waited_for = len(proxy.connections)

    thread = threading.Thread(target=use_every_operation)
    thread.start()
    thread.join()
    use_every_operation()

    assert len(proxy.connections) == waited_for
    clock.now += PAUSE - 1
    use_every_operation()
    assert len(proxy.connections) == waited_for
    clock.now += 1
    use_every_operation()
    assert len(proxy.connections) == waited_for + 2  # one connection, both its ends


def test_it_is_used_again_when_it_answers_again(proxy: Proxy, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    cache.set("kept", "in Redis")
    proxy.refuse()
    cache.set("kept", "in memory")
    proxy.restore()
    assert cache.get("kept") == "in memory"

    clock.now += LOG_EVERY
    assert cache.get("kept") == "in Redis"

    assert (module.breaker.state.since, module.breaker.state.skipped) == (None, 2)
    [warning] = warnings(caplog)[1:]
    assert warning == (
        "The shared cache answers again. 2 operations went on without it since this process began; "
        "0 such messages were left out."
    )


def test_an_answer_that_comes_too_late_is_nobody_elses(proxy: Proxy, clock: Clock) -> None:
    cache.set_many({"a": "of a" * 100, "b": "of b"})
    proxy.hang(after=10)
    assert cache.get("a") is None

    proxy.restore()
    clock.now += PAUSE

    assert (cache.get("b"), cache.get("a")) == ("of b", "of a" * 100)


def test_the_log_has_one_warning_a_minute(proxy: Proxy, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    proxy.refuse()
    for _ in range(13):
        cache.get("a")
        clock.now += PAUSE

    assert [record.levelno for record in caplog.records] == [logging.WARNING, logging.WARNING]
    assert warnings(caplog)[1].endswith(
        "12 operations went on without it since this process began; 11 such messages were left out."
    )


def test_errors_of_the_caller_are_raised(proxy: Proxy) -> None:
    with pytest.raises(ValueError, match="not found"):
        cache.incr("none")

    assert module.breaker.state.since is None


def test_limits_are_counted_by_the_process_alone(proxy: Proxy) -> None:
    assert [count_request("x", "ada", (2, 3600), now=1.0).used for _ in range(2)] == [1, 2]
    proxy.hang()

    assert [count_request("x", "ada", (2, 3600), now=1.0).exceeded for _ in range(3)] == [False, False, True]


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_one_time_code_is_taken_once(trouble: str, proxy: Proxy) -> None:
    totp = TOTP.activate(contributor(), SECRET)
    TROUBLES[trouble](proxy)
    code = one_time_code(SECRET)

    assert [totp.validate_code(code), totp.validate_code(code)] == [True, False]
    assert module.breaker.state.since is not None


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", TROUBLES)
def test_people_read_sign_in_and_write(trouble: str, proxy: Proxy, settings: Any) -> None:
    ada = contributor()
    ada.set_password("correct-horse")
    ada.save()
    reader, writer, proposal = Client(), signed_in(ada), propose()
    reader.get("/")
    TROUBLES[trouble](proxy)

    assert [reader.get(path).status_code for path in ("/", "/papers/", "/api/v1/papers/")] == [200, 200, 200]
    signing_in = reader.post("/accounts/login/", {"login": "ada", "password": "correct-horse"})
    assert (signing_in.status_code, signing_in.headers["Location"]) == (302, "/")
    written = writer.post(f"/api/v1/proposals/{proposal.pk}/comment/", {"comment": "Noted."}, "application/json")
    assert (written.status_code, proposal.events.filter(comment="Noted.").count()) == (200, 1)
    assert module.breaker.state.since is not None


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", TROUBLES)
def test_the_status_is_known_before_anybody_used_the_cache(trouble: str, proxy: Proxy, client: Client) -> None:
    TROUBLES[trouble](proxy)

    page, ready = client.get("/status/"), client.get("/healthz/ready")

    assert (page.status_code, ready.status_code) == (200, 200)
    assert "The shared cache has not answered since" in page.content.decode()
    assert "went on without the shared cache in 1 operation since it began" in " ".join(page.content.decode().split())
    assert ready.content.decode().startswith("database: answers\ncache: has not answered since ")


@pytest.mark.django_db
def test_the_status_of_a_cache_that_answers(proxy: Proxy, client: Client) -> None:
    assert "The shared cache answers." in client.get("/status/").content.decode()
    assert client.get("/healthz/ready").content == b"database: answers\ncache: answers\n"


def test_the_site_waits_for_redis_less_than_a_tenth_of_a_second() -> None:
    """Connecting and one answer, the most that a cache that hangs costs; a timeout in the URL takes precedence."""
    text = """
from django.core.cache import caches
options = [caches["default"]._cache._get_connection_pool(True).connection_kwargs[name]
           for name in ("socket_connect_timeout", "socket_timeout")]
print(sum(options))
"""
    assert float(settings_with(text, "redis://127.0.0.1:1/0")) <= 0.1
    assert float(settings_with(text, "redis://127.0.0.1:1/0?socket_timeout=1&socket_connect_timeout=2")) == 3


def settings_with(program: str, url: str) -> str:
    """What a program prints that runs with the site's own settings and this REDIS_URL."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "vlmportal.settings", "REDIS_URL": url, "DATABASE_URL": ""}
    command = [sys.executable, "-c", f"import django\ndjango.setup()\n{program}"]
    return subprocess.run(command, env=env, cwd=ROOT, check=True, capture_output=True, text=True).stdout
