"""Replies: her own words for an intent, or the built-in intent whose reply serves it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from omni_core.i18n import _, gap
from omni_core.service import answering, intent_name, wording
from omni_core.service import telling_replies as telling
from omni_core.service import training as teach
from omni_core.service.replies import TEMPLATES
from pages.ui import cached, service_bot, shell, widgets

_OPEN = "sv_replies_open"


def section(bot: service_bot.Bot) -> None:
    """The folded part of the page: every intent's reply, those without one first."""
    own = answering.kept(bot.ws)
    lacking = answering.lacking(bot.classifier.intents_, own)
    with st.expander(_("Your own replies"), expanded=bool(st.session_state.get(_OPEN))):
        widgets.note(_("The bot never makes up a sentence: a model that writes freely may name a "
                       "price or promise a day that you answer for. It says these, with figures "
                       "from your files, or passes the message on."))
        if lacking:
            st.text(telling.lacking_words(lacking))
            if st.toggle(_("Let built-in replies serve (some seconds)"), key="sv_match"):
                matching(bot, list(lacking), "all")
        rest = [i for i in (*TEMPLATES, *sorted(set(bot.classifier.intents_) - set(TEMPLATES)))
                if i not in lacking]
        known = [*lacking, *rest]
        intent = widgets.choose(
            st.selectbox, _("Intent"), known, known[0] if lacking else known[1],
            "sv_reply_intent", intent_name)
        with st.form("sv_reply", border=False):
            mine = own.get(intent, {})
            template = answering.served(intent, own)
            zh = st.text_area(_("Reply in Chinese"), value=mine.get("zh", ""), max_chars=500,
                              placeholder=telling.template(template, "zh"), key=f"sv_zh_{intent}")
            en = st.text_area(_("Reply in English"), value=mine.get("en", ""), max_chars=500,
                              placeholder=telling.template(template, "en"), key=f"sv_en_{intent}")
            note = telling.gap_words()
            if template in TEMPLATES:
                note += gap() + _("Leave a field empty to keep the shipped reply.")
            widgets.note(note)
            if st.form_submit_button(_("Save the reply")):
                telling.check_reply(zh, en)
                answering.keep(bot.ws, intent, zh=zh, en=en)
                st.session_state[_OPEN] = True
                st.toast(_("Saved."))
                st.rerun(scope="app")
        lent(bot, own)


def lent(bot: service_bot.Bot, own: answering.Own) -> None:
    """Which of her intents a built-in reply serves, each with the way back."""
    for place, intent in enumerate(i for i in own if answering.AS in own[i]):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.text(telling.lent_words(intent, own), width="stretch")
            st.button(_("Undo"), key=f"sv_unlend_{place}", on_click=shell.caught(answering.keep),
                      args=(bot.ws, intent), kwargs={answering.AS: ""})


def missing(bot: service_bot.Bot, intent: str, code: str, again: Callable[[], None]) -> None:
    """Beside a message whose intent has no reply: a built-in one, or hers, right there."""
    with st.container(border=True, key="sv_missing"):
        st.markdown("**" + _("This intent has no reply yet") + "**")
        matching(bot, [intent], "one", again)
        with st.form("sv_missing_form", border=False):
            label = _("Reply in Chinese") if code == "zh" else _("Reply in English")
            text = st.text_area(_("Or write one: {what}").format(what=label), max_chars=500,
                                key=f"sv_missing_{code}_{abs(hash(intent))}")
            widgets.note(telling.gap_words())
            if st.form_submit_button(_("Save the reply")) and text.strip():
                telling.check_reply(text)
                answering.keep(bot.ws, intent, **{code: text})
                again()
                st.rerun(scope="app")


def matching(bot: service_bot.Bot, intents: Sequence[str], place: str,
             again: Callable[[], None] | None = None) -> None:
    """For each intent the built-in one whose reply is to serve; what its messages read as first."""
    table = likely(bot, intents)
    choices = [i for i in TEMPLATES if i != "out_of_scope"]
    with st.form(f"sv_matching_{place}", border=False):
        taken: dict[str, Any] = {}
        for row in table.itertuples():
            taken[row.intent] = st.selectbox(
                _("“{intent}” is answered as").format(intent=shell.literal(row.intent)), choices,
                index=choices.index(row.match) if row.match else None,
                format_func=intent_name,
                placeholder=_("none of the built-in ones"),
                key=f"sv_as_builtin_{place}_{abs(hash(row.intent))}")
            widgets.note(shell.literal(telling.match_words(row)))
        if st.form_submit_button(_("Answer this way"), key=f"sv_use_{place}",
                                 type="primary"):
            for intent, match in taken.items():
                if match:
                    answering.keep(bot.ws, intent, **{answering.AS: match})
            if again:
                again()
            st.rerun(scope="app")


def likely(bot: service_bot.Bot, intents: Sequence[str]) -> Any:
    """What the messages of some intents read as to a bot that learnt the shipped sentences."""
    def build() -> Any:
        shipped = service_bot.trained(bot.ws, teach.base("shipped"), bot.engine)
        hers = sorted(set(bot.classifier.intents_) - set(TEMPLATES))
        return answering.likely(shipped, bot.pairs, hers)

    table = cached.content(bot.ws, ("likely intents", bot.key), build)
    return table[table["intent"].isin(intents)]


def silent(table: Any, key: str) -> None:
    """Say how many messages are passed on for want of a reply, and lead to where one is written."""
    if not len(table):
        return
    st.warning(shell.literal(wording.silent(table)))
    st.button(_("Write the replies"), key=key, on_click=_open)


def _open() -> None:
    st.session_state["sv_view"] = "try"
    st.session_state[_OPEN] = True
