"""The six digits of an authenticator app, by RFC 6238 (SHA-1, 30 seconds), apart from the library that checks them."""

import base64
import hashlib
import hmac
import time


def totp(secret: str, at: float | None = None) -> str:
    """The code that `secret` (base 32) gives at a time, now by default."""
    counter = int((time.time() if at is None else at) // 30).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    offset = digest[-1] & 15
    return f"{(int.from_bytes(digest[offset : offset + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"
