"""Work that lasts: done beside the page, with progress and a way to stop it.

A click inside a fragment can't cut its own run off, so the work runs in a thread that never draws;
the page looks in on it. Work that nobody looks in on any more ends by itself.
"""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Any

import streamlit as st

from omni_core.errors import OmniError
from omni_core.i18n import _, number
from pages.ui import shell

_PATIENCE = 60.0  # seconds without anyone looking in, as after a closed tab
_KEY = "omni_jobs"


class Stopped(Exception):
    """Raised inside the work where it reports its progress after it was stopped."""


class Job:
    """One piece of work in a thread: ``work(job)`` calls ``job.tell(share)`` now and then."""

    def __init__(self, work: Callable[[Job], Any]) -> None:
        self.share, self.began, self.seen = 0.0, time.monotonic(), time.monotonic()
        self.result: Any = None
        self.error: Exception | None = None
        self.done = self.stopped = False
        # the language is a context variable: the work speaks that of whoever began it
        self._thread = threading.Thread(
            target=contextvars.copy_context().run, args=(self._run, work), daemon=True)
        self._thread.start()

    def _run(self, work: Callable[[Job], Any]) -> None:
        try:
            self.result = work(self)
        except Stopped:
            self.stopped = True
        except Exception as error:
            self.error = error
        self.done = True

    def tell(self, share: float) -> None:
        """Take note of the share of 1 that is done; raises ``Stopped`` when it should end."""
        self.share = max(self.share, min(1.0, share))
        if self.ending():
            raise Stopped

    def ending(self) -> bool:
        """Whether the work should end."""
        return self.stopped or time.monotonic() - self.seen > _PATIENCE

    def stop(self) -> None:
        """Ask the work to end; for a button's ``on_click``."""
        self.stopped = True

    def wait(self, seconds: float) -> None:
        """Give quick work the time to finish, so that no bar flickers."""
        self._thread.join(seconds)


def _all() -> dict[Hashable, Job]:
    return st.session_state.setdefault(_KEY, {})


def start(key: Hashable, work: Callable[[Job], Any]) -> None:
    """Begin the work of this key, unless it is being done; for a button's ``on_click``."""
    job = _all().get(key)
    if job is None or job.done:
        _all()[key] = Job(work)


def drop(key: Hashable) -> None:
    """Forget what became of a piece of work."""
    if (job := _all().pop(key, None)) is not None:
        job.stop()


def look(key: Hashable, words: str, widget: str) -> Job | None:
    """Show how far the work of this key is; return the job once it is done, None if there is none.

    While it lasts the page is left alone; when it ends the page is drawn anew. An error of the work
    is shown in plain words.
    """
    job = _all().get(key)
    if job is None:
        return None
    job.seen = time.monotonic()
    job.wait(0.3)
    if not job.done:
        _bar(key, words, widget)
        return None
    if isinstance(job.error, OmniError):
        st.error(shell.literal(job.error))
    elif job.error is not None:
        logging.getLogger("omni").exception("work beside a page failed", exc_info=job.error)
        st.error(_("Something went wrong here; your data are as they were."))
    return job


def working(key: Hashable) -> bool:
    """Whether the work of this key is under way."""
    job = _all().get(key)
    return job is not None and not job.done


def _draw(key: Hashable, words: str, widget: str) -> None:
    job = _all().get(key)
    if job is None or job.done:
        st.rerun()
    job.seen = time.monotonic()
    seconds = int(job.seen - job.began)
    with st.container(border=True, key=f"working_{widget}"):
        st.progress(job.share, words + (
            " · " + _("{n} s").format(n=number(seconds)) if seconds > 1 else ""))
        st.button(_("Stop"), key=f"stop_{widget}", on_click=job.stop, disabled=job.stopped)


_bar = shell.fragment(_draw, run_every=1.0)
