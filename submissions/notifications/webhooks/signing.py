"""Signatures by the Standard Webhooks specification 1.0 (https://www.standardwebhooks.com)."""

import base64
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """A new secret: "whsec_" and 32 random bytes in base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(secret: str, message_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """The headers of a message: its id, its time (`timestamp`: seconds since 1970) and its signature.

    The signature is base64(HMAC-SHA256(secret, "id.timestamp.body")). Receivers refuse old timestamps, which prevents
    replays.
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    digest = hmac.digest(key, f"{message_id}.{timestamp}.".encode() + body, "sha256")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }
