"""A large shop's visits, carts and customers: counted once after an import, beside the page."""

from __future__ import annotations

import time
from typing import Any

import streamlit as st

from omni_core.i18n import _
from pages.ui import jobs, widgets


def _key(ws: Any) -> tuple[str, str]:
    return ("prepare", str(ws.path))


def begin(ws: Any) -> None:
    """Begin to count, so that the first question needn't wait; nothing happens in a small shop."""
    def work(job: jobs.Job) -> None:
        def tell(share: float) -> None:
            job.seen = time.monotonic()  # it is kept, so it is worth its end though nobody looks in
            job.tell(share)
        ws.prepare(tell)

    if not ws.is_prepared:
        jobs.start(_key(ws), work)


def give_way(ws: Any) -> None:
    """Before an import: stop counting; what is counted by then is kept."""
    jobs.drop(_key(ws))


def show(ws: Any) -> Any:
    """Show how far the counting is; return the job once it is over, None if there is none."""
    return jobs.look(_key(ws), _("Counting visits, carts and customers …"), "prepare")


def wait(ws: Any) -> None:
    """Stop a page that asks for these figures until they are there; say so, with progress."""
    if ws.is_prepared:
        return
    job = show(ws)
    if not jobs.working(_key(ws)) and (job is None or not (job.stopped or job.error)):
        begin(ws)
        job = show(ws)
        if ws.is_prepared:
            return
    widgets.note(_("Your shop is large, so this is counted once after its rows have changed, and "
                   "kept. The page opens when it is done; other pages can be used meanwhile."))
    if job is not None:
        st.button(_("Go on counting"), key="prepare_again", on_click=begin, args=(ws,))
    st.stop()
