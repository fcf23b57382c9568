"""The customers page on who comes back, and on who has stayed away."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import customers as charts
from omni_core.customers import cohorts as meaning
from omni_core.customers import lapsed as pauses
from omni_core.customers import wording
from omni_core.customers.value import ValueSettings
from omni_core.i18n import N_, _
from omni_core.segments import KIND
from pages.ui import cached, link, widgets
from pages.ui.customers import known
from pages.ui.view import heading

_BY = {"share": N_("Who orders again"), "revenue": N_("Money a head")}


def cohorts(ws: Any, chosen: dict[str, Any]) -> None:
    """Shoppers by the month of their first order: retention and money."""
    heading(_("By the month of the first order"), "cohorts")
    table = cached.query(ws, "cohorts", **chosen)
    by = link.choose(
        st.segmented_control, _("Show"), _BY, "share", "c_by", lambda b: _(_BY[b]), required=True,
        label_visibility="collapsed")
    if not len(table) or not (table["month"] > 0).any():
        widgets.say(meaning.sentence(table, by, ws.currency))
        return
    widgets.chart(charts.cohort_grid(table, by, ws.currency),
                  meaning.sentence(table, by, ws.currency), "c_cohorts", meaning.readable(table),
                  ws.currency)
    widgets.note(_("In brackets: shoppers of the month. Empty: your data don't reach so far. *: "
                   "your data end within that month. Who had ordered before your data begin counts "
                   "in the first month."))


def lapsed(ws: Any, chosen: dict[str, Any]) -> None:
    """Regulars who have stayed away longer than buyers do."""
    heading(_("Regulars who have gone quiet"))
    past = known.history(ws, chosen)
    found = pauses.pauses(past)
    days = st.slider(
        _("No order for at least … days"), pauses.LEAST, 365, min(365, found.suggested or 90),
        key="c_days", bind="query-params",
        help=_("Set at first to the pause that nine of ten pauses in your data stay below."))
    group = pauses.segment(days)
    people = cached.query(ws, "segment_people", **chosen | {"segment": known.within(chosen, group)})
    watched, back = pauses.came_back(past, days, known.today(ws, chosen))
    widgets.say(pauses.sentence(found, days, len(people), watched, back))
    made = known.forecast(ws, ValueSettings(), chosen)
    widgets.show(wording.with_value(people, made), "c_lapsed", ws.currency)
    if made.method == "model":
        widgets.note(_("Ordered by what is expected of them in the next 26 weeks: who is most "
                       "worth a message stands first."))
    name = _("Quiet for {days} days").format(days=days)
    if st.button(_("Save as segment “{name}”").format(name=name), key="c_save_lapsed"):
        ws.save_artefact(KIND, name, group.as_dict())
        st.toast(_("Saved: choose it as a segment on any page."))
