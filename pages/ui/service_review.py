"""Review: the messages the bot was unsure of, each a click away from the training set."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import service as charts
from omni_core.i18n import _, number
from omni_core.service import answering, review, teaching
from omni_core.service import telling_set as telling
from omni_core.service.training import Draft
from pages.ui import cached, service_bot, service_replies, shell, widgets

_SHOWN = 10


def draw(bot: service_bot.Bot) -> None:
    log = review.log(bot.ws)
    unlabelled = cached.query(
        bot.ws, "unlabelled_messages", start=None, end=None, channel=None, segment=None)
    texts = [e["text"] for e in log] + unlabelled["text"].tolist()
    draft = bot.library.draft()
    st.header(_("What it was unsure of"), anchor=False)
    if not texts:
        shell.hint(_("Nothing yet. What you try on this page comes here, and so do messages of a "
                     "file without intents."), "messages")
        return
    thumbs = {e["text"]: e["thumb"] for e in log if e.get("thumb")}

    own = answering.kept(bot.ws)

    def build() -> Any:
        with st.spinner(_("Reading {n} messages …").format(n=number(len(texts)))):
            return review.queue(bot.classifier, texts, thumbs, own)

    table = cached.content(
        bot.ws, ("queue", bot.key, bot.classifier.threshold, bot.classifier.margin,
                 hash(tuple(texts)), hash(tuple(sorted(thumbs.items()))), repr(own)), build)
    waiting = review.without(table, draft.added)
    st.markdown(telling.queue_words(waiting, draft))
    service_replies.silent(review.silent(waiting), "sv_silent")
    if len(draft):
        widgets.note(_("Added sentences wait under Teach until you retrain."))
    intents = teaching.intents(bot.pairs)
    for place, row in enumerate(waiting.head(_SHOWN).itertuples()):
        one(bot, draft, intents, place, row)
    if len(waiting):
        with st.expander(_("The whole queue")):
            widgets.show(telling.queue_table(waiting), "sv_queue")
    frequent(table)
    typed(bot, len(log))


def typed(bot: service_bot.Bot, n: int) -> None:
    """What is kept of the messages typed on the page, and the way to be rid of it."""
    if not n:
        return
    st.header(_("Messages typed on this page"), anchor=False)
    widgets.note(telling.typed_words(n))
    st.button(_("Delete the typed messages"), key="sv_clear", on_click=shell.caught(review.clear),
              args=(bot.ws,))


def one(bot: service_bot.Bot, draft: Draft, intents: list[str], place: int, row: Any) -> None:
    """One message: what the bot thought, and the intent it should have."""
    mark = abs(hash(row.message)) % 10**9
    with st.container(border=True, key=f"sv_row_{place}"):
        st.text(row.message)
        widgets.note(shell.literal(telling.guess_words(row)))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            intent = service_bot.intent_box(intents, f"sv_as_{mark}", row.intent)
            st.button(_("Add to this intent"), key=f"sv_take_{mark}", disabled=not intent,
                      on_click=shell.caught(bot.library.set_draft),
                      args=(draft.add([(row.message, intent)]),))


def frequent(table: Any) -> None:
    st.header(_("What unanswered messages speak of"), anchor=False)
    open_ = review.unanswered(table)
    words = review.frequent_words(open_)
    if words.empty:
        widgets.note(_("No word is in two unanswered messages yet ({n} in all).").format(
            n=number(len(open_))))
        return
    widgets.chart(charts.frequent(words), telling.frequent_words(words, len(open_)),
                  "sv_frequent", words)
