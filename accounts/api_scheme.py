"""How the API's schema describes tokens; apart from `authentication`, which DRF imports before its views."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

from accounts.authentication import TokenAuthentication


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call] # registers itself, untyped
    """Bearer tokens."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """The security scheme of OpenAPI."""
        about = "A token from the settings page: read, propose and moderate are its scopes."
        return {"type": "http", "scheme": "bearer", "description": about}
