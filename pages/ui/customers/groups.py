"""The customers page on groups by recency, frequency and money."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import customers as charts
from omni_core.customers import groups as meaning
from omni_core.i18n import N_, _
from pages.ui import cached, link, shell, widgets
from pages.ui.customers import known
from pages.ui.view import heading

_SINCE = {"30": N_("30 days ago"), "90": N_("90 days ago"), "180": N_("180 days ago")}


def groups(ws: Any, chosen: dict[str, Any]) -> None:
    """Sizes of the groups, movement since a day, and what each group did since."""
    last = known.today(ws, chosen).date()
    first = known.history(ws, chosen).first.date()
    since = {d: w for d, w in _SINCE.items() if meaning.snapshot_day(last, int(d)) > first}
    now = cached.query(ws, "rfm_people", **chosen)
    then = day = None
    if since:
        days = link.choose(
            st.selectbox, _("Compare with the groups of"), since,
            "90" if "90" in since else next(iter(since)), "c_since", lambda d: _(_SINCE[d]),
            width=220)
        day = meaning.snapshot_day(last, int(days))
        then = cached.query(ws, "rfm_people", **chosen | {"end": day})
    heading(_("Customer groups"), "groups")
    table = meaning.sizes(now, then)
    widgets.chart(charts.sizes(table), meaning.sizes_sentence(table), "c_groups",
                  meaning.readable(table), ws.currency)
    widgets.note(_("Buyers by how long ago they last ordered, how often they did and for how much, "
                   "each scored from 1 to 5 by rank. Recent regulars are champions, loyal or "
                   "promising; recent ones with one order are new; those in the middle cool down "
                   "or hesitate; the rest are to be won back, at risk, asleep or lost."))
    if then is None:
        widgets.note(_("The orders cover fewer than 30 days: no earlier groups to compare with."))
        return
    left, right = shell.columns(2, "c_moves", (420, 340))
    with left:
        heading(_("Who moved"))
        moved = meaning.moves(now, then)
        widgets.chart(charts.moves(moved), meaning.moves_sentence(moved, day), "c_moved",
                      meaning.readable_moves(moved))
    with right:
        heading(_("What each group did since"))
        kept = meaning.kept(then, cached.query(ws, "order_days", **chosen | {"start": day}))
        widgets.chart(charts.kept(kept), meaning.kept_sentence(kept, day), "c_kept",
                      meaning.readable(kept))
