"""Pictures of every page on the sample shop, for eyes to judge: both languages, light and dark,
a desk and a phone.

    python -m tests.browser.shots FOLDER [PAGE ...]
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from pages.ui import navigation
from tests.browser import driver

WIDTHS = {"desk": 1366, "phone": 390}
PAGES = [name for pages in navigation._SECTIONS.values() for name, _ in pages]


def shoot(folder: Path, names: list[str]) -> None:
    """Save one PNG for each page, language, theme and width."""
    from playwright.sync_api import sync_playwright

    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as home,
        driver.serving(Path(home)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=driver.chromium_path(), args=driver.ARGUMENTS)
        first = browser.new_page()
        first.goto(address)
        first.locator(".st-key-open_sample button").click(timeout=60_000)
        first.locator(".st-key-sample_ribbon").wait_for(timeout=120_000)
        for theme in ("light", "dark"):
            for language in ("en", "zh"):
                for kind, width in WIDTHS.items():
                    context = browser.new_context(
                        viewport={"width": width, "height": 900}, color_scheme=theme,
                        locale={"en": "en-US", "zh": "zh-CN"}[language])
                    page = context.new_page()
                    page.set_default_timeout(120_000)
                    for name in names:
                        page.goto(f"{address}/{name}?lang={language}")
                        page.get_by_role("heading", level=1).first.wait_for()
                        driver.settle(page)
                        whole = page.evaluate(
                            "document.querySelector('[data-testid=stMain]').scrollHeight")
                        page.set_viewport_size({"width": width, "height": min(whole + 20, 6000)})
                        driver.settle(page)
                        page.screenshot(path=folder / f"{name}-{language}-{theme}-{kind}.png")
                        page.set_viewport_size({"width": width, "height": 900})
                    context.close()
        browser.close()


if __name__ == "__main__":
    shoot(Path(sys.argv[1]), sys.argv[2:] or PAGES)
