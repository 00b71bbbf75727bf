"""How an API client says who it is: `Authorization: Bearer <token>` (RFC 6750)."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.tokens import NoSuchToken, find_token, note_use

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """The user of a token, and the token as `request.auth`; None where nothing is sent (a session may be), or what a
    gate before the site asks for by Basic authentication."""

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Raises AuthenticationFailed (401) for a token that is none, is over, or whose account may only read, and for
        a scheme that nobody here knows: who sends credentials is not to be taken for a stranger."""
        scheme, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() in ("", "basic"):
            return None
        if scheme.lower() != SCHEME.lower():
            raise AuthenticationFailed(f"Send the token as “Authorization: {SCHEME} <token>”.")
        try:
            token = find_token(key.strip())
        except NoSuchToken as error:
            raise AuthenticationFailed(str(error)) from error
        note_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """The challenge that goes with a 401."""
        return f'{SCHEME} realm="api"'


def allows(request: Request, scope: str) -> bool:
    """Whether the credentials of a request reach this far: a session does, a token within its scopes."""
    return not isinstance(request.auth, ApiToken) or request.auth.allows(scope)
