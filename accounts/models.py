"""The user model, and API tokens."""

from collections.abc import Iterator
from typing import ClassVar

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.functional import cached_property

from accounts.names import RESERVED_PREFIXES, clean_shown_name
from accounts.words import is_blank

# recovery codes alone do not count as a second factor
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class PortalUserManager(UserManager["User"]):
    def service(self, username: str) -> "User":
        """An account for the portal's own work (an import, the curation), without a password or sign-in."""
        user, created = self.get_or_create(username=username)
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user

    def free_username(self, login: str) -> str:
        """`login`, or its first free variant: octocat, octocat-2, octocat-3 …

        Names are compared without case. Names with a reserved prefix are never free; an empty `login` becomes "user".
        """
        base = (login or "user")[:130]
        if base.lower().startswith(RESERVED_PREFIXES):
            base = f"gh-{base}"
        taken = {name.lower() for name in self.filter(username__istartswith=base).values_list("username", flat=True)}
        if base.lower() not in taken:
            return base
        number = 2
        while f"{base}-{number}".lower() in taken:
            number += 1
        return f"{base}-{number}"


class User(AbstractUser):
    """An account. The ledger stores the username, not a foreign key.

    `first_name` is the optional name to display next to contributions. `email` is verified by GitHub or entered by the
    operator, and may be empty. Somebody who leaves keeps a row under a pseudonym.
    """

    mail_decisions = models.BooleanField("mail me what becomes of my proposals", default=True)
    mail_queue = models.BooleanField("mail me a digest of what waits for review", default=True)
    suspended_at = models.DateTimeField("suspended since", null=True, blank=True, editable=False)
    suspended_because = models.TextField("reason of the suspension", blank=True, editable=False)
    left_at = models.DateTimeField("left", null=True, blank=True, editable=False)
    session_generation = models.PositiveIntegerField("how often all sessions were ended", default=0, editable=False)

    second_factor_unused = False
    """True for the user of a request whose session has not used the second factor (accounts/middleware.py)."""

    objects: ClassVar[PortalUserManager] = PortalUserManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                name="user_suspended_with_reason",
                condition=Q(suspended_at__isnull=True, suspended_because="")
                | (Q(suspended_at__isnull=False) & ~Q(suspended_because="")),
                violation_error_message="A suspension has a time and a reason, or neither.",
            ),
            models.CheckConstraint(
                name="user_left_is_empty",
                condition=Q(left_at__isnull=True)
                | Q(is_active=False, is_staff=False, is_superuser=False, email="", first_name="", last_name=""),
                violation_error_message="Of a person who left only a pseudonym stays.",
            ),
        ]

    def __str__(self) -> str:
        return self.username

    @property
    def role(self) -> str:
        """The role by Django's own flags: "admin", "moderator" or "contributor"."""
        if self.is_superuser:
            return "admin"
        return "moderator" if self.is_staff else "contributor"

    @property
    def shown_name(self) -> str:
        """The name to display next to contributions."""
        return self.get_full_name() or self.username

    @property
    def is_suspended(self) -> bool:
        """Whether the account may only read."""
        return self.suspended_at is not None

    @cached_property
    def has_second_factor(self) -> bool:
        """Whether an authenticator app or a passkey is set up; queried once per instance."""
        return bool(Authenticator.objects.filter(user_id=self.pk, type__in=SECOND_FACTORS).exists())

    def get_session_auth_hash(self) -> str:
        """As Django's, which a new password changes; ending the sessions changes it too."""
        return self._in_this_generation(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same by each of SECRET_KEY_FALLBACKS."""
        yield from map(self._in_this_generation, super().get_session_auth_fallback_hash())

    def _in_this_generation(self, digest: str) -> str:
        return f"{digest}.{self.session_generation}" if self.session_generation else digest

    def lock(self) -> None:
        """Lock the account's row until the transaction ends, and read it again: what is then counted or not found among
        the account's things stays so until something is added. On SQLite the transaction itself does that."""
        self.refresh_from_db(from_queryset=User.objects.select_for_update(no_key=True))

    def end_sessions(self) -> None:
        """Sign the account out everywhere: no session from before is valid any more."""
        User.objects.filter(pk=self.pk).update(session_generation=F("session_generation") + 1)
        self.refresh_from_db(fields=["session_generation"])

    def clean(self) -> None:
        """Raise ValidationError for a displayed name with control, direction or invisible characters."""
        super().clean()
        clean_shown_name(self.first_name)

    def set_verified_email(self, address: str) -> None:
        """Use `address`, which GitHub verifies today, for email from now on; "" for none.

        Another account that got the same address from GitHub loses it, so that its mail does not go to the new owner.
        """
        if address:
            others = User.objects.filter(email__iexact=address, socialaccount__isnull=False).exclude(pk=self.pk)
            User.objects.filter(pk__in=others.values("pk")).update(email="")
        if self.email != address:
            self.email = address
            self.save(update_fields=["email"])

    @transaction.atomic
    def suspend(self, *, because: str) -> None:
        """Restrict the account to reading, and delete its API tokens for good.

        Raises ValueError without a reason.
        """
        if is_blank(because):
            raise ValueError("A suspension needs a reason.")
        self.suspended_at, self.suspended_because = timezone.now(), because.strip()
        self.save(update_fields=["suspended_at", "suspended_because"])
        ApiToken.objects.filter(user_id=self.pk).delete()

    def lift_suspension(self) -> None:
        """End the suspension; deleted API tokens stay deleted."""
        self.suspended_at, self.suspended_because = None, ""
        self.save(update_fields=["suspended_at", "suspended_because"])


class ApiToken(models.Model):
    """A key that acts for its user through the API, within its scopes, until it expires.

    Only the key's SHA-256 digest is stored, and its last four characters to tell keys apart. Created, found and revoked
    by `accounts.tokens`.
    """

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    scopes = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=4, editable=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "API token"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="api_token_name_once"),
            models.CheckConstraint(name="api_token_expires", condition=Q(expires_at__gt=models.F("created_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.name} (…{self.hint})"

    @property
    def is_expired(self) -> bool:
        """Whether the token has expired."""
        return self.expires_at <= timezone.now()

    def allows(self, scope: str) -> bool:
        """Whether the token has this scope."""
        return scope in self.scopes
