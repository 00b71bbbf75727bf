"""Headings with a meaning: topics, sections without entries, notes, the summary table."""

import re

from catalog.exchange.awesome.kind_words import EMOJI_CODE

FAMILIES = {
    "research direction": "research-directions",
    "challenge": "current-challenges",
    "emerging": "emerging-areas",
    "ethic": "ethics-and-practice",
}
WORD = re.compile(r"[^\W_]+")
# What a heading is about that says nothing else: below these nothing is an entry, at any depth;
ABOUT_LIST = frozenset(
    (
        *("contributing", "contribute", "contribution", "contributions", "contributor", "contributors", "license"),
        *("licence", "licenses", "licences", "citation", "citations", "citing", "cite", "acknowledgement"),
        *("acknowledgment", "acknowledgements", "acknowledgments", "contact", "contacts", "maintainer", "maintainers"),
        *("disclaimer", "star", "stars", "stargazers", "related"),
    )
)
# below these their own lines are none, but sections may follow that hold some;
ABOUT_LINES = frozenset(
    (
        *("contents", "content", "toc", "catalogue", "news", "update", "updates", "updated", "changelog", "todo"),
        *("about", "support", "author", "authors", "menu", "community", "slack", "discord", "wechat", "announcements"),
        *("announcement", "highlight", "highlights", "other", "more", "further", "useful"),
    )
)
# and these words around them change nothing.
AROUND = frozenset(
    (
        *("a", "an", "and", "for", "how", "if", "in", "is", "it", "of", "on", "or", "our", "please", "s"),
        *("the", "this", "to", "us", "we", "you", "your", "with", "me", "are", "find", "helpful", "recent"),
        *("latest", "last", "what", "new", "table", "list", "lists", "awesome", "repo", "repos", "repository"),
        *("repositories", "project", "projects", "page", "guide", "guidelines", "guideline", "history"),
        *("chart", "over", "time", "link", "links", "resource", "resources", "information", "info", "notice"),
        *("policy", "code", "conduct", "log", "join", "welcome", "top", "feedback", "questions", "thanks"),
        "special",
    )
)
NEEDS_OTHERS = frozenset(("star", "stars", "related", "other", "more", "further", "useful"))
"""These mean the list only beside one of the words around them: "Star history", "Related lists"."""
ABOUT_IN_CHINESE = re.compile(r"目录|致谢|贡献|许可|引用|联系|更新|新增|新闻|动态|计划|关于")
AROUND_IN_CHINESE = re.compile(
    r"我们|方式|指南|本项目|项目|作者|者|最新|本周|本月|近期|后续|证|协议|列表|日志|与|和|及|的|[\W_]"
)
LINES_IN_CHINESE = re.compile(r"目录|更新|新增|新闻|动态|计划")
EMOJI_FIRST = re.compile(r"^((?::[a-z+-][a-z0-9_+-]{0,40}:)++|[^\w\s\"'“(\[#&/:-][^\w\s]*)?\s*(.*)$")
MAX_EMOJI_LENGTH = 16
TOPICS_HEADING = re.compile(r"topics?|open (?:problems|questions)", re.IGNORECASE)
NOTES = frozenset(("note", "notes", "remark", "remarks"))
SUMMARY = frozenset(("summary",))
AROUND_NOTES = AROUND | {"about", "additional", "entries", "further", "general", "important", "other", "overview"}
AROUND_TOPICS = frozenset(
    (
        *("research", "direction", "directions", "challenge", "challenges", "emerging", "ethic", "ethics", "ethical"),
        *("area", "areas", "field", "fields", "trend", "trends", "topic", "topics", "issue", "issues", "problem"),
        *("problems", "question", "questions", "current", "open", "future", "key", "main", "major", "remaining"),
        *("limitations", "opportunities", "outlook", "best", "practice", "practices", "considerations", "concerns"),
        *("responsible", "use", "applications", "technologies", "and", "the", "our", "new"),
    )
)
"""The words of headings that hold topics, apart from what these are about: “Challenges of VLMs”."""
ABOUT_WHAT = re.compile(r"(?<=\w) (?:in|of|for|with|to|on) .*$")


def is_about_list(name: str) -> bool:
    """Whether a heading is about the list itself, with all that stands below it, and says nothing else."""
    return _says_only(name, ABOUT_LIST) or (_is_chinese(name) and not LINES_IN_CHINESE.search(name))


def is_about_lines(name: str) -> bool:
    """Whether a heading is about the list itself, with its own lines, and says nothing else."""
    return _says_only(name, ABOUT_LINES) or (_is_chinese(name) and bool(LINES_IN_CHINESE.search(name)))


def is_of_notes(name: str) -> bool:
    """Whether a heading is that of notes, and says nothing else, such as “Note-taking models”."""
    return _says_only(name, NOTES, AROUND_NOTES)


def is_of_summary(name: str) -> bool:
    """Whether a heading is that of the summary of the list, and says nothing else, such as “Summary of datasets”."""
    return _says_only(name, SUMMARY, AROUND_NOTES)


def family_of(name: str) -> str:
    """The family of the topics below a heading; "" for one that says something else, such as “Challenge papers”."""
    lower = ABOUT_WHAT.sub("", EMOJI_CODE.sub("", name.lower()))
    family = next((key for word, key in FAMILIES.items() if word in lower), "")
    return family if AROUND_TOPICS.issuperset(WORD.findall(lower)) else ""


def _says_only(name: str, words: frozenset[str], around: frozenset[str] = ABOUT_LIST | ABOUT_LINES | AROUND) -> bool:
    """Whether a heading has one of the words, and no others but those that go around them."""
    said = WORD.findall(EMOJI_CODE.sub("", name.lower()))
    known = words & set(said)
    if not known or not (words | around).issuperset(said):
        return False
    return len(said) > 1 or not known <= NEEDS_OTHERS


def _is_chinese(name: str) -> bool:
    """Whether a heading in Chinese, perhaps with a translation, is about the list and says nothing else."""
    if not ABOUT_IN_CHINESE.search(name):
        return False
    name = EMOJI_CODE.sub("", name)
    rest = AROUND_IN_CHINESE.sub("", ABOUT_IN_CHINESE.sub("", name))
    return not rest or is_about_list(rest) or is_about_lines(rest)


def split_emoji(heading: str) -> tuple[str, str]:
    """The emoji that a heading starts with, and the rest: "🎯 Alignment" gives ("🎯", "Alignment")."""
    match = EMOJI_FIRST.match(heading)
    emoji = match[1] or "" if match else ""
    emoji = "" if emoji.startswith(":") and len(emoji) > MAX_EMOJI_LENGTH else emoji[:MAX_EMOJI_LENGTH]
    return (emoji, match[2].strip() or heading) if match else ("", heading)
