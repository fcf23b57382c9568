"""Reading and importing with progress in words and a way to stop; which file goes in first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import streamlit as st

from omni_core.i18n import N_, _, ngettext, number
from pages.ui import counting, shell
from pages.ui.desk import Desk, Source

# what is being done from each share of the way on; see ``omni_core.importing``
_STAGES = ((0.8, N_("counting the figures anew")), (0.6, N_("writing the rows")),
           (0.4, N_("checking each cell")), (0.1, N_("cutting it into rows")),
           (0.0, N_("looking at it")))
_RANK = {"products": 0, "customers": 0, "orders": 1}


@contextmanager
def _watched(words: str, key: str, stop: str, on_stop: Callable | None, *args: Any
             ) -> Iterator[Callable[[float], None]]:
    """A bar with words and a stop button while something lasts; yields its ``progress``.

    A click on any control ends the running script where ``progress`` draws: what is then being
    read or written is given up, and the store stays as it was.
    """
    place, began = st.empty(), time.monotonic()
    with place.container(border=True, key=f"working_{key}"):
        bar = st.progress(0.0, words)
        st.button(stop, key=f"stop_{key}", on_click=on_stop, args=args)

    def progress(share: float) -> None:
        if share >= 1:  # it is in the store: no click may make that look undone
            return
        stage = next(text for least, text in _STAGES if share >= least)
        seconds = int(time.monotonic() - began)
        bar.progress(share, words + " " + _(stage) + (
            " · " + _("{n} s").format(n=number(seconds)) if seconds > 1 else ""))

    yield progress
    place.empty()


def read_all(ws: Any, desk: Desk, sources: Sequence[Source]) -> list[tuple[Source, Any]]:
    """The files on the desk with their reports, as they came; read where needed.

    A report is kept until the store, the zone or an answer changes; it is None for a file whose
    reading was stopped. Files that are in the store stay until they are put away or undone.
    """
    kept = {s.id for s in sources}
    desk.reports = {i: r for i, r in desk.reports.items() if i in kept}
    present = {r.import_id for r in ws.imports().itertuples()} if desk.done else set()
    desk.done = {i: (s, r) for i, (s, r) in desk.done.items() if r.import_id in present}
    found: dict[str, tuple[Source, Any]] = dict(desk.done)
    unread = [s for s in sources if s.id not in desk.done]
    for place, source in enumerate(unread, start=1):
        if source.id in desk.unread:
            found[source.id] = source, None
            continue
        answers = desk.told(source)
        key = (ws.revision, ws.timezone, tuple(sorted(answers.items())))
        if desk.reports.get(source.id, (None,))[0] != key:
            words = _("Reading {name} ({n} of {all}):").format(
                name=shell.literal(source.name), n=number(place), all=number(len(unread)))
            with _watched(words, source.id, _("Stop reading this file"), desk.unread.add,
                          source.id) as progress:
                report = source.read(ws, answers, progress, commit=False)
            desk.reports[source.id] = (key, report)
        found[source.id] = source, desk.reports[source.id][1]
    desk.order = [i for i in desk.order if i in found] + [i for i in found if i not in desk.order]
    return [found[i] for i in desk.order]


def work(ws: Any, desk: Desk, sources: Sequence[Source]) -> bool:
    """Import the files that are lined up, one after another; whether any came in.

    Whatever stops it is remembered.
    """
    by_id = {s.id: s for s in sources}
    if desk.queue:
        counting.give_way(ws)
    if desk.queue and not desk.finished:
        ws.backups.daily()  # of what there was before today's first change
    while desk.queue:
        source = by_id.get(desk.queue[0])
        if source is None or source.id in desk.done:
            desk.queue.pop(0)
            continue
        words = _("Importing {name}:").format(name=shell.literal(source.name))
        desk.stopped = source.name  # true until it is in
        with _watched(words, source.id, _("Cancel the import"), None) as progress:
            report = _take(ws, desk, source, progress)
            if report.status == "imported":
                desk.done[source.id] = source, report
                desk.finished += 1
                if source.waits:
                    ws.waiting.remove(source.id)
            desk.queue.pop(0)
            desk.stopped = None
        desk.reports.pop(source.id, None)
    if not desk.finished:
        return False
    st.toast(ngettext("{n} file imported", "{n} files imported", desk.finished).format(
        n=number(desk.finished)))
    desk.finished = 0
    counting.begin(ws)
    return True


def _take(ws: Any, desk: Desk, source: Source, progress: Callable[[float], None]) -> Any:
    """Import one file; where it asks for its orders and they came with it, that is the answer."""
    answers = desk.told(source)
    report = source.read(ws, answers, progress, commit=True)
    question = report.questions[0] if report.questions else None
    with_it = {r.name for _source, r in desk.done.values()}
    if question and question.code == "join_with" and len(question.options) == 1 and (
            question.options[0] in with_it):
        desk.answer(source.id, "join_with", question.options[0])
        return source.read(ws, desk.told(source), progress, commit=True)
    return report


def interrupted(desk: Desk) -> None:
    """After an import that was cut off: say what is in and what isn't, and offer to go on."""
    if desk.stopped is None:
        return
    with st.container(border=True, key="stopped"):
        st.warning(
            _("Stopped. Nothing of {name} was imported; your data are as they were before it."
              ).format(name=shell.literal(desk.stopped))
            + (" " + ngettext("{n} file before it is in.", "{n} files before it are in.",
                              desk.finished).format(n=number(desk.finished))
               if desk.finished else ""))
        with st.container(horizontal=True):
            st.button(_("Go on importing"), type="primary", key="go_on", on_click=_go_on,
                      args=(desk,))
            st.button(_("Leave it"), key="leave_it", on_click=desk.line_up, args=([],))


def _go_on(desk: Desk) -> None:
    desk.stopped = None


def waits(report: Any, others: Sequence[Any]) -> bool:
    """Whether a file of order lines waits for a file of orders that is here, too."""
    return _wants_orders(report) and any(
        r is not None and r.table in ("orders", "events") and r.status == "ready"
        for r in others)


def _wants_orders(report: Any) -> bool:
    return report is not None and (report.code or "").startswith("orders_needed")


def in_order(found: Sequence[tuple[Source, Any]]) -> list[str]:
    """The ids of what can be imported in one go: people and products, orders, then their lines."""
    reports = [r for _s, r in found]
    chosen = [(3 if _wants_orders(r) else _RANK.get(r.table, 2), place, s.id)
              for place, (s, r) in enumerate(found)
              if r is not None and (r.status == "ready" or waits(r, reports))]
    return [i for _rank, _place, i in sorted(chosen)]
