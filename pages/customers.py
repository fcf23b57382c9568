"""Customers: one person across channels, groups, who comes back, value, win-back, segments."""

import streamlit as st

from omni_core.i18n import N_, _
from pages.ui import counting, customers, filters, link, shell

ws = shell.begin("customers")
shell.title(_("Your customers"), _("Who they are, what they are worth, who comes back, and who is "
                              "slipping away."))
if not any(ws.counts().get(t) for t in ("events", "orders", "customers")):
    shell.need(ws, "orders", why=_("This page reads who ordered what. No file holds that yet."))

counting.wait(ws)
filters.note_future(ws)
PARTS = {
    "groups": (N_("Groups"), customers.groups), "person": (N_("One customer"), customers.person),
    "cohorts": (N_("Coming back"), customers.cohorts),
    "value": (N_("Customer value"), customers.value),
    "lapsed": (N_("Win back"), customers.lapsed),
    "segments": (N_("Segments"), customers.segments),
}
part = link.choose(
    st.segmented_control, _("Part of the page"), PARTS, "groups", "c_part",
    lambda p: _(PARTS[p][0]), required=True, label_visibility="collapsed")
if part in ("groups", "cohorts", "value", "lapsed"):
    chosen = filters.who(ws, "c")
    if not customers.any_orders(ws, chosen):
        shell.hint(_("No orders by known customers for this choice."), "orders")
        st.stop()
    PARTS[part][1](ws, chosen)
else:
    PARTS[part][1](ws)
