"""What a description states in so many words: sizes, architecture, parts. What it does not state stays empty."""

import re
from decimal import Decimal
from typing import Any

ARCHITECTURE = re.compile(r"^(dual-encoder|encoder-decoder|decoder-only|multi-encoder) architecture\b", re.IGNORECASE)
SIZES = re.compile(r"\bwith (~?\d[\d.]*[BM](?: ?[/&x-] ?\d[\d.]*[BM]?)*) parameters\b")
VISION = re.compile(r"\busing ([^,;]{1,60}?|[^,;]{1,40}\([^)]{1,40}\)) for vision encod(?:er|ing)\b")
BACKBONE = re.compile(r"\busing .{1,200}? and (?:the )?(.{1,120}?) as (?:the )?pretrained (?:text )?backbone\b")
LANGUAGES = re.compile(r"\b(\d+\+?) languages\b")
MODALITIES = re.compile(r"\bmodalities \(([^)]+)\)")
AMOUNT = re.compile(
    r"^(?:[A-Z][\w ]+: )?((\d[\d.]*)([KMB])(?:/\d[\d.]*[KMB])* (.+?))"
    r"(?:,| with | from | \(| of | needing | requiring |\.|;|$)"
)
ARXIV = re.compile(r"arxiv\.org/(?:abs|pdf|html)/(\d{4}\.\d{4,5})")

UNNAMED = ("custom", "redesigned", "a ", "optimized")
VISION_NAMES = ("siglip", "clip", "eva")
AUDIO_NAMES = ("whisper", "beats")
POWERS = {"K": 10**3, "M": 10**6, "B": 10**9}

Parts = dict[str, list[tuple[str, str]]]


def paper_fields(description: str) -> tuple[dict[str, Any], Parts]:
    """Payload fields that a paper's description states, and its parts by payload key as (name, note)."""
    fields: dict[str, Any] = {}
    if match := ARCHITECTURE.search(description):
        fields["architecture"] = match[1].lower()
    if match := SIZES.search(description):
        fields["variants"] = [variant(size) for size in sizes(match[1])]
    if match := LANGUAGES.search(description):
        fields["languages"] = [match[0]]
    if match := MODALITIES.search(description):
        fields["modalities_in"] = [word.strip() for word in match[1].split(",") if word.strip() not in ("etc.", "etc")]
    return fields, parts(description)


def sizes(stated: str) -> list[str]:
    """The sizes that "1B/4B/12B" or "250M & 500M" lists; a range or a product is one statement."""
    return [size.strip() for size in re.split(r"[/&]", stated)]


def variant(stated: str) -> dict[str, str | None]:
    """A row of `variants` for a size as stated; its number only where the text gives a plain one."""
    match = re.fullmatch(r"(\d[\d.]*)([BM])", stated)
    total = str(Decimal(match[1]) * POWERS[match[2]] / POWERS["B"]) if match else None
    return {
        "name": "",
        "total_b": total,
        "active_b": None,
        "as_stated": stated,
        "weights_url": "",
        "licence": "",
        "note": "",
    }


def parts(description: str) -> Parts:
    """The vision encoders and pretrained backbones that are called by a name."""
    found: Parts = {}
    if match := VISION.search(description):
        _add(found, "vision_encoders", match[1])
    if match := BACKBONE.search(description):
        for name in re.split(r", (?![^(]*\))", match[1]):
            _add(found, _role(name), name)
    return found


def _role(name: str) -> str:
    lower = name.lower()
    if lower.startswith(VISION_NAMES):
        return "vision_encoders"
    return "other_encoders" if lower.startswith(AUDIO_NAMES) else "language_backbones"


def _add(found: Parts, key: str, stated: str) -> None:
    stated = re.sub(r"^using ", "", stated.strip())
    if stated.lower().startswith(UNNAMED):
        return
    match = re.fullmatch(r"(.+?) \((a .+)\)", stated)
    name, note = (match[1], match[2]) if match else (stated, "")
    found.setdefault(key, []).append((name, note))


def card_fields(description: str) -> dict[str, Any]:
    """Payload fields that a dataset's or benchmark's description states: its size, where it starts with one."""
    match = AMOUNT.match(description)
    if not match:
        return {}
    fields: dict[str, Any] = {"size": match[1].strip()}
    if "/" not in match[1].split(" ")[0]:
        fields["size_count"] = int(Decimal(match[2]) * POWERS[match[3]])
        fields["size_unit"] = match[4].strip()
    return fields


def link_kind(url: str) -> str:
    """What an address leads to, as far as its host tells."""
    rest = url.split("://", 1)[-1].removeprefix("www.")
    if rest.startswith("arxiv.org/"):
        return "arxiv"
    if rest.startswith("github.com/"):
        return "code"
    if rest.startswith("huggingface.co/"):
        return {"blog": "blog", "spaces": "demo", "datasets": "data", "papers": "paper"}.get(
            rest.split("/")[1], "weights"
        )
    return "video" if rest.startswith(("youtube.com/", "youtu.be/")) else "paper"


def arxiv_id(url: str) -> str:
    """The arXiv id in an address, without its version; empty when there is none."""
    match = ARXIV.search(url)
    return match[1] if match else ""
