"""Characters that no document may hold: noncharacters and control characters, whatever is stored.

XML 1.0 (2.2) and HTML (13.2.3.5) forbid them, and the Unicode Standard (23.7) keeps noncharacters for internal use.
"""

import re

REPLACEMENT = "\ufffd"
PLANE_ENDS = "".join(chr(plane * 0x10000 + last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
FORBIDDEN = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{PLANE_ENDS}]")
FORBIDDEN_BYTES = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\xc2[\x80-\x9f]|\xef(?:\xb7[\x90-\xaf]|\xbf[\xbe\xbf])"
    rb"|[\xf0-\xf4][\x8f\x9f\xaf\xbf]\xbf[\xbe\xbf]"
)
FORBIDDEN_ESCAPES = re.compile(
    rb"(?<!\\)((?:\\\\)*)\\(?:[bf]|u(?:00(?:0[0-8bcef]|1[0-9a-f]|7f|[89][0-9a-f])|fd(?:d[0-9a-f]|e[0-9a-f])|fff[ef]"
    rb"|d[89ab][37bf]f\\udff[ef]|d[89ab][0-9a-f]{2}(?!\\ud[c-f])|(?<!\\ud[89ab][0-9a-f]{2}\\u)d[c-f][0-9a-f]{2}))",
    re.IGNORECASE,
)
"""Their escapes in JSON, lone surrogates included; an even number of backslashes before one is text."""

_SURROGATE_ESCAPES = re.compile(
    r"(\\\\|\\ud[89ab][0-9a-f]{2}\\ud[c-f][0-9a-f]{2})|\\ud[89a-f][0-9a-f]{2}", re.IGNORECASE
)
"""Escaped backslashes and pairs, which stay as they are, and lone surrogates."""


def without_forbidden(text: str) -> str:
    """A text with U+FFFD in place of each character that no document may hold."""
    return FORBIDDEN.sub(REPLACEMENT, text)


def clean_bytes(document: bytes, *, is_json: bool = False) -> bytes:
    """The same for a document in UTF-8; in JSON also for their escapes."""
    replacement = REPLACEMENT.encode()
    clean = FORBIDDEN_BYTES.sub(replacement, document)
    return FORBIDDEN_ESCAPES.sub(rb"\g<1>" + replacement, clean) if is_json and b"\\" in clean else clean


def without_lone_surrogates(json_text: str) -> str:
    """A JSON text with U+FFFD in place of each escape that is half a character."""
    if "\\ud" not in json_text and "\\uD" not in json_text:  # nearly always, and quick to see
        return json_text
    return _SURROGATE_ESCAPES.sub(lambda match: match[1] or REPLACEMENT, json_text)
