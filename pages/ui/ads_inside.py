"""Ads: what the score is made of: columns, weights, shuffled columns, one column swept."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import targeting_why as charts
from omni_core.i18n import _
from omni_core.targeting import model_words, tables, whole
from omni_core.targeting.person_words import meaning
from pages.ui import cached, shell, widgets


@shell.fragment
def made_of(ws: Any, case: Any, key: Any) -> None:
    """Weights, permutation, partial dependence, and every column used or left out."""
    widgets.note(_("Each column holds only what was known before the day of the campaign.")
                 if not case.own else
                 _("What your file says of each person, less what may not be learned from."))
    weights = tables.drivers(case.scores)
    if weights is not None:
        st.markdown(_("What moves the score most:"))
        widgets.show(weights, "ads_drivers")
    st.markdown(_("All columns, and those left out:"))
    widgets.show(tables.input_table(case.held, case.own), "ads_inputs")
    if st.toggle(_("Shuffle and sweep the columns (some seconds)"), key="ads_whole"):
        _whole(ws, case, key)


def _whole(ws: Any, case: Any, key: Any) -> None:
    def build() -> Any:
        with st.spinner(_("Shuffling each column …")):
            return whole.permutation(case.held)

    table = cached.resource(ws, ("ads_permutation", key), build)
    widgets.chart(charts.importance(model_words.named(table)), model_words.importance(table),
                  "ads_importance", model_words.named(table))
    column = st.selectbox(_("One column, swept from low to high"), list(table["input"]),
                          key="ads_swept", format_func=meaning)
    swept = cached.resource(ws, ("ads_swept", key, column),
                            lambda: whole.partial_dependence(case.held, column))
    if len(swept):
        widgets.chart(charts.swept(swept, meaning(column)),
                      model_words.swept(swept, column), "ads_swept_chart", swept)
