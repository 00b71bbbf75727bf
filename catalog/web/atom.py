"""Atom documents (RFC 4287): ids that stay, the pages of a long feed (RFC 5005), and text that XML can hold."""

from typing import Any

from django.conf import settings
from django.utils.feedgenerator import Atom1Feed
from django.utils.xmlutils import SimplerXMLGenerator

from catalog.text.documents import without_forbidden

PAGE_RELATIONS = ("first", "previous", "next")


def tag(specific: str) -> str:
    """An id as a tag URI (RFC 4151), which stays the same whatever scheme, port or host the site is served at."""
    return f"tag:{settings.TAG_AUTHORITY}:{specific}"


class AtomFeed(Atom1Feed):
    """Atom with links to the pages beside this one, with summaries as text, and without characters that XML forbids,
    on which Django would fail."""

    def __init__(self, **about: Any) -> None:
        super().__init__(**_clean(about))

    def add_item(self, **about: Any) -> None:  # type: ignore[override] # Django gives each by its name
        super().add_item(**_clean(about))

    def add_root_elements(self, handler: SimplerXMLGenerator) -> None:
        super().add_root_elements(handler)
        for relation in PAGE_RELATIONS:
            if address := self.feed[relation]:
                handler.addQuickElement("link", "", {"rel": relation, "href": address})

    def add_item_elements(self, handler: SimplerXMLGenerator, item: dict[str, Any]) -> None:
        """As Django's, which declares a summary to be HTML."""
        super().add_item_elements(handler, {**item, "description": None})
        handler.addQuickElement("summary", item["description"])


def _clean(values: dict[str, Any]) -> dict[str, Any]:
    return {name: without_forbidden(value) if isinstance(value, str) else value for name, value in values.items()}
