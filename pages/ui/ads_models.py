"""Ads: every kind of model on the same people, and which of them the data choose."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.errors import OmniError
from omni_core.i18n import _
from omni_core.targeting import compare, model_words
from pages.ui import cached, shell, widgets


@shell.fragment
def compared(ws: Any, case: Any, key: Any) -> None:
    """The table of all models, made when asked for; it is the same whichever model is chosen."""
    target, kind, blind = key
    widgets.note(_("Each learns the same people and is tried on campaigns it has not seen. The "
                   "choice is made on earlier days than the trial, by how well the probabilities "
                   "fit what happened (log loss)."))
    if not st.toggle(_("Compare them (up to a minute)"), key="ads_compare", bind="query-params"):
        return
    bar = st.empty()

    def build() -> Any:
        shown = bar.progress(0.0, _("Training each model …"))
        return compare.compare(ws, case.rows, case.known_after, shown.progress)

    try:
        found = cached.resource(ws, ("ads_compare", target, blind), build)
    except OmniError as error:
        st.warning(shell.literal(error))
        return
    bar.empty()
    cut = st.session_state.get("ads_cut", 0.0) / 100
    st.markdown(shell.literal(model_words.chosen_words(found, kind)))
    widgets.show(model_words.table(found, cut), "ads_models")
    widgets.note(shell.literal(model_words.cut_words(cut)))
