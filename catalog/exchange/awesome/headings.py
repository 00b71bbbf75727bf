"""Headings with a meaning: topics, sections without entries, notes, the summary table."""

import re

FAMILIES = {
    "research direction": "research-directions",
    "challenge": "current-challenges",
    "emerging": "emerging-areas",
    "ethic": "ethics-and-practice",
}
# Headings below which nothing is an entry, at any depth; and headings whose own lines alone are no entries.
NON_ENTRY_HEADING = re.compile(
    r"\b(contents?|toc|contribut\w*|licen[cs]es?|citations?|citing|acknowledge?ments?|star history|contact"
    r"|maintainers?|disclaimer|related (?:lists|awesome|repos\w*))\b|目录|致谢|贡献|许可|引用|联系",
    re.IGNORECASE,
)
NON_ENTRY_LINES_HEADING = re.compile(
    r"\b(news|updates?|changelog|todo|about|support|authors?|menu|community|slack|discord"
    r"|(?:other|more|further|useful) (?:resources?|links?|lists?))\b",
    re.IGNORECASE,
)
NOTES_HEADING = re.compile(r"^notes?\b", re.IGNORECASE)
SUMMARY_HEADING = re.compile(r"^summary\b", re.IGNORECASE)


def split_emoji(heading: str) -> tuple[str, str]:
    """The emoji that a heading starts with, and the rest: "🎯 Alignment" gives ("🎯", "Alignment")."""
    match = re.match(r"^([^\w\s\"'“(\[#&/-][^\w\s]*)?\s*(.*)$", heading)
    return ((match[1] or "")[:16], match[2].strip() or heading) if match else ("", heading)
