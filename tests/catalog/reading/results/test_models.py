"""What a board says of the weights of a checkpoint: open where they are linked, closed where nobody gets them."""

from typing import Any

import pytest

from catalog.reading.results.models import Model, weights_of_all

LINK = "https://example.org/weights"
OWN_LINK = [{"kind": "code", "url": "https://example.org/code"}, {"kind": "weights", "url": LINK}]


def weights(variant: str, *rows: dict[str, Any], links: Any = (), licence: str = "") -> str:
    own = weights_of_all(list(links), licence, rows)
    model = Model(slug="owl", name="Owl", weights=own, variants={row["name"]: row for row in rows})
    return model.weights_of(variant)


@pytest.mark.parametrize(
    ("variant", "rows", "about", "expected"),
    [
        ("7B", [{"name": "7B", "weights_url": LINK}], {}, "open"),
        ("7B", [{"name": "7B"}], {"links": OWN_LINK}, "open"),
        ("Max", [{"name": "7B", "weights_url": LINK}, {"name": "Max"}], {"links": OWN_LINK}, ""),
        ("Max", [{"name": "7B", "weights_url": LINK}, {"name": "Max", "licence": "Proprietary"}], {}, "closed"),
        ("", [{"name": "7B", "weights_url": LINK}], {}, "open"),
        ("", [{"name": "7B", "weights_url": LINK}, {"name": "Max"}], {"links": OWN_LINK}, ""),
        ("7B", [{"name": "7B"}], {"licence": "not released"}, "closed"),
        ("7B", [{"name": "7B", "weights_url": LINK, "licence": "proprietary"}], {}, "open"),
        ("7B", [{"name": "7B", "licence": "MIT"}], {}, ""),
        ("another", [], {}, ""),
    ],
)
def test_weights(variant: str, rows: list[dict[str, Any]], about: dict[str, Any], expected: str) -> None:
    assert weights(variant, *rows, **about) == expected
