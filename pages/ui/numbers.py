"""The four numbers of the shop, the same on every page that shows them."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.behaviour import beside, facts, sentences, shape
from omni_core.i18n import N_, _, change, gap, money, number, percent
from omni_core.metrics import DEFINITIONS
from pages.ui import cached, people, shell, widgets
from pages.ui.filters import span

_LABELS = {
    "shoppers": N_("Shoppers"), "orders": N_("Orders"), "revenue": N_("Revenue"),
    "conversion": N_("Conversion"),
}


def four(ws: Any, chosen: dict[str, Any]) -> dict[str, float]:
    """Shoppers, orders, revenue, conversion; with the change from the period before, if any.

    Returns the whole row of ``summary``.
    """
    now = facts.one(cached.query(ws, "summary", **chosen))
    if not facts.can_convert(cached.query(ws, "funnel", **chosen)):
        now["conversion"] = float("nan")
    if not now["revenue"]:
        now["revenue"] = float("nan")  # no amount on record, which isn't an amount of 0
    window = shape.window_before(chosen["start"], chosen["end"], span(ws)[1])
    then = None
    if window is not None and window[0] >= (span(ws)[0] or window[0]):
        filters = chosen | {"start": window[0], "end": window[1]}
        then = facts.one(cached.query(ws, "summary", **filters))
    names = list(_LABELS)
    # two pairs: a row of four on a desk, two by two where that is narrow
    pairs = shell.columns(2, "four", gap="small")
    for column, pair in zip(pairs, (names[:2], names[2:]), strict=True):
        with column.container(horizontal=True):
            for name in pair:
                step = _change(name, now[name], then[name]) if then else None
                moved = any(digit in (step or "") for digit in "123456789")
                st.metric(
                    _(_LABELS[name]), _shown(name, now[name], ws.currency), delta=step,
                    delta_arrow="auto" if moved else "off",
                    delta_color="normal" if moved else "off",
                    help=_about(name, now), border=True, height="stretch",
                )
    rows = cached.query(ws, "orders_beside", **chosen)
    if apart := beside.other_currencies(rows, ws.currency):
        widgets.note(shell.literal(apart))
    if unmatched := beside.without_sum(rows):
        people.look_and_join(unmatched, "without_sum")
    if then:
        st.caption(_("Arrows: against the equally long period before."))
    return now


def _shown(name: str, value: float, currency: str) -> str:
    if name == "revenue":
        return money(value, currency, 0)
    return percent(value) if name == "conversion" else number(value)


def _change(name: str, now: float, then: float) -> str | None:
    if now != now:
        return None
    if name == "conversion":
        points = (now - then) * 100
        return _("{points} points").format(points=f"{points:+z.1f}")
    return change(now / then - 1) if then else None


def _about(name: str, row: dict[str, float]) -> str:
    text = _(DEFINITIONS[name])
    if name == "orders" and row["not_counted"]:
        text += gap() + sentences.not_counted(row["not_counted"])
    if name == "revenue" and row[name] != row[name]:
        text += gap() + _("Your files hold no amounts for this choice.")
    if name == "conversion" and row[name] != row[name]:
        text += gap() + _("Your files hold purchases only, so nobody is seen who did not buy.")
    elif name == "conversion" and row["shoppers"]:
        n = row["shoppers"]
        text += gap() + _("n = {n}; likely {range}.").format(
            n=number(n), range=sentences.interval(row["conversion"] * n, n)
        )
    return text
