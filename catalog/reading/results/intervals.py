"""The 95 % interval of a claim, from its standard error or from the number of items."""

from decimal import Decimal
from functools import lru_cache

from catalog.reading.results.claims import Claim, Metric

Interval = tuple[Decimal, Decimal]
Z = Decimal("1.959964")
"""The quantile of the normal distribution for 95 %."""


def interval(metric: Metric, claim: Claim) -> Interval | None:
    """The interval in the metric's unit; None if nothing is known about the error.

    A stated standard error is taken as it is. Of a proportion of items it is the score interval (E. B. Wilson,
    “Probable inference, the law of succession, and statistical inference”, 1927), which also holds near none and all.
    """
    if claim.error is not None:
        return claim.number - Z * claim.error, claim.number + Z * claim.error
    if metric.proportion and claim.items and 0 <= claim.number <= metric.whole:
        return _wilson(claim.number / metric.whole, claim.items, metric.whole)
    return None


@lru_cache(maxsize=20_000)
def _wilson(share: Decimal, items: int, whole: Decimal) -> Interval:
    n, z2 = Decimal(items), Z * Z
    middle = share + z2 / (2 * n)
    half = Z * (share * (1 - share) / n + z2 / (4 * n * n)).sqrt()
    scale = whole / (1 + z2 / n)
    return (middle - half) * scale, (middle + half) * scale
