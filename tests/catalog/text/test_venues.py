"""Venues in their parts."""

import pytest

from catalog.text.venues import Venue, VenueType, venue_in

PROCEEDINGS, JOURNAL, OTHER = VenueType.PROCEEDINGS, VenueType.JOURNAL, VenueType.OTHER


@pytest.mark.parametrize(
    ("text", "venue"),
    [
        ("CVPR 2024", Venue("CVPR", PROCEEDINGS, 2024)),
        ("CVPR 2024 (oral)", Venue("CVPR", PROCEEDINGS, 2024, "oral")),
        ("CVPR 2023 (highlighted paper)", Venue("CVPR", PROCEEDINGS, 2023, "highlighted paper")),
        ("ICLR 2024, Spotlight", Venue("ICLR", PROCEEDINGS, 2024, "Spotlight")),
        ("ICLR 2024 (notable top-5%)", Venue("ICLR", PROCEEDINGS, 2024, "notable top-5%")),
        ("NeurIPS (2023)", Venue("NeurIPS", PROCEEDINGS, 2023)),
        ("neurips, 2023", Venue("neurips", PROCEEDINGS, 2023)),
        ("CVPR'24", Venue("CVPR", PROCEEDINGS, 2024)),
        ("ICML", Venue("ICML", PROCEEDINGS)),
        ("ICML 2023 Workshop on Models", Venue("ICML 2023 Workshop on Models", PROCEEDINGS, 2023)),
        ("2023 IEEE Conference on Vision (CVPR)", Venue("2023 IEEE Conference on Vision (CVPR)", PROCEEDINGS, 2023)),
        ("ICCV 2021; extended in 2023", Venue("ICCV 2021; extended in 2023", PROCEEDINGS)),
        ("ACM MM 2023", Venue("ACM MM", PROCEEDINGS, 2023)),
        ("TMLR 2024", Venue("TMLR", JOURNAL, 2024)),
        ("IEEE Transactions on Image Processing", Venue("IEEE Transactions on Image Processing", JOURNAL)),
        ("OpenAI blog, 2021", Venue("OpenAI blog", OTHER, 2021)),
        ("ICLR blog", Venue("ICLR blog", OTHER)),
        ("Technical report", Venue("Technical report", OTHER)),
        ("Somewhere", Venue("Somewhere", OTHER)),
        ("2024", Venue("2024", OTHER, 2024)),
        ("(oral)", Venue("(oral)", OTHER)),
        ("oral", Venue("oral", OTHER)),
        ("", Venue("", OTHER)),
    ],
)
def test_venue(text: str, venue: Venue) -> None:
    assert venue_in(text) == venue
