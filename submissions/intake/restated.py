"""What a draft says in the terms of a citation, and the entry in its own: no difference between them."""

from collections.abc import Mapping
from typing import Any

from catalog.text.venues import venue_in


def is_restated(key: str, stated: Any, live: Mapping[str, Any]) -> bool:
    """Whether a draft's value of this key is what a citation of the entry says for it.

    A paper of 2023 in “CVPR 2024 (oral)” is cited as “CVPR” and of 2024, and one without authors as its organisation's.
    """
    if key == "authors":
        return not live[key] and stated == [live["organisation"]]
    if key not in ("venue", "year") or not live.get("venue"):
        return False
    venue = venue_in(live["venue"])
    return bool(stated == (venue.name if key == "venue" else venue.year))
