"""Ads: words in the outcome column of the sends that nobody knows: counted, shown, asked about."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.i18n import _
from omni_core.targeting import outcomes, words
from pages.ui import cached, shell, widgets

_AT_ONCE = 12  # words asked about; the next ones follow when these are explained


def ask(ws: Any) -> None:
    """What the words mean, for her to say; nothing where all are known."""
    found = cached.resource(ws, "ads_unread", lambda: outcomes.unread(ws))
    if not len(found):
        return
    shown = list(found["word"].iloc[:_AT_ONCE])
    with st.form("ads_answers"):
        st.markdown(shell.literal(words.unread_words(found, _AT_ONCE)))
        yes = st.multiselect(_("Which of these mean that the person answered?"), shown,
                             key="ads_answer_words", placeholder=_("none of them"))
        if st.form_submit_button(_("Count them so")):
            outcomes.explain(ws, shown, yes)
            st.rerun()


def said(ws: Any) -> None:
    """What she said before, and a way to be asked again."""
    told = outcomes.explained(ws)
    if not any(told.values()):
        return
    widgets.note(shell.literal(words.explained_words(told)))
    st.button(_("Ask me again"), key="ads_answers_again",
              on_click=shell.caught(outcomes.ask_again), args=(ws,))
