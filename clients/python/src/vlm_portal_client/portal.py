"""The client: everything that can be read without an account, and proposing with a token."""

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import httpx

from vlm_portal_client.boards import Board, BoardChanges, Comparison, Leaderboards, RankedBenchmark
from vlm_portal_client.decoding import decode
from vlm_portal_client.entries import Entry, FullRevision, Hit, Revision
from vlm_portal_client.errors import NoSuchBoard, NoSuchKind, UnexpectedAnswer
from vlm_portal_client.paging import Changes, Entries, Pages, ReadPage, rows_of
from vlm_portal_client.proposals import Batch, Draft, Proposal
from vlm_portal_client.queries import Query, Values, names, query_of
from vlm_portal_client.transport import Transport

PAGE_SIZE = 200
CHANGES_PAGE_SIZE = 500


class Portal:
    """One portal, by the address of its home page, with an API token if there is one.

    `timeout` is how long to wait for each part of an answer, `patience` how long to try again while the portal is busy
    or cannot be reached, both in seconds; an answer that has not ended after both together is given up. `network`
    replaces the connection, as httpx describes. Every method raises PortalError: Problem for what the portal refuses,
    Unreachable if it does not answer.

    Filters and their values are those of the API (`/api/docs/`). None leaves a filter out, and a list means any of its
    values. `as_of`, a date or a time with its zone, reads the catalogue as it stood then.
    """

    def __init__(
        self,
        url: str,
        token: str | None = None,
        *,
        timeout: float = 30.0,
        patience: float = 60.0,
        network: httpx.BaseTransport | None = None,
    ) -> None:
        self.url = url.rstrip("/")
        self._transport = Transport(url, token, timeout=timeout, patience=patience, network=network)
        self._plurals: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Portal({self.url!r})"

    def __enter__(self) -> "Portal":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._transport.close()

    # Entries

    def entries(
        self,
        kind: str,
        /,
        *,
        fields: Iterable[str] | None = None,
        expand: Iterable[str] | None = None,
        provenance: bool = False,
        as_of: date | str | None = None,
        page_size: int = PAGE_SIZE,
        **filters: Values,
    ) -> Entries:
        """Return the entries of a kind ("paper"), lazily. `fields` limits the fields, `expand` adds the entries that
        these fields name, `provenance` says of every value who gave it; filters include `sort`."""
        query = query_of(
            {
                "fields": names(fields),
                "expand": names(expand),
                "include": "provenance" if provenance else None,
                "as_of": as_of,
                "page_size": page_size,
                **filters,
            }
        )
        return Entries(self._reader(f"{self._plural(kind)}/"), query, Entry)

    def entry(
        self,
        kind: str,
        slug: str,
        *,
        fields: Iterable[str] | None = None,
        expand: Iterable[str] | None = None,
        provenance: bool = False,
        as_of: date | str | None = None,
    ) -> Entry:
        """Return one entry, under its present slug also if it has moved. Raises NotFound, or Retired with the
        reason."""
        query = {
            "fields": names(fields),
            "expand": names(expand),
            "include": "provenance" if provenance else None,
            "as_of": as_of,
        }
        return decode(Entry, self.read(self._path(kind, slug), **query))

    def revisions(self, kind: str, slug: str) -> Pages[Revision]:
        """Return the history of an entry, newest first, lazily; also of one that was retired or merged."""
        return Pages(self._reader(f"{self._path(kind, slug)}revisions/"), (), Revision)

    def revision(self, kind: str, slug: str, number: int, *, provenance: bool = False) -> FullRevision:
        """Return one revision with its payload and what it changed."""
        include = "provenance" if provenance else None
        return decode(FullRevision, self.read(f"{self._path(kind, slug)}revisions/{number}/", include=include))

    def search(
        self, text: str, *, kind: str | None = None, year: int | None = None, as_of: date | str | None = None
    ) -> Pages[Hit]:
        """Return what matches a text in all kinds, best match first, lazily."""
        query = query_of({"q": text, "kind": kind, "year": year, "as_of": as_of, "page_size": 50})
        return Pages(self._reader("search/"), query, Hit)

    def changes(
        self,
        since: str | None = None,
        *,
        kind: Values = None,
        action: Values = None,
        page_size: int = CHANGES_PAGE_SIZE,
    ) -> Changes:
        """Return the changes after a cursor, oldest first, lazily: all from the beginning without one, none yet with
        "now"."""
        query = query_of({"kind": kind, "action": action, "page_size": page_size})
        return Changes(self._reader("changes/"), query, since)

    # Leaderboards

    def leaderboards(self, *, as_of: date | str | None = None) -> list[RankedBenchmark]:
        """Return the benchmarks that have results, those with the most first."""
        return rows_of(self.read("leaderboards/", as_of=as_of), RankedBenchmark)

    def boards(
        self,
        benchmark: str,
        *,
        part: str | None = None,
        split: str | None = None,
        track: str | None = None,
        metric: str | None = None,
        top: int | None = None,
        as_of: date | str | None = None,
        **filters: Values,
    ) -> Leaderboards:
        """Return the boards of a benchmark, by its slug, those with the most models first; of all boards, only the
        largest have rows. `part`, `split` and `track` choose boards ("" is a value), `metric` ranks by another metric,
        `top` limits the rows, filters leave rows out."""
        query = {"part": part, "split": split, "track": track, "metric": metric, "top": top, "as_of": as_of, **filters}
        return decode(Leaderboards, self.read(f"leaderboards/{_segment(benchmark)}/", **query))

    def board(
        self,
        benchmark: str,
        *,
        part: str | None = None,
        split: str | None = None,
        track: str | None = None,
        metric: str | None = None,
        top: int | None = None,
        as_of: date | str | None = None,
        **filters: Values,
    ) -> Board:
        """Return the largest board of a benchmark that has this part, split and track. Raises NoSuchBoard."""
        found = self.boards(
            benchmark, part=part, split=split, track=track, metric=metric, top=top, as_of=as_of, **filters
        )
        if found.boards:
            return found.boards[0]
        there = "; ".join(f"part={one.part!r}, split={one.split!r}, track={one.track!r}" for one in found.all)
        raise NoSuchBoard(f"{benchmark} has no such board. It has: {there or 'none'}.")

    def board_changes(
        self,
        benchmark: str,
        *,
        part: str | None = None,
        split: str | None = None,
        track: str | None = None,
        metric: str | None = None,
        as_of: date | str | None = None,
    ) -> BoardChanges:
        """Return the newest changes of one board; of the largest one if `part`, `split` and `track` are all None."""
        query = {"part": part, "split": split, "track": track, "metric": metric, "as_of": as_of}
        return decode(BoardChanges, self.read(f"leaderboards/{_segment(benchmark)}/changes/", **query))

    def compare(self, result: str, other: str) -> Comparison:
        """Return whether two results, by their slugs, can be compared, and why not."""
        return decode(Comparison, self.read(f"compare/{_segment(result)}/{_segment(other)}/"))

    # Vocabularies, and the rest

    def vocabularies(self) -> list[str]:
        """Return the names of the vocabularies."""
        return sorted(self.read("vocabularies/"))

    def vocabulary(self, name: str, *, as_of: date | str | None = None) -> list[dict[str, Any]]:
        """Return the values of a vocabulary: mostly `value`, which filters take, `label` and `count`."""
        values = self.read(f"vocabularies/{_segment(name)}/", as_of=as_of).get("results")
        if not isinstance(values, list):
            raise UnexpectedAnswer(f"The vocabulary {name} has no “results”: is this the API of a portal?")
        return values

    def kinds(self) -> list[str]:
        """Return the kinds of entries that the portal has."""
        self._load_kinds()
        return list(self._plurals)

    def read(self, path: str, /, **query: Values) -> dict[str, Any]:
        """Return the JSON at any path below /api/v1/, such as "papers/clip/exposure/"."""
        return self._transport.get(path, query_of(query))

    # Proposing, which needs a token

    def parse(self, text: str) -> Draft:
        """Return a draft of one line of a list, an identifier, an address or a BibTeX record, with likely duplicates.
        Saves nothing."""
        return decode(Draft, self._post("proposals/parse/", {"text": text}, key=None))

    def propose(
        self,
        kind: str,
        fields: Mapping[str, Any] | None = None,
        *,
        action: str = "create",
        slug: str | None = None,
        into: str | None = None,
        additions: Mapping[str, Any] | None = None,
        source: str | None = None,
        comment: str | None = None,
        at_revision: int | None = None,
        key: str | None = None,
    ) -> Proposal:
        """Propose a change, for review.

        create: the payload in `fields`. edit: `slug`, the `fields` that change (None empties one, a list replaces the
        whole list) and `source`. retire, restore, flag: `slug` and the reason in `comment`. merge: also `into`.
        `additions` are rows that other entries are to list because `fields` names something new there.

        With `at_revision` the call raises Stale if the entry has been changed since that revision. A call is carried
        out once, however often it is sent; with `key`, any text, that holds for a day and for other processes too.
        Raises Invalid, Conflict.
        """
        body = {
            "kind": kind,
            "action": action,
            "slug": slug,
            "fields": fields,
            "into": into,
            "additions": additions,
            "source": source,
            "comment": comment,
        }
        headers = {} if at_revision is None else {"If-Match": f'W/"r{at_revision}-"'}
        return decode(Proposal, self._post("proposals/", body, key=key, headers=headers))

    def propose_batch(
        self, proposals: Iterable[Mapping[str, Any]], *, name: str | None = None, key: str | None = None
    ) -> Batch:
        """Propose up to 1,000 changes at once; each has the members that `propose` takes by name. A refused one does
        not affect the others: see `results`. Raises Invalid if all are refused (`members["results"]` says why)."""
        lines = b"\n".join(_json(one) for one in proposals)
        answer = self._transport.write(
            "POST",
            "proposals/batch/",
            lines,
            query=query_of({"name": name}),
            media_type="application/jsonl",
            headers={"Idempotency-Key": key or str(uuid4())},
            repeatable=True,
        )
        return decode(Batch, answer)

    def proposals(self, *, page_size: int = PAGE_SIZE, **filters: Values) -> Pages[Proposal]:
        """Return the proposals of the token's account, newest first, lazily. Filters: `status`, `kind`, `action` and
        so on."""
        return Pages(self._reader("proposals/"), query_of({"page_size": page_size, **filters}), Proposal)

    def proposal(self, number: int) -> Proposal:
        """Return one proposal with its events."""
        return decode(Proposal, self.read(f"proposals/{number:d}/"))

    def revise(
        self,
        number: int,
        fields: Mapping[str, Any],
        *,
        source: str | None = None,
        additions: Mapping[str, Any] | None = None,
        comment: str | None = None,
        at_version: int | None = None,
    ) -> Proposal:
        """Change the `fields` that are named of an open proposal. With `at_version` the call raises Stale if it has
        another version."""
        body = _given({"fields": fields, "source": source, "additions": additions, "comment": comment})
        headers = {} if at_version is None else {"If-Match": f'W/"v{at_version}-"'}
        path = f"proposals/{number:d}/"
        answer = self._transport.write("PATCH", path, _json(body), headers=headers, repeatable=False)
        return decode(Proposal, answer)

    def withdraw(self, number: int, comment: str | None = None) -> Proposal:
        """Withdraw an open proposal."""
        return decode(Proposal, self._post(f"proposals/{number:d}/withdraw/", {"comment": comment}, key=None))

    def comment(self, number: int, comment: str) -> Proposal:
        """Comment on a proposal."""
        return decode(Proposal, self._post(f"proposals/{number:d}/comment/", {"comment": comment}, key=None))

    def _post(
        self, path: str, body: Mapping[str, Any], *, key: str | None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """POST what is given of a body, once: the portal knows a repetition by its key."""
        sent = {"Idempotency-Key": key or str(uuid4()), **(headers or {})}
        return self._transport.write("POST", path, _json(_given(body)), headers=sent, repeatable=True)

    def _reader(self, path: str) -> ReadPage:
        def read(query: Query) -> dict[str, Any]:
            return self._transport.get(path, query)

        return read

    def _path(self, kind: str, slug: str) -> str:
        return f"{self._plural(kind)}/{_segment(slug)}/"

    def _plural(self, kind: str) -> str:
        """The name of a kind in addresses. Raises NoSuchKind."""
        self._load_kinds()
        if kind not in self._plurals:
            raise NoSuchKind(f"There is no kind “{kind}”; there are: {', '.join(self._plurals)}.")
        return self._plurals[kind]

    def _load_kinds(self) -> None:
        if not self._plurals:
            self._plurals = {row["value"]: row["plural"] for row in self.vocabulary("kinds")}


def _given(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in body.items() if value is not None}


def _json(body: Mapping[str, Any]) -> bytes:
    """Return an object as one line of JSON. Raises ValueError for NaN and infinity, which JSON does not have."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def _segment(text: str) -> str:
    """Quote a text as one segment of a path; a dot alone would lead elsewhere."""
    return quote(text, safe="").replace(".", "%2E") if text.strip(".") == "" else quote(text, safe="")
