"""What is said beside the first row of a board where the board itself is not shown."""

from catalog.reading.boards.words import caveats
from catalog.reading.results.boards import better
from catalog.reading.results.reading import Measured
from catalog.reading.results.views import View
from catalog.text.dates import partial_date


def notes_of_first(shown: View, measured: Measured) -> tuple[str, ...]:
    """What must be known of the number in the first row of a board with places: how many rows are level with it, its
    caveats, the better numbers of rows without a place and of the other boards, and when it was reported."""
    row = shown.board.ranked[0]
    level, unlike = row.place.last - 1 if row.place else 0, len(shown.board.better_but_unlike)
    reported = partial_date(row.claim.reported_on)
    notes = (
        f"level with {level:,} other{'s' if level != 1 else ''}" if level else "",
        *caveats(row.claim, row.unknown),
        f"{unlike:,} better, measured otherwise" if unlike else "",
        _better_elsewhere(shown, measured),
        f"reported {reported}" if reported else "",
    )
    return tuple(filter(None, notes))


def _better_elsewhere(shown: View, measured: Measured) -> str:
    """The best number by the same metric outside the board, if it is better than the first."""
    first, metric = shown.board.ranked[0].claim.number, shown.board.metric
    own = {claim.slug for claim in shown.claims}
    others = [one for one in measured.claims if one.metric == metric.name and one.rankable and one.slug not in own]
    numbers = [one.number for one in others if better(metric, one.number, first)]
    if not numbers:
        return ""
    return f"better outside this board: {min(numbers) if metric.direction == 'lower' else max(numbers):f}"
