"""Unsubscribing from a kind of email without signing in, by a signed URL and one click (RFC 8058)."""

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from accounts.methods import accepts
from accounts.models import User

SALT = "accounts.unsubscribing"  # part of the signatures in emails already sent
EMAIL_SWITCHES = {
    "mail_decisions": "what becomes of your proposals",
    "mail_queue": "the digest of what waits for review",
}


def unsubscribe_url(user: User, field: str) -> str:
    """The URL at which `user` turns off the emails that the switch `field` controls."""
    token = signing.dumps([user.pk, field], salt=SALT)
    return settings.SITE_URL + reverse("accounts:unsubscribe", args=[token])


@never_cache
@csrf_exempt  # email programs post it without cookies; the signature proves that the URL is ours
@accepts("GET", "POST")
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on GET (mail scanners follow links), unsubscribe on POST. Raises Http404 for a forged URL."""
    try:
        pk, field = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404("This address is not complete: copy all of it from the letter.") from error
    if request.method == "POST":
        User.objects.filter(pk=pk).update(**{field: False})
    context = {"description": EMAIL_SWITCHES[field], "done": request.method == "POST"}
    return render(request, "accounts/unsubscribe.html", context)
