"""The names in lines of a list, and what there is besides that is none: labels, dates, venues, marks."""

import re

from catalog.exchange.awesome import inline, labels, venues
from catalog.exchange.awesome.kind_words import EMOJI_CODE

LEADING = (
    re.compile(r"^\[([^\[\]]{2,40})\][:：]?\s+(?=\S)"),
    re.compile(r"^[(（【]([^()（）【】\[\]]{2,40})[)）】]\s*+(?=\S)"),
    re.compile(r"^`([^`]{2,40}\d\d)`\s+(?=\S)"),
    re.compile(r"^\*\*[(\[]([^()\[\]*]{2,40})[)\]]\*\*\s*+(?=\S)"),
    re.compile(r"^[\[(]\*\*([^()\[\]*]{2,40})\*\*[)\]](?!\()\s*+(?=\S)"),
    re.compile(r"^<(?:kbd|code|sup|sub)>([^<>]{2,40})</(?:kbd|code|sup|sub)>\s*+(?=\S)", re.IGNORECASE),
    re.compile(r"^[*_`]{0,2}((?:19|20)\d\d[-./]\d\d?(?:[-./]\d\d?)?)[*_`]{0,2}(?:\s*+[:,|]|\s)\s*+(?=\S)"),
    re.compile(r"^(\d\d[-./](?:0[1-9]|1[0-2]))\s*+(?=[\[(*])"),
)
"""What may stand before a name: a venue, a date or another mark, in brackets or as code, or a date as it is."""
SHORT_DATE = re.compile(r"\d\d[-./](?:0[1-9]|1[0-2])")
BOLD_MARK = re.compile(r"^\*\*([^*]{2,40})\*\*\s*+\|\s*+(?=\S)")
AFTER_MARK = re.compile(r"^(?:</\w{1,10}>\s*+|\|\s*+)++")
LABELLED_FIRST = re.compile(r"^\[([^\[\]]{1,40})\]\([^()\s]++\)\s*+(?=\S)")
EMOJI = re.compile(
    r"^(?:[\u2190-\u21ff\u2300-\u2bff\u3030\u303d\u3297\u3299\ufe0f\u200d\U0001f000-\U0001faff]\s*+|:[a-z0-9_+-]{1,40}:\s*+)++"
)
NAMELESS_BOLD = re.compile(r"^\*\*[^\w*]{1,9}\*\*\s*+[:：]?\s*+(?=\S)")
CODE_NAME = re.compile(r"^`[^`]{1,40}`\s+(?=\*\*)")
TICK_BOX = re.compile(r"^\[[ xX✓✔]?\](?!\()\s*+")
EMPTY_BRACKETS = re.compile(r"[\[(（【]\s*+(?:[,;|/]\s*+){0,9}[\])）】]")
REPEATED_COMMAS = re.compile(r"(?<!\s)\s*+([,;，、])(?:\s*+[,;，、])++")
STRAY_STOP = re.compile(r"(?<=\s)\.(?=\s)")
LEADING_DATE = re.compile(r"^[(（]\d{4}(?:[-/.]\d\d?)?[)）]")
EDGE_CHARACTERS = ' :-–—.,;|/"“”：，。、·'
WRAPPING_TAGS = re.compile(
    r"^(?:</?(?:details|summary|p|div|span|i|em|sup|sub|center|font|ul|ol|li|dt|dd|small|u)\b[^<>]{0,300}>\s*+)+",
    re.IGNORECASE,
)
QUOTED_NAME = re.compile(r"^(?:\"(.+)\"|“(.+)”|«(.+)»|《(.+)》)$")
EMPHASISED_NAME = re.compile(r"^(?:\*([^*]+)\*|_([^_]+)_)[.,:]?$")
QUOTED_FIRST = re.compile(r"^(?:\"([^\"]{2,300})\"|“([^“”]{2,300})”|《([^《》]{2,300})》)(?!\s?[:：])")
TITLE_IN_QUOTES = re.compile(r"^[ :\-–—.,;|]*+([\"“]?)([^\"“”]{2,400}?)[,.]?[\"”][,.]?(?=\s|$)(.*)$", re.DOTALL)
AUTHORS_FIRST = re.compile(
    r"^.{0,200}?\bet al\b[.,]{0,2}\s?[(\[]?(?:19|20)\d\d[a-z]?[)\]]?[.,:]?\s(.{5,300}?)(?:\.(?=\s|$)|$)", re.DOTALL
)
SENTENCE_END = re.compile(r"(?<=\w{3})\.\s(?=[*_]?[A-Z])")
TITLE_END = re.compile(r"\s[-–—]\s|[(（\[【|]")
ABBREVIATION = re.compile(r"\(([A-Z][A-Za-z-]{1,11})\) (?=[A-Z]|(?:and|by|for|from|in|of|on|to|using|via|with)\b)")
LAST_BRACKET = re.compile(r"[(（\[]([^()（）\[\]]{4,60})[)）\]]$")
FIRST_PERSON = re.compile(r"\b(?:we|our|us)\b|我们", re.IGNORECASE)
QUOTED_AFTER = re.compile(r"^([^\"“”]{2,300}?)[.,:]\s[\"“]([^\"“”]{2,300})[\"”]")
SOMEBODY = re.compile(r"[^,;:\n]{1,60}\bet al\b[.,]{0,2}\s?[(\[]?(?:(?:19|20)\d\d[a-z]?)?[)\]]?")
NO_TITLE = re.compile(
    r"(?:click|more|show|see|details?|expand|abstract|bibtex|citation|view|full|all|table|contents)\b|展开|点击|更多|目录",
    re.IGNORECASE,
)
ARXIV_TEXT = re.compile(r"(?:arxiv\s?:?\s?)?\d{4}\.\d{4,5}(?:v\d+)?|arxiv[ .'’-]?\d{2,4}(?:[./-]\d\d?)?", re.IGNORECASE)
WORD = re.compile(r"\w+")
TRAILING_YEAR = re.compile(r"(?<!\s)\s*+(?:\((\d{4})\)|（(\d{4})）|\[(\d{4})\])$")
"""A year in brackets; without them it belongs to the name, as in PASCAL VOC 2007."""
WHOLE_BOLD = re.compile(r"^(?:\*\*|__)((?:(?!\*\*|__).)+)(?:\*\*|__)[\s.:：,，]*$", re.DOTALL)
REMARK = re.compile(r"(?<=\w)\s?(?:\([^()]{0,60}\)|（[^（）]{0,60}）)")
EMPTY_CELLS = frozenset(("n/a", "na", "none", "tba", "tbd", "无", "暂无"))
IN_BRACKETS = re.compile(r"\([^()]{0,120}(?:\([^()]{0,40}\)[^()]{0,40})?\)")
PUBLISHED = re.compile(r"(?<!\s)\s*+\[([^\[\]]{4,60})\]")
SUMMARY = re.compile(r"^\s*+(?:<details\b[^<>]{0,100}>\s*+)?<summary\b", re.IGNORECASE)
LABEL = "\x00"
MAX_NAME_LENGTH = 300
MAX_NAME_WORDS = 3


def without_marks(content: str) -> tuple[str, list[str]]:
    """A content without emoji and without what stands in brackets or as a link before its name, and the latter."""
    marks: list[str] = []
    content = EMOJI.sub("", content)
    while len(marks) < 4:
        mark = next(filter(None, (pattern.match(content) for pattern in LEADING)), None)
        link = LABELLED_FIRST.match(content)
        if link and is_no_name(link[1]) and not labels.is_label(link[1]):
            mark = link
        bold = BOLD_MARK.match(content)
        if bold and marks and is_no_name(bold[1]):
            mark = bold
        if not mark or "://" in mark[1]:
            break
        marks.append(f"20{mark[1]}" if SHORT_DATE.fullmatch(mark[1]) else mark[1])
        content = AFTER_MARK.sub("", content[mark.end() :])
    content = NAMELESS_BOLD.sub("", content)
    named = CODE_NAME.match(content)
    return (content[named.end() :], [*marks, named[0]]) if named else (content, marks)


def without_emoji(text: str) -> str:
    """A text without the emoji that it begins and ends with, if it has words besides."""
    rest = EMOJI.sub("", text)
    end = len(rest)
    while end and (rest[end - 1].isspace() or EMOJI.match(rest[end - 1])):
        end -= 1
    return rest[:end] if is_word(rest) else text


def begins_with_date(content: str) -> bool:
    """Whether a line has a date before its title, and is no news of its authors."""
    rest, marks = without_marks(content)
    return bool(marks) and venues.is_date(marks[0]) and not FIRST_PERSON.search(rest)


def split_marks(name: str) -> tuple[str, list[str]]:
    """A name without what stands in brackets before or after it, if that is where or when it was published, and the
    latter."""
    if (last := LAST_BRACKET.search(name)) and venues.is_place_and_time(last[1]) and venues.venue_or_year_in(last[1]):
        rest, marks = split_marks(name[: last.start()].rstrip(" ,;"))
        return (rest, [*marks, last[1]]) if is_word(rest) else (name, [])
    rest, marks = without_marks(name)
    is_published = marks and rest and all(is_no_name(mark) or venues.venue_of_mark(mark) for mark in marks)
    return (rest.strip(), marks) if is_published else (name, [])


def names_nothing(link: inline.Link) -> bool:
    """Whether the text of a link is no name: a label, a date, a venue."""
    return not link.text or link.is_generic or is_no_name(link.text)


def is_no_name(text: str) -> bool:
    """Whether a text cannot be a name: a label, a date, a venue with or without its year, signs alone."""
    bare = text.strip(EDGE_CHARACTERS + "[]()（）")
    if not any(char.isalnum() for char in bare) or labels.is_label(bare) or ARXIV_TEXT.fullmatch(bare):
        return True
    if SOMEBODY.fullmatch(bare):
        return True
    return venues.is_date(bare) or (bool(venues.venue_in(bare)) and venues.is_place_and_time(bare))


def title_alone(content: str) -> str:
    """The title of a line that holds nothing else, in bold; "" for other lines."""
    if SUMMARY.match(content):
        return _title_of_fold(content)
    text = inline.html_bold_to_markdown(WRAPPING_TAGS.sub("", TICK_BOX.sub("", content.strip())))
    bold = WHOLE_BOLD.match(without_marks(text)[0].strip()) if "**" in text or "__" in text else None
    name = inline.plain_text(bold[1]).strip(" :-–—.,;：，。") if bold and not inline.links(bold[1])[0] else ""
    return "" if is_no_name(name) or len(name) > MAX_NAME_LENGTH else name


def _title_of_fold(content: str) -> str:
    """The title in the line that shows what is folded; "" if that asks to unfold it."""
    found_links, text = inline.links(content)
    name = first_words(without_marks(inline.plain_text(text))[0])
    return "" if found_links or is_no_name(name) or NO_TITLE.match(name) or len(name) > MAX_NAME_LENGTH else name


def labelled_links(content: str) -> list[inline.Link]:
    """The links of a line that holds only links with labels: "Paper: https://…", "[[Code](…)] [Demo](…)"; else [].

    Where the first of several links is a label, and nothing but links is there, the others are taken for labels too.
    """
    found_links, text = inline.links(WRAPPING_TAGS.sub("", content.strip()))
    rest = inline.plain_text(text)
    rest = REMARK.sub("", EMOJI_CODE.sub("", rest))
    parts = [part for part in re.split(r"[|,;/、，\n\[\]()]|[:：](?=\s|$)", rest) if part.strip(EDGE_CHARACTERS)]
    others = {link.text for link in found_links[1:]} if found_links and names_nothing(found_links[0]) else set()
    if not found_links or not all(is_no_name(label) or label.strip(EDGE_CHARACTERS) in others for label in parts):
        return []
    if not all(names_nothing(link) for link in found_links[: 1 if others else None]):
        return []
    if len(found_links) == 1 and parts and not found_links[0].text:
        return [inline.Link(parts[0].strip(EDGE_CHARACTERS), found_links[0].url)]
    return found_links


def description_of(text: str, name: str) -> str:
    """The rest of a line without its name and links, and without the punctuation between them."""
    rest = EMOJI_CODE.sub("", inline.plain_text(text))
    rest = rest.replace(next((shown for shown in (f"*{name}*", f"_{name}_") if name and shown in rest), name), "", 1)
    rest = REPEATED_COMMAS.sub(r"\1", EMPTY_BRACKETS.sub("", EMPTY_BRACKETS.sub("", rest)))
    rest = " ".join(STRAY_STOP.sub("", " ".join(rest.split())).split())
    title = TITLE_IN_QUOTES.match(rest)
    if title and is_word(title[2]) and (title[1] or is_only_published(title[3])):
        return _title_and_more(title[2], title[3])
    rest = LEADING_DATE.sub("", rest.strip(EDGE_CHARACTERS)).strip(EDGE_CHARACTERS + ">→")
    rest = PUBLISHED.sub(lambda match: "" if _is_published(match[1]) else match[0], rest).strip(EDGE_CHARACTERS)
    return "" if says_nothing(rest) else rest


def _is_published(text: str) -> bool:
    """Whether a text in brackets says when and where something was published, with the year."""
    return bool(inline.year_in(text)) and (venues.is_place_and_time(text) or bool(venues.venue_in(text)))


def without_bylines(text: str) -> str:
    """The lines of an item without those below the first that only name authors, or say when it was published; where
    one of them begins with a title in quotes, without those before it."""
    first, *others = text.split("\n")
    titled = next((number for number, line in enumerate(others) if QUOTED_FIRST.match(line.strip())), None)
    if titled is not None:
        return "\n".join(others[titled:])
    return "\n".join([first, *(line for line in others if not is_byline(line) and not is_only_published(line))])


def is_title_below(first: str, others: list[str]) -> bool:
    """Whether the first line of an item only names authors, and the second begins with the title in quotes."""
    is_titled = bool(others and QUOTED_FIRST.match(others[0].strip())) and not inline.BOLD.match(first)
    return is_titled and is_authors(inline.plain_text(first).strip(" *_,."))


def is_byline(text: str) -> bool:
    """Whether a text names authors, or is emphasised as a whole, as they often are."""
    return bool(EMPHASISED_NAME.match(text.strip())) or is_authors(inline.plain_text(text).strip(" *_,.[]"))


def is_word(text: str) -> bool:
    """Whether a text holds more than signs."""
    return any(char.isalnum() for char in text)


def says_nothing(text: str) -> bool:
    """Whether a text has no words, or only says that there are none: "-", "N/A"."""
    return not is_word(text) or text.strip(EDGE_CHARACTERS).lower() in EMPTY_CELLS


def is_authors(text: str) -> bool:
    """Whether a text is a list of people: at most a few words, with capitals, between its commas."""
    people = [person.split() for person in re.split(r",|;|\band\b|&", text.removesuffix(".")) if person.strip()]
    if re.search(r"\bet al\b", text):
        return len(people[0]) <= MAX_NAME_WORDS + 3
    return len(people) > 1 and all(
        len(person) <= MAX_NAME_WORDS + 1
        and any(word[0].isupper() for word in person)
        and not any(map(str.isdigit, person))
        for person in people
    )


def _title_and_more(title: str, more: str) -> str:
    """A title that stood in quotes, with what follows it if that is more than where and when it was published."""
    return title if is_only_published(more) else f"{title}, {more.strip(EDGE_CHARACTERS)}"


def is_only_published(text: str) -> bool:
    """Whether a text says only where and when something was published, and perhaps by whom in brackets."""
    words = inline.plain_text(IN_BRACKETS.sub("", without_emoji(text))).strip(EDGE_CHARACTERS + "*_")
    return not words or venues.is_place_and_time(words) or venues.is_venue(words)


def bullet_name(content: str, found_links: list[inline.Link], text: str) -> str:
    """The name: bold text at the start, else the first link text that is not generic, else the first words; or ""."""
    bold = inline.BOLD.match(content.lstrip("[ "))
    named = next((link for link in found_links if not names_nothing(link) and link.text in text), None)
    in_bold = inline.plain_text(inline.links(bold[1])[1]) if bold and found_links else ""
    if in_bold and not is_no_name(in_bold):
        name = in_bold
    elif named and _ends_a_phrase(inline.plain_text(text.partition(named.text)[0])):
        return ""  # a link within a sentence names no entry
    elif found_links:
        name = named.text if named else first_words(before_labels(content) or text)
    else:
        return ""
    name = without_year(name).strip(" :-–—.,;：，。")
    for wrapped in (QUOTED_NAME.match(name), EMPHASISED_NAME.match(name)):
        name = next(filter(None, wrapped.groups())).rstrip(" .,") if wrapped else name
    return "" if is_no_name(name) or len(name) > MAX_NAME_LENGTH else name


def without_year(name: str) -> str:
    """A name without the year in brackets that it ends with."""
    found = TRAILING_YEAR.search(name)
    return name[: found.start()] if found and inline.year_in(found[0]) else name


def _ends_a_phrase(text: str) -> bool:
    """Whether a text ends with a word that another word precedes; a single letter is too short for the only other."""
    words = WORD.findall(text)
    return len(words) > 1 and len("".join(words[1:])) > 1 and text.endswith(words[-1])


def first_words(text: str) -> str:
    """The text before the first dash, bracket or bar, or before a colon that follows at most MAX_NAME_WORDS words."""
    plain = inline.plain_text(text).lstrip(" |-–—:,;")
    if (quoted := QUOTED_AFTER.match(plain)) and is_authors(quoted[1]):
        return quoted[2].strip(" ,.")
    if quoted := QUOTED_FIRST.match(plain):
        return str(next(filter(None, quoted.groups()))).strip(" ,.")
    if authors := AUTHORS_FIRST.match(plain):
        return authors[1].strip()
    beginning = plain[: next((one.start() for one in TITLE_END.finditer(plain) if not _abbreviates(plain, one)), None)]
    beginning = _without_published(SENTENCE_END.split(beginning.strip(), maxsplit=1)[0])
    short, colon, _ = beginning.partition(":")
    return short.strip() if colon and len(short.split()) <= MAX_NAME_WORDS else beginning


def _abbreviates(text: str, bracket: re.Match[str]) -> bool:
    """Whether a bracket within a title holds the initials of the words before it: "Far Eastern Art (FEA) in Paris"."""
    inside = ABBREVIATION.match(text, bracket.start())
    initials = "".join(char for char in inside[1] if char.isupper()) if inside else ""
    before = [word[0] for word in WORD.findall(text[max(0, bracket.start() - 100) : bracket.start()])]
    return len(initials) > 1 and "".join(before)[-len(initials) :].upper() == initials


def words_before_labels(shown: str, content: str) -> str:
    """What a heading shows, `shown`, up to the first link that is only a label, if words precede that."""
    before = EMPTY_BRACKETS.sub("", inline.plain_text(before_labels(content))).rstrip(" ,;|([")
    return before if before and before != shown and before in shown else shown


def before_labels(content: str) -> str:
    """The text before the first link that is only a label, if it has words; else ""."""
    shown = inline.with_links_as(content, lambda link: LABEL if names_nothing(link) else link.text)
    before = shown.partition(LABEL)[0].rstrip(" [(【（,;|\\")
    return "" if is_no_name(inline.plain_text(before)) else before


def _without_published(name: str) -> str:
    """A name without where and when it was published at its end, after a comma."""
    before, _, last = name.rpartition(", ")
    is_published = before and (is_no_name(last) or venues.is_venue(last))
    return before if is_published else venues.without_venue_at_end(name)


def title_of(content: str) -> str:
    """The text of an item without links, or what is in bold or quotes at its start, as the title of what its links
    below lead to; "" if it cannot be one."""
    found_links, text = inline.links(content)
    text = inline.html_bold_to_markdown(WRAPPING_TAGS.sub("", TICK_BOX.sub("", text.strip())))
    text = without_marks(text)[0].partition("\n")[0]
    bold, quoted = inline.BOLD.match(text), QUOTED_FIRST.match(text)
    name = inline.plain_text(bold[1]) if bold else ""
    if is_no_name(name):
        name = next(filter(None, quoted.groups())) if quoted else inline.plain_text(text)
    name = without_year(name).strip(" :-–—.,;：，。")
    return "" if found_links or is_no_name(name) or len(name) > MAX_NAME_LENGTH else name
