"""Path converters."""

from django.urls.converters import IntConverter

from catalog.kinds import BY_PLURAL


class KindConverter:
    """The plural of a kind, such as "papers"."""

    regex = "|".join(BY_PLURAL)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


class RevisionConverter(IntConverter):
    """The number of a revision. There is nothing at a number that its column cannot hold."""

    maximum = 2**31 - 1  # of a PositiveIntegerField

    def to_python(self, value: str) -> int:
        number = super().to_python(value)
        if number > self.maximum:
            raise ValueError(value)
        return number
