"""What identifies a model: its arXiv id and DOI, unless others of the same paper share them, and its weights."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import urlsplit

from catalog.forms.holders import Holder, Holders, Identifiers
from catalog.kinds.duplicate_keys import MAX_KEY_LENGTH, address_keys, arxiv_key, names_and_ids
from catalog.kinds.paper.model import Paper, SamePaper
from catalog.models import EntryKey, rows_with
from catalog.text.addresses import is_at
from catalog.text.identifiers import doi_key, normalised_doi
from catalog.text.rows import readable_rows, text_in

WEIGHTS_HOSTS = ("huggingface.co", "hf.co")
PLACES_OF_MANY = frozenset({"collections", "datasets", "papers", "spaces", "blog", "docs"})
"""First segments of addresses on Hugging Face that are no weights of one model."""
KEYS_PER_QUERY = 5000
LABELS = {"arxiv": "arXiv id", "doi": "DOI"}


def identifiers(payload: Mapping[str, Any]) -> Identifiers:
    """The arXiv id, the DOI and the weights of a payload, as duplicate keys."""
    found = {}
    if payload.get("arxiv_id"):
        found[arxiv_key(payload["arxiv_id"])] = "arxiv_id"
    if payload.get("doi"):
        found[f"doi:{doi_key(normalised_doi(payload['doi']))}"] = "doi"
    return found | dict.fromkeys(weights_of(payload.get("variants") or ()), "variants")


def weights_of(variants: Any) -> list[str]:
    """The duplicate keys of the weights of variants, each as often as it occurs; only addresses that name the weights
    of one model do."""
    return [key for row in readable_rows(variants) for key in weights_keys(text_in(row, "weights_url"))]


def weights_keys(url: str) -> set[str]:
    """The duplicate key of weights, "url:huggingface.co/owner/name"; none of an address that names no model."""
    if not any(is_at(url, host) for host in WEIGHTS_HOSTS):
        return set()
    owner, *rest = [part for part in urlsplit(url).path.split("/") if part] or [""]
    if not rest or owner in PLACES_OF_MANY:
        return set()
    return address_keys(f"https://huggingface.co/{owner}/{rest[0]}")


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
