"""An MCP server whose tools and resources call the REST API.

It has no permissions of its own: a tool can do what its token may do, and its proposals go through the same review.
Needs the packages of the `mcp` group (requirements/mcp.txt).
"""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import quote

import requests
from django.conf import settings
from mcp.server import MCPServer
from mcp.server.mcpserver.exceptions import ResourceError, ToolError
from mcp.types import ToolAnnotations

from catalog.kinds import BY_PLURAL, KINDS

JSONObject = dict[str, Any]
if TYPE_CHECKING:
    Kind: TypeAlias = str
    Plural: TypeAlias = str
else:  # the enums of the tools' schemas; a type checker cannot evaluate the register
    Kind, Plural = Literal[tuple(KINDS)], Literal[tuple(BY_PLURAL)]
Value: TypeAlias = str | int | float | bool
Action = Literal["create", "edit", "retire", "restore", "merge", "flag"]

READ_ONLY = ToolAnnotations(read_only_hint=True, open_world_hint=False)
WRITING = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
TIMEOUT = 30.0
VERSION: str = settings.SPECTACULAR_SETTINGS["VERSION"]
"""That of the API, by whose operations the tools are called."""
INSTRUCTIONS = (
    f"An open reference of vision-language models: {', '.join(BY_PLURAL)}. Every "
    "value carries who said it, who approved it, and its source. Read before you propose: read_entry gives an entry's "
    "fields in the shape that propose takes. An edit names only the fields that change, and its source. Nothing is "
    "published before a moderator approves it; do not invent values, and leave empty what the source does not say."
)


class Portal:
    """A client of one portal's API, with a token if there is one. The public methods are the tools, described by their
    docstrings."""

    def __init__(self, url: str, token: str = "") -> None:
        self.base = f"{url.rstrip('/')}/api/v1/"
        self.session = requests.Session()
        self.session.headers["Accept"] = "application/json"
        if token:
            self.session.headers["Authorization"] = f"Bearer {token}"

    def search(self, query: str, kind: Kind | None = None, page: int = 1) -> JSONObject:
        """Find entries by words, names or near-misses of names. Gives kind, slug, name and where the words stand."""
        return self._get("search/", {"q": query, "kind": kind, "page": page})

    def list_entries(
        self,
        kind: Plural,
        filters: dict[str, Value | list[Value]] | None = None,
        page_size: int = 25,
        cursor: str | None = None,
    ) -> JSONObject:
        """List entries of a kind. `filters` are query parameters of the API such as {"year_min": 2024}, a list where
        any of several values will do; a wrong one is refused with what is allowed. Take `cursor` out of `next` for the
        page after."""
        query = {name: _query_value(value) for name, value in (filters or {}).items()}
        return self._get(f"{kind}/", {**query, "page_size": page_size, "cursor": cursor})

    def read_entry(self, kind: Plural, slug: str, provenance: bool = False, as_of: str | None = None) -> JSONObject:
        """Read one entry: its fields, revision and addresses. `provenance` adds who said each value, who approved it,
        when and from which source; `as_of` (YYYY-MM-DD) gives it as it stood on that day."""
        include = "provenance" if provenance else None
        return self._get(f"{kind}/{_path_segment(slug)}/", {"include": include, "as_of": as_of})

    def leaderboard(
        self,
        benchmark: str,
        *,
        part: str | None = None,
        split: str | None = None,
        track: str | None = None,
        metric: str | None = None,
        top: int = 20,
        as_of: str | None = None,
    ) -> JSONObject:
        """Read the boards of a benchmark, by its slug: scores ranked only like with like. `all` names its boards;
        `part`, `split` and `track` choose some (an empty text is a value), `metric` ranks by another metric, `top`
        bounds the rows of each sort, `as_of` (YYYY-MM-DD) gives them as they stood on that day. Say with a number what
        its row leaves unknown (`ranked_with_unknown`) and whether better numbers were measured otherwise
        (`better_but_differs`)."""
        query = {"part": part, "split": split, "track": track, "metric": metric, "top": top, "as_of": as_of}
        return self._get(f"leaderboards/{_path_segment(benchmark)}/", query)

    def leaderboard_changes(
        self,
        benchmark: str,
        part: str | None = None,
        split: str | None = None,
        track: str | None = None,
        metric: str | None = None,
    ) -> JSONObject:
        """Read what changed one board of a benchmark, newest first: each change with a sentence and the first row
        before and after. Without `part`, `split` and `track` it is the largest board."""
        query = {"part": part, "split": split, "track": track, "metric": metric}
        return self._get(f"leaderboards/{_path_segment(benchmark)}/changes/", query)

    def compare_results(self, one: str, other: str) -> JSONObject:
        """Whether two results, by their slugs, can be compared: what is the same, what differs and what is unknown,
        and a sentence that says so."""
        return self._get(f"compare/{_path_segment(one)}/{_path_segment(other)}/", {})

    def changes(self, since: str | None = None) -> JSONObject:
        """Read what changed, oldest first. Give the `cursor` of the last answer as `since`; "now" gives the present
        one."""
        return self._get("changes/", {"since": since})

    def parse(self, text: str) -> JSONObject:
        """Turn one line of a list, an arXiv id, a DOI or a BibTeX record into a draft with likely duplicates. Saves
        nothing."""
        return self._post("proposals/parse/", {"text": text})

    def propose(
        self,
        kind: Kind,
        action: Action,
        *,
        fields: dict[str, Any] | None = None,
        additions: dict[str, Any] | None = None,
        slug: str = "",
        into: str = "",
        source: str = "",
        comment: str = "",
    ) -> JSONObject:
        """Propose a change for review. create: the whole payload in `fields`. edit: `slug`, only the fields that change
        (a list replaces the whole list, null empties a field), and `source`. retire, restore, flag: `slug` and the
        reason in `comment`. merge: also `into`, the slug that stays. A result names a variant, part, split or metric
        that the model or the benchmark lists; `additions` brings the row of a new one, by that field:
        {"split": {"name": "testmini"}}."""
        body = {"kind": kind, "action": action, "fields": fields, "slug": slug, "into": into, "additions": additions}
        sent = {name: value for name, value in body.items() if value}
        return self._post("proposals/", {**sent, "source": source, "comment": comment})

    def my_proposals(self, status: str | None = None) -> JSONObject:
        """List what the token's account proposed, newest first, and what became of it."""
        return self._get("proposals/", {"status": status})

    def read_proposal(self, number: int) -> JSONObject:
        """Read a proposal of the token's account, with what was said and decided."""
        return self._get(f"proposals/{number}/", {})

    def revise_proposal(self, number: int, fields: dict[str, Any], comment: str = "") -> JSONObject:
        """Change some fields of an open proposal, for instance after a moderator asked for it."""
        return self._send("PATCH", f"proposals/{number}/", json={"fields": fields, "comment": comment})

    def withdraw_proposal(self, number: int) -> JSONObject:
        """Take an open proposal back."""
        return self._post(f"proposals/{number}/withdraw/", {})

    def entry(self, kind: str, slug: str) -> JSONObject:
        """An entry by the plural of its kind and its slug: fields, revision and addresses."""
        return self._get(f"{_path_segment(kind)}/{_path_segment(slug)}/", {})

    def boards(self, benchmark: str) -> JSONObject:
        """The boards of a benchmark, by its slug."""
        return self._get(f"leaderboards/{_path_segment(benchmark)}/", {})

    def vocabularies(self) -> JSONObject:
        """The fixed lists of values that fields and filters take."""
        return self._get("vocabularies/", {})

    def _get(self, path: str, query: Mapping[str, Any]) -> JSONObject:
        return self._send("GET", path, params={name: value for name, value in query.items() if value is not None})

    def _post(self, path: str, body: Mapping[str, Any]) -> JSONObject:
        return self._send("POST", path, json=body)

    def _send(self, method: str, path: str, **arguments: Any) -> JSONObject:
        """Send a request and return the JSON of the response. Raises ToolError, which shows the agent the problem."""
        try:
            response = self.session.request(method, self.base + path, timeout=TIMEOUT, **arguments)
            result: JSONObject = response.json()
        except (requests.RequestException, ValueError) as error:
            raise ToolError(f"The portal could not be asked: {error}") from error
        if not response.ok:
            raise ToolError(response.text)
        return result


def build_server(url: str, token: str = "") -> MCPServer[Any]:
    """The MCP server of one portal."""
    portal = Portal(url, token)
    public_tools: list[Callable[..., JSONObject]] = [
        portal.search,
        portal.list_entries,
        portal.read_entry,
        portal.leaderboard,
        portal.leaderboard_changes,
        portal.compare_results,
        portal.changes,
    ]
    account_tools: list[Callable[..., JSONObject]] = [portal.parse, portal.my_proposals, portal.read_proposal]
    writing_tools: list[Callable[..., JSONObject]] = [portal.propose, portal.revise_proposal, portal.withdraw_proposal]
    server: MCPServer[Any] = MCPServer(
        "VLM Portal", instructions=INSTRUCTIONS, website_url=url, version=VERSION, log_level="WARNING"
    )
    for tool in public_tools + account_tools:
        server.add_tool(tool, annotations=READ_ONLY)
    for tool in writing_tools:
        server.add_tool(tool, annotations=WRITING)
    for address, read in (
        ("vlm-portal://entries/{kind}/{slug}", portal.entry),
        ("vlm-portal://leaderboards/{benchmark}", portal.boards),
        ("vlm-portal://vocabularies", portal.vocabularies),
    ):
        server.resource(address, mime_type="application/json")(_as_resource(read))
    for prompt in (propose_from_source, compare_models):
        server.prompt()(prompt)
    return server


def propose_from_source(source: str) -> str:
    """Propose what a source says: an arXiv id, a DOI, an address, a BibTeX record or a line of a list."""
    return (
        f"Propose to the catalogue what this source says: {source}\n\n"
        "1. Call parse with it, and look at the likely duplicates of the draft with read_entry.\n"
        "2. If the entry is there already, propose an edit of the fields that it lacks or has wrong, and no others.\n"
        "3. Read the source itself. Write each value as the source prints it, and leave empty what it does not say.\n"
        "4. Show me the proposal and where each value stands in the source. Call propose only after I agree."
    )


def compare_models(one: str, other: str, benchmark: str) -> str:
    """Compare two models on a benchmark, with what makes their results comparable or not."""
    return (
        f"Compare {one} and {other} on {benchmark}.\n\n"
        "1. Find the slugs with search, and read the boards with leaderboard.\n"
        "2. For each pair of their results call compare_results, and give its sentence with the numbers.\n"
        "3. Do not rank results that are not comparable, and say what is unknown.\n"
        "4. Name the source of every number, with the address of its entry."
    )


def _as_resource(read: Callable[..., JSONObject]) -> Callable[..., JSONObject]:
    """A function whose problems the agent is shown, as those of a tool are."""

    @wraps(read)
    def inner(*args: Any, **kwargs: Any) -> JSONObject:
        try:
            return read(*args, **kwargs)
        except ToolError as error:
            raise ResourceError(str(error)) from error

    return inner


def _query_value(value: Value | list[Value]) -> str | list[str]:
    """A value of a filter as the API takes it: 2024 also where an agent sends 2024.0."""
    if isinstance(value, list):
        return [str(_query_value(item)) for item in value]
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _path_segment(slug: str) -> str:
    return quote(slug, safe="")
