"""The forms for a code of the second factor.

A code of an authenticator app is taken in the periods of 30 s before and after its own too, since people type slowly
and clocks differ, but only once (RFC 6238, 5.2).

allauth remembers used codes in the cache, for 30 s; here the database does, so that it holds for all processes.
"""

from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.db import transaction

LAST_PERIOD = "last_period"
"""The key in Authenticator.data of the number of the period (30 s since 1970) whose code was used last."""


class SignInCodeForm(AuthenticateForm):
    """Asks for a code at sign-in."""

    def clean_code(self) -> str:
        """Raise ValidationError for a code that is wrong or was used."""
        code = super().clean_code()
        return used_up(self.authenticator, code)


class SetUpCodeForm(ActivateTOTPForm):
    """Asks for a code of an app that is being set up; `period` is the one whose code it is."""

    def clean_code(self) -> str:
        """Raise ValidationError for a code that is wrong."""
        code: str = super().clean_code()
        self.period = period_of(self.secret, code)
        return code


class ConfirmationCodeForm(ReauthenticateForm):
    """Asks for a code from somebody who is signed in."""

    def clean_code(self) -> str:
        """Raise ValidationError for a code that is wrong or was used."""
        code = super().clean_code()
        return used_up(self.authenticator, code)


def used_up(authenticator: Authenticator, code: str) -> str:
    """The valid `code`, which is not valid any more. Raises ValidationError if it, or a later one, was used before, or
    the app was removed meanwhile.

    Recovery codes are used up by allauth.
    """
    if authenticator.type != Authenticator.Type.TOTP:
        return code
    secret = decrypt(authenticator.data["secret"])
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(pk=authenticator.pk).first()
        data = row.data if row else {}
        period = period_of(secret, code)
        if row is None or period <= data.get(LAST_PERIOD, -1):
            raise get_adapter().validation_error("incorrect_code")
        Authenticator.objects.filter(pk=authenticator.pk).update(data={**data, LAST_PERIOD: period})
    return code


def period_of(secret: str, code: str) -> int:
    """The first of the periods taken now in which the app shows `code`; -1 if there is none."""
    return next((one for one in totp.yield_hotp_counters_from_time() if is_code_of(one, secret, code)), -1)


def is_code_of(period: int, secret: str, code: str) -> bool:
    """Whether the app shows `code` in that period."""
    return bool(compare_user_code(actual=code, expected=totp.format_hotp_value(totp.hotp_value(secret, period))))
