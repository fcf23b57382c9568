"""The customers page on what buyers are likely to bring."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import customers as charts
from omni_core.customers import wording
from omni_core.customers.value import ValueSettings
from omni_core.i18n import _, number
from pages.ui import shell, widgets
from pages.ui.customers import known
from pages.ui.view import heading


def value(ws: Any, chosen: dict[str, Any]) -> None:
    """Expected purchases and value of every buyer, and how the forecast fared on the past."""
    heading(_("What customers are likely to bring"), "value")
    left, right = st.columns([1, 2], gap="large")
    with left:
        settings = widgets.parameters(ValueSettings, "c")
    with right:
        with st.spinner(_("Learning from your orders …")):
            made = known.forecast(ws, settings, chosen)
        colour, why = wording.gate(made)
        words = {"green": _("steady"), "orange": _("take care"), "red": _("too little")}
        st.badge(words[colour], color=colour)
        widgets.note(shell.literal(why))
        if made.people.empty:
            return
        said = wording.total(made, settings, ws.currency)
        if made.people["value"].notna().any():
            widgets.chart(charts.values(made.people, ws.currency), said, "c_values")
        else:
            widgets.say(said)
    if made.check is not None:
        heading(_("Does the past bear it out?"))
        widgets.chart(charts.check(made.check.groups), wording.checked(made), "c_check",
                      made.check.groups)
    elif made.method == "model":
        widgets.note(wording.checked(made))
    heading(_("Customers, the most valuable first"))
    widgets.show(wording.best(made), "c_value", ws.currency)
    widgets.note(_("Ordered by expected value, not by the chance to be a customer still: that is "
                   "high for many who bought once and may never come again."))
    if made.repeat is not None:
        m, s = made.repeat, made.spend
        with st.expander(_("The model")):
            widgets.note(_("BG/NBD (Fader, Hardie, Lee 2005): r {r}, alpha {alpha}, a {a}, b {b}; "
                           "log-likelihood {ll}.").format(
                r=number(m.r, 4), alpha=number(m.alpha, 3), a=number(m.a, 4), b=number(m.b, 3),
                ll=number(m.log_likelihood, 2)))
            if s is not None:
                widgets.note(_("Gamma-Gamma: p {p}, q {q}, v {v}, on {n} buyers with a repeat; "
                               "number and size of purchases correlate with {r} (the model takes "
                               "0).").format(p=number(s.p, 2), q=number(s.q, 3), v=number(s.v, 2),
                                             n=number(s.buyers), r=number(s.related, 2)))
