"""The proposals of a batch as one table, for the moderators who decide on it and for its author.

A kind has such a table if it has a `table.py` with a `Table` (`catalog.reading.pages.table_of`).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalog.forms.payload import payload_errors
from catalog.kinds import KINDS, Kind
from catalog.ledger.payloads import all_with_present_slugs
from catalog.reading.pages import Table, table_of
from submissions.models import Proposal, ProposalAction, ProposalQuerySet

MAX_ROWS = 200
"""Of one page; as many decisions are carried out by one request."""


@dataclass(frozen=True)
class TableRow:
    """A proposal and what its kind shows of it; `number` is its place in the table, from 1."""

    number: int
    proposal: Proposal
    shown: Any


class ProposalTable:
    """Proposals of one kind as a table, in a number of queries that does not depend on their number."""

    def __init__(self, kind: Kind, table: Table, proposals: Sequence[Proposal]) -> None:
        self.kind, self.proposals = kind, proposals
        slugs = self._live_slugs()
        payloads = [{} if payload_errors(kind.form, one.proposed_payload) else one.current_payload for one in proposals]
        present = all_with_present_slugs(kind, payloads)
        pairs = zip(present, proposals, strict=True)
        self._table = table([(payload, slugs.get(one.target_id or 0, "")) for payload, one in pairs])

    @property
    def template(self) -> str:
        """The template of a row's cells."""
        return f"kinds/{self.kind.name}/table-cells.html"

    @property
    def head_template(self) -> str:
        """The template of their headings."""
        return f"kinds/{self.kind.name}/table-head.html"

    @property
    def boards_template(self) -> str:
        """The template of what the table would do."""
        return f"kinds/{self.kind.name}/table-boards.html"

    @cached_property
    def rows(self) -> list[TableRow]:
        return [
            TableRow(number, proposal, shown)
            for number, (proposal, shown) in enumerate(zip(self.proposals, self._table.rows, strict=True), 1)
        ]

    def boards(self, taken: Collection[int]) -> Any:
        """What would be with the proposals with these primary keys."""
        return self._table.boards([at for at, proposal in enumerate(self.proposals) if proposal.pk in taken])

    def _live_slugs(self) -> dict[int, str]:
        targets = {one.target_id for one in self.proposals if one.target_id}
        rows = self.kind.model.objects.filter(pk__in=targets).order_by().values_list("pk", "slug") if targets else ()
        return dict(rows)


def shown_in_tables(proposals: ProposalQuerySet) -> ProposalQuerySet:
    """Those that a table shows in full: new entries that bring nothing for others. An edit, and what adds to another
    entry, is reviewed by itself."""
    return proposals.filter(action=ProposalAction.CREATE, additions={})


def kind_with_table(proposals: ProposalQuerySet) -> Kind | None:
    """The kind of these proposals that can be seen as a table; None if there is none."""
    names = proposals.order_by().values_list("kind", flat=True).distinct()
    return next((KINDS[name] for name in sorted(names) if table_of(KINDS[name])), None)


def proposal_table(kind: Kind, proposals: Sequence[Proposal]) -> ProposalTable | None:
    """Proposals of a kind, with payloads, as a table; None if the kind has none, or if there are none."""
    made = table_of(kind)
    return ProposalTable(kind, made, proposals) if made and proposals else None
