"""What the headings of a table name: models, or benchmarks with split, part and metric."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from catalog.exchange.results.names import SIZE, Checkpoint, KnownNames, Place

MAX_WORDS = 12
LISTS = ("metric", "split", "part")


@dataclass(frozen=True, slots=True)
class Column:
    """What a heading names. `metric` is as the benchmark lists it; "" leaves it to the rule for files without one."""

    place: Place
    metric: str = ""

    def tells(self, key: str) -> bool:
        """Whether it names a metric, split or part."""
        return bool(self.metric if key == "metric" else getattr(self.place, key))


def columns_named(heading: str, names: KnownNames, own: str = "") -> set[Column]:
    """All that a heading can name: a benchmark, followed by what it lists, or only what the benchmark `own` (a slug)
    lists. One, if it can be told."""
    words = heading.split()
    if not 0 < len(words) <= MAX_WORDS:
        return set()
    found = set(_listed(Column(Place(own)), words, names)) if own else set()
    if found:
        return found
    for cut in range(len(words), 0, -1):
        for place in names.places.find(" ".join(words[:cut])):
            found |= set(_listed(Column(place), words[cut:], names))
        if found and cut == len(words):
            break  # the whole heading is a name
    return found


def _listed(column: Column, words: list[str], names: KnownNames) -> Iterator[Column]:
    """The column, further told by words that are all names of its benchmark's metrics, splits and parts."""
    if not words:
        yield column
        return
    for cut in range(len(words), 0, -1):
        for key in LISTS:
            row = names.row(column.place.benchmark, f"{key}s", " ".join(words[:cut]))
            if row is not None and (told := _told(column, key, str(row["name"]))):
                yield from _listed(told, words[cut:], names)


def _told(column: Column, key: str, name: str) -> Column | None:
    """The column with this metric, split or part; None if it has another one."""
    place = column.place
    if (column.metric if key == "metric" else getattr(place, key)) not in ("", name):
        return None
    if key == "metric":
        return replace(column, metric=name)
    return replace(column, place=Place(place.benchmark, **{"split": place.split, "part": place.part, key: name}))


def choices_in(benchmark: str, names: KnownNames) -> list[Column]:
    """All that a heading may name within a benchmark: its metrics, splits and parts, one each."""
    owner = names.benchmarks[benchmark]
    place = Place(benchmark)
    metrics = [Column(place, str(row["name"])) for row in owner.metrics]
    splits = [Column(Place(benchmark, split=str(row["name"]))) for row in owner.splits]
    return [*metrics, *splits, *(Column(Place(benchmark, part=str(row["name"]))) for row in owner.parts)]


def checkpoints_named(labels: list[str], names: KnownNames) -> tuple[str, set[Checkpoint]]:
    """The name that the labels of a row make, and what it can stand for: all labels together, else the first with one
    other, else the first alone, unless another one is a size of which it would be silent."""
    first, others = labels[0], [label for label in labels[1:] if label]
    whole = " ".join([first, *others])
    for name in dict.fromkeys([whole, *(f"{first} {other}" for other in others)]):
        if found := names.checkpoints.find(name):
            return name, found
    if not any(is_size(other) for other in others) and (found := names.checkpoints.find(first)):
        return first, found
    return whole if any(is_size(other) for other in others) else first, set()


def is_size(text: str) -> bool:
    """Whether a text is a number of parameters: 7B."""
    return bool(SIZE.fullmatch(text)) and not text.strip(" .,").isdigit()
