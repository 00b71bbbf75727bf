"""The way out of a kind of mail without signing in: a signed address in each letter, by one click (RFC 8058)."""

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from accounts.models import User

SALT = "accounts.unsubscribing"
KINDS_OF_MAIL = {
    "mail_decisions": "what becomes of your proposals",
    "mail_queue": "the digest of what waits for review",
}


def address_for(user: User, field: str) -> str:
    """The address under which `user` turns off the mail that the switch `field` stands for."""
    token = signing.dumps([user.pk, field], salt=SALT)
    return settings.SITE_URL + reverse("accounts:unsubscribe", args=[token])


@never_cache
@csrf_exempt  # a mail program posts it without cookies; the signature says that it comes from a letter
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask on a GET (programs that scan mail follow links), turn it off on a POST; Http404 for a forged address."""
    try:
        pk, field = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404("This address is not complete: copy all of it from the letter.") from error
    if request.method == "POST":
        User.objects.filter(pk=pk).update(**{field: False})
    context = {"what": KINDS_OF_MAIL[field], "done": request.method == "POST"}
    return render(request, "accounts/unsubscribe.html", context)
