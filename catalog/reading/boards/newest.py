"""How new results are, and those with open weights: no more than their partial dates and known weights state."""

from collections.abc import Collection, Mapping

from catalog.reading.results.models import OPEN
from catalog.text.dates import WHOLE_DAY, in_order, partial_date, surely_not_after

NONE_HOLDS = "No result that still holds."
NONE_DATED = "No result is dated."
AS_FAR_AS_DATED = ", as far as results are dated"
YEAR, MONTH = len("2025"), len("2025-03")
LATER = {YEAR: " or later that year", MONTH: " or later that month"}
NOT_STATED = {YEAR: " (month not stated)", MONTH: " (day not stated)"}

Dates = Mapping[str, Collection[str]]
"""The partial dates of results by the weights of what they measured ("open", "closed" or "" for unknown), "" among them
if one is not dated."""


def newest_words(dates: Collection[str]) -> str:
    """The newest of partial dates: "12 March 2025 or later that year" if another one says only 2025; "" without any."""
    if not any(dates):
        return ""
    return f"{_newest(dates)}{AS_FAR_AS_DATED if '' in dates else ''}"


def newest_sentence(dates: Dates, *, all_read: bool = True) -> str:
    """How new the results are, and since when there has been none with open weights. Where some that may be newer have
    unknown weights, it says that none is known to have open ones. Unless `all_read`, there may be further results, none
    of them dated later than these."""
    everything = {date for some in dates.values() for date in some}
    if not everything:
        return NONE_HOLDS
    everything |= set() if all_read else {""}
    said = _said(everything)
    if dates.get(OPEN):
        return _beside_open(said, dates, everything)
    return f"No result {_having_open(dates)} yet. {said}." if all_read else f"{said}."


def _beside_open(said: str, dates: Dates, everything: Collection[str]) -> str:
    """What is said of all results, with the newest of those with open weights."""
    of_open = {date for date in dates[OPEN] if date}
    others = {date for weights, some in dates.items() if weights != OPEN for date in some if date}
    if not of_open:
        return f"{said}. Those {_having_open(dates)} are not dated." if others else f"{said}."
    if any(all(surely_not_after(other, date) for other in others) for date in of_open):
        return f"{said}, with open weights."
    if any(not any(in_order(other, date) for date in of_open) for other in others):
        precision = WHOLE_DAY if max(others)[:MONTH] == max(of_open)[:MONTH] else MONTH
        dated = AS_FAR_AS_DATED if "" in everything else ""
        since = f"{partial_date(_surely(of_open)[:precision])}{dated}"
        return f"No result {_having_open(dates)} since {since}. {_said(everything, precision)}."
    stated = NOT_STATED.get(len(max(of_open)), "")
    return f"{said}; the newest {_having_open(dates)} is of {_newest(of_open)}{stated}."


def _said(dates: Collection[str], precision: int = MONTH) -> str:
    if not any(dates):
        return NONE_DATED.removesuffix(".")
    return f"The newest {'dated result' if '' in dates else 'result'} is of {_newest(dates, precision)}"


def _having_open(dates: Dates) -> str:
    """What results with open weights have, as far as it is known of those that may be newer than all of them."""
    unknown = [
        date for date in dates.get("", ()) if not any(surely_not_after(date, one) for one in dates.get(OPEN, ()))
    ]
    return "known to have open weights" if unknown else "with open weights"


def _newest(dates: Collection[str], precision: int = WHOLE_DAY) -> str:
    """The newest of partial dates in words, as precisely as that."""
    newest, surely = max(dates)[:precision], _surely(dates)
    return f"{partial_date(newest)}{LATER[len(surely)] if len(surely) < len(newest) else ''}"


def _surely(dates: Collection[str]) -> str:
    """The day, month or year in which the newest of partial dates surely is."""
    newest = max(dates)
    return min((date for date in dates if date and newest.startswith(date)), key=len)
