"""Names of authors in the parts that bibliographies want, and whether a name is a person's."""

import re
from dataclasses import dataclass

GROUP = re.compile(
    r"\b(?:team|group|lab|labs|laboratory|ai|research|consortium|inc|corp|corporation|company|ltd|llc|gmbh|institute"
    r"|university|academy|foundation|collaboration|project|organi[sz]ation|community|initiative|alliance|cent(?:er|re)"
    r"|contributors)\b",
    re.IGNORECASE,
)
AND = re.compile(r" and ", re.IGNORECASE)
SUFFIX = re.compile(r"(?:jr|sr)\.?|II|III|IV|Jr\.?|Sr\.?")
OTHERS = re.compile(r",? (?:et al\.?|and others)$")
BETWEEN = re.compile(r", and | and |, ")


@dataclass(frozen=True)
class PersonName:
    """A name in its parts; the particle (“van den”) belongs to the family name."""

    family: str
    given: str = ""
    particle: str = ""
    suffix: str = ""


def is_group(name: str) -> bool:
    """Whether a name is plainly that of several people, a company or a team."""
    return GROUP.search(name) is not None or AND.search(name) is not None


def is_person(name: str) -> bool:
    """Whether a name is plainly that of one person: a given and a family name, and no word of a group."""
    return len(name.split()) > 1 and "," not in name and not is_group(name)


def name_in_parts(name: str) -> PersonName:
    """A name that is written given names first, in the parts that BibTeX would find: the last word is the family name,
    with the words in lower case before it (https://tug.ctan.org/info/bibtex/tamethebeast/ttb_en.pdf, section 11)."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and SUFFIX.fullmatch(words[-1]) else ""
    start = end = max(0, len(words) - 1)
    while start > 1 and words[start - 1].islower():
        start -= 1
    return PersonName(
        family=" ".join(words[end:]),
        given=" ".join(words[:start]),
        particle=" ".join(words[start:end]),
        suffix=suffix,
    )


def people_in(text: str) -> list[str]:
    """The people that a line of authors names in full: “Ada Lovelace, Grace Hopper et al.”.

    Empty if one of them is no full name, as in “Lin et al.” or “Deng, Jia, Dong, Wei”: who is meant is then not known.
    """
    names = [name.strip() for name in BETWEEN.split(OTHERS.sub("", " ".join(text.split()))) if name.strip()]
    return names if all(is_person(name) for name in names) else []
