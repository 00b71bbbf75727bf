"""The README against the code: it documents every setting."""

import re

from tooling.base import ROOT

INTERNAL = {"DJANGO_SETTINGS_MODULE", "PYTHONPATH", "TEST_SQLITE"}
READ = re.compile(r"""(?:\benv\.\w+|os\.environ(?:\.get|\.setdefault)?|environ)[(\[]\s*"([A-Z][A-Z_]+)\"""")
ELSEWHERE = {"BROWSER", "CHROMIUM", "CI", "FROM", "TEST_WORKERS", "TO", "UPGRADE"}  # of make's targets and the tests


def test_every_setting_stands_in_the_table_of_the_readme_and_none_besides():
    table = (ROOT / "README.md").read_text().partition("## Configuration")[2].partition("\n## ")[0]
    documented = set(
        re.findall(r"`([A-Z][A-Z_]+)`", "\n".join(row.split("|")[1] for row in table.splitlines() if "|" in row))
    )
    sources = [*(ROOT / "vlmportal").glob("*.py"), *(ROOT / "bin/tooling").glob("*.py")]
    read = {name for path in sources for name in READ.findall(path.read_text())}

    assert documented == read - INTERNAL - ELSEWHERE
