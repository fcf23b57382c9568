"""Recommend: one move of a control changes her list, its quality, and the share of goods shown."""

import streamlit as st

from omni_core.i18n import N_, _
from omni_core.recommend import desk as desks
from omni_core.recommend import moves, newcomer, wording
from omni_core.recommend.names import Names
from pages.ui import (
    cached,
    lab_cold,
    lab_controls,
    lab_duel,
    lab_keep,
    lab_layout,
    lab_list,
    lab_quality,
    lab_search,
    lab_work,
    shell,
    widgets,
)

ws = shell.begin("recommend")
shell.title(
    _("Recommend"), _("What each shopper would be shown, why, and whether it beats bestsellers.")
)
shell.need(ws, "events", why=wording.learns(ws.counts().get("reviews", 0)))
lab_keep.from_link(ws)

MORE = {
    "quality": N_("All figures"), "duel": N_("A against B"), "cold": N_("New shoppers and goods"),
    "alike": N_("Like a product"), "all": N_("Lists for all shoppers"), "final": N_("Final check"),
}


def data():
    """The level of goods and the filters, and the events at that level, cut in time."""
    offered, first = wording.levels(cached.query(ws, "goods_levels"), desks.MOST_GOODS)

    def build():
        with st.spinner(_("Reading what shoppers did …")):
            return desks.prepare(
                ws.query("interactions", level=level, **chosen),
                items=ws.query("catalogue", level=level), users=ws.query("shopper_names"))

    with st.expander(_("What to recommend, learnt from what, measured how")):
        level = widgets.choose(
            st.segmented_control, _("What to recommend"), offered, first, "rc_level",
            lambda v: _(wording.LEVELS[v]), required=True) if len(offered) > 1 else first
        chosen = widgets.filters(ws, "rc")
        key = level, *chosen.values()
        desk = lab_quality.view(ws, key, cached.resource(ws, ("desk", *key), build))
    return level, chosen, key, desk


def shopper(bench, task, level, chosen, without, names, mine, user, id):
    """Her history on the left, what she would be shown on the right, a why under each."""
    # on a narrow screen the list comes first, and what it was made from below
    left, right = shell.columns([2, 3], "rc_two", (180, 240), gap="small", last_first=True)
    with left:
        if user == lab_list.NEW:
            clicks, segment = lab_list.visit(bench.desk, names)
        else:
            st.subheader(_("History"), anchor=False)
            lab_list.history(ws, level, chosen, user, names)
    with right:
        st.subheader(_("Shown today"), anchor=False)
        with st.spinner(_("Working out the lists …")):
            if user == lab_list.NEW:
                ladder = bench.large("rungs", task.quality, lambda: newcomer.rungs(
                    bench.desk, task))
                served = newcomer.serve(ladder, clicks, segment, task.n, without)
                user = (user, clicks, segment)
            else:
                served = bench.served(task, user, without)
        earlier = moves.before(st.session_state, moves.Shown(
            (bench.place, user), repr(task.key), served.items, mine))
        lab_list.lines(ws, id, served, earlier.items if earlier else None, names)
    return earlier


@shell.fragment
def live(level, chosen, key, desk):
    names = cached.resource(
        ws, ("names", level), lambda: Names(ws.query("catalogue", level=level)))
    bar, knobs, main = lab_layout.desk()
    bench = lab_work.Bench(ws, desk, key)
    with knobs:
        task = lab_controls.panel(desk, names, level, chosen)
        lab_duel.pins(bench, task)
        lab_search.show(bench, task)
        lab_keep.saved(ws, task)
    lab_layout.bar(bar, shell.literal(wording.setting(task)))
    without = () if task.sold_out else names.sold_out()
    with main:
        found = lab_list.picker(ws, chosen)
        task = lab_work.settle(bench, task)
        if task is None or found is None:
            return
        strip = st.container()
        mine = None
        if desk.testable:
            with strip:
                ready = lab_work.counted(bench, task)
            if ready:
                with strip, st.spinner(_("Working out the lists …")):
                    mine = bench.quality(task)
        earlier = shopper(bench, task, level, chosen, without, names, mine, *found)
        past = earlier.quality if earlier else None
        with strip:
            if mine is not None:
                lab_quality.strip(bench, task, mine, past)
            elif not desk.testable:
                st.info(_("Your events carry no usable time, or too little of it, so the lists "
                          "can't be tested on a later period. They are shown without a measure."))
    st.divider()
    tested = mine is not None and mine["users"]
    options = [m for m in MORE if tested or m in ("cold", "alike", "all")]
    part = widgets.choose(
        st.segmented_control, _("Look closer"), options, options[0], "rc_more",
        lambda m: _(MORE[m]), required=True)
    if part == "quality":
        lab_quality.closer(bench, task, mine, past)
    elif part == "duel":
        lab_duel.show(bench, names)
    elif part == "cold":
        lab_cold.show(bench, task, mine, names)
    elif part == "alike":
        lab_cold.alike(bench, task, names)
    elif part == "all":
        lab_keep.for_all(bench, task, without, names)
    else:
        lab_quality.final_check(bench, task)


level, chosen, key, desk = data()
if desk.empty:
    st.info(_("Nothing was viewed or bought here. Widen the filters."))
    st.stop()
if desk.left_out:
    widgets.note(wording.left_out(desk))
live(level, chosen, key, desk)
