"""The behaviour page on visits: how many, how deep, how they begin, and which are no person's."""

import streamlit as st

from omni_core.behaviour import compare, labels, shape, steps
from omni_core.charts import behaviour as charts
from omni_core.charts import visits as more_charts
from omni_core.i18n import N_, _
from pages.ui import cached, filters, shell, widgets
from pages.ui.view import View, heading

KINDS = {"channel": N_("By channel"), "segment": N_("By segment")}
PER = {"visit": N_("Per visit"), "day": N_("Per day"), "shopper": N_("Per shopper")}
SCALES = {"linear": N_("Equal ranges"), "log": N_("Doubling ranges")}
_QUERY = {"visit": ("visit_views", "visits"), "day": ("daily_views", "days"),
          "shopper": ("browsing_counts", "shoppers")}


def visits(view: View, total: dict[str, float]) -> None:
    """Views per visit, day and shopper; first steps; machines."""
    row = steps.row(view.ask("visits"))
    heading(_("Visits"), "visits")
    if not row["visits"]:
        shell.hint(_("No visits in this period."), "events")
        return
    widgets.say(steps.visits(row))
    if view.two:
        widgets.say(_("{name}: ").format(name=view.groups.names[1]) + steps.visits(
            steps.row(view.ask_both("visits")[1])))
    depth(view)
    in_order(view)
    paths(view, row["shoppers"])
    machines(view)


def depth(view: View) -> None:
    heading(_("How much is looked at"))
    per = view.switch(_("Per"), PER, "per")
    name, count = _QUERY[per]
    table = view.ask(name)
    if view.nothing(name):
        shell.hint(_("No file says who viewed what."), "events")
        return
    if view.two:
        view.pair(f"depth_{per}", compare.ranges(*view.ask_both(name), count))
        return
    log = view.switch(_("Scale"), SCALES, "depth") == "log"
    view.draw(charts.counts(shape.counted(table, count), log, steps.per_words(per)),
              steps.depth(table, count, per), f"depth_{per}", table)


def in_order(view: View) -> None:
    """The funnel of those who took its steps in order; what each channel or segment loses."""
    heading(_("Who is lost at which step"), "funnel_in_order")
    table = view.ask("funnel_in_order")
    if max(map(len, view.frames("funnel_in_order"))) < 2:
        shell.hint(_("Views and carts are missing: orders alone don't show who left."), "events")
        return
    if view.two:
        first, second = view.ask_both("funnel_in_order")
        of = (steps.began(first), steps.began(second))
        view.pair("in_order", compare.shares(
            first, second, "step", "shoppers", labels.step_name, of=of), lying=True)
        return
    kinds = filters.kinds(view.ws, view.groups.chosen)
    by = view.switch(_("Show"), {"all": N_("Everyone")} | {k: KINDS[k] for k in kinds}, "lost")
    if by == "all":
        view.draw(charts.funnel(table), steps.in_order(table), "in_order", table)
        return
    with st.spinner(_("Counting each group …")):
        rows = steps.by_group({
            name: cached.query(view.ws, "funnel_in_order", **view.groups.chosen | {by: code})
            for code, name in kinds[by].items()})
    view.draw(more_charts.lost(rows), steps.lost_by_group(rows), "lost", steps.readable(rows))


def paths(view: View, shoppers: float) -> None:
    heading(_("How first visits begin"))
    table = view.ask("first_steps")
    if view.nothing("first_steps"):
        shell.hint(_("Views and carts are missing: orders alone don't show who left."), "events")
        return
    if view.two:
        first, second = view.ask_both("first_steps")
        of = (steps.all_shoppers(first), steps.all_shoppers(second))
        view.pair("paths", compare.shares(
            first, second, "steps", "shoppers", steps.path_name, of=of, most=8), lying=True)
        left_out = sum(steps.row(t)["shoppers"] for t in view.ask_both("visits")) - sum(of)
        if left_out > 0:
            widgets.note(steps.only_bought(left_out))
        return
    view.draw(more_charts.paths(table), steps.paths(table, shoppers), "paths",
              steps.readable(table))


def machines(view: View) -> None:
    table = view.ask("bots")
    if table.empty:
        return
    heading(_("Machines"))
    widgets.say(steps.bots(table))
    widgets.show(table, "b_bots", view.ws.currency)
