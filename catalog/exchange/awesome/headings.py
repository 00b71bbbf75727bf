"""What the headings of a list tell: topics, places that hold no entries, notes, the summary."""

import re

FAMILIES = {
    "research direction": "research-directions",
    "challenge": "current-challenges",
    "emerging": "emerging-areas",
    "ethic": "ethics-and-practice",
}
# Headings below which nothing is an entry, however deep; and headings that only their own lines belong to.
ASIDE = re.compile(
    r"\b(contents?|toc|contribut\w*|licen[cs]es?|citations?|citing|acknowledge?ments?|star history|contact"
    r"|maintainers?|disclaimer|related (?:lists|awesome|repos\w*))\b|目录|致谢|贡献|许可|引用|联系",
    re.IGNORECASE,
)
NEARBY = re.compile(
    r"\b(news|updates?|changelog|todo|about|support|authors?|menu|community|slack|discord"
    r"|(?:other|more|further|useful) (?:resources?|links?|lists?))\b",
    re.IGNORECASE,
)
NOTES = re.compile(r"^notes?\b", re.IGNORECASE)
SUMMARY = re.compile(r"^summary\b", re.IGNORECASE)


def split_emoji(heading: str) -> tuple[str, str]:
    """The emoji a heading starts with, and the rest: "🎯 Alignment" gives ("🎯", "Alignment")."""
    match = re.match(r"^([^\w\s\"'“(\[#&/-][^\w\s]*)?\s*(.*)$", heading)
    return ((match[1] or "")[:16], match[2].strip() or heading) if match else ("", heading)
