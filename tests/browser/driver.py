"""Chromium and the app's server, for the tests and for the screenshots."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from omni_core.i18n import _, use_language

ROOT = Path(__file__).resolve().parents[2]
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]


def chromium_path() -> str | None:
    """The installed Chromium, or None."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
                None)


@contextmanager
def serving(home: Path) -> Iterator[str]:
    """The app as the README starts it, on a free port, with a home of its own: its address."""
    process, address = launch(home)
    try:
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def launch(home: Path) -> tuple[subprocess.Popen, str]:
    """Start the app; its process, for whoever wants to kill it, and its address."""
    home.mkdir(parents=True, exist_ok=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
             "--server.fileWatcherType", "none"],
            cwd=ROOT, env=os.environ | {"OMNI_HOME": str(home)}, stdout=log, stderr=log,
        )
    try:
        _wait_until_healthy(process, port)
    except BaseException:
        process.kill()
        process.wait(timeout=20)
        raise
    return process, f"http://127.0.0.1:{port}"


def _wait_until_healthy(process: subprocess.Popen, port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        assert process.poll() is None, "the server ended by itself"
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the server did not come up")


def settle(page) -> None:
    """Wait until the script has run to its end and the charts are drawn.

    A click's run begins a moment after the click: it counts only when it holds for a while.
    """
    for wait in (300, 0):
        page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
        page.wait_for_function(
            "() => !document.querySelector('[data-stale=\"true\"], [data-testid=stSkeleton]')")
        page.wait_for_timeout(wait)


def unfold(page, title: str) -> None:
    """Open a folded part of a page by its heading."""
    part = page.get_by_test_id("stExpander").locator("summary", has_text=title)
    part.wait_for()
    settle(page)
    part.click()
    settle(page)  # it opens slowly


def zh(message: str) -> str:
    """What the Chinese catalogue says for a message: a better wording breaks no test."""
    with use_language("zh"):
        return _(message)
