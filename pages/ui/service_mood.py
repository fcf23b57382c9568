"""Reviews: how content they are by product and month, and the sentences behind each figure."""

from __future__ import annotations

import streamlit as st

from omni_core.charts import service as charts
from omni_core.i18n import N_, _
from omni_core.service import sentiment
from omni_core.service import telling_mood as telling
from pages.ui import cached, service_bot, shell, widgets
from pages.ui.threshold import Figure, figures

_MOODS = {"all": N_("All"), "negative": N_("Negative"), "positive": N_("Positive"),
          "mixed": N_("Mixed"), "contradicts": N_("Stars say otherwise")}


def draw(ws) -> None:
    shell.need(ws, "reviews", why=_("This view reads what buyers wrote, with their stars."))
    reviews = cached.query(ws, "review_texts", start=None, end=None, channel=None, segment=None)
    if reviews.empty:
        shell.hint(_("Your reviews carry stars and no words."), "reviews")
        return

    def build():
        with st.spinner(_("Reading the reviews …")):
            mood = sentiment.learn(reviews)
            return mood, sentiment.read(mood, reviews)

    mood, read = cached.resource(ws, "sentiment", build)
    figures(Figure(*f) for f in telling.mood_figures(read, mood))
    st.markdown(shell.literal(telling.mood_source(mood)))
    by_month = sentiment.summarise(read, "month")
    if len(by_month) > 1:
        st.header(_("By month"), anchor=False)
        widgets.chart(charts.mood_by_month(by_month), telling.month_words(by_month), "sv_months",
                      telling.mood_table(by_month, read))
    st.header(_("By product"), anchor=False)
    by_item = sentiment.summarise(read, "item")
    names = telling.product_names(read)
    widgets.chart(charts.mood_by_product(by_item, names), telling.product_words(by_item, names),
                  "sv_products", telling.mood_table(by_item, read))
    st.header(_("The sentences behind"), anchor=False)
    with st.container(horizontal=True):
        item = widgets.choose(
            st.selectbox, _("Product"), [None, *names], None, "sv_mood_item",
            lambda i: names.get(i, _("All")), placeholder=_("All"))
        months = telling.months(by_month)
        month = widgets.choose(st.selectbox, _("Month"), [None, *months], None, "sv_mood_month",
                               lambda m: m or _("All"), placeholder=_("All"))
    kind = service_bot.pick(_("Show"), _MOODS, "sv_mood_kind", "negative")
    rows = sentiment.behind(read, item, month, kind)
    widgets.note(telling.behind_words(rows))
    widgets.show(telling.review_table(rows), "sv_reviews")
