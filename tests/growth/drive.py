"""Work on the site of DATABASE_URL: a JSON list of steps on standard input, what came of each on standard output.

A process of its own, because the code that it runs is a changed copy. A step is a request as
tests/upgrade/send_requests.py describes it, a `fill` (open the page at `path`, change these values of its form, send
it), or a `call` of a function below.
"""

import asyncio
import json
import sys
from typing import Any

import django

from tests.posting import fields_of
from tests.upgrade.send_requests import answer, client_of


def people() -> None:
    """Two contributors, ada and bob; two moderators, hedy and mary; and the admin root."""
    from tests.people import admin, contributor, moderator  # noqa: PLC0415 -- Django has to be set up before

    for name in ("ada", "bob"):
        contributor(name)
    for name in ("hedy", "mary"):
        moderator(name)
    admin("root")


def ledger() -> list[str]:
    """What does not agree in the ledger."""
    from catalog.ledger.integrity import find_errors  # noqa: PLC0415

    return list(find_errors())


def agent_kinds() -> dict[str, list[str]]:
    """The kinds that the tools of the MCP server take, by tool."""
    from submissions.mcp_server import build_server  # noqa: PLC0415

    tools = asyncio.run(build_server("http://127.0.0.1:8000").list_tools())
    properties = {tool.name: json.dumps(tool.input_schema["properties"].get("kind", {})) for tool in tools}
    return {name: kinds for name, text in properties.items() if (kinds := kinds_in(json.loads(text)))}


def kinds_in(schema: dict[str, Any]) -> list[str]:
    """The values of a JSON Schema that is an enumeration, or null."""
    values: list[str] = schema.get("enum") or next(
        (one["enum"] for one in schema.get("anyOf", []) if "enum" in one), []
    )
    return values


def filled(step: dict[str, Any]) -> dict[str, Any]:
    """The answer to a form that was opened, changed and sent."""
    page = client_of(step.get("user", "")).get(step["path"]).content.decode()
    return answer({**step, "form": {**fields_of(page, step.get("class", "sheet")), **step["fill"]}})


CALLS = {call.__name__: call for call in (people, ledger, agent_kinds)}


def done(step: dict[str, Any]) -> Any:
    """What came of a step."""
    if "call" in step:
        return CALLS[step["call"]]()
    return filled(step) if "fill" in step else answer(step)


if __name__ == "__main__":
    django.setup()
    json.dump([done(step) for step in json.load(sys.stdin)], sys.stdout)
