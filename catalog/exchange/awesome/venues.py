"""Where and when a paper was published, as a list states it: "CVPR 2024", "(arXiv 2023.2)", "ICML'19"."""

import re

from catalog.exchange.awesome import labels
from catalog.exchange.awesome.inline import year_in

NAMES = (
    *("AAAI", "ACCV", "ACL", "ACM MM", "ACMMM", "AISTATS", "BMVC", "CIKM", "COLING", "COLM", "CoLM", "CoNLL"),
    *("CoRL", "CVPR", "CVPRW", "EACL", "ECAI", "ECCV", "ECCVW", "EMNLP", "ICASSP", "ICCV", "ICCVW", "ICLR", "ICME"),
    *("ICML", "ICMR", "ICRA", "IJCAI", "IJCV", "INTERSPEECH", "Interspeech", "IROS", "ISPRS", "JMLR", "KDD", "LREC"),
    *("MICCAI", "MIDL", "NAACL", "NeurIPS", "NIPS", "PAMI", "SIGGRAPH", "SIGIR", "TACL", "TCSVT", "TGRS"),
    *("TMLR", "TMM", "TNNLS", "TPAMI", "UAI", "WACV", "WSDM", "3DV", "BIBM", "ICDAR", "ICDM", "ICIP", "ICPR"),
    *("JSTARS", "MedIA", "Medical Image Analysis", "NAACL-HLT", "PRCV", "RA-L", "T-GRS", "TMI", "TRO", "T-RO"),
)
WORD = "CHI|RSS|TIP|TOG|WWW"
JOURNALS = rf"(?:(?:Nature|Science)(?: (?:[A-Z][a-z]{{2,20}}|of)){{0,4}}|{WORD})"
"""These are also words: they are venues where nothing but a mark or a year stands around them."""
PREPRINTS = ("arxiv", "biorxiv", "medrxiv", "preprint", "corr", "openreview", "submitted", "under review", "tba", "-")
"""What stands in columns of venues for papers that were not published at one."""
IN_OTHER_CASE = {
    *(name.upper() for name in NAMES),
    *(name.capitalize() for name in NAMES if " " not in name and len(name) >= 5),
}
NAME = "|".join(sorted(map(re.escape, {*NAMES, *IN_OTHER_CASE}), key=lambda name: (-len(name), name)))
TRACK = r"(?: (?:Workshops?|Findings|D&B|Datasets and Benchmarks|Demo))?"
OWN_YEAR = r"(?: ?['’‘]\d\d(?!\d)| [0-2]\d(?=\s?(?:[.,;)\]*_]|$))|-?\d\d(?!\d)|[ '’‘-]?(?:19|20)\d\d(?!\d))"
YEAR = f"{OWN_YEAR}?"
VENUE = re.compile(
    rf"(?:(?<![\w-])|(?<=(?<!\d)20\d\d))"
    rf"((?:Findings of (?:the )?|Proc\. ?)?(?:(?:IEEE[ -]|ACM )?(?:{NAME}){TRACK}{YEAR}"
    rf"|(?:IEEE[ -]|ACM )(?:{WORD}){TRACK}{YEAR}|(?:{WORD}){TRACK}{OWN_YEAR}){TRACK})(?![\w-])"
)
JOURNAL = re.compile(rf"(?:^|[,.;()\[\]|*_`>])\s?({JOURNALS}{YEAR})(?=\s?(?:[,.;:()\[\]|*_`<]|(?:19|20)\d\d|$))")
ACRONYM = re.compile(r"[A-Z][A-Za-z]{0,3}[A-Z]{1,6}(?: (?:W|Workshops?|Findings))?,?[ ']{0,2}(?:19|20)\d\d")
"""A venue that is in no list of them, with its year."""
AWARD = re.compile(
    r"[(\[（]?\b(?:oral|spotlight|poster|highlight(?:ed)?(?: paper)?|best paper|long|short|accepted)\b[)\]）]?",
    re.IGNORECASE,
)
DATE_DIGITS = re.compile(r"(?<![0-9A-Za-z_])(?:19|20)\d\d(?:[-./]\d{1,2}){0,2}(?![0-9A-Za-z_])")
MONTH = re.compile(
    r"(?<!\w)(?:\d{1,2}(?:st|nd|rd|th)? )?(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?(?: \d{1,2},?)?(?!\w)",
    re.IGNORECASE,
)
LABELS = re.compile(
    r"(?<!\w)(?:published|accepted|date|year|venue|arxiv(?:['’]\d{4})?|preprint|in|at|by|to|of|papers?)(?!\w)|论文|会议|合集|汇总|[年月日]",
    re.IGNORECASE,
)
EDGES = " \t\n,;:.()[]（）【】{}|/*_`<>-–—'’‘\"“”"
MAX_LENGTH = 100
MAX_MARK_WORDS = 6
MAX_HEADING_WORDS = 3
"""Besides the venue and the year of a heading that is about them."""


def venue_in(text: str) -> str:
    """The first venue that a text names, with its year, as it is written; "" if it names none that is known."""
    match = VENUE.search(text) or JOURNAL.search(text)
    return match[1] if match else ""


def venue_or_year_in(text: str) -> str:
    """The first venue that a text names, else its first year; "" if it has neither."""
    return venue_in(text) or str(year_in(text) or "")


def venue_of_mark(text: str) -> str:
    """The venue in a text in brackets or after a title, known or not if its year follows; "" if it names none."""
    bare = " ".join(text.split()).strip(EDGES)
    is_whole = bool(DATE_DIGITS.search(bare)) and len(bare.split()) <= MAX_MARK_WORDS and not labels.is_label(bare)
    is_dated = bool(venue_in(bare)) and bool(DATE_DIGITS.match(bare))
    return venue_of_cell(bare) if is_whole and not is_dated else venue_in(bare)


def is_venue(text: str) -> bool:
    """Whether a text is a venue in capitals with its year, known or not, and nothing else."""
    return bool(ACRONYM.fullmatch(text.strip(EDGES)))


def venue_of_cell(text: str) -> str:
    """The venue in a cell that holds nothing else, known or not; "" for a preprint and for a date."""
    bare = " ".join(AWARD.sub("", text).split()).strip(EDGES)
    words = DATE_DIGITS.sub("", bare).strip(EDGES)
    is_date = not MONTH.sub("", words).strip(EDGES)
    if is_date or words.lower().startswith(PREPRINTS) or len(bare) > MAX_LENGTH or "http" in bare:
        return venue_in(bare)
    return bare


def without_venue_at_end(text: str) -> str:
    """A text without a venue and its year that it ends with."""
    found = next((match for match in VENUE.finditer(text) if match.end() == len(text)), None)
    before = text[: found.start()].rstrip(" ,.;(") if found and year_in(found[1]) else ""
    return before or text


def is_place_and_time(text: str) -> bool:
    """Whether a text says where and when something was published, and nothing else: "CVPR 2024 (oral)"."""
    return not _rest(text) and bool(venue_in(text) or year_in(text) or any(char.isalnum() for char in text))


def is_date(text: str) -> bool:
    """Whether a text is a date or a year, in digits or with the name of the month, and nothing else."""
    bare = text.strip(EDGES)
    rest = MONTH.sub("", DATE_DIGITS.sub("", bare))
    has_day = bool(DATE_DIGITS.search(bare) or MONTH.search(bare))
    return has_day and not re.sub(r"[年月日]|\d{1,2}", "", rest).strip(EDGES)


def year_stated(heading: str) -> int | None:
    """The year of a heading that is about one: "2024", "CVPR 2024 Papers", "2023年论文"; None for any other."""
    year = year_in(heading)
    rest = _rest(heading)
    is_about = not rest or (venue_in(heading) and len(rest.split()) <= MAX_HEADING_WORDS)
    return year if year and is_about else None


def _rest(text: str) -> str:
    """What a text says besides venues, dates and the words around them."""
    without = JOURNAL.sub("", VENUE.sub("", text))
    without = LABELS.sub("", MONTH.sub("", DATE_DIGITS.sub("", AWARD.sub("", without))))
    return without.strip(EDGES)
