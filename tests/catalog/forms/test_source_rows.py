"""How a row of sources is shown where a proposal is reviewed."""

import pytest

from catalog.forms.display import Display
from catalog.forms.rows import SourceRow


@pytest.mark.parametrize(
    ("url", "stated", "note"),
    [
        ("https://medium.com/@x/y", "primary", "primary source, as the entry states; the table says: list or blog"),
        ("https://example.org/", "index", "index or aggregator, as the entry states; the table says: nothing"),
        ("", "list", "list or blog, as the entry states; the table says: nothing"),
        ("https://medium.com/@x/y", "list", "list or blog"),
        ("https://medium.com/@x/y", "", ""),
    ],
)
def test_a_row_says_where_its_class_is_not_that_of_the_table(url: str, stated: str, note: str) -> None:
    row = {"field": "year", "url": url, "note": "the post", "confidence": "confirmed", "source_class": stated}

    item = SourceRow.item(row, Display("papers", str.capitalize, {}))

    assert (item.text.partition(":")[0], item.note) == ("Year", note)
