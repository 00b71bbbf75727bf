"""The MCP server, driven by the SDK's own client over standard input and output against a running site."""

import asyncio
import json
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, MCPError, StdioServerParameters

from accounts.tokens import make_token
from submissions.mcp_server import build_server
from submissions.models import Proposal
from tests.factories import make_benchmark, make_paper, make_result
from tests.people import contributor

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]


def talk(with_server: Any, conversation: Callable[[Client], Awaitable[Any]]) -> Any:
    """What a conversation gives."""

    async def session() -> Any:
        async with Client(with_server) as client:
            return await conversation(client)

    return asyncio.run(session())


def command(site: str, token: str) -> StdioServerParameters:
    """A server of its own process, as an agent's host starts it."""
    return StdioServerParameters(
        command=sys.executable,
        args=["manage.py", "mcp", "--url", site],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "vlmportal.settings", "VLM_PORTAL_TOKEN": token},
    )


def test_an_agent_reads_and_proposes(live_server: Any) -> None:
    make_paper(name="Vim", year=2023)
    _, key = make_token(user=contributor(), name="agent", scopes=["read", "propose"], days=7)

    async def conversation(client: Client) -> list[Any]:
        edit = {"kind": "paper", "action": "edit", "slug": "vim", "fields": {"year": 2024}}
        return [
            await client.list_tools(),
            await client.call_tool("search", {"query": "vim"}),
            await client.call_tool("read_entry", {"kind": "papers", "slug": "vim", "provenance": True}),
            await client.call_tool("list_entries", {"kind": "papers", "filters": {"colour": "red"}}),
            await client.call_tool("propose", edit),
            await client.call_tool("propose", {**edit, "source": "https://arxiv.org/abs/2401.09417"}),
            await client.call_tool("my_proposals", {}),
        ]

    tools, hits, entry, wrong, refused, proposed, mine = talk(command(live_server.url, key), conversation)

    assert sorted(tool.name for tool in tools.tools) == [
        "changes",
        "compare_results",
        "leaderboard",
        "leaderboard_changes",
        "list_entries",
        "my_proposals",
        "parse",
        "propose",
        "read_entry",
        "read_proposal",
        "revise_proposal",
        "search",
        "withdraw_proposal",
    ]
    assert [hit["slug"] for hit in hits.structured_content["results"]] == ["vim"]
    assert entry.structured_content["fields"]["year"] == 2023
    assert (wrong.is_error, "There is no such parameter here" in wrong.content[0].text) == (True, True)
    assert (refused.is_error, "Give a source" in refused.content[0].text) == (True, True)
    assert proposed.structured_content["status"] == "pending"
    assert [row["id"] for row in mine.structured_content["results"]] == [Proposal.objects.get().pk]


def test_without_a_token_an_agent_reads_only(live_server: Any) -> None:
    make_paper(name="Vim")

    async def conversation(client: Client) -> list[Any]:
        new = {"kind": "paper", "action": "create", "fields": {"name": "Other"}, "source": "The report"}
        return [
            await client.call_tool("read_entry", {"kind": "papers", "slug": "vim"}),
            await client.call_tool("propose", new),
        ]

    entry, refused = talk(build_server(live_server.url), conversation)
    assert entry.structured_content["slug"] == "vim"
    assert (refused.is_error, '"status":401' in refused.content[0].text) == (True, True)
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"year_min": 2024}, ["Vim"]),
        ({"year_min": 2024.0, "year_max": "2024"}, ["Vim"]),
        ({"year": [2021, "2024"]}, ["CLIP", "Vim"]),
        ({"slug": ["clip"]}, ["CLIP"]),
        ({"year_max": 1999}, []),
        (None, ["CLIP", "Vim"]),
    ],
)
def test_an_agent_filters_by_numbers_and_lists(live_server: Any, filters: Any, names: list[str]) -> None:
    make_paper(name="CLIP", year=2021)
    make_paper(name="Vim", year=2024)

    async def conversation(client: Client) -> Any:
        return await client.call_tool("list_entries", {"kind": "papers", "filters": filters})

    found = talk(build_server(live_server.url), conversation)
    assert [entry["fields"]["name"] for entry in found.structured_content["results"]] == names


def test_an_agent_finds_version_resources_and_prompts(live_server: Any) -> None:
    make_paper(name="CLIP", year=2021)
    make_benchmark(name="MMMU", splits=[{"name": "val"}])

    async def conversation(client: Client) -> list[Any]:
        return [
            client.server_info.version if client.server_info else None,
            await client.list_resources(),
            await client.list_resource_templates(),
            await client.read_resource("vlm-portal://entries/papers/clip"),
            await client.read_resource("vlm-portal://leaderboards/mmmu"),
            await client.read_resource("vlm-portal://vocabularies"),
            await client.list_prompts(),
            await client.get_prompt("propose_from_source", {"source": "arXiv:2103.00020"}),
        ]

    version, resources, templates, entry, boards, vocabularies, prompts, prompt = talk(
        build_server(live_server.url), conversation
    )

    assert version == "1"
    assert [str(one.uri) for one in resources.resources] == ["vlm-portal://vocabularies"]
    assert sorted(one.uri_template for one in templates.resource_templates) == [
        "vlm-portal://entries/{kind}/{slug}",
        "vlm-portal://leaderboards/{benchmark}",
    ]
    assert json.loads(entry.contents[0].text)["fields"]["year"] == 2021
    assert json.loads(boards.contents[0].text)["benchmark"]["slug"] == "mmmu"
    assert json.loads(vocabularies.contents[0].text)
    assert {one.name: bool(one.description) for one in prompts.prompts} == {
        "propose_from_source": True,
        "compare_models": True,
    }
    assert "what this source says: arXiv:2103.00020" in prompt.messages[0].content.text


def test_a_resource_that_is_not_there_is_an_error(live_server: Any) -> None:
    async def conversation(client: Client) -> None:
        with pytest.raises(MCPError, match="there never was"):
            await client.read_resource("vlm-portal://entries/papers/nothing")

    talk(build_server(live_server.url), conversation)


def test_an_agent_reads_a_board_its_changes_and_a_comparison(live_server: Any) -> None:
    metric = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}
    make_benchmark(name="MMMU", metrics=[metric], splits=[{"name": "val"}])
    claim = {"benchmark": "mmmu", "metric": "accuracy", "split": "val"}
    one = make_result(paper=make_paper(name="CLIP").slug, value="50", adaptation="zero-shot", **claim)
    other = make_result(paper=make_paper(name="Vim").slug, value="60", adaptation="few-shot", shots=8, **claim)
    make_result(paper="vim", value="1", **{**claim, "split": ""})

    async def conversation(client: Client) -> list[Any]:
        return [
            await client.call_tool("leaderboard", {"benchmark": "mmmu", "split": "", "top": 1}),
            await client.call_tool("leaderboard_changes", {"benchmark": "mmmu", "split": "val"}),
            await client.call_tool("compare_results", {"one": one.slug, "other": other.slug}),
            await client.call_tool("compare_results", {"one": one.slug, "other": "nothing"}),
        ]

    board, changes, compared, unknown = talk(build_server(live_server.url), conversation)

    assert [one["split"] for one in board.structured_content["boards"]] == [""]
    assert [change["slug"] for change in changes.structured_content["results"]] == [other.slug, one.slug]
    assert compared.structured_content["sentence"].startswith(
        "Not comparable: setting differs (zero-shot, few-shot); shots differs (0 shots, 8 shots); "
    )
    assert (unknown.is_error, "there never was" in unknown.content[0].text) == (True, True)
