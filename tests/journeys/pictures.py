"""Take the pictures of the README again from a running site: python -m tests.journeys.pictures http://127.0.0.1:8000"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser_flags import BROWSER_FLAGS

FOLDER = Path(__file__).parents[2] / "docs" / "screenshots"
WIDE, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 844}
PICTURES = {
    "home-light": ("/", WIDE),
    "papers-light": ("/papers/?year=2024", WIDE),
    "entry-light": ("/papers/qwen2-vl/", WIDE),
    "board-dark": ("/benchmarks/mmmu/", WIDE),
    "history-light": ("/papers/clip/history/", WIDE),
    "entry-phone-dark": ("/papers/qwen2-vl/", PHONE),
}


def take(address: str) -> None:
    """Write every picture of PICTURES; the last word of its name is the theme."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=BROWSER_FLAGS)
        for name, (path, size) in PICTURES.items():
            theme = name.rpartition("-")[2]
            page = browser.new_page(viewport=size, color_scheme=theme, locale="en-GB")  # type: ignore[arg-type]
            page.goto(address.rstrip("/") + path, wait_until="networkidle")
            page.reload(wait_until="networkidle")  # the face is optional: it shows once it is in the cache
            page.screenshot(path=FOLDER / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    take(*sys.argv[1:])
