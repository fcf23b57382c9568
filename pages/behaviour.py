"""Behaviour: who comes, how they browse and buy, when, what and where; a sentence a chart."""

import streamlit as st

from omni_core.behaviour import facts, sentences
from omni_core.i18n import N_, _
from pages.ui import behaviour, counting, filters, link, numbers, shell, widgets
from pages.ui.view import View

ws = shell.begin("behaviour")
shell.title(_("Behaviour"), _("Who your shoppers are, what they do, and where they leave."))
if not any(ws.counts().get(t) for t in ("events", "orders", "customers")):
    shell.need(ws, "events", why=_("This page reads what shoppers did. No file holds that yet."))

counting.wait(ws)
filters.note_future(ws)
view = View(ws, filters.groups(ws, "b"), "b")
total = numbers.four(ws, view.groups.asked)
if view.two:
    both = [facts.one(row) for row in view.ask_both("summary")]
    st.markdown(shell.literal(sentences.two_groups(*both, view.groups.names, ws.currency)))
    if "channel" in view.groups.made_by:
        widgets.note(_("Who came through several channels can be in both groups."))

PARTS = {
    "overview": (N_("Overview"), behaviour.overview),
    "people": (N_("Who they are"), behaviour.people),
    "visits": (N_("Visits"), behaviour.visits), "carts": (N_("Shopping carts"), behaviour.carts),
    "goods": (N_("Goods"), behaviour.goods), "calendar": (N_("Calendar"), behaviour.calendar),
}
part = link.choose(
    st.segmented_control, _("Part of the page"), PARTS, "overview", "b_part",
    lambda p: _(PARTS[p][0]), required=True, label_visibility="collapsed")
PARTS[part][1](view, total)
