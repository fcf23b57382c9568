"""The customers page on one person: found by a part of an id, seen across channels."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.behaviour import facts, labels
from omni_core.charts import customers as charts
from omni_core.customers import wording
from omni_core.customers.value import ValueSettings
from omni_core.i18n import _
from pages.ui import cached, link, shell, widgets
from pages.ui.customers import known
from pages.ui.filters import EVERYTHING
from pages.ui.view import heading


def person(ws: Any) -> None:
    """Search, then timeline, tastes, value, next purchase and channels."""
    search = st.text_input(
        _("Part of a customer's id, or an e-mail address or phone"), key="c_search",
        bind="query-params", max_chars=80,
        placeholder=_("empty: buyers first, then the most active"))
    asked = search.strip()
    found = cached.query(ws, "shoppers", search=asked or None, **EVERYTHING)
    if asked:
        ids = list(dict.fromkeys([
            *ws.people.named(asked), *found["id"],
            *cached.query(ws, "find_shoppers", search=asked)["id"]]))
    else:  # whoever bought has most to tell
        ids = wording.buyers_first(cached.query(ws, "telling_shoppers", **EVERYTHING), found)
    if not ids:
        shell.hint(_("Nobody's id holds that."))
        return
    ids = wording.machines_last(ids, cached.query(ws, "bots"))
    user = link.choose(st.selectbox, _("Customer"), ids, ids[0], "c_user", always=True)
    row = facts.first(cached.query(ws, "person", user=user, **EVERYTHING))
    heading(shell.literal(user))
    widgets.say(wording.person(row, ws.currency))
    if known.any_orders(ws, EVERYTHING):
        made = known.forecast(ws, ValueSettings())
        widgets.say(wording.upcoming(known.history(ws), made, row["user"], known.today(ws)))
        widgets.say(wording.her_value(made, row["user"], ws.currency))
    left, right = shell.columns(2, "c_person")
    with left:
        heading(_("Tastes"))
        tastes = cached.query(ws, "person_tastes", user=user, **EVERYTHING)
        if tastes.empty:
            shell.hint(_("Nothing looked at or bought that your files name."), "events")
        else:
            names = list(labels.category_names(tastes).values())
            widgets.chart(charts.tastes(names, tastes), wording.tastes(tastes, names), "c_tastes",
                          tastes, ws.currency)
    with right:
        heading(_("Channels"))
        channels = cached.query(ws, "person_channels", user=user, **EVERYTHING)
        widgets.say(wording.channels(channels))
        widgets.show(labels.readable(channels), "c_channels", ws.currency)
    heading(_("Timeline"))
    rows = cached.query(ws, "person_timeline", user=user, **EVERYTHING)
    widgets.show(labels.readable(wording.timeline(rows)), "c_timeline", ws.currency)
    widgets.note(_("The latest 300 at most, in your shop's time zone."))
