"""What the pages of boards are made of."""

from catalog.reading.boards.pages import chart_points
from catalog.reading.results.models import Model
from tests.catalog.reading.boards.boards import ERROR, claim, ranked


def test_the_points_of_the_charts_are_the_ranked_rows() -> None:
    claims = [claim("a", "3.0", metric="WER", variant="7B", reported_on="2024"), claim("b", "4", metric="WER")]
    sized = Model(slug="a", name="A", variants={"7B": {"total_b": "7.6", "weights_url": "https://example.org/a"}})
    models = {"a": sized, "b": Model(slug="b", name="B")}

    points = chart_points(ranked(*claims, metric=ERROR), models)  # type: ignore[arg-type]  # the keys are those of the claims

    assert [(p.name, p.text, p.reported, p.weights, p.parameters, p.url) for p in points] == [
        ("A 7B", "3.0", "2024", "open", 7_600_000_000, "/papers/a/"),
        ("B", "4", "", "", None, "/papers/b/"),
    ]
