"""Where the code leans on what Django does not document: docs/architecture.md names every such file."""

import re

from tooling.base import ROOT

PRIVATE = re.compile(
    r"\._errors\b|\b_clean_fields\b|\b_post_clean\b|\b_clean_form\b|\b_validate_unique\b"
    r"|\b_get_validation_exclusions\b|\._prefetched_objects_cache\b|\._result_cache\b|\._fields_cache\b"
)
APPS = ("accounts", "background", "catalog", "submissions", "vlmportal")


def test_every_file_that_uses_private_names_of_django_is_listed() -> None:
    sources = (path for app in APPS for path in sorted((ROOT / app).rglob("*.py")))
    using = {path.relative_to(ROOT).as_posix() for path in sources if PRIVATE.search(path.read_text(encoding="utf-8"))}
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    [item] = re.findall(r"^- \*\*Forms lean on Django’s internals\*\*(.*?)(?=^- |\Z)", text, re.DOTALL | re.MULTILINE)

    assert set(re.findall(r"`(\w+/[\w/]+\.py)`", item)) == using
