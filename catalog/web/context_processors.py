"""What every page knows."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from catalog.kinds import KINDS, Kind


@dataclass(frozen=True)
class PortalSite:
    """The portal's own name and addresses, from the settings."""

    name: str
    url: str
    contact_url: str
    kinds: tuple[Kind, ...]


def site(request: HttpRequest) -> dict[str, PortalSite]:
    """`site` for every template."""
    return {"site": PortalSite(settings.SITE_NAME, settings.SITE_URL, settings.CONTACT_URL, tuple(KINDS.values()))}
