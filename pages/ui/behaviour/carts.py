"""The behaviour page on carts: sold, left, come back, and the list behind."""

import streamlit as st

from omni_core.behaviour import compare, steps
from omni_core.charts import visits as charts
from omni_core.i18n import _
from pages.ui import shell, widgets
from pages.ui.view import View, heading


def carts(view: View, total: dict[str, float]) -> None:
    """What became of what was put into a cart."""
    heading(_("Shopping carts"), "carts")
    table = view.ask("carts")
    if view.nothing("carts"):
        shell.hint(_("No file says what was put into a cart."), "events")
        return
    if view.two:
        view.pair("carts", compare.shares(
            *view.ask_both("carts"), "fate", "carts", steps.fate_name))
    else:
        view.draw(charts.carts(table), steps.carts(table, view.ws.currency), "carts",
                  steps.readable(table))
        widgets.note(_("Counted by product put into a cart. Ordered: any order of that product by "
                       "the same shopper, paid later or not. Still open: the data end within 3 "
                       "days of it."))
    st.subheader(_("Which carts"), anchor=False)
    rows = view.ask("cart_list")
    fates = {name: steps.FATES[name] for name in ("left", "recovered", "open")
             if name in set(rows["fate"])}
    if not fates:
        widgets.say(_("Every product put into a cart was ordered within an hour."))
        return
    fate = view.switch(_("Which"), fates, "fate")
    widgets.show(steps.cart_rows(rows, fate), "b_cart_list", view.ws.currency)
    widgets.note(_("The latest 1,000 at most."))
