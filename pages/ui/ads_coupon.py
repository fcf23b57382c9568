"""Ads: a coupon strategy from past purchases with and without one; differences, no effects."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import targeting_why as charts
from omni_core.errors import OmniError
from omni_core.i18n import _
from omni_core.targeting import coupon_words, coupons
from omni_core.targeting.money import Money
from omni_core.targeting.shop_money import currency
from pages.ui import cached, shell, widgets


@shell.fragment
def strategy(ws: Any) -> None:
    """Groups of shoppers, what they did on held-out days, and a list of each."""
    widgets.note(_("From what shoppers bought with and without one. It uses your margin, coupon "
                   "and cost from above."))
    if not st.toggle(_("Work it out (some seconds)"), key="ads_coupons", bind="query-params"):
        return
    values = [st.session_state.get(f"ads_{n}") for n in ("margin", "coupon", "contact_cost")]
    if None in values or not values[1]:
        st.info(_("Type your margin, the value of the coupon and the cost of one contact above."))
        return
    money = Money(*values)
    try:
        with st.spinner(_("Learning from your data …")):
            found = cached.resource(ws, "ads_coupon_scores", lambda: coupons.coupon_scores(ws))
    except OmniError as error:
        st.info(shell.literal(coupon_words.cannot(error)))
        return
    table = coupons.strategy(found, money)
    widgets.chart(charts.coupon_groups(table), coupon_words.strategy_words(table, found.days,
                                                                           currency(ws)),
                  "ads_coupon_chart", coupon_words.worded(table), currency(ws))
    st.warning(shell.literal(coupon_words.caution()))
    for name, place in zip(coupons.GROUPS, st.columns(3), strict=True):
        with place:
            widgets.download(coupons.people_of(found, money, name), f"coupon_{name}.csv",
                             coupon_words.button(name), f"ads_coupon_{name}")
