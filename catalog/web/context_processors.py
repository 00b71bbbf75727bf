"""Template context of every page."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from catalog.kinds import KINDS, Kind


@dataclass(frozen=True)
class PortalSite:
    """The portal's name and URLs, from the settings, and its kinds."""

    name: str
    url: str
    contact_url: str
    kinds: tuple[Kind, ...]


def site(request: HttpRequest) -> dict[str, PortalSite]:
    """Add `site` to the context."""
    return {"site": PortalSite(settings.SITE_NAME, settings.SITE_URL, settings.CONTACT_URL, tuple(KINDS.values()))}
