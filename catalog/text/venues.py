"""What the venue of a paper says: where it was published, of which sort that is, the year, and remarks (“oral”)."""

import re
from dataclasses import dataclass
from enum import Enum

CONFERENCES = (
    *("3DV", "AAAI", "AACL", "ACCV", "ACL", "ACM MM", "AISTATS", "BMVC", "CHI", "CIKM", "COLING", "COLM", "CoNLL"),
    *("CoRL", "CVPR", "CVPRW", "EACL", "ECCV", "ECIR", "EMNLP", "ICASSP", "ICCV", "ICCVW", "ICDAR", "ICIP", "ICLR"),
    *("ICML", "ICMR", "ICPR", "ICRA", "IJCAI", "IJCNLP", "Interspeech", "IROS", "KDD", "LREC", "MICCAI", "MLSys"),
    *("NAACL", "NeurIPS", "NIPS", "RSS", "SIGGRAPH", "SIGIR", "UAI", "UIST", "WACV", "WSDM"),
)
PROCEEDINGS = re.compile(
    rf"\b(?:{'|'.join(CONFERENCES)}|proceedings|proc|conference|conf|workshops?|symposium)\b|^MM\b", re.IGNORECASE
)
JOURNAL = re.compile(
    r"\b(?:journal|transactions|trans|letters|magazine|nature|science|plos|tmlr|tpami|pami|jmlr|ijcv|tacl|tnnls|jair)\b",
    re.IGNORECASE,
)
ELSEWHERE = re.compile(
    r"\b(?:arxiv|blog|blogpost|card|corr|openreview|preprints?|reports?|thesis|website|white ?paper)\b", re.IGNORECASE
)
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])|(?<=[A-Za-z])'[0-9]{2}(?![0-9])|(?<= )'[0-9]{2}(?![0-9])")
LAST_YEAR = re.compile(r"[ ,(]{0,3}(?:(?:19|20)[0-9]{2}|'[0-9]{2})\)?$")
REMARKS = frozenset(
    (
        *("accepted", "appear", "award", "best", "candidate", "demo", "finalist", "highlight", "highlighted"),
        *("honorable", "notable", "oral", "poster", "runner-up", "spotlight"),
    )
)
LAST_WORDS = frozenset(("highlight", "oral", "poster", "spotlight"))


class VenueType(Enum):
    """Where something was published; OTHER is what is neither known as proceedings nor as a journal."""

    PROCEEDINGS = "proceedings"
    JOURNAL = "journal"
    OTHER = "other"


@dataclass(frozen=True)
class Venue:
    """A venue in its parts; the year is None if the venue states none, or more than one."""

    name: str
    type: VenueType
    year: int | None = None
    remark: str = ""


def venue_in(text: str) -> Venue:
    """The venue that a text states: “CVPR 2024 (oral)” is CVPR, proceedings, of 2024, with the remark “oral”."""
    text, remark = _without_remark(" ".join(text.split()))
    years = {int(year if len(year) == 4 else f"20{year[1:]}") for year in YEAR.findall(text)}
    if len(years) != 1:
        return Venue(text, _type_of(text), None, remark)
    name = LAST_YEAR.sub("", text) or text
    return Venue(name, _type_of(name), years.pop(), remark)


def _type_of(name: str) -> VenueType:
    if ELSEWHERE.search(name):
        return VenueType.OTHER
    if PROCEEDINGS.search(name):
        return VenueType.PROCEEDINGS
    return VenueType.JOURNAL if JOURNAL.search(name) else VenueType.OTHER


def _without_remark(text: str) -> tuple[str, str]:
    """A venue without the remark at its end, and the remark."""
    before, bracket, inner = text.rpartition("(")
    if bracket and before and text.endswith(")") and _words(inner) & REMARKS:
        return before.rstrip(" ,;:"), inner[:-1].strip()
    before, _, last = text.rpartition(" ")
    if before and last.lower() in LAST_WORDS:
        return before.rstrip(" ,;:–-"), last
    return text, ""


def _words(text: str) -> set[str]:
    return {word.strip(".,;:()") for word in text.lower().split()}
