"""Format partial dates, and times."""

from calendar import month_name
from datetime import datetime, time


def partial_date(date: str) -> str:
    """ "2024-08-30" as "30 August 2024", "2024-08" as "August 2024", "2024" as it is."""
    year, month, day = (*date.split("-"), "", "")[:3]
    return " ".join(filter(None, [day.lstrip("0"), month_name[int(month)] if month else "", year]))


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
