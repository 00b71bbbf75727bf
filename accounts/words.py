"""What people type where words are required, and the characters that nobody sees."""

import re
import unicodedata

FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols of Unicode that are drawn as nothing."""
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zs", "Zl", "Zp", "Mn", "Mc", "Me"})
"""The general categories of controls, formats, separators and marks."""
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""The general categories of controls, formats (direction marks and tags among them), lone surrogates, private and
unassigned characters, and line separators."""
IGNORED_MARKS = re.compile("[\u034f\u17b4\u17b5\u180b-\u180d\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""The marks that Unicode calls default ignorable (DerivedCoreProperties.txt): joiners and variation selectors."""

_SYMBOL = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u27ff\u2900-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff\ufe0f"
)
EMOJI_JOINTS = re.compile(f"(?<=[{_SYMBOL}])(?:[\ufe0e\ufe0f]|\u200d(?=[{_SYMBOL}]))|(?<=[0-9#*])\ufe0f(?=\u20e3)")
"""What joins or colours emoji (Unicode Technical Standard 51): a variation selector or a joiner between symbols."""


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of it: only white space, invisible characters, fillers, or marks on no letter."""
    return all(char in FILLERS or unicodedata.category(char) in UNSEEN for char in text)


def hidden_character(text: str) -> str:
    """The first character that hides in a name: a control, a direction mark, a tag, a filler, another character that
    is drawn as nothing, or one that Unicode does not know; "" if there is none. Emoji may be joined."""
    if text.isascii() and text.isprintable():
        return ""
    return next((char for char in EMOJI_JOINTS.sub("", text) if _is_hidden(char)), "")


def _is_hidden(char: str) -> bool:
    return char in FILLERS or unicodedata.category(char) in HIDDEN or IGNORED_MARKS.match(char) is not None
