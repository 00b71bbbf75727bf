"""A line left out of the coverage says why."""

import re

from tooling.base import ROOT

EXCLUDED = re.compile(r"# pragma: no (cover|branch)(?! -- \w)")


def test_every_excluded_line_gives_a_reason():
    apps = ("accounts", "background", "catalog", "submissions")
    paths = [path for app in apps for path in (ROOT / app).rglob("*.py")]
    excluded = [str(path.relative_to(ROOT)) for path in paths if EXCLUDED.search(path.read_text())]
    assert excluded == []
