"""Quality on the recommend page: a strip of figures at each move, and what stands behind them."""

from __future__ import annotations

import dataclasses
from typing import Any

import streamlit as st

from omni_core.charts import recommend as charts
from omni_core.i18n import _, together
from omni_core.recommend import MODELS, moves, quality
from omni_core.recommend.task import Task
from omni_core.small_cells import note as hidden_note
from pages.ui import cached, jobs, shell, widgets
from pages.ui.lab_work import Bench


def view(ws: Any, key: tuple, desk: Any) -> Any:
    """How events are kept aside for the measure; returns the data cut that way."""
    if desk.empty:
        return desk
    by = widgets.choose(
        st.segmented_control, _("Measured on"), quality.VIEWS, "time", "rc_view_by",
        lambda v: _(quality.VIEWS[v]), required=True, help=_(
            "A later period is what tomorrow is like. Each shopper's last purchase is a second "
            "view: later shoppers then teach about earlier ones. At random is for data without "
            "time only."))
    if by == desk.by:
        return desk
    with st.spinner(_("Reading what shoppers did …")):
        return cached.resource(ws, ("desk by", *key, by), lambda: desk.viewed(by))


def strip(bench: Bench, task: Task, mine: Any, earlier: Any) -> None:
    """The trust lamp, the verdict, and the figures beside the lines to beat."""
    desk = bench.desk
    base, chance = bench.lines(task)
    colour, word, why = quality.lamp(desk, mine["users"])
    said = f":{colour}-badge[{word}]"
    if task.model != "popularity" and mine["users"]:
        said += " " + shell.literal(quality.verdict(moves.verdict(mine, base)))
        said += " " + shell.literal(quality.beneath_chance(mine, chance))
    st.markdown(said, help=why)
    if desk.by == "chance":
        st.warning(_("Parted at random: the lists know things from later, so these figures are "
                     "rosier than tomorrow's. Use a later period where your data carry time."))
    if not mine["users"]:
        widgets.note(why)
        return
    with st.container(key="rc_figures"):
        for name, label, form, about in quality.FIGURES:
            step = quality.change(mine, earlier, name, form)
            with st.container(gap=None):
                st.metric(
                    _(label), quality.figure(mine[name], form), help=_(about),
                    delta=step, delta_arrow=quality.arrow(step),
                    # grey: no more than chance, or neither good nor bad
                    delta_color="normal" if name != "novelty@10" and quality.told_apart(
                        mine, earlier, name) else "off",
                )
                widgets.note("  \n".join(quality.beside(mine, base, chance, name, form)))


def closer(bench: Bench, task: Task, mine: Any, earlier: Any) -> None:
    """All figures with their ranges, the hit rates side by side, and by kind of shopper."""
    ws, desk = bench.ws, bench.desk
    base, chance = bench.lines(task)
    widgets.note(together(quality.asked(desk, mine, False), quality.lamp(desk, mine["users"])[2]))
    name = _(MODELS[task.model].label)
    rows = quality.bars(name, mine, earlier, base if task.model != "popularity" else None, chance)
    widgets.chart(charts.comparison(rows), quality.measured(mine, base, desk, ws.timezone),
                  "rc_quality")
    widgets.show(quality.table(mine, base, chance), "rc_table")
    widgets.download_later(
        lambda: quality.sheet(mine, base, chance, desk.all, ws.small_cells), "quality.csv",
        _("Download all figures (CSV)"), "rc_sheet")
    by = widgets.choose(
        st.segmented_control, _("Whom it serves"), _known_groups(bench), "history", "rc_by",
        lambda g: _(quality.GROUPS[g]), required=True)
    found = bench.small("groups", (task.quality, by), lambda: quality.groups(
        mine, base, desk.all, by, ws.small_cells))
    shown = found[found["users"].notna()]
    widgets.chart(charts.groups(shown), quality.groups_words(shown), f"rc_groups_{by}",
                  table=quality.groups_table(shown))
    if len(shown) < len(found):
        widgets.note(hidden_note(ws.small_cells))
    _everyone(bench, task)


def _known_groups(bench: Bench) -> list[str]:
    about = bench.desk.all.about_users
    return ["history", *(g for g in ("age_band", "segment") if about(g) is not None)]


def _everyone(bench: Bench, task: Task) -> None:
    """The same figures on all held-out shoppers, made beside the page when asked for."""
    if not bench.desk.sampled:
        return
    key = ("everyone", repr((bench.place, task.quality)))
    job = jobs.look(key, _("Measuring all held-out shoppers …"), "rc_everyone")
    if job is not None and job.result is not None:
        mine, base = job.result
        st.markdown(shell.literal(together(
            quality.asked(bench.desk, mine, True),
            quality.measured(mine, base, bench.desk, bench.ws.timezone))))
        widgets.show(quality.table(mine, base, bench.lines(task, everyone=True)[1]),
                     "rc_everyone_table")
    elif not jobs.working(key):
        st.button(_("Measure all held-out shoppers"), key="rc_everyone", on_click=_measure_all,
                  args=(bench, key, task))


def _measure_all(bench: Bench, key: tuple, task: Task) -> None:
    desk = dataclasses.replace(bench.desk, train=dataclasses.replace(bench.desk.train))

    def work(job: jobs.Job) -> tuple[Any, Any]:
        mine = desk.measure(task.model, task.fields, task.exclude, False, task.ladder, True,
                            lambda share: job.tell(0.8 * share))
        base = desk.measure(
            "popularity", {"weights": task.fields["weights"]}, task.exclude, everyone=True,
            progress=lambda share: job.tell(0.8 + 0.2 * share))
        return mine, base

    jobs.start(key, work)


def final_check(bench: Bench, task: Task) -> None:
    """The one look at the last period, which no setting was chosen on."""
    widgets.note(_("A figure that controls were moved for flatters a little. The last tenth of "
                   "the events is kept aside: look once, when you have chosen."))
    if not st.toggle(_("Look now"), key="rc_final"):
        return
    with st.spinner(_("Working out the lists …")):
        mine, (base, chance) = bench.quality(task, final=True), bench.lines(task, final=True)
    if not mine["users"]:
        widgets.note(_("Nobody bought anything in the last period."))
        return
    st.markdown(shell.literal(
        quality.measured(mine, base, bench.desk, bench.ws.timezone, final=True)))
    st.markdown(shell.literal(quality.verdict(moves.verdict(mine, base))))
    widgets.show(quality.table(mine, base, chance), "rc_final_table")
