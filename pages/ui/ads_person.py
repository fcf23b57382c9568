"""Ads: one person of the audience: why she scores so, and what she would see in each place."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import adcard
from omni_core.charts import targeting_why as charts
from omni_core.errors import OmniError
from omni_core.i18n import _
from omni_core.targeting import creative, person_words
from omni_core.targeting.shop_money import currency
from pages.ui import ads_export, cached, shell, widgets

_SHOWN = 300  # people offered; the list is searched by typing


def person(ws: Any, case: Any, who: Any, reach: int, key: Any) -> None:
    """A person, the reasons of her score, and the ad in every place's size; ``key`` of the case."""
    offered = list(who.people["user"].iloc[:min(reach, _SHOWN)])
    if not offered:
        widgets.note(_("This cut-off reaches nobody."))
        return
    left, right = st.columns([2, 1])
    user = left.selectbox(_("A person of the audience"), offered, key="ads_person",
                          persist_state="session")
    known = ads_export.names(ws, case, key).get(str(user), "")
    shop = abs(hash(str(ws.path)))  # two shops may have customers of one number
    name = right.text_input(_("Name in the ad"), value=known,
                            key=f"ads_name_{shop}_{user}_{bool(known)}", max_chars=40,
                            placeholder=_("names are not kept: type one"),
                            persist_state="session")
    _why(ws, case, user)
    _cards(ws, case, user, name)


def _why(ws: Any, case: Any, user: Any) -> None:
    table = person_words.reasons(case.scores, user)
    if table is None:
        widgets.note(_("Only the logistic model can say what each column adds to one person's "
                       "score; look at the whole model below."))
        return
    widgets.chart(charts.reasons(table), person_words.why_words(case.scores, user, table),
                  "ads_why", table)


def _cards(ws: Any, case: Any, user: Any, name: str) -> None:
    start = creative.template(goods=not case.own)
    mark = f"{case.own}_{creative.language()}"  # another language begins with its own words
    headline = st.text_input(_("Headline"), value=start[0], key=f"ads_headline_{mark}",
                             max_chars=120, placeholder=_("a few words"), persist_state="session")
    body = st.text_area(_("Text"), value=start[1], key=f"ads_body_{mark}", max_chars=600,
                        persist_state="session", placeholder=_("what the ad says"), help=_(
        "In braces stands what differs from person to person: {holes}.").format(
            holes=" ".join("{" + h + "}" for h in ("name", "category", "product", "price"))))
    goods = () if case.own else cached.resource(
        ws, ("ads_goods", user, creative.language()), lambda: creative.goods_for(ws, user))
    try:
        cards = [creative.card(c, headline, body, name, goods, currency(ws))
                 for c in creative.CHANNELS.values()]
    except OmniError as error:
        st.warning(shell.literal(error))
        return
    for warning in person_words.creative_warnings(headline, body, goods, case.own):
        st.warning(shell.literal(warning))
    with st.container(horizontal=True, gap="medium", key="ads_cards"):
        for shown in cards:
            with st.container(width=250):
                st.html(adcard.ad_card(shown, currency(ws), str(user)))
    widgets.note(_("A preview of text and proportions, not of each platform's own frame. Nothing "
                   "is sent."))
