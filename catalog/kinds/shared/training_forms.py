"""The rows of training data in a payload."""

from collections.abc import Iterable, Mapping
from typing import Any

from catalog.forms.display import Display, DisplayItem, joined
from catalog.forms.fields import FlagField, LineField
from catalog.forms.references import SlugField
from catalog.forms.rows import Row
from catalog.kinds.shared.card_forms import NamedRow
from catalog.text.folding import compact

CARDS = ("dataset", "benchmark")


class TrainingRow(NamedRow):
    """What its owner was trained on or, if `excluded`, is stated not to be trained on."""

    name = LineField(max_length=300)
    dataset = SlugField("dataset", required=False)
    benchmark = SlugField("benchmark", required=False)
    excluded = FlagField(required=False, label="Stated not to be trained on it")
    note = LineField(max_length=500, required=False)

    @classmethod
    def item(cls, row: Mapping[str, Any], display: Display) -> DisplayItem:
        card = next((name for name in CARDS if row[name]), "")
        stated = "stated not to be trained on" if row["excluded"] else ""
        about = joined(stated, ", ".join(row.get("variants", ())), row["note"])
        return DisplayItem(row["name"], display.reference(card, row[card]).url if card else "", about)


def contradictions(rows: Iterable[Row]) -> list[str]:
    """A message for each row that states the opposite of another one, about the same data and the same variants."""
    messages, earlier = list[str](), list[tuple[int, Row]]()
    for number, row in enumerate(rows, 1):
        opposite = next((one for one, other in earlier if _contradict(row, other)), None)
        if opposite:
            messages.append(
                f"row {number}: row {opposite} states the opposite of “{row['name']}”. "
                "Remove one of the two, or name the variants that each is about."
            )
        earlier.append((number, row))
    return messages


def _contradict(one: Row, other: Row) -> bool:
    if one["excluded"] == other["excluded"]:
        return False
    same = any(one[card] and one[card] == other[card] for card in CARDS)
    ours, theirs = ({compact(name) for name in row.get("variants", ())} for row in (one, other))
    return same and (not ours or not theirs or not ours.isdisjoint(theirs))
