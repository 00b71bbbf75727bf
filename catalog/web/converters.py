"""Path converters."""

from catalog.kinds import BY_PLURAL


class KindConverter:
    """The plural of a kind, such as "papers"."""

    regex = "|".join(BY_PLURAL)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value
