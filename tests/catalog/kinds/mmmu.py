"""A benchmark with ten models on its board, and an eleventh without a result there."""

from tests.factories import make_benchmark, make_paper, make_result

METRIC = {"name": "Accuracy", "unit": "percent", "direction": "higher", "primary": True}
CLAIM = {"benchmark": "mmmu", "metric": "accuracy", "split": "val"}


def make_mmmu() -> None:
    make_benchmark(name="MMMU", metrics=[METRIC], splits=[{"name": "val", "aliases": ["validation"]}])
    for number in range(10):
        make_paper(name=f"M{number}")
        make_result(**CLAIM, paper=f"m{number}", value=str(50 + number))
    make_paper(name="New", variants=[{"name": "New-7B", "aliases": ["7B"]}])
