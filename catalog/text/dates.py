"""Format partial dates."""

from calendar import month_name


def partial_date(date: str) -> str:
    """ "2024-08-30" as "30 August 2024", "2024-08" as "August 2024", "2024" as it is."""
    year, month, day = (*date.split("-"), "", "")[:3]
    return " ".join(filter(None, [day.lstrip("0"), month_name[int(month)] if month else "", year]))
