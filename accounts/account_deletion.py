"""Deleting an account: personal data goes, contributions stay under a pseudonym."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, User
from accounts.names import PSEUDONYM
from background.engine import task


@transaction.atomic
def erase_account(*, user: User) -> None:
    """Erase all personal data of `user` and end their sessions; the row stays as "former-contributor-<id>". A task
    deletes what is stored of the sessions.

    A later sign-in with the same GitHub account creates a new user. Does nothing for somebody who has left already.
    """
    if user.left_at is not None:
        return
    for model in (SocialAccount, EmailAddress, Authenticator, ApiToken):
        model.objects.filter(user_id=user.pk).delete()
    user.groups.clear()
    user.user_permissions.clear()
    user.username = f"{PSEUDONYM}{user.pk}"
    user.email = user.first_name = user.last_name = ""
    user.is_active = user.is_staff = user.is_superuser = False
    user.mail_decisions = user.mail_queue = False
    user.last_login = None
    user.left_at = timezone.now()
    user.set_unusable_password()
    user.save()
    delete_sessions.enqueue(user.pk)


@task()
def delete_sessions(user_id: int) -> int:
    """Delete what is stored of the sessions of an account that has left, none of which is valid any more; return how
    many there were.

    Sessions are opaque, so each is decoded, which takes seconds.
    """
    sessions = Session.objects.filter(expire_date__gt=timezone.now()).iterator()
    own = [session.pk for session in sessions if session.get_decoded().get(SESSION_KEY) == str(user_id)]
    return Session.objects.filter(pk__in=own).delete()[0]
