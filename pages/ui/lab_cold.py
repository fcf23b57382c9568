"""What those without a past get: the ladder for shoppers, what new goods borrow, goods alike."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import recommend as charts
from omni_core.i18n import _
from omni_core.recommend import MODELS, newcomer, newcomer_words, quality
from omni_core.recommend import names as names_of
from omni_core.recommend.task import Task
from pages.ui import shell, widgets
from pages.ui.lab_work import Bench


def show(bench: Bench, task: Task, mine: Any, names: Any) -> None:
    """Which rung serves how many shoppers, how well by length of history, and new goods."""
    ws, desk = bench.ws, bench.desk
    st.subheader(_("Shoppers"), anchor=False)
    with st.spinner(_("Reading the titles of your goods …")):
        ladder = bench.large("ladder", task.quality, lambda: newcomer.ladder(desk, task))
    routes = bench.small("routes", task.quality, lambda: newcomer.routes(ladder, desk))
    widgets.chart(charts.routes(newcomer_words.routes(routes)), newcomer_words.routes_words(routes),
                  "rc_routes", newcomer_words.routes(routes))
    if mine is not None and mine["users"]:
        found = quality.groups(mine, bench.lines(task)[0], desk.all, "history", ws.small_cells)
        st.markdown(shell.literal(newcomer_words.cold_words(found)))
        widgets.show(quality.groups_table(found), "rc_cold_table")
    st.subheader(_("New goods"), anchor=False)
    fresh = bench.small("fresh", task.quality, lambda: newcomer.fresh(ladder))
    if fresh.empty:
        widgets.note(_("Every product has enough shoppers of its own; none borrows."))
        return
    item = widgets.choose(
        st.selectbox, _("A new product"), list(fresh["item"]), fresh["item"].iloc[0], "rc_fresh",
        names.of)
    st.markdown(shell.literal(newcomer_words.fresh_words(
        fresh, item, newcomer.own_share(ladder, item), names)))
    widgets.show(newcomer_words.lent_table(newcomer.lenders(ladder, item), names), "rc_lent")


def alike(bench: Bench, task: Task, names: Any) -> None:
    """The goods most like one, as the method sees it, with how many bought both."""
    if task.model == "popularity":
        widgets.note(_("Bestsellers liken nothing. Choose another method."))
        return
    model = bench.model(task)
    search = st.text_input(
        _("Find a product"), key="rc_item_search", placeholder=_("a part of the name"),
        bind="query-params").strip()
    found = names_of.goods(desk_items(bench), names, search)
    if not found:
        st.info(_("No product's name holds this."))
        return
    item = widgets.choose(
        st.selectbox, _("Product"), found, found[0], "rc_item", names.of)
    near = bench.small("alike", (task.quality, item), lambda: newcomer.alike(model, item))
    if near.empty:
        st.info(_("Nothing is like it by this method: too few shoppers have it."))
        return
    st.markdown(_("Most like **{name}**, by the method “{method}”:").format(
        name=shell.literal(names.of(item)), method=_(MODELS[task.model].label)))
    widgets.show(newcomer_words.alike_table(near, names), "rc_alike")


def desk_items(bench: Bench) -> list[Any]:
    """All goods that take part, the best known first."""
    return bench.small("goods", "all", lambda: newcomer.by_shoppers(bench.desk.all))
