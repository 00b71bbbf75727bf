"""What every test may ask for: which engine runs, and a browser."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import pytest
from django.core.servers.basehttp import WSGIRequestHandler
from hypothesis import HealthCheck, settings

from background.engine import stopping
from tests.browser_flags import BROWSER_FLAGS

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

HERE = Path(__file__).parent

# the live server writes head and body apart: by Nagle's rule the body waits 40 ms until the client confirms the head
WSGIRequestHandler.disable_nagle_algorithm = True

settings.register_profile("default", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("default"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


DATABASES = {"db", "transactional_db", "live_server", "shared_rows", "upgraded"}
ONE_ENGINE = """
    accounts: test_checks test_demo test_github test_limits test_lookups test_rules test_second_factor test_unsubscribe
    accounts: test_views test_words
    catalog/api: test_compression test_conditional test_costs test_params test_problems test_reference test_schema
    catalog/api: test_throttles
    catalog/forms: test_values
    catalog/ledger: test_stored_values
    catalog/management: test_catalogue
    catalog/page_cache: test_page_cache
    catalog/web: test_board_feeds test_caveats test_costs test_exposure test_leaderboards test_pages test_sources
    catalog/web: test_permanent_addresses test_security_txt test_stored_values test_timeline test_unstated_metric
    catalog/web: test_value_sources test_verification
    clients: test_documents test_proposing test_reading test_shapes
    linear: test_requests
    submissions: test_admin_batch_tables test_admin_entries test_admin_review test_admin_sourcing test_admin_verifying
    submissions: test_damaged_proposals test_forms test_intake_metadata test_intake_paste test_llms test_machine
    submissions: test_matrix test_merge_machine test_name_machine test_payload_changes test_refusing
    submissions: test_source_machine test_stored_values
    submissions/api: test_matrix test_schema
    submissions/web: test_again test_batches test_board_rows test_contribute test_editing test_locked_entries
    submissions/web: test_lookups test_names_of_others test_results
    vlmportal: test_middleware
"""
"""The modules, by folder, about pages, forms and rules whose queries other modules send to both engines."""


def modules(listed: str) -> set[Path]:
    """The paths that lines of "folder: module module" name."""
    lines = (line.partition(":") for line in listed.split("\n") if line.strip())
    return {HERE / folder.strip() / f"{name}.py" for folder, _, names in lines for name in names.split()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What asks for no database is marked `pure`, and what ONE_ENGINE lists is marked so."""
    listed = modules(ONE_ENGINE)
    if missing := [str(path) for path in listed if not path.exists()]:
        raise pytest.UsageError(f"ONE_ENGINE lists modules that do not exist: {', '.join(missing)}")
    for item in items:
        requested = set(getattr(item, "fixturenames", ()))
        if not item.get_closest_marker("django_db") and not DATABASES & requested:
            item.add_marker(pytest.mark.pure)
        elif item.path in listed:
            item.add_marker(pytest.mark.one_engine)


@pytest.fixture(autouse=True)
def working() -> Iterator[None]:
    """A worker that a test stopped asks nothing of the tasks in the next one to stop."""
    yield
    stopping.clear()


@pytest.fixture(scope="module")
def shared_rows(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Lets a fixture of the scope of a module write to the database: its tests share the rows, and each starts from
    them. What the module wrote goes with its last test. Not for modules with `transactional_db`."""
    from django.db import transaction  # noqa: PLC0415 -- this file is read before Django is set up

    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium: CHROMIUM, or the first on PATH; the test fails when there is none."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    executable = next((path for name in names if name and (path := shutil.which(name))), None)
    if executable is None:
        pytest.fail("no Chromium: install one, name it by CHROMIUM=path, or leave browser tests out: -m 'not browser'")
    return executable


@pytest.fixture(scope="session")
def browser(chromium: str) -> "Iterator[Browser]":
    """One headless browser a worker, driven by playwright."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 -- slow to import, and most tests need none

    # playwright's loop runs in this thread, which Django takes for asynchronous code
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=BROWSER_FLAGS)
        yield started
        started.close()


@pytest.fixture
def page(browser: "Browser") -> "Iterator[Page]":
    """A fresh tab in a context of its own, 1280 x 800, British English."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    tab = context.new_page()
    yield tab
    context.close()


@pytest.fixture(autouse=True)
def past_catalogues(settings: Any, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Past catalogues are kept for one test: the next one's ledger may have the same ids and times."""
    settings.PAST_DIR = tmp_path_factory.getbasetemp() / f"past-{uuid4().hex}"


@pytest.fixture(autouse=True)
def kept_results() -> Iterator[None]:
    """What was measured is kept for one test, likewise."""
    yield
    if fetching := sys.modules.get("catalog.reading.results.fetching"):  # this file is read before Django is set up
        fetching.kept.clear()


@pytest.fixture
def surroundings() -> None:
    """What the payloads of tests.examples refer to."""
    from tests.examples import needed  # noqa: PLC0415 -- this file is read before Django is set up
    from tests.factories import make  # noqa: PLC0415

    for row in needed():
        make(**row)
