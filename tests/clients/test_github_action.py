"""The action for repositories of lists: run as GitHub runs it, in a repository with a pull request."""

import importlib.util
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import yaml
from django.core.cache import cache
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from catalog.kinds.paper.model import Paper
from tests.factories import make_paper, make_revision

FOLDER = Path(__file__).parents[2] / "clients/github-action"
ACTION = yaml.safe_load((FOLDER / "action.yml").read_text())
A = "https://arxiv.org/abs/2301.0000"
BEFORE = f"""# Birds

## Papers

- **Owl** (2023) - [Sees]({A}1)
- **Wren** (2022) - [Sings]({A}2)
- [Old](old.pdf)
"""
AFTER = f"""# Birds

## Papers

- **Owl** (2023) - [Sees]({A}1)
- **Wren** (2024) - [Sings]({A}2)
- [Old](old.pdf)
- **Lark | <b>** (2024) - [Flies](http://arxiv.org/abs/2301.00004)
- **OWL** (2023) - [Sees]({A}1)
- [Lost](lost.pdf)
"""
LOST = "“lost.pdf” is an address within the list’s own files: write the whole address."
FLIES = "“Flies”, http://arxiv.org/abs/2301.00004: it has no https. Better: https://arxiv.org/abs/2301.00004"


def module() -> Any:
    spec = importlib.util.spec_from_file_location("check_list", FOLDER / "check_list.py")
    assert spec is not None
    assert spec.loader is not None
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


check_list = module()


def git(folder: Path, *arguments: str) -> str:
    named = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main"]
    done = subprocess.run(["git", "-C", str(folder), *named, *arguments], capture_output=True, check=True, text=True)
    return done.stdout.strip()


@dataclass
class Job:
    """A job in a folder with a repository: run() does what action.yml says, with its inputs."""

    folder: Path
    base: str = ""
    env: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "event.json").write_text(json.dumps({"pull_request": {"base": {"sha": self.base}}}))

    @property
    def workspace(self) -> Path:
        return self.folder / "work"

    def run(self, **inputs: str) -> subprocess.CompletedProcess[str]:
        (step,) = ACTION["runs"]["steps"]
        given = {name: str(about.get("default", "")) for name, about in ACTION["inputs"].items()}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        env = {
            key: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda match: given[match[1]], value)
            for key, value in step["env"].items()
        }
        env |= {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "GITHUB_ACTION_PATH": str(FOLDER),
            "GITHUB_WORKSPACE": str(self.workspace),
            "GITHUB_EVENT_PATH": str(self.folder / "event.json"),
            "GITHUB_STEP_SUMMARY": str(self.folder / "summary.md"),
            "GITHUB_OUTPUT": str(self.folder / "output"),
            **self.env,
        }
        command = ["bash", "-e", "-c", step["run"]]
        return subprocess.run(command, capture_output=True, text=True, env=env, check=False, timeout=60)

    @property
    def summary(self) -> str:
        return (self.folder / "summary.md").read_text()

    @property
    def output(self) -> dict[str, str]:
        lines = (self.folder / "output").read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A pull request that changes the list from BEFORE to AFTER, checked out as GitHub does: its commit alone."""
    origin = tmp_path / "origin"
    origin.mkdir()
    git(origin, "init", "-q")
    (origin / "README.md").write_text(BEFORE)
    git(origin, "add", ".")
    git(origin, "commit", "-qm", "Before")
    base = git(origin, "rev-parse", "HEAD")
    (origin / "README.md").write_text(AFTER)
    git(origin, "commit", "-qam", "After")
    git(origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{origin}", "work")
    return Job(tmp_path, base)


@pytest.fixture
def portal(transactional_db: None, live_server: Any) -> str:
    """A portal that has Wren, of the year 2022."""
    cache.clear()
    link = {"kind": "arxiv", "url": f"{A}2", "label": ""}
    make_paper(name="Wren", year=2022, summary="Sings", arxiv_id="2301.00002", links=[link])
    return str(live_server.url)


class TestWithAPortal:
    def test_tells_a_pull_request_what_its_lines_are(self, job: Job, portal: str) -> None:
        done = job.run(portal_url=portal)

        assert done.stdout.splitlines() == [
            "::warning file=README.md,line=9,endLine=9::“OWL” is in line 5 already.",
            f"::warning file=README.md,line=10,endLine=10::{LOST}",
            f"::warning file=README.md,line=8::{FLIES}",
            "proposed: 2, duplicates: 1, unread: 1, questions: 0, conflicts: 0, links: 1",
        ]
        assert done.returncode == 1
        counts = {"proposed": "2", "duplicates": "1", "unread": "1", "questions": "0", "conflicts": "0", "links": "1"}
        assert job.output == {"checked": "true", **counts}
        assert "4 entries in the list. This is about the lines that changed." in job.summary
        assert "### Would be changed (1)" in job.summary
        assert "| 6 | A change of “Wren” would be proposed. Year: 2022 to 2024. |" in job.summary
        assert "| 8 | “Lark &#124;" in job.summary
        assert "old.pdf" not in job.summary

    def test_a_conflict_with_the_catalogue_is_told(self, job: Job, portal: str) -> None:
        make_revision("paper", Paper.objects.with_references().get(), year=2021)

        done = job.run(portal_url=portal, fail_on="conflicts")

        assert "Year: 2024 in the list, 2021 in the catalogue, 2022 before." in done.stdout
        assert (done.returncode, job.output["conflicts"]) == (1, "1")

    def test_without_a_base_it_reports_all_lines(self, job: Job, portal: str) -> None:
        done = job.run(portal_url=portal, base="none", fail_on="none")

        assert (done.returncode, job.output["unread"]) == (0, "2")
        assert "This is about all lines." in job.summary

    def test_a_list_that_changes_nothing_has_nothing_to_report(self, job: Job, portal: str) -> None:
        (job.workspace / "README.md").write_text(BEFORE)

        done = job.run(portal_url=portal)

        assert done.stdout == "proposed: 0, duplicates: 0, unread: 0, questions: 0, conflicts: 0, links: 0\n"
        assert (done.returncode, "Nothing to report." in job.summary) == (0, True)

    def test_a_base_that_nobody_has_is_told_and_all_lines_are_reported(self, job: Job, portal: str) -> None:
        done = job.run(portal_url=portal, base="f" * 40, fail_on="")

        assert done.stdout.splitlines()[0].startswith("::notice::The commit ffffffffffff is not at hand")
        assert (done.returncode, job.output["unread"]) == (0, "2")

    def test_a_token_that_is_none_is_an_error(self, job: Job, portal: str) -> None:
        done = job.run(portal_url=portal, token="nonsense")

        assert done.stdout.startswith("::error::The portal answers 401: ")
        assert done.returncode == 1

    def test_a_quota_that_is_used_up_for_long_is_no_check(self, job: Job, portal: str) -> None:
        with override_settings(LIMITS={"check": (0, 86_400_000)}):
            done = job.run(portal_url=portal)

        assert done.stdout.startswith("::warning::The list was not checked. The portal answers 429: ")
        assert (done.returncode, job.output) == (0, {"checked": "false"})


class Answering(BaseHTTPRequestHandler):
    """A server that answers with the statuses, headers and bodies of `answers`, one after the other."""

    answers: list[tuple[int, dict[str, str], bytes]]

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        status, headers, body = self.answers.pop(0)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Write no log."""


@pytest.fixture
def answers() -> Iterator[tuple[str, list[tuple[int, dict[str, str], bytes]]]]:
    """The address of a server and what it is going to answer."""
    going_to_answer: list[tuple[int, dict[str, str], bytes]] = []
    handler = type("Handler", (Answering,), {"answers": going_to_answer})
    server = HTTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", going_to_answer
    server.shutdown()
    thread.join()
    server.server_close()


class TestWithoutAPortal:
    @pytest.mark.parametrize(("fail_on", "status"), [("duplicates", 0), ("duplicates, unreachable", 1)])
    def test_a_portal_that_is_not_there_is_told(self, job: Job, fail_on: str, status: int) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            done = job.run(portal_url=f"http://127.0.0.1:{unused.getsockname()[1]}", fail_on=fail_on)

        assert done.stdout.startswith("::warning::The list was not checked. 127.0.0.1")
        assert (done.returncode, job.output) == (status, {"checked": "false"})
        assert "Not checked: 127.0.0.1" in job.summary

    def test_a_portal_that_hangs_is_given_up(self, job: Job) -> None:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            done = job.run(portal_url=f"http://127.0.0.1:{silent.getsockname()[1]}", timeout="0.3")

        assert "timed out" in done.stdout
        assert (done.returncode, job.output) == (0, {"checked": "false"})

    def test_a_busy_portal_is_asked_once_more(self, job: Job, answers: Any) -> None:
        address, given = answers
        given += [(503, {"Retry-After": "0"}, b""), (200, {}, b'{"entries": 1, "lines": [], "links": []}')]

        assert job.run(portal_url=address).returncode == 0
        assert job.output["checked"] == "true"

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            ((200, {}, b"<html>"), "The answer is not JSON."),
            ((200, {}, b"[]"), "does not answer as a portal does."),
            ((500, {}, b"{}"), "The portal answers 500: Internal Server Error"),
            ((503, {"Retry-After": "3600"}, b'{"detail": "Later."}'), "The portal answers 503: Later."),
        ],
    )
    def test_an_answer_that_is_no_check_is_told(
        self, job: Job, answers: Any, answer: tuple[int, dict[str, str], bytes], message: str
    ) -> None:
        address, given = answers
        given.append(answer)

        done = job.run(portal_url=address)

        assert message in done.stdout
        assert (done.returncode, job.output) == (0, {"checked": "false"})

    @pytest.mark.parametrize(
        ("inputs", "message"),
        [
            ({"fail_on": "dupes"}, "fail-on: there is no dupes. There are: duplicates, unread, questions, conflicts"),
            ({"file": "LIST.md"}, "LIST.md cannot be read"),
            ({"portal_url": "portal"}, "portal-url: give the address of the portal"),
            ({"timeout": "soon"}, "timeout: give a number of seconds."),
            ({"base": "--upload-pack=x"}, "base: that is no commit."),
        ],
    )
    def test_an_input_that_is_not_right_is_an_error(self, job: Job, inputs: dict[str, str], message: str) -> None:
        done = job.run(**{"portal_url": "http://127.0.0.1:9", **inputs})

        assert done.stdout.startswith("::error::")
        assert message in done.stdout
        assert done.returncode == 1

    def test_a_file_that_is_no_text_is_an_error(self, job: Job) -> None:
        (job.workspace / "README.md").write_bytes(b"\xff\xfe")

        assert "is not text in UTF-8" in job.run(portal_url="http://127.0.0.1:9").stdout


class TestParts:
    @pytest.mark.parametrize(
        ("event", "commit"),
        [
            ({"pull_request": {"base": {"sha": "a1"}}}, "a1"),
            ({"before": "b2"}, "b2"),
            ({"before": "0" * 40}, ""),
            ({"schedule": "daily"}, ""),
        ],
    )
    def test_the_commit_before_an_event(self, tmp_path: Path, event: dict[str, Any], commit: str) -> None:
        (tmp_path / "event.json").write_text(json.dumps(event))

        assert check_list.commit_before(str(tmp_path / "event.json")) == commit

    @given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abcd")))
    def test_lines_that_are_new_have_changed(self, before: list[str], after: list[str]) -> None:
        changed = check_list.changed_lines("\n".join(before), "\n".join(after))

        assert {number for number, line in enumerate(after, 1) if line not in before} <= changed
        assert changed <= set(range(1, len(after) + 1))
        assert before != after or not changed

    def test_text_in_a_summary_is_shown_and_means_nothing(self) -> None:
        assert check_list.shown("a|b <b> [x](y)\n`c` @d") == ("a&#124;b &lt;b&gt; &#91;x&#93;(y) &#96;c&#96; &#64;d")

    def test_a_command_holds_one_message(self) -> None:
        assert check_list.command("warning", "50 %\n::error::x", file="a,b:c", line=1) == (
            "::warning file=a%2Cb%3Ac,line=1::50 %25%0A::error::x"
        )

    def test_a_long_table_is_cut_and_says_so(self) -> None:
        table = check_list.table("Twice", [(number, "x") for number in range(1, 251)])

        assert (table.count("\n| "), "and 50 more" in table) == (201, True)


class TestDescription:
    """By the schemas of schemastore.org, which check-jsonschema brings along."""

    def errors(self, schema: str, file: Path) -> str:
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return "" if done.returncode == 0 else done.stdout + done.stderr

    def test_the_action_is_described_as_github_demands(self) -> None:
        assert self.errors("vendor.github-actions", FOLDER / "action.yml") == ""

    def test_the_workflow_of_the_readme_is_one(self, tmp_path: Path) -> None:
        text = (FOLDER / "README.md").read_text()
        (tmp_path / "check.yml").write_text(text.split("```yaml\n")[1].split("```")[0])

        assert self.errors("vendor.github-workflows", tmp_path / "check.yml") == ""

    def test_the_readme_names_the_inputs_and_outputs(self) -> None:
        text = (FOLDER / "README.md").read_text()

        assert re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE) == list(ACTION["inputs"])
        named = re.search(r"^Outputs: (.*)\.$", text, re.MULTILINE)
        assert named is not None
        assert re.findall(r"`([\w-]+)`", named[1]) == list(ACTION["outputs"])
