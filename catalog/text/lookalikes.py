"""Names that look the same although their letters differ: a Cyrillic “СLIР” and “CLIP”.

After the skeletons of Unicode Technical Standard 39 (https://www.unicode.org/reports/tr39/), for letters of other
scripts that look like ASCII ones. The package confusable_homoglyphs has the same table, 900 kB of it, and no skeletons.
"""

import unicodedata
from pathlib import Path

from catalog.text.folding import compact


def _read_table() -> dict[int, str]:
    lines = Path(__file__).with_name("confusables.txt").read_text(encoding="ascii").splitlines()
    rows = [line.split() for line in lines if not line.startswith("#")]
    return {int(code, 16): ascii_letter for ascii_letter, *codes in rows for code in codes}


_TABLE = _read_table()


def look_of(name: str) -> str:
    """A name as one word of what its letters look like: `compact(name)`, with ASCII letters for those of other scripts
    that look like them."""
    return compact(name if name.isascii() else unicodedata.normalize("NFKD", name).translate(_TABLE))
