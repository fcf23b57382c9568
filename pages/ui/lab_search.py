"""Find good settings: tried on validation beside the page, the chosen one once on the test."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from omni_core.i18n import _, number
from omni_core.recommend import seeking
from omni_core.recommend.search import find_settings
from omni_core.recommend.task import Task
from pages.ui import jobs, lab_controls, shell, widgets
from pages.ui.lab_work import Bench


def show(bench: Bench, task: Task) -> None:
    """The button with what it will do, the bar while it lasts, and what was found."""
    desk = bench.desk
    with st.expander(_("Find good settings")):
        if not desk.testable or desk.test is None:
            widgets.note(_("Settings can't be searched for without a period to test them on."))
            return
        metric = widgets.choose(
            st.selectbox, _("Good by"), seeking.METRICS, "ndcg@10", "rc_seek_by",
            lambda m: _(seeking.METRICS[m]))
        tries = st.slider(_("Settings to try"), 10, 60, 30, 10, key="rc_seek_n")
        key = ("search", repr((bench.place, task.model, task.exclude, metric, tries)))
        job = jobs.look(key, _("Trying settings …"), "rc_seek")
        if not jobs.working(key):
            st.button(
                _("Find good settings") if job is None else _("Search again"), key="rc_seek",
                on_click=_begin, args=(bench, key, task, metric, tries))
        widgets.note(_("Tries settings of this method at random on the validation shoppers, keeps "
                       "the standard one unless another is better beyond chance, and looks at the "
                       "last period once, with the chosen one."))
        if job is None or job.result is None:
            return
        found = job.result
        st.markdown(shell.literal(seeking.words(found)))
        if found.complete and found.test is not None:
            st.markdown(shell.literal(seeking.test_words(found)))
        st.button(_("Use these settings"), key="rc_seek_use", type="primary",
                  on_click=lab_controls.take_over,
                  args=(found.model, {**seeking.hers(found)}))
        widgets.note(_("{n} settings tried.").format(n=number(len(found.points))))


def _begin(bench: Bench, key: tuple, task: Task, metric: str, tries: int) -> None:
    desk = bench.desk
    train, past = dataclasses.replace(desk.train), dataclasses.replace(desk.earlier)
    fixed = {n: v for n, v in task.fields.items() if n in seeking.FIXED}
    jobs.start(key, lambda job: find_settings(
        task.model, train, desk.validation, desk.test, past, tries, metric, fixed, task.exclude,
        desk.events, progress=lambda done, of, _point: _note(job, done / of),
        cancelled=job.ending))


def _note(job: Any, share: float) -> None:
    job.share = share  # a search that is stopped ends by itself, with what it has
