"""What a freshly seeded site lacks: an entry with older revisions, which is locked, a retired one, and a large family
of models."""

from datetime import UTC, datetime

from catalog.kinds.paper.variants import ROWS_OPEN
from catalog.ledger.publishing import retire
from catalog.reading.boards.scorecards import BOARDS_OPEN
from submissions.workflow import lock
from tests.factories import make_benchmark, make_component, make_paper, make_result, make_revision, make_topic, trace
from tests.people import moderator


def grow() -> None:
    """The component "Old Hand", born in 2020, corrected in 2021 and locked, and "Gone Away", retired."""
    old = make_component(name="Old Hand", family="Hands", year=2019, at=datetime(2020, 5, 1, tzinfo=UTC))
    make_revision("component", entry=old, year=2020, comment="It is younger.", at=datetime(2021, 5, 1, tzinfo=UTC))
    lock(entry=old, actor=moderator(), reason="An edit war.")
    retire(entry=make_component(name="Gone Away"), trace=trace("It never was."))
    grow_family()


def grow_family() -> None:
    """The model "Many Hands" with more variants and boards than its page shows at once, and the topic "Handiwork" of
    the benchmarks."""
    topic = make_topic(name="Handiwork")
    metrics = [{"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}]
    names = [f"Many Hands {size}B" for size in range(1, ROWS_OPEN + 3)]
    variants = [{"name": name, "total_b": name.split()[-1][:-1], "licence": "MIT", "note": "A note."} for name in names]
    for row in variants[::2]:
        row["weights_url"] = f"https://huggingface.co/hands/{row['name'].replace(' ', '-')}"
    make_paper(name="Many Hands", variants=variants, links=[])
    make_paper(name="Few Hands")
    for number in range(BOARDS_OPEN + 2):
        tasks = ["grasping" if number % 2 else "juggling"]
        benchmark = make_benchmark(
            name=f"Hands {number}", metrics=metrics, splits=[{"name": "test"}], tasks=tasks, topics=[topic.slug]
        )
        claim = {"benchmark": benchmark.slug, "metric": "Accuracy", "split": "test", "reported_on": "2026-03-01"}
        make_result(**claim, paper="few-hands", value="61.50")
        for place, name in enumerate(names[: 4 if number < 3 else 2]):
            make_result(**claim, paper="many-hands", variant=name, value=f"{70 - place}.25")
