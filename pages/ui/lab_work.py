"""What a setting leads to, worked out once: at each move, or beside the page if it takes long."""

from __future__ import annotations

import dataclasses
import time
from typing import Any

import streamlit as st

from omni_core.i18n import _, number
from omni_core.recommend import settings
from omni_core.recommend.task import Task
from pages.ui import cached, jobs, shell, widgets

_APPLIED = "rc_applied"  # session: the last setting worked out, by method


class Bench:
    """The data of the page and what was worked out on them, by setting."""

    def __init__(self, ws: Any, desk: Any, key: tuple) -> None:
        self.ws, self.desk, self.key = ws, desk, (*key, desk.by)
        # what lasts longer than a run must not be taken for another shop's, nor for later data's
        self.place = (*cached.state(ws), *self.key)

    def small(self, name: str, key: Any, build: Any) -> Any:
        """A result of a few kilobytes, kept."""
        return cached.small(self.ws, (name, repr((self.key, key))), build)

    def large(self, name: str, key: Any, build: Any) -> Any:
        """A model, kept."""
        return cached.resource(self.ws, (name, repr((self.key, key))), build)

    def quality(self, task: Task, final: bool = False, everyone: bool = False) -> Any:
        """The measure of a setting, on the sample, on ``everyone``, or on the ``final`` period."""
        return self.small("quality", (task.quality, final, everyone), lambda: self.desk.measure(
            task.model, task.fields, task.exclude, final, task.ladder, everyone))

    def lines(self, task: Task, final: bool = False, everyone: bool = False) -> tuple[Any, Any]:
        """The two lines to beat, on the same shoppers: bestsellers, and goods at random."""
        base = dataclasses.replace(
            task, model="popularity", fields={"weights": task.fields["weights"]}, ladder=None)
        chance = self.small("chance", (task.exclude, final, everyone), lambda: self.desk.chance(
            task.exclude, final, everyone))
        return self.quality(base, final, everyone), chance

    def model(self, task: Task) -> Any:
        """The method fitted on all events, for the lists of today."""
        return self.large("live", task.quality, lambda: self.desk.live(
            task.model, task.fields, task.ladder))

    def put(self, task: Task, model: Any, quality: Any) -> None:
        """Keep what was worked out beside the page."""
        self.large("live", task.quality, lambda: model)
        if quality is not None:
            self.small("quality", (task.quality, False, False), lambda: quality)

    def served(self, task: Task, user: Any, without: tuple) -> Any:
        """One shopper's list of today."""
        return self.small("served", (task.key, user), lambda: self.desk.serve(
            task.model, task.fields, user, task.n, task.exclude, without, task.ladder,
            lambda: self.model(task)))

    def ready(self, task: Task) -> bool:
        """Whether a setting that takes long has been worked out."""
        return cached.has(self.ws, ("done", repr((self.key, task.quality))))

    def done(self, task: Task) -> None:
        """Remember that it has been."""
        self.small("done", task.quality, lambda: True)


def counted(bench: Bench, task: Task) -> bool:
    """Whether the figures can be worked out at this move.

    Item neighbours first count which goods go together, once for all moves: beside the page where
    that takes long, with progress and a way to stop.
    """
    if task.model != "item_neighbours" or task.ladder is not None or bench.desk.tuned:
        return True
    key = ("pairs", repr(bench.place))
    job = jobs.look(key, words := _("Counting which goods go together …"), "rc_pairs")
    if bench.desk.tuned:  # the count has just ended
        return True
    if job is None and not jobs.working(key) or job is not None and job.result:
        _count(bench, key)
        jobs.look(key, words, "rc_pairs")
        return bench.desk.tuned
    if job is not None:
        widgets.note(_("Stopped. The figures need this count, once; the list doesn't."))
        st.button(_("Count now"), key="rc_count", type="primary", on_click=_count,
                  args=(bench, key))
    return False


def _count(bench: Bench, key: tuple) -> None:
    def work(job: jobs.Job) -> bool:
        bench.desk.tuner(job.tell)
        return True

    jobs.start(key, work)


def settle(bench: Bench, task: Task) -> Task | None:
    """The setting to show: the one of the controls, or the last one worked out; None: none yet.

    A method that takes long is worked out when asked for, with progress and a way to stop.
    """
    if (fault := settings.missing(task.model, task.fields)) is not None:
        st.warning(shell.literal(fault))
        return None
    if not settings.slow(task.model, task.fields):
        return task
    key = ("work", repr((bench.place, task.quality)))
    words = _("Working out this setting …")
    if not bench.ready(task):
        job = jobs.look(key, words, "rc_work")
        if job is not None and job.result is not None:
            bench.put(task, *job.result)
            bench.done(task)
            jobs.drop(key)
        elif job is not None and job.stopped:
            widgets.note(_("Stopped; nothing was changed."))
    applied = st.session_state.setdefault(_APPLIED, {})
    if bench.ready(task):
        applied[bench.place, task.model] = task
        return task
    if not jobs.working(key):
        took = st.session_state.get(f"{_APPLIED}_s", {}).get(task.model)
        st.button(
            _("Work it out (about {n} s)").format(n=number(took)) if took
            else _("Work it out (takes a while)"),
            key="rc_go", type="primary", on_click=_begin, args=(bench, key, task))
    last = applied.get((bench.place, task.model))
    if last is None or not bench.ready(last):
        return None
    widgets.note(_("The controls have moved: what is shown is still the setting before."))
    return dataclasses.replace(last, n=task.n, sold_out=task.sold_out)


def _begin(bench: Bench, key: tuple, task: Task) -> None:
    took = st.session_state.setdefault(f"{_APPLIED}_s", {})
    desk = bench.desk

    def work(job: jobs.Job) -> tuple[Any, Any]:
        quality = None
        if desk.testable:  # on copies, whose memory of sums no other thread shares
            kept = dataclasses.replace(desk, train=dataclasses.replace(desk.train))
            quality = kept.measure(
                task.model, task.fields, task.exclude, ladder=task.ladder,
                progress=lambda share: job.tell(share / 2))
        own = dataclasses.replace(desk, all=dataclasses.replace(desk.all))
        model = own.live(task.model, task.fields, task.ladder,
                         lambda share: job.tell(0.5 + share / 2))
        took[task.model] = max(1, round(time.monotonic() - job.began))
        return model, quality

    jobs.start(key, work)
