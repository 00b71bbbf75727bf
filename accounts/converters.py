"""Path converters."""

from django.urls.converters import IntConverter


class IdConverter(IntConverter):
    """The id of a row. There is nothing at an id that its column cannot hold."""

    maximum = 2**63 - 1  # of a BigAutoField

    def to_python(self, value: str) -> int:
        number = super().to_python(value)
        if number > self.maximum:
            raise ValueError(value)
        return number
