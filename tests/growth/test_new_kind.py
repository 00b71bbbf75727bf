"""A new kind, facet, page and endpoint, added to a copy of the project by following CONTRIBUTING.md.

Everything else works with the kind at once.
"""

import json
import re
from html import unescape
from typing import Any

import pytest

from tests.days import TODAY
from tests.growth.conftest import Project
from tests.growth.guide import Step, steps_of

STEPS = steps_of("How to add a kind")
OTHER_STEPS = [*steps_of("How to add a facet or a range"), *steps_of("How to add a page or an API endpoint")]
MOST_FILES, MOST_LINES = 5, 40
SOURCE = "https://docs.vllm.ai/"
FIELDS = {"purpose": "Serves models with paged attention.", "status": "active", "platforms": "Linux\r\nmacOS"}

Request = dict[str, Any]
PROPOSAL = "/admin/submissions/proposal/"
WORK: dict[str, Request] = {
    "people": {"call": "people"},
    "propose": {
        "path": "/contribute/runtimes/",
        "user": "ada",
        "fill": {"name": "vLLM", "year": "2023", **FIELDS, "source": SOURCE, "submit": ""},
    },
    "queue": {"path": f"{PROPOSAL}?kind=runtime", "user": "hedy"},
    "review": {"path": f"{PROPOSAL}1/change/", "user": "hedy"},
    "approve": {"path": f"{PROPOSAL}1/approve/", "user": "hedy", "form": {"version": "1"}},
    "edit": {
        "path": "/runtimes/vllm/edit/",
        "user": "bob",
        "fill": {"status": "archived", "source": SOURCE, "comment": "Nobody works on it.", "submit": ""},
    },
    "approve the edit": {"path": f"{PROPOSAL}2/approve/", "user": "hedy", "form": {"version": "1"}},
    "propose by the API": {
        "path": "/api/v1/proposals/",
        "method": "POST",
        "user": "ada",
        "json": {"kind": "runtime", "fields": {"name": "VLLM", "purpose": "Again."}, "source": SOURCE},
    },
    "read the proposal": {"path": "/api/v1/proposals/3/", "user": "ada"},
    "review the duplicate": {"path": f"{PROPOSAL}3/change/", "user": "hedy"},
    "reject": {"path": f"{PROPOSAL}3/reject/", "user": "hedy", "form": {"version": "1", "reason": "There."}},
    "undo": {"path": f"{PROPOSAL}undo/2/", "user": "mary", "form": {"reason": "They do."}},
    "retire": {"path": "/runtimes/vllm/retire/", "user": "ada"},
    "propose a dataset": {
        "path": "/api/v1/proposals/",
        "method": "POST",
        "user": "ada",
        "json": {"kind": "dataset", "fields": {"name": "COYO", "source_media": ["Web pages"]}, "source": SOURCE},
    },
    "approve the dataset": {"path": f"{PROPOSAL}4/approve/", "user": "hedy", "form": {"version": "1"}},
    "ledger": {"call": "ledger"},
    "agent kinds": {"call": "agent_kinds"},
}
"""What people do, in order; the runtime has the revisions 1 to 3, and the proposals are 1 to 4."""

PAGES: dict[str, tuple[str, ...]] = {
    "/": ("/runtimes/", "vLLM"),
    "/about/": (),
    "/runtimes/": ("1 entry", "vLLM", "Actively developed", "Status", "All runtimes in the catalogue."),
    "/runtimes/?status=active": ("1 entry", "vLLM"),
    "/runtimes/?status=archived": ("0 entries",),
    "/runtimes/?sort=updated": ("vLLM",),
    "/runtimes/vllm/": ("Serves models with paged attention.", "Actively developed", "Linux", "Purpose"),
    "/runtimes/vllm/history/": ("Nobody works on it.", "ada", "bob", "hedy"),
    "/runtimes/vllm/history/2/": ("Status", "Actively developed", "Archived"),
    "/runtimes/vllm/history/compare/?from=1&to=2": ("Archived",),
    "/runtimes/vllm/blame/": ("Purpose", "ada", "Status"),
    "/search/?q=paged+attention": ("vLLM",),
    "/search/?q=vlm&kind=runtimes": (),
    "/changes/": ("vLLM", "Archived"),
    "/changes/?kind=runtimes": ("vLLM",),
    "/feeds/": ("Runtimes",),
    "/feeds/runtimes/new.atom": ("vLLM created",),
    "/feeds/runtimes/changes.atom": ("vLLM edited", "Changed: status."),
    "/export/": ("Runtimes",),
    "/export/runtimes.csv": ("purpose,status,platforms", "Serves models with paged attention."),
    "/export/runtimes.json": ("vLLM",),
    "/export/runtimes.jsonl": ("vLLM",),
    "/export/runtimes/vllm.json": ("Serves models",),
    "/export/catalogue.jsonl": ("Serves models",),
    "/sitemap.xml": ("/sitemap-runtimes.xml",),
    "/sitemap-runtimes.xml": ("/runtimes/vllm/",),
    "/contribute/": ("/contribute/runtimes/",),
    "/contribute/pick/runtime/?q=vllm": ("vLLM",),
    "/people/ada/": ("vLLM",),
    "/llms.txt": ("- [Runtimes](", "All runtimes in the catalogue."),
    "/api/docs/": ("/api/v1/runtimes/",),
    "/api/v1/": ("/api/v1/runtimes/",),
    "/api/v1/changes/?kind=runtime": ("vllm",),
    "/api/v1/search/?q=paged+attention": ("vllm",),
    "/api/v1/runtimes/?status=active": ("vllm",),
    "/api/v1/runtimes/?updated_since=2026-01-01": ("vllm",),
    f"/api/v1/runtimes/?as_of={TODAY}": (),
    "/api/v1/runtimes.csv": ("purpose",),
    "/api/v1/runtimes/vllm/?include=provenance": ("provenance", "mary"),
    "/api/v1/runtimes/vllm/revisions/": ("Nobody works on it.",),
    "/api/v1/runtimes/vllm/revisions/2/": ("differences",),
    "/api/v1/vocabularies/": (),
    "/datasets/?medium=web-pages": ("1 entry", "COYO", "Media come from"),
    "/api/v1/datasets/?medium=web-pages": ("coyo",),
    "/sections/": ("Sections",),
    "/api/v1/sections/": ("results",),
}
"""Texts that public pages show after the edit was undone."""
STAFF: dict[str, tuple[str, ...]] = {
    "/admin/catalog/": ("Runtimes",),
    "/admin/catalog/runtime/": ("vLLM",),
    "/admin/catalog/runtime/1/change/": ("paged attention",),
    "/admin/catalog/revision/?kind=runtime": ("vLLM",),
    f"{PROPOSAL}?state=all&kind=runtime": ("vLLM",),
    "/accounts/settings/webhooks/": ("Runtimes",),
}


@pytest.fixture(scope="module")
def grown(unchanged: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project with the new kind; the database had been made without it."""
    project = unchanged.copy(tmp_path_factory.mktemp("grown"))
    for step in [*STEPS, *OTHER_STEPS]:
        project.follow(step)
    return project


@pytest.fixture(scope="module")
def answers(grown: Project) -> dict[str, Any]:
    """What came of WORK by name, and of the pages by address, in one process."""
    reads = [{"path": path} for path in PAGES]
    staff = [{"path": path, "user": "root"} for path in STAFF]
    others = [{"path": "/api/v1/schema/"}, {"path": "/api/v1/runtimes/vllm/"}, {"path": "/export/README.md"}]
    steps = [*WORK.values(), *reads, *staff, *others]
    names = [*WORK, *(step["path"] for step in [*reads, *staff, *others])]
    return dict(zip(names, grown.drive(steps), strict=True))


def text(answer: dict[str, Any]) -> str:
    """The text of an answer, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer["text"])).split())


def test_guide_asks_for_few_files_and_lines() -> None:
    written = [step for step in STEPS if step.language != "sh"]
    empty = {word for step in STEPS if step.language == "sh" for word in re.findall(r"touch (\S+)", step.text)}

    assert [(step.path, step.written) for step in written] == [
        ("catalog/kinds/runtime/model.py", 12),
        ("catalog/kinds/runtime/form.py", 7),
        ("catalog/kinds/runtime/kind.py", 6),
        ("catalog/kinds/__init__.py", 1),
    ]
    assert len({step.path for step in written} | empty) <= MOST_FILES
    assert sum(step.written for step in written) <= MOST_LINES


def test_every_step_of_the_way_succeeds(answers: dict[str, Any]) -> None:
    statuses = {name: answers[name]["status"] for name, step in WORK.items() if "path" in step}

    assert statuses == {
        "propose": 302,
        "queue": 200,
        "review": 200,
        "approve": 302,
        "edit": 302,
        "approve the edit": 302,
        "propose by the API": 201,
        "read the proposal": 200,
        "review the duplicate": 200,
        "reject": 302,
        "undo": 302,
        "retire": 200,
        "propose a dataset": 201,
        "approve the dataset": 302,
    }


def test_review_shows_the_fields_and_the_duplicate(answers: dict[str, Any]) -> None:
    assert "Serves models with paged attention." in text(answers["review"])
    assert [duplicate["slug"] for duplicate in json.loads(answers["read the proposal"]["text"])["twins"]] == ["vllm"]


@pytest.mark.parametrize("path", [*PAGES, *STAFF])
def test_page_shows(answers: dict[str, Any], path: str) -> None:
    answer = answers[path]
    texts = PAGES.get(path, STAFF.get(path, ()))

    assert (answer["status"], [word for word in texts if word not in answer["text"] and word not in text(answer)]) == (
        200,
        [],
    )


def test_api_gives_the_payload(answers: dict[str, Any]) -> None:
    entry = json.loads(answers["/api/v1/runtimes/vllm/"]["text"])

    assert (entry["kind"], entry["slug"], entry["revision"]) == ("runtime", "vllm", 3)
    assert entry["fields"] == {
        "name": "vLLM",
        "summary": "",
        "notes": "",
        "year": 2023,
        "section": None,
        "links": [],
        "aliases": [],
        "topics": [],
        "sources": [],
        "purpose": "Serves models with paged attention.",
        "status": "active",
        "platforms": ["Linux", "macOS"],
    }


def test_schema_describes_the_kind(answers: dict[str, Any]) -> None:
    schema = json.loads(answers["/api/v1/schema/"]["text"])

    assert {"/api/v1/runtimes/", "/api/v1/runtimes/{slug}/", "/api/v1/sections/"} <= schema["paths"].keys()
    assert schema["components"]["schemas"]["RuntimeFields"]["properties"]["status"]["enum"] == [
        "",
        "active",
        "archived",
    ]


def test_readme_export_is_unaffected(answers: dict[str, Any]) -> None:
    assert (answers["/export/README.md"]["status"], "vLLM" in answers["/export/README.md"]["text"]) == (200, False)


def test_ledger_agrees(answers: dict[str, Any]) -> None:
    assert answers["ledger"] == []


def test_agents_may_name_the_kind(answers: dict[str, Any]) -> None:
    last_kinds = {runtime: kinds[-1] for runtime, kinds in answers["agent kinds"].items()}

    assert last_kinds == {
        "search": "runtime",
        "list_entries": "runtimes",
        "read_entry": "runtimes",
        "propose": "runtime",
    }


def test_nothing_else_names_the_kind(grown: Project) -> None:
    grown.run("-m", "pytest", "-q", "-n0", "tests/tooling/test_kinds_stay_home.py")


def test_step_without_a_place_is_refused(grown: Project) -> None:
    with pytest.raises(AssertionError, match="0 places like this"):
        grown.follow(Step("catalog/kinds/__init__.py", "diff", '     "nowhere",\n+    "runtime",\n'))
