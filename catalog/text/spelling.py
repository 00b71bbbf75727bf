"""What tells names apart that search takes for one: signs such as “+” and “*”, and where numbers end."""

import re
import unicodedata

SIGNS = "+*#&@%^$=<>~†‡′″"
"""The signs that make a name another one; dots, dashes, quotes, brackets and emoji are a matter of style."""
WORD = re.compile(rf"(?:[^\W_]|[{re.escape(SIGNS)}])+")


def spelling(name: str) -> str:
    """A name as one word with its signs: "LLaVA++" gives "llava++", "Qwen2.5-VL" and "Qwen2-5 VL" give "qwen2.5vl",
    and "Qwen-25 VL" gives "qwen25vl"."""
    found = ""
    for word in WORD.findall(_folded(name)):
        found += f".{word}" if found[-1:].isdigit() and word[0].isdigit() else word
    return found


def _folded(name: str) -> str:
    if name.isascii():
        return name.lower()
    letters = unicodedata.normalize("NFKD", name.encode("utf-8", "ignore").decode())
    return "".join(letter for letter in letters if not unicodedata.combining(letter)).casefold()
