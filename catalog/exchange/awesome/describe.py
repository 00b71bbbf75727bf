"""Fields that a description states literally: sizes, architecture, components. Nothing is concluded."""

import re
from decimal import Decimal
from typing import Any

LICENCES = re.compile(r"^For licenses?: (.+)$")
NAMED_LICENCE = re.compile(r"(?:^|(?<=[,()]))([^,()]++)(?<= )\(([^()]++)\)")
ARCHITECTURE = re.compile(r"^(dual-encoder|encoder-decoder|decoder-only|multi-encoder) architecture\b", re.IGNORECASE)
NUMBER = r"\d{1,6}(?:\.\d{1,6})?"
SIZE = re.compile(rf"({NUMBER})([BM])")
SIZES = re.compile(rf"\bwith (~?{NUMBER}[BM](?: ?[/&x-] ?{NUMBER}[BM]?)*) parameters\b")
VISION = re.compile(r"\busing ([^,;]{1,60}?|[^,;]{1,40}\([^)]{1,40}\)) for vision encod(?:er|ing)\b")
BACKBONE = re.compile(r"\busing (.{1,320}?) as (?:the )?pretrained (?:text )?backbone\b")
MAX_BACKBONE_LENGTH = 120
LANGUAGES = re.compile(r"\b(\d+\+?) languages\b")
MODALITIES = re.compile(r"\bmodalities \(([^)]{1,300})\)")
AMOUNT = re.compile(
    rf"^(?:[A-Z][\w ]+: )?(({NUMBER})([KMB])(?:/{NUMBER}[KMB])* (.+?))"
    r"(?:,| with | from | \(| of | needing | requiring |\.|;|$)"
)

UNNAMED_PREFIXES = ("custom", "redesigned", "a ", "optimized")
VISION_PREFIXES = ("siglip", "clip", "eva")
AUDIO_PREFIXES = ("whisper", "beats")
MULTIPLIERS = {"K": 10**3, "M": 10**6, "B": 10**9}

ComponentNames = dict[str, list[tuple[str, str]]]


def paper_fields(description: str) -> tuple[dict[str, Any], ComponentNames]:
    """Payload fields that a paper's description states, and its components by payload key, as (name, note)."""
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
    """The sizes in "1B/4B/12B" or "250M & 500M"; a range or a product is one size."""
    return [size.strip() for size in re.split(r"[/&]", stated)]


def variant(stated: str) -> dict[str, str | None]:
    """A row of `variants` for a size as stated; `total_b` only if the text is a single number."""
    match = SIZE.fullmatch(stated)
    total = str(Decimal(match[1]) * MULTIPLIERS[match[2]] / MULTIPLIERS["B"]) if match else None
    return {
        "name": "",
        "total_b": total,
        "active_b": None,
        "as_stated": stated,
        "weights_url": "",
        "licence": "",
        "note": "",
    }


def parts(description: str) -> ComponentNames:
    """The vision encoders and pretrained backbones that have a name."""
    names: ComponentNames = {}
    if match := VISION.search(description):
        _add(names, "vision_encoders", match[1])
    match = BACKBONE.search(description)
    backbones = match[1].partition(" and ")[2].removeprefix("the ") if match else ""
    if 0 < len(backbones) <= MAX_BACKBONE_LENGTH:
        for name in re.split(r", (?![^(]{0,120}\))", backbones):
            _add(names, _role(name), name)
    return names


def _role(name: str) -> str:
    lower = name.lower()
    if lower.startswith(VISION_PREFIXES):
        return "vision_encoders"
    return "other_encoders" if lower.startswith(AUDIO_PREFIXES) else "language_backbones"


def _add(names: ComponentNames, key: str, stated: str) -> None:
    stated = re.sub(r"^using ", "", stated.strip())
    if stated.lower().startswith(UNNAMED_PREFIXES):
        return
    name, opened, note = stated.partition(" (a ")
    has_note = bool(name and opened and note.endswith(")"))
    names.setdefault(key, []).append((name, f"a {note[:-1]}") if has_note else (stated, ""))


def card_fields(description: str) -> dict[str, Any]:
    """Payload fields that a dataset's or benchmark's description states: its size, if it starts with one."""
    match = AMOUNT.match(description)
    if not match:
        return {}
    fields: dict[str, Any] = {"size": match[1].strip()}
    if "/" not in match[1].split(" ")[0]:
        fields["size_count"] = int(Decimal(match[2]) * MULTIPLIERS[match[3]])
        fields["size_unit"] = match[4].strip()
    return fields


def link_kind(url: str) -> str:
    """The link type of a URL, judged by its host."""
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


def stated_licences(note: str) -> dict[str, str]:
    """The licences by name in a note such as "For licenses: GQA (CC BY 4.0), COCO (custom)"; {} if it states none."""
    stated = LICENCES.match(note)
    return {name.strip(): licence for name, licence in NAMED_LICENCE.findall(stated[1])} if stated else {}
