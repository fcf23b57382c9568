"""A real Chromium before a real server: a fresh process and an empty home for each test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = os.environ.get("OMNI_REQUIRE_BROWSER") == "1"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]


def _missing(reason):
    if REQUIRED:
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def chromium():
    """One Chromium for all browser tests."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
                 None)
    if found is None:
        _missing("no Chromium is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        _missing("playwright is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def server(tmp_path):
    """Start the app as the README says, on a free port; returns its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (tmp_path / "server.log").open("wb")
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
         "--server.fileWatcherType", "none"],
        cwd=ROOT, env=os.environ | {"OMNI_HOME": str(tmp_path / "home")}, stdout=log, stderr=log,
    )
    try:
        _wait_until_healthy(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
        log.close()


def _wait_until_healthy(process, port):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended by itself"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the server did not come up")


@pytest.fixture
def visit(chromium, server):
    """``visit("/behaviour?lang=zh", locale="zh-CN")``: a page, and the hosts it asked."""
    contexts = []

    def go(path="/", **settings):
        context = chromium.new_context(
            **{"locale": "en-US", "timezone_id": "Asia/Shanghai",
               "viewport": {"width": 1280, "height": 900}, "accept_downloads": True} | settings
        )
        context.set_default_timeout(30_000)
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
