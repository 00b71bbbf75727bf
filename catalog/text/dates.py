"""Format partial dates, and times."""

from calendar import month_name
from datetime import date, datetime, time, timedelta
from functools import lru_cache

WHOLE_DAY = len("2025-03-12")
MONTHS = {"", *(f"{number:02}" for number in range(1, 13))}


def partial_date(date: str) -> str:
    """ "2024-08-30" as "30 August 2024", "2024-08" as "August 2024", "2024" and what is no date as it is."""
    year, month, day = (*date.split("-"), "", "")[:3]
    if month not in MONTHS:
        return date
    return " ".join(filter(None, [day.lstrip("0"), month_name[int(month)] if month else "", year]))


@lru_cache(maxsize=10_000)
def first_day(partial: str) -> date | None:
    """The first day of a partial date; None if there is no such day, month or year."""
    try:
        year, month, day = (int(part) for part in (*partial.split("-"), "1", "1")[:3])
        return date(year, month, day)
    except ValueError:
        return None


def date_error(partial: str, today: date) -> str:
    """What is wrong with a partial date in digits: no such day, or one that has not begun anywhere; "" if nothing."""
    begins = first_day(partial)
    if begins is None:
        return f"There is no day {partial}." if partial.count("-") == 2 else f"There is no month {partial}."
    return f"{partial} has not come yet." if begins > today + timedelta(days=1) else ""


def in_order(first: str, second: str) -> bool:
    """Whether a partial date can be before another, or the same, as far as both are known."""
    shared = min(len(first), len(second))
    return first[:shared] <= second[:shared]


def surely_not_after(first: str, second: str) -> bool:
    """Whether a partial date is before another, or the same day, whatever is not known of both."""
    shared = min(len(first), len(second))
    return first[:shared] < second[:shared] or (first == second and len(first) == WHOLE_DAY)


def is_end_of_day(at: datetime) -> bool:
    """Whether a moment is the last of its day, which a day stands for."""
    return at.time() == time.max


def moment_words(at: datetime) -> str:
    """A moment in UTC in words: its day alone where it is the end of one, else with the time."""
    day = partial_date(at.date().isoformat())
    if is_end_of_day(at):
        return day
    return f"{day}, {at:%H:%M:%S} UTC" if at.second or at.microsecond else f"{day}, {at:%H:%M} UTC"


def moment_value(at: datetime) -> str:
    """A moment in UTC as `as_of` takes it: its day where it is the end of one, else the time."""
    return at.date().isoformat() if is_end_of_day(at) else at.isoformat().replace("+00:00", "Z")
