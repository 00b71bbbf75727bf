"""JSON-LD and citation of an entry's page."""

import json
from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from catalog.exchange import highwire, schema_org
from catalog.exchange.brief import brief
from catalog.exchange.citations import Citation
from catalog.exchange.citations import citation as citation_of
from catalog.exchange.preview import HEIGHT, WIDTH
from catalog.kinds import KINDS, kind_of
from catalog.models import Entry, Revision
from catalog.text.documents import clean_bytes

register = template.Library()
DESCRIPTION_LENGTH = 200
# as in django.utils.html.json_script: characters that could end the script element or start a comment in it
ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}


@register.simple_tag
def json_ld(entry: Entry, payload: dict[str, Any]) -> SafeString:
    """The entry as a schema.org data block, which no browser executes."""
    url = f"{settings.SITE_URL}{entry.get_absolute_url()}"
    return _data_block(schema_org.json_ld(kind_of(entry), payload, url, entry.updated.date().isoformat()))


@register.simple_tag
def website_json_ld() -> SafeString:
    """The site and its search as a schema.org data block."""
    search = f"{settings.SITE_URL}{reverse('catalog:search')}"
    return _data_block(schema_org.website(settings.SITE_NAME, f"{settings.SITE_URL}/", search))


def _data_block(data: schema_org.JsonLd) -> SafeString:
    text = (
        clean_bytes(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"), is_json=True)
        .decode()
        .translate(ESCAPES)
    )
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308 -- escaped above


@register.inclusion_tag("components/sharing.html")
def sharing(entry: Entry, payload: dict[str, Any]) -> dict[str, Any]:
    """What other sites read of an entry: Open Graph, with the picture of its revision, and the metas of a citation."""
    kind = kind_of(entry)
    preview = reverse("catalog:preview", args=[kind.plural, entry.slug, entry.revision])
    return {
        "title": entry.name,
        "about": brief(kind, payload, DESCRIPTION_LENGTH).sentences,
        "site_name": settings.SITE_NAME,
        "url": f"{settings.SITE_URL}{entry.get_absolute_url()}",
        "picture": f"{settings.SITE_URL}{preview}",
        "width": WIDTH,
        "height": HEIGHT,
        "metas": list(highwire.metas(payload)),
    }


@register.simple_tag
def citation(entry: Entry, payload: dict[str, Any]) -> Citation:
    """The citation of the entry's current revision."""
    page = f"{settings.SITE_URL}{entry.get_absolute_url()}"
    date = entry.updated.date().isoformat()
    site = settings.SITE_NAME
    return citation_of(kind_of(entry), payload, page=page, number=entry.revision, date=date, site=site)


@register.simple_tag
def revision_citation(revision: Revision, payload: dict[str, Any]) -> Citation:
    """The citation of any revision of an entry that may be gone."""
    kind = KINDS[revision.kind]
    page = f"{settings.SITE_URL}{reverse('catalog:detail', args=[kind.plural, revision.slug])}"
    date = revision.at.date().isoformat()
    return citation_of(kind, payload, page=page, number=revision.number, date=date, site=settings.SITE_NAME)
