"""Check an awesome list for a GitHub workflow: annotations, a summary of the job, outputs and the exit status.

It needs Python 3.9 and git, and no package. The list is read and compared by the portal (POST /api/v1/lists/check/).
"""

from __future__ import annotations

import html
import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

PROBLEMS: dict[str, tuple[str, ...]] = {
    "duplicates": ("again",),
    "unread": ("unreadable",),
    "questions": ("question",),
    "conflicts": ("conflict",),
    "links": (),
}
UNREACHABLE = "unreachable"
HEADINGS = {
    "again": "Twice in the list",
    "unreadable": "Not read",
    "question": "There under another name?",
    "conflict": "Changed in the list and in the catalogue",
    "new": "Would be proposed",
    "differs": "Would be changed",
    "removed": "No longer in the list",
    "behind": "Changed in the catalogue since",
}
MAX_ROWS = 200  # of a table; a summary may have a megabyte
LONGEST_WAIT = 60.0  # seconds before the one other attempt
NO_COMMIT = "0" * 40


class Unreachable(Exception):
    """The portal did not answer, or not with a check."""


class Misuse(Exception):
    """The inputs or the repository are not as they have to be; the message says how."""


def main(environ: Mapping[str, str]) -> int:
    """Run the check with the inputs of the action; return the exit status."""
    file = environ.get("CHECK_FILE") or "README.md"
    fail_on: set[str] = set()
    try:
        fail_on |= read_fail_on(environ.get("CHECK_FAIL_ON", ""))
        text = read_text(Path(environ.get("GITHUB_WORKSPACE", ".")) / file)
        before = text_before(environ, file)
        found = only_changed(ask(environ, text, before), text, before)
    except Misuse as error:
        print(command("error", str(error)))
        return 1
    except Unreachable as error:
        print(command("warning", f"The list was not checked. {error}"))
        append(environ.get("GITHUB_STEP_SUMMARY"), f"## {shown(file)}\n\nNot checked: {shown(str(error))}\n")
        append(environ.get("GITHUB_OUTPUT"), "checked=false\n")
        return int(UNREACHABLE in fail_on)
    numbers = numbers_of(found)
    report(environ, file, found, numbers, is_of_changes=before is not None)
    return int(any(numbers[problem] for problem in fail_on - {UNREACHABLE}))


def report(
    environ: Mapping[str, str], file: str, found: Mapping[str, Any], numbers: Mapping[str, int], *, is_of_changes: bool
) -> None:
    """Write the annotations, the summary of the job and the outputs of the step."""
    for line in annotated(found, file):
        print(line)
    append(environ.get("GITHUB_STEP_SUMMARY"), summary(found, file, is_of_changes=is_of_changes))
    append(environ.get("GITHUB_OUTPUT"), "checked=true\n" + "".join(f"{key}={n}\n" for key, n in numbers.items()))
    print(", ".join(f"{name}: {number}" for name, number in numbers.items()))


def read_fail_on(text: str) -> set[str]:
    """The problems to fail on. Raises Misuse for a word that is none."""
    words = {word.strip().lower() for word in text.split(",")} - {"", "none"}
    if unknown := words - {*PROBLEMS, UNREACHABLE}:
        known = ", ".join([*PROBLEMS, UNREACHABLE])
        raise Misuse(f"fail-on: there is no {', '.join(sorted(unknown))}. There are: {known}, or none.")
    return words


def read_text(path: Path) -> str:
    """The text of a list. Raises Misuse if there is none."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Misuse(f"file: {path} cannot be read ({error.strerror}). Does actions/checkout come before?") from error
    except UnicodeDecodeError as error:
        raise Misuse(f"file: {path} is not text in UTF-8.") from error


def text_before(environ: Mapping[str, str], file: str) -> str | None:
    """The list at the commit with which it is compared; "" if it was not there, None if there is no such commit."""
    base = environ.get("CHECK_BASE", "").strip()
    commit = base or commit_before(environ.get("GITHUB_EVENT_PATH", ""))
    if not commit or commit.lower() == "none":
        return None
    if commit.startswith("-"):
        raise Misuse("base: that is no commit.")
    folder = environ.get("GITHUB_WORKSPACE", ".")
    if git(folder, "cat-file", "-e", f"{commit}^{{commit}}") is None:
        git(folder, "fetch", "--no-tags", "--depth=1", "origin", commit)
        if git(folder, "cat-file", "-e", f"{commit}^{{commit}}") is None:
            print(command("notice", f"The commit {commit[:12]} is not at hand, so that all lines are reported."))
            return None
    return (git(folder, "show", f"{commit}:{file.removeprefix('./')}") or b"").decode("utf-8-sig", "replace")


def commit_before(event_path: str) -> str:
    """The base of the pull request that an event is about, or the commit before its push; "" for any other event."""
    try:
        event = json.loads(Path(event_path).read_bytes()) if event_path else {}
    except (OSError, ValueError):
        return ""
    commit = event.get("pull_request", {}).get("base", {}).get("sha") or event.get("before") or ""
    return "" if commit == NO_COMMIT else str(commit)


def git(folder: str, *arguments: str) -> bytes | None:
    """What git writes; None if it fails."""
    try:
        done = subprocess.run(["git", "-C", folder, *arguments], capture_output=True, check=False, timeout=120)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return None if done.returncode else done.stdout


def ask(environ: Mapping[str, str], text: str, before: str | None) -> dict[str, Any]:
    """The portal's check of a list. Raises Unreachable, or Misuse if the portal refuses the request."""
    address = environ.get("CHECK_PORTAL_URL", "").strip().rstrip("/")
    if not address.startswith(("http://", "https://")):
        raise Misuse("portal-url: give the address of the portal, with https://.")
    try:
        timeout = float(environ.get("CHECK_TIMEOUT") or 60)
    except ValueError as error:
        raise Misuse("timeout: give a number of seconds.") from error
    headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "vlm-portal-check-list"}
    if token := environ.get("CHECK_TOKEN", "").strip():
        headers["Authorization"] = f"Bearer {token}"
    body = json.dumps({"text": text, "base": before or ""}).encode()
    request = urllib.request.Request(f"{address}/api/v1/lists/check/", body, headers)
    answer = send(request, timeout, is_last=False)
    if not isinstance(answer, dict) or not {"lines", "links"} <= answer.keys():
        raise Unreachable(f"{address} does not answer as a portal does.")
    return answer


def send(request: urllib.request.Request, timeout: float, *, is_last: bool) -> Any:
    """The JSON of an answer, after one other attempt where the portal says when to come again."""
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        wait = seconds_to_wait(error)
        if is_last or wait is None:
            raise refusal(error) from error
    except ValueError as error:
        raise Unreachable("The answer is not JSON.") from error
    except OSError as error:
        raise Unreachable(f"{request.host} cannot be reached: {getattr(error, 'reason', error)}.") from error
    time.sleep(wait)
    return send(request, timeout, is_last=True)


def seconds_to_wait(error: urllib.error.HTTPError) -> float | None:
    """How long a busy portal asks to wait; None if another attempt is of no use."""
    after = error.headers.get("Retry-After", "")
    is_short = error.code in (429, 503) and after.isdecimal() and int(after) <= LONGEST_WAIT
    return float(after) if is_short else None


def refusal(error: urllib.error.HTTPError) -> Exception:
    """What an error status says: Misuse if the request was not right, else Unreachable."""
    try:
        detail = json.loads(error.read())["detail"]
    except (OSError, ValueError, KeyError, TypeError):
        detail = error.reason
    message = f"The portal answers {error.code}: {detail}"
    return Misuse(message) if error.code in (400, 401, 403, 413, 415, 422) else Unreachable(message)


def only_changed(found: dict[str, Any], text: str, before: str | None) -> dict[str, Any]:
    """A check with only what is about lines that changed since `before`; as it is without."""
    if before is None:
        return found
    changed = changed_lines(before, text)

    def is_about_them(one: Mapping[str, Any]) -> bool:
        if one["line"] is None:
            return True
        lines = {*range(one["line"], (one.get("last") or one["line"]) + 1), one.get("earlier")}
        return not changed.isdisjoint(lines)

    return {**found, **{key: [one for one in found[key] if is_about_them(one)] for key in ("lines", "links")}}


def changed_lines(before: str, text: str) -> set[int]:
    """The numbers of the lines of a text that are not in the version before, counted from 1."""
    old, new = before.splitlines(), text.splitlines()
    steps = SequenceMatcher(None, old, new).get_opcodes()
    return {number + 1 for kind, _, _, start, end in steps if kind != "equal" for number in range(start, end)}


def numbers_of(found: Mapping[str, Any]) -> dict[str, int]:
    """How many would be proposed, and how many there are of each problem."""
    outcomes = [one["outcome"] for one in found["lines"]]
    counts = {problem: sum(map(outcomes.count, of_problem)) for problem, of_problem in PROBLEMS.items()}
    return {"proposed": outcomes.count("new") + outcomes.count("differs"), **counts, "links": len(found["links"])}


def annotated(found: Mapping[str, Any], file: str) -> Iterable[str]:
    """The workflow commands that GitHub shows beside the lines."""
    for one in found["lines"]:
        if one["level"] in ("warning", "notice") and one["line"]:
            yield command(one["level"], one["message"], file=file, line=one["line"], endLine=one["last"] or one["line"])
    for link in found["links"]:
        yield command("warning", in_words(link), file=file, line=link["line"])


def command(level: str, message: str, **properties: object) -> str:
    """A workflow command, with what it may not hold escaped (actions/toolkit, packages/core/src/command.ts)."""
    escaped = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    stated = ",".join(f"{name}={_escaped_property(str(value))}" for name, value in properties.items())
    return f"::{level} {stated}::{escaped}" if stated else f"::{level}::{escaped}"


def _escaped_property(text: str) -> str:
    for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        text = text.replace(sign, code)
    return text


def in_words(link: Mapping[str, Any]) -> str:
    """What is wrong with a link, in a sentence."""
    named = ", ".join(filter(None, [f"“{link['text']}”" if link["text"] else "", link["address"]])) or "A link"
    return f"{named}: {link['problem']}." + (f" Better: {link['better']}" if link["better"] else "")


def summary(found: Mapping[str, Any], file: str, *, is_of_changes: bool) -> str:
    """The summary of the job, in Markdown."""
    about = "the lines that changed" if is_of_changes else "all lines"
    tables = [
        table(heading, [(one["line"], one["message"]) for one in found["lines"] if one["outcome"] == outcome])
        for outcome, heading in HEADINGS.items()
    ]
    links = [(link["line"], in_words(link)) for link in found["links"]]
    tables = [part for part in (*tables, table("Links that lead nowhere, or have a better form", links)) if part]
    head = f"## {shown(file)}\n\n{found['entries']} entries in the list. This is about {about}.\n"
    return "\n".join([head, *(tables or ["Nothing to report.\n"])])


def table(heading: str, rows: list[tuple[int | None, str]]) -> str:
    """A table below a heading; "" without rows."""
    if not rows:
        return ""
    lines = [f"| {line or ''} | {shown(message)} |" for line, message in rows[:MAX_ROWS]]
    more = f"\nand {len(rows) - MAX_ROWS} more\n" if len(rows) > MAX_ROWS else ""
    return f"### {heading} ({len(rows)})\n\n| line | |\n|--:|---|\n" + "\n".join(lines) + "\n" + more


def shown(text: str) -> str:
    """A text as Markdown that shows it in a cell and means nothing."""
    escaped = html.escape(" ".join(text.split()))
    return "".join(f"&#{ord(char)};" if char in "|[]`*_~\\@" else char for char in escaped)


def append(path: str | None, text: str) -> None:
    """Add to a file of the workflow, if there is one."""
    if path:
        with Path(path).open("a", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    sys.exit(main(os.environ))
