"""The user: custom from day one, so that what an account is can grow without moving the table."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager


class PortalUserManager(UserManager["User"]):
    def service(self, username: str) -> "User":
        """The account in whose name the portal itself works (an import, a curation): no password, no sign-in."""
        user, created = self.get_or_create(username=username)
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
        return user


class User(AbstractUser):
    """One who signs in; what the ledger keeps of them is a name, never a foreign key."""

    objects: ClassVar[PortalUserManager] = PortalUserManager()
