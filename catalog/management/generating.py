"""Generate a realistic catalogue of any size, the same for the same seed, for benchmarks and trials.

`size` papers, a tenth as many datasets, twice as many results; descriptions of about 60 words, with four terms that
occur in known shares of the papers. Every entry depends on the seed, its kind and its number alone, so that an
interrupted load continues where it stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate, islice, pairwise
from random import Random
from typing import Any

from django.contrib.auth import get_user_model

from catalog.forms.rows import SourceRow
from catalog.kinds import KINDS
from catalog.kinds.component.model import ComponentType
from catalog.kinds.paper.model import Architecture
from catalog.kinds.shared.cards import Availability
from catalog.kinds.topic.model import Family, TopicStatus
from catalog.ledger.bulk import publish_many
from catalog.ledger.trace import Trace
from catalog.management.words import (
    COMMON,
    LICENCES,
    MEDIUM,
    METRICS,
    MODALITIES,
    ORGANISATIONS,
    PROSE,
    RARE,
    SPLITS,
    SYLLABLES,
    TASKS,
    VERY_COMMON,
)
from catalog.models import Revision, RevisionAction
from catalog.text.slugs import slug_for

ACCOUNT, APPROVER = "generator", "generator-review"
CHUNK_SIZE = 2000
START = datetime(2026, 1, 1, tzinfo=UTC)
SERIALS = 99_999
"""The arXiv ids of a month: 00001 to 99999."""

ROLES = (("vision_encoders", "vision-encoder"), ("language_backbones", "language-model"), ("connectors", "connector"))
TYPES = [kind for _, kind in ROLES]

Payload = dict[str, Any]
Progress = Callable[[str, int, int], None]


class ForeignEntries(ValueError):
    """The database has entries that were not generated, or with another plan; the message says which."""


@dataclass(frozen=True)
class Plan:
    """The size and the seed of a generated catalogue, which determine all its entries."""

    size: int
    seed: int = 1

    @property
    def counts(self) -> dict[str, int]:
        """The number of entries by kind, in an order in which references exist before they are used."""
        return {
            "topic": min(max(self.size // 500, 12), 200),
            "component": max(self.size // 100, 30),
            "dataset": max(self.size // 10, 1),
            "benchmark": max(self.size // 200, 10),
            "paper": self.size,
            "result": self.size * 2,
        }

    @property
    def comment(self) -> str:
        return f"Generated: {self.size} papers, seed {self.seed}."

    def payloads(self, kind: str, first: int = 0) -> Iterator[Payload]:
        """The payloads of a kind, from number `first`."""
        for number in range(first, self.counts[kind]):
            yield PAYLOAD_MAKERS[kind](self, number, Random(f"{self.seed} {kind} {number}"))  # noqa: S311 -- not a secret

    def name(self, kind: str, number: int) -> str:
        """The name of an entry: two to four syllables and its number, so that it is unique."""
        rng = Random(f"{self.seed} {kind} name {number}")  # noqa: S311 -- not a secret
        word = "".join(rng.choices(SYLLABLES, k=rng.choice((2, 3, 4))))
        return f"{word.title()}{NAME_SUFFIXES[kind]} {number}"

    def slug(self, kind: str, number: int) -> str:
        return slug_for(self.name(kind, number))

    def popular_slug(self, kind: str, rng: Random) -> str:
        """The slug of a random entry of a kind; low numbers are the most frequent, like well-known entries."""
        return self.slug(kind, int(self.counts[kind] ** rng.random()) - 1)


NAME_SUFFIXES = {
    "topic": " problem",
    "component": "-Enc",
    "dataset": "-Set",
    "benchmark": "Bench",
    "paper": "-VL",
    "result": "",
}


def generate(plan: Plan, progress: Progress | None = None) -> int:
    """Publish the entries of a plan that are not in the catalogue yet; return how many.

    Each batch is one transaction. Raises ForeignEntries before anything is written.
    """
    require_own_entries(plan)
    users: Any = get_user_model().objects
    trace = Trace(users.service(ACCOUNT), users.service(APPROVER), comment=plan.comment)
    written = before = 0
    for kind, count in plan.counts.items():
        done = Revision.objects.filter(kind=kind).count()
        payloads = plan.payloads(kind, done)
        while batch := list(islice(payloads, CHUNK_SIZE)):
            at = START + timedelta(seconds=before + done)
            publish_many(kind=KINDS[kind], payloads=batch, trace=replace(trace, at=at))
            done, written = done + len(batch), written + len(batch)
            if progress:
                progress(kind, done, count)
        before += count
    return written


def require_own_entries(plan: Plan) -> None:
    """Raise ForeignEntries unless all revisions are from this plan, or there are none."""
    other = Revision.objects.exclude(contributor=ACCOUNT, action=RevisionAction.CREATE, comment=plan.comment).first()
    if other is None:
        return
    if other.contributor == ACCOUNT:
        raise ForeignEntries(
            f"This database holds another generated catalogue ({other.comment}): use a database of its own."
        )
    raise ForeignEntries("This database holds entries that were not generated: use a database of its own.")


def prose(rng: Random, count: int, *terms: str) -> str:
    """About `count` words in sentences, including the terms."""
    words = rng.choices(PROSE, k=count + rng.randrange(-8, 9))
    for index, term in zip(rng.sample(range(len(words)), len(terms)), terms, strict=True):
        words[index] = term
    ends = [0, *accumulate(rng.choices((9, 12, 15), k=len(words) // 9)), len(words)]
    sentences = (" ".join(words[start:end]) for start, end in pairwise(ends) if words[start:end])
    return " ".join(f"{sentence[0].upper()}{sentence[1:]}." for sentence in sentences)


def description(rng: Random, number: int) -> str:
    """A paper's description of about 60 words, with the search terms that are due for its number."""
    terms = [term for term, is_due in ((RARE, number % 3333 == 7), (MEDIUM, number % 100 == 3)) if is_due]
    terms += [term for term, share in ((COMMON, 0.30), (VERY_COMMON, 0.96)) if rng.random() < share]
    return prose(rng, 60, *dict.fromkeys(terms))


def sources_for(*fields: str, url: str) -> list[Payload]:
    return [{**SourceRow.empty(), "field": field, "url": url, "confidence": "confirmed"} for field in fields]


def link(kind: str, url: str) -> Payload:
    return {"kind": kind, "url": url, "label": ""}


def topics(plan: Plan, rng: Random) -> list[str]:
    return sorted({plan.popular_slug("topic", rng) for _ in range(rng.choice((0, 1, 1, 2)))})


def topic(plan: Plan, number: int, rng: Random) -> Payload:
    return {
        "name": plan.name("topic", number),
        "summary": prose(rng, 30),
        "family": rng.choice(Family.values),
        "status": rng.choice(TopicStatus.values),
        "points": [prose(rng, 12) for _ in range(4)],
    }


def component(plan: Plan, number: int, rng: Random) -> Payload:
    return {
        "name": plan.name("component", number),
        "summary": prose(rng, 20),
        "year": rng.randint(2018, 2026),
        "type": TYPES[number % len(TYPES)] if number < plan.counts["component"] - 1 else ComponentType.OTHER.value,
        "family": f"{SYLLABLES[number % 20].title()}former",
        "organisation": rng.choice(ORGANISATIONS),
    }


def dataset(plan: Plan, number: int, rng: Random) -> Payload:
    return {
        "name": plan.name("dataset", number),
        "summary": prose(rng, 60),
        "year": rng.randint(2015, 2026),
        "topics": topics(plan, rng),
        "links": [link("data", f"https://data.example.org/{number}")],
        "modalities": sorted(rng.sample(MODALITIES, 2)),
        "size_count": rng.randrange(1_000, 5_000_000_000),
        "size_unit": "image-text pairs",
        "licence": rng.choice(LICENCES),
        "tasks": sorted(rng.sample(TASKS, 2)),
        "availability": rng.choice(Availability.values),
    }


def benchmark(plan: Plan, number: int, rng: Random) -> Payload:
    return {
        "name": plan.name("benchmark", number),
        "summary": prose(rng, 40),
        "year": rng.randint(2015, 2026),
        "modalities": sorted(rng.sample(MODALITIES, 2)),
        "tasks": sorted(rng.sample(TASKS, 2)),
        "metrics": [{"name": METRICS[number % len(METRICS)], "direction": "higher", "primary": True}],
        "splits": [{"name": name, "size": "5,000", "size_count": 5000} for name in SPLITS if name],
    }


def paper(plan: Plan, number: int, rng: Random) -> Payload:
    year, month, arxiv_id = publication(number, rng)
    billions = rng.choice(("0.5", "2", "7", "13", "34", "72"))
    parts = {role: [{"component": part_of(plan, kind, rng)}] for role, kind in ROLES if rng.random() < 0.7}
    weights = [link("weights", f"https://huggingface.co/generated/{number}")] if rng.random() < 0.5 else []
    data = plan.popular_slug("dataset", rng)
    return {
        "name": plan.name("paper", number),
        "summary": description(rng, number),
        "year": year,
        "links": [link("arxiv", f"https://arxiv.org/abs/{arxiv_id}"), *weights],
        "topics": topics(plan, rng),
        "sources": sources_for("architecture", "organisation", url=f"https://arxiv.org/abs/{arxiv_id}"),
        "title": prose(rng, 16).split(".")[0],
        "authors": [
            f"{rng.choice(SYLLABLES).title()} {rng.choice(SYLLABLES).title()}{rng.choice(SYLLABLES)}" for _ in range(5)
        ],
        "organisation": rng.choice(ORGANISATIONS),
        "released": f"{year}-{month:02}",
        "arxiv_id": arxiv_id,
        "architecture": rng.choices(Architecture.values, (20, 20, 45, 10, 5))[0],
        "variants": [{"name": f"{billions}B", "total_b": billions, "as_stated": f"{billions}B"}],
        **parts,
        "modalities_in": sorted({"image", "text", rng.choice(MODALITIES)}),
        "modalities_out": ["text"],
        "training_datasets": [{"name": data, "dataset": data}] if rng.random() < 0.5 else [],
        "licence_weights": rng.choice(LICENCES),
    }


def publication(number: int, rng: Random) -> tuple[int, int, str]:
    """A random year and month from 2017 to 2025, and an arXiv id of that month; no two of 900,000 papers share one."""
    block, serial = divmod(number, SERIALS)
    months = rng.randrange(12) * 9 + block % 9  # in nine years there are nine groups of twelve months
    year, month = 2017 + months // 12, months % 12 + 1
    return year, month, f"{year % 100:02}{month:02}.{serial + 1:05}"


def part_of(plan: Plan, kind: str, rng: Random) -> str:
    """The slug of a random component of a type; low numbers are the most frequent."""
    index = TYPES.index(kind)
    return plan.slug("component", int((plan.counts["component"] // 3 - 1) * rng.random() ** 4) * 3 + index)


def result(plan: Plan, number: int, rng: Random) -> Payload:
    year = rng.randint(2019, 2025)
    board = int(plan.counts["benchmark"] * rng.random() ** 3)
    return {
        "name": f"Result {number}",
        "year": year,
        "paper": plan.slug("paper", number // 2),
        "benchmark": plan.slug("benchmark", board),
        "split": rng.choice(SPLITS),
        "metric": METRICS[board % len(METRICS)],
        "value": f"{rng.uniform(10, 95):.1f}",
        "shots": rng.choice((0, 0, 4, None)),
        "reported_on": f"{year}-{rng.randint(1, 12):02}",
        "source_url": f"https://papers.example.org/{number // 2}",
        "locator": f"Table {rng.randint(1, 9)}",
        "measured_by": rng.choice(("authors", "authors", "third-party")),
        "verification": rng.choice(("reported", "checked")),
    }


PAYLOAD_MAKERS: dict[str, Callable[[Plan, int, Random], Payload]] = {
    "topic": topic,
    "component": component,
    "dataset": dataset,
    "benchmark": benchmark,
    "paper": paper,
    "result": result,
}
