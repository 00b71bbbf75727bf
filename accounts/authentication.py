"""Authentication of API clients: `Authorization: Bearer <token>` (RFC 6750)."""

from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import ApiToken, User
from accounts.tokens import NoSuchToken, find_token, record_use

SCHEME = "Bearer"


class TokenAuthentication(BaseAuthentication):
    """Authenticates the user of a token; the token becomes `request.auth`.

    Returns None without a token (there may be a session), and for Basic credentials, which a proxy may ask for.
    """

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        """Raise AuthenticationFailed (401) for a token that is unknown, expired or of an account that may only read,
        and for an unknown scheme: a client that sends credentials must not be treated as anonymous."""
        scheme, _, key = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() in ("", "basic"):
            return None
        if scheme.lower() != SCHEME.lower():
            raise AuthenticationFailed(f"Send the token as “Authorization: {SCHEME} <token>”.")
        try:
            token = find_token(key.strip())
        except NoSuchToken as error:
            raise AuthenticationFailed(str(error)) from error
        record_use(token)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """The WWW-Authenticate challenge of a 401."""
        return f'{SCHEME} realm="api"'


def allows(request: Request, scope: str) -> bool:
    """Whether the request's credentials cover a scope: a session covers all, a token its own."""
    return not isinstance(request.auth, ApiToken) or request.auth.allows(scope)
