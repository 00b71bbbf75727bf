"""Boards made by hand, for the tests beside this file."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from catalog.reading.boards.rows import Described
from catalog.reading.results.boards import Board, board
from catalog.reading.results.claims import Claim, Known, Metric, Origin, Value

ACCURACY = Metric(name="accuracy", direction="higher", primary=True, proportion=True)
ERROR = Metric(name="WER", direction="lower", primary=True)
RECALL = Metric(name="R@5", direction="higher")


def claim(model: str, number: str, **about: Any) -> Claim:
    """A claim whose slug is the model's, the metric and the number."""
    conditions = {
        name: value if isinstance(value, Known) else Known(value) for name, value in about.pop("conditions", {}).items()
    }
    metric = about.pop("metric", "accuracy")
    about = {"split": Known("val"), "slug": f"{model}-{metric}-{number}", **about}
    return Claim(model=model, metric=metric, number=Decimal(number), conditions=conditions, **about)


def inferred(value: Value) -> Known:
    return Known(value, Origin.INFERRED)


def ranked(*claims: Claim, metric: Metric = ACCURACY, stated: Mapping[str, Value] | None = None) -> Board:
    return board(claims, metric, stated or {})


def described(*claims: Claim, **about: Any) -> dict[str, Described]:
    """Descriptions of claims, alike but for their names."""
    return {
        one.slug: Described(
            model=str(one.model).upper(),
            slug=str(one.model),
            url=f"/papers/{one.model}/",
            result_url=f"/results/{one.slug}/",
            **about,
        )
        for one in claims
    }


def many(count: int, metric: Metric = ACCURACY, **about: Any) -> list[Claim]:
    """Claims from good to bad by their names, 0.1 apart."""
    sign = 1 if metric.direction == "lower" else -1
    numbers = [Decimal(90 if sign < 0 else 5) + sign * Decimal(n) / 10 for n in range(count)]
    return [claim(f"model-{n:03}", str(number), metric=metric.name, **about) for n, number in enumerate(numbers)]
