"""What identifies a model: its arXiv id and DOI, unless others of the same paper share them, and its weights."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any

from catalog.forms.holders import Holder, Holders, Identifiers
from catalog.kinds.duplicate_keys import MAX_KEY_LENGTH, address_keys, arxiv_key, doi_keys, names_and_ids
from catalog.kinds.paper.model import Paper, SamePaper
from catalog.models import EntryKey, rows_with
from catalog.text.identifiers import hub_of, normalised_doi
from catalog.text.rows import readable_rows, text_in

KEYS_PER_QUERY = 5000
LABELS = {"arxiv": "arXiv id", "doi": "DOI"}


def identifiers(payload: Mapping[str, Any]) -> Identifiers:
    """The arXiv id, the DOI and the weights of a payload, as duplicate keys."""
    found: dict[str, str] = {}
    if payload.get("doi"):
        own = doi_keys(normalised_doi(payload["doi"]))
        found |= {key: "doi" for key in own if key.partition(":")[0] in LABELS}
    if payload.get("arxiv_id"):
        found[arxiv_key(payload["arxiv_id"])] = "arxiv_id"
    return found | dict.fromkeys(weights_of(payload.get("variants") or ()), "variants")


def weights_of(variants: Any) -> list[str]:
    """The duplicate keys of the weights of variants, each as often as it occurs; only addresses that name the weights
    of one model do."""
    return [key for row in readable_rows(variants) for key in weights_keys(text_in(row, "weights_url"))]


def weights_keys(url: str) -> set[str]:
    """The duplicate key of weights, "url:huggingface.co/owner/name"; none of an address that names no model."""
    kind, name = hub_of(url)
    return address_keys(f"https://huggingface.co/{name}") if kind == "model" else set()


def repeated_weights(variants: list[dict[str, Any]]) -> list[str]:
    """An error for each row whose weights an earlier row has."""
    first: dict[str, int] = {}
    keyed = [(number, key) for number, row in enumerate(variants, 1) for key in weights_of([row])]
    return [
        f"row {number}, weights_url: these are the weights of row {first[key]} already."
        for number, key in keyed
        if first.setdefault(key, number) != number
    ]


def duplicate_keys(payload: Mapping[str, Any]) -> set[str]:
    """The duplicate keys of a paper: those of every entry, and its weights."""
    return names_and_ids(payload) | {key[:MAX_KEY_LENGTH] for key in weights_of(payload.get("variants") or ())}


def fetch_holders(identifiers_wanted: Collection[str], exclude: int | None = None) -> Holders:
    """The papers but `exclude` that have one of these identifiers, in two queries for every 5,000 identifiers.

    The index of duplicate keys names the candidates; what is compared is their own values.
    """
    holders: dict[str, list[Holder]] = defaultdict(list)
    keys = [key[:MAX_KEY_LENGTH] for key in identifiers_wanted]
    for start in range(0, len(keys), KEYS_PER_QUERY):
        ids = EntryKey.objects.filter(kind=Paper.kind, key__in=keys[start : start + KEYS_PER_QUERY])
        papers = Paper.objects.filter(pk__in=ids.values("entry_id")).exclude(pk=exclude or 0)
        for paper in papers.prefetch_related(rows_with("same_paper_rows", SamePaper, "paper")):
            named = frozenset(row.paper.slug for row in paper.same_paper_rows.all())
            holder = Holder(paper.pk, paper.slug, paper.name, named)
            values = {"arxiv_id": paper.arxiv_id, "doi": paper.doi, "variants": paper.variants}
            for identifier in identifiers(values).keys() & set(identifiers_wanted):
                if holder not in holders[identifier]:
                    holders[identifier].append(holder)
    return holders


def refusal(identifier: str, own: Holder, other: Holder) -> str:
    """Why an identifier of `other` is refused; "" if they are models of the same paper and it is not weights."""
    scheme, _, number = identifier.partition(":")
    if scheme not in LABELS:
        return f"{_named(other)} has a variant with the weights {number}; weights belong to one variant."
    if own.may_share_with(other):
        return ""
    return (
        f"{_named(other)} has the {LABELS[scheme]} {number} already. Edit that entry; or, if one paper describes both "
        "models, name it under “Other models of this paper”."
    )


def _named(holder: Holder) -> str:
    return f"“{holder.name}” ({holder.slug})" if holder.slug else f"“{holder.name}”"
