"""A real Chromium before a real server: a fresh process and an empty home for each test."""

import os

import pytest

from tests.browser import driver

REQUIRED = os.environ.get("OMNI_REQUIRE_BROWSER") == "1"


def _missing(reason):
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all browser tests."""
    found = driver.chromium_path()
    if found is None:
        _missing("no Chromium is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=driver.ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def server(chromium, tmp_path):
    """Start the app as the README says, on a free port; returns its address."""
    with driver.serving(tmp_path / "home") as address:
        yield address


@pytest.fixture
def visit(chromium, server):
    """``visit("/behaviour?lang=zh", locale="zh-CN")``: a page, and the hosts it asked."""
    contexts = []

    def go(path="/", **settings):
        context = chromium.new_context(
            **{"locale": "en-US", "timezone_id": "Asia/Shanghai",
               "viewport": {"width": 1280, "height": 900}, "accept_downloads": True} | settings
        )
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        page.hosts = set()
        page.on("request", lambda r: page.hosts.add(r.url.split("/")[2].split(":")[0])
                if "://" in r.url else None)
        page.goto(server + path)
        return page

    yield go
    for context in contexts:
        context.close()
