"""The picture of an entry that other sites show where somebody shares its address."""

import hashlib

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from catalog.exchange.brief import brief
from catalog.exchange.preview import Card, drawn
from catalog.kinds import BY_PLURAL
from catalog.ledger.payloads import as_object, payload_of
from catalog.models import Revision
from catalog.web.entry_lookup import entry_view, ledger_entry_of

TEXT_LENGTH = 400
FOREVER = "public, max-age=31536000, immutable"
"""A revision never changes."""


@entry_view
def entry_preview(request: HttpRequest, plural: str, slug: str, number: int) -> HttpResponseBase:
    """The picture of a revision. Raises Http404 if there is none."""
    kind = BY_PLURAL[plural]
    entry = ledger_entry_of(kind, slug)
    revision = Revision.objects.of(kind.name, entry.pk).filter(number=number).first()
    if revision is None:
        raise Http404(f"{entry} has revisions 1 to {entry.revision}.")
    about = brief(kind, as_object(payload_of(revision)), TEXT_LENGTH)
    note = f"revision {number}, {revision.at:%Y-%m-%d}"
    picture = drawn(Card(about.what, revision.name, about.text, settings.SITE_NAME, note))
    digest = hashlib.sha256(picture).hexdigest()[:32]
    headers = {"Cache-Control": FOREVER, "ETag": f'"{digest}"'}
    return HttpResponse(picture, content_type="image/png", headers=headers)
