"""Measure both sites alternately."""

import math
import threading
from dataclasses import dataclass, field
from statistics import median

from tooling.base import print_progress

from bench.cases import Case, cases
from bench.databases import LoadTimes, Pair
from bench.load import CONNECTIONS, Measure, Request, measure
from bench.options import Options
from bench.sites import UNCACHED, Site, drain, send, site

SITES = ("naive", "portal")
SAMPLE_SIZE = 200
MAX_CASE_SECONDS = 20


@dataclass
class CaseResult:
    """The measurements of a case: one per round and site; or why it was skipped."""

    case: Case
    rounds: dict[str, list[Measure]] = field(default_factory=lambda: {site_name: [] for site_name in SITES})
    skip_reason: str = ""

    def medians(self, site_name: str) -> Measure:
        """The medians of the rounds."""
        rounds = self.rounds[site_name]
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
    """Reading all papers as JSON Lines: bytes, seconds, and by how many MB the workers grew at most."""

    size: int
    seconds: float
    growth: float


@dataclass(frozen=True)
class PairResult:
    """The results of one engine and size; `memory` is in MB, of the two workers of each site after all cases."""

    pair: Pair
    loaded: LoadTimes
    results: list[CaseResult]
    memory: dict[str, float]
    export: Export


def measure_pair(pair: Pair, loaded: LoadTimes, options: Options) -> PairResult:
    """Measure both sites on the databases of a pair: each case in each round; the sites take turns to go first."""
    slugs = [pair.plan.slug("paper", number) for number in range(0, pair.size, max(pair.size // SAMPLE_SIZE, 1))]
    results = [CaseResult(case) for case in cases(slugs, pair.size)]
    with site(pair, "naive") as naive, site(pair, "portal") as portal, site(pair, "portal", **UNCACHED) as uncached:
        sites = [{"naive": naive, "portal": uncached if row.case.uncached else portal} for row in results]
        plans = [
            {site_name: prepare(row, site_name, target.port) for site_name, target in sites_of_case.items()}
            for row, sites_of_case in zip(results, sites, strict=True)
        ]
        for number in range(options.rounds):
            for row, sites_of_case, plan in zip(results, sites, plans, strict=True):
                for site_name in SITES if number % 2 == 0 else reversed(SITES):
                    if not row.skip_reason:
                        requests, slowest = plan[site_name]
                        seconds = max(options.seconds, min(math.ceil(slowest * CONNECTIONS / 1000), MAX_CASE_SECONDS))
                        row.rounds[site_name].append(measure(sites_of_case[site_name].port, requests, seconds))
                        drain(sites_of_case[site_name].port)
            print_progress("Round", f"{number + 1} of {options.rounds}: {pair.size} papers, {pair.engine}")
        memory = {"naive": naive.memory(), "portal": portal.memory()}
        return PairResult(pair, loaded, results, memory, measure_export(uncached))


def prepare(row: CaseResult, site_name: str, port: int) -> tuple[list[Request], float]:
    """Send each request of a case once; return the requests and the milliseconds of the slowest.

    Sets `row.skip_reason` if a response is not as expected.
    """
    requests, slowest = [], 0.0
    for path in getattr(row.case, site_name):
        request = Request(path, (("Accept-Encoding", "gzip, deflate, br, zstd"),) if row.case.compressed else ())
        response = send(port, request)
        if response.status == 200 and row.case.conditional:
            request = Request(path, (("If-None-Match", response.etag),))
            response = send(port, request)
        if response.status != (304 if row.case.conditional else 200):
            row.skip_reason = f"the {site_name} answers {response.status}"
            return [], 0
        requests.append(request)
        slowest = max(slowest, response.milliseconds)
    return requests, slowest


def measure_export(portal: Site) -> Export:
    """Read all papers, and measure the memory of the workers while they are read."""
    before, peak, done = portal.memory(), 0.0, threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.2):
            peak = max(peak, portal.memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        response = send(portal.port, Request("/api/v1/papers.jsonl"))
    finally:
        done.set()
        watcher.join()
    return Export(response.size, response.milliseconds / 1000, max(peak - before, 0))
