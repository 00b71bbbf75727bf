"""Measuring both sites alternately."""

import math
import threading
from dataclasses import dataclass, field
from statistics import median

from house.base import say

from bench.cases import Case, cases
from bench.databases import Loaded, Pair
from bench.load import CONNECTIONS, Measure, Request, measure
from bench.options import Options
from bench.sites import UNCACHED, Site, ask, drain, site

SITES = ("naive", "portal")
SLUGS = 200
LONGEST = 20  # seconds


@dataclass
class Found:
    """The measurements of a case: one per round and site; or why it was skipped."""

    case: Case
    rounds: dict[str, list[Measure]] = field(default_factory=lambda: {whose: [] for whose in SITES})
    left_out: str = ""

    def middle(self, whose: str) -> Measure:
        """The medians of the rounds."""
        rounds = self.rounds[whose]
        return Measure(
            rps=median(row.rps for row in rounds),
            p50=median(row.p50 for row in rounds),
            p99=median(row.p99 for row in rounds),
            failed=sum(row.failed for row in rounds),
        )

    @property
    def ratio(self) -> float:
        """Requests per second, portal to baseline: the median of the rounds' ratios."""
        pairs = zip(self.rounds["portal"], self.rounds["naive"], strict=True)
        return median(portal.rps / naive.rps for portal, naive in pairs)


@dataclass(frozen=True)
class Export:
    """Reading all papers as JSON Lines: bytes, seconds, and by how many MB the workers grew at most meanwhile."""

    size: int
    seconds: float
    growth: float


@dataclass(frozen=True)
class Chapter:
    """The results of one engine at one size; `memory` is in MB, for the two workers of each site after all cases."""

    pair: Pair
    loaded: Loaded
    found: list[Found]
    memory: dict[str, float]
    export: Export


def chapter(pair: Pair, loaded: Loaded, options: Options) -> Chapter:
    """Measure both sites on the databases of a pair: every case in every round; the sites alternate in going first."""
    slugs = [pair.plan.slug("paper", number) for number in range(0, pair.size, max(pair.size // SLUGS, 1))]
    found = [Found(case) for case in cases(slugs, pair.size)]
    with site(pair, "naive") as naive, site(pair, "portal") as portal, site(pair, "portal", **UNCACHED) as uncached:
        sites = [{"naive": naive, "portal": uncached if row.case.uncached else portal} for row in found]
        plans = [
            {whose: prepared(row, whose, one.port) for whose, one in which.items()}
            for row, which in zip(found, sites, strict=True)
        ]
        for number in range(options.rounds):
            for row, which, plan in zip(found, sites, plans, strict=True):
                for whose in SITES if number % 2 == 0 else reversed(SITES):
                    if not row.left_out:
                        requests, slowest = plan[whose]
                        seconds = max(options.seconds, min(math.ceil(slowest * CONNECTIONS / 1000), LONGEST))
                        row.rounds[whose].append(measure(which[whose].port, requests, seconds))
                        drain(which[whose].port)
            say("Round", f"{number + 1} of {options.rounds}: {pair.size} papers, {pair.engine}")
        memory = {"naive": naive.memory(), "portal": portal.memory()}
        return Chapter(pair, loaded, found, memory, exported(uncached))


def prepared(row: Found, whose: str, port: int) -> tuple[list[Request], float]:
    """The requests of a case, each sent once beforehand, and the milliseconds of the slowest.

    Notes in `row` why a case must be skipped.
    """
    requests, slowest = [], 0.0
    for path in getattr(row.case, whose):
        request = Request(path, (("Accept-Encoding", "gzip, deflate, br, zstd"),) if row.case.packed else ())
        answer = ask(port, request)
        if answer.status == 200 and row.case.again:
            request = Request(path, (("If-None-Match", answer.etag),))
            answer = ask(port, request)
        if answer.status != (304 if row.case.again else 200):
            row.left_out = f"the {whose} answers {answer.status}"
            return [], 0
        requests.append(request)
        slowest = max(slowest, answer.milliseconds)
    return requests, slowest


def exported(portal: Site) -> Export:
    """Read all papers and measure the memory of the workers meanwhile."""
    before, most, done = portal.memory(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.2):
            most = max(most, portal.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        answer = ask(portal.port, Request("/api/v1/papers.jsonl"))
    finally:
        done.set()
        watcher.join()
    return Export(answer.size, answer.milliseconds / 1000, max(most - before, 0))
