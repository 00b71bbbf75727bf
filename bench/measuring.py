"""Asking both sites in turn."""

from dataclasses import dataclass, field
from statistics import median

from house.base import say

from bench.cases import Case, cases
from bench.databases import Loaded, Pair
from bench.load import Measure, Request, measure
from bench.options import Options
from bench.sites import ask, drain, site

SITES = ("naive", "portal")
SLUGS = 200


@dataclass
class Found:
    """What was measured of a case: a Measure a round of each site; or why it was left out."""

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
        """Requests a second, portal to baseline: the median of the rounds' ratios."""
        pairs = zip(self.rounds["portal"], self.rounds["naive"], strict=True)
        return median(portal.rps / naive.rps for portal, naive in pairs)


@dataclass(frozen=True)
class Chapter:
    """All that was found of one engine at one size."""

    pair: Pair
    loaded: Loaded
    found: list[Found]


def chapter(pair: Pair, loaded: Loaded, options: Options) -> Chapter:
    """Ask both sites over the databases of a pair: every case in every round, the two taking turns to be first."""
    slugs = [pair.plan.slug("paper", number) for number in range(0, pair.size, max(pair.size // SLUGS, 1))]
    found = [Found(case) for case in cases(slugs, pair.size)]
    with site(pair, "naive") as naive, site(pair, "portal") as portal:
        ports = {"naive": naive, "portal": portal}
        asked = [{whose: requests(row, whose, port) for whose, port in ports.items()} for row in found]
        for number in range(options.rounds):
            for row, wanted in zip(found, asked, strict=True):
                for whose in SITES if number % 2 == 0 else reversed(SITES):
                    if not row.left_out:
                        row.rounds[whose].append(measure(ports[whose], wanted[whose], options.seconds))
                        drain(ports[whose])
            say("Round", f"{number + 1} of {options.rounds}: {pair.size} papers, {pair.engine}")
    return Chapter(pair, loaded, found)


def requests(row: Found, whose: str, port: int) -> list[Request]:
    """What to ask a site for a case, each address asked once before; notes why a case must be left out."""
    wanted = []
    for path in getattr(row.case, whose):
        request = Request(path)
        answer = ask(port, request)
        if answer.status == 200 and row.case.again:
            request = Request(path, (("If-None-Match", answer.etag),))
            answer = ask(port, request)
        if answer.status != (304 if row.case.again else 200):
            row.left_out = f"the {whose} answers {answer.status}"
            return []
        wanted.append(request)
    return wanted
