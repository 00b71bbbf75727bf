"""The additions of proposals (`Proposal.additions`) as people see them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from catalog.forms.display import DisplayItem
from catalog.kinds import KINDS, Kind, listing_kind
from catalog.reading.values import items_of, names_for_payloads
from submissions.models import Proposal


@dataclass(frozen=True)
class ShownAddition:
    """A row that an entry, the owner, is to list: `listing` names its list, as in “splits”. `details` is all that it
    says besides its name, by label."""

    listing: str
    owner: str
    url: str
    items: list[DisplayItem]
    details: list[tuple[str, str]]

    @property
    def in_words(self) -> str:
        """What is added, in a line: “testmini to the splits of MathVista”."""
        return f"{', '.join(item.text for item in self.items)} to the {self.listing} of {self.owner}"


def shown_additions(proposals: Iterable[Proposal]) -> dict[int, list[ShownAddition]]:
    """The additions of each proposal by primary key, in a number of queries that does not depend on how many there
    are."""
    with_some = [proposal for proposal in proposals if proposal.additions]
    shown: dict[int, list[ShownAddition]] = {}
    for kind in {KINDS[proposal.kind] for proposal in with_some}:
        rows = [proposal for proposal in with_some if proposal.kind == kind.name]
        owners = {listed.owner for listed in kind.form.listed.values()}
        payloads = [
            {key: value for key, value in row.current_payload.items() if key in owners and isinstance(value, str)}
            for row in rows
        ]
        names = names_for_payloads(kind, *payloads)
        for row, payload in zip(rows, payloads, strict=True):
            shown[row.pk] = [
                ShownAddition(
                    listing=listing_kind(kind, key).label_of(kind.form.listed[key].rows).lower(),
                    owner=names.get((listing_kind(kind, key).name, slug), slug),
                    url=reverse("catalog:detail", args=[listing_kind(kind, key).plural, slug]),
                    items=items_of(listing_kind(kind, key), kind.form.listed[key].rows, [addition]),
                    details=_details(listing_kind(kind, key), kind.form.listed[key].rows, addition),
                )
                for key, addition in row.current_additions.items()
                if (slug := payload.get(kind.form.listed[key].owner))
            ]
    return shown


def _details(listing: Kind, rows: str, addition: Mapping[str, Any]) -> list[tuple[str, str]]:
    """All that a row says besides its name: what is reviewed is what will be there."""
    field: Any = listing.form.base_fields[rows]
    fields = field.row_form.base_fields
    said = ((key, value) for key, value in addition.items() if key != "name" and value not in ("", None, [], False))
    return [
        (
            fields[key].label or key.replace("_", " "),
            ", ".join(map(str, value)) if isinstance(value, list) else str(value),
        )
        for key, value in said
        if key in fields
    ]
