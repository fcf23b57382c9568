"""Try it: a conversation as a shopper has it, and what the bot made of the last message."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from omni_core.charts import service as charts
from omni_core.i18n import _
from omni_core.service import answering, explain, intent_name, review, talk, wording
from omni_core.service import telling_turn as telling
from pages.ui import service_bot, service_replies, shell, widgets

_TALK = "sv_talk"
_KEPT = 50  # turns of a conversation
# Streamlit cuts the value of a metric off where it is long; an intent's name is read whole.
_WHOLE = """<style>
.st-key-sv_decision [data-testid="stMetricValue"],
.st-key-sv_decision [data-testid="stMetricValue"] * {
  white-space: normal; overflow-wrap: anywhere; font-size: 1.35rem; line-height: 1.35; }
</style>"""


def draw(bot: service_bot.Bot) -> None:
    shop = service_bot.shop(bot.ws)
    left, right = shell.columns([1, 1], "sv_try", (320, 320))
    with left:
        page = _goods_page(shop)
        _conversation(bot, shop, page)
    turns = _turns(bot)
    with right:
        if turns:
            last(bot, turns[-1], len(turns), partial(_again, bot, shop, page))
        else:
            shell.hint(_("Write a message in the box, or take one of the examples."))


def _turns(bot: service_bot.Bot) -> list[talk.Turn]:
    kept = st.session_state.setdefault(_TALK, {})
    if kept.get("place") != str(bot.ws.path):
        kept.clear()
        kept |= {"place": str(bot.ws.path), "turns": []}
    return kept["turns"]


def _say(bot: service_bot.Bot, shop: Any, page: str | None, text: str,
         intent: str | None = None) -> None:
    if not text.strip():
        return
    turns = _turns(bot)
    context = talk.on_page(turns[-1].context if turns else None, page)
    turn = talk.respond(bot.classifier, shop, text, context, own=answering.kept(bot.ws),
                        intent=intent)
    turns.append(turn)
    del turns[:-_KEPT]
    review.note(bot.ws, text, turn.decision.intent, turn.decision.confidence,
                "person" if turn.reply.lacking else turn.decision.route)


def _again(bot: service_bot.Bot, shop: Any, page: str | None) -> None:
    """Answer the last message anew: its intent has a reply now."""
    turns = _turns(bot)
    if turns:
        old = turns.pop()
        chosen = old.intent if old.intent != old.decision.intent else None
        _say(bot, shop, page, old.text, chosen)


def _goods_page(shop: Any) -> str | None:
    if not shop.goods:
        return None
    names = {p.item: p.title for p in shop.goods[:300]}
    return widgets.choose(
        st.selectbox, _("She is on the page of"), [None, *names], None, "sv_item",
        lambda i: names.get(i, _("no product")),
        placeholder=_("no product"),
        help=_("A shopper who asks on a product's page need not name it."))


def _conversation(bot: service_bot.Bot, shop: Any, page: str | None) -> None:
    turns = _turns(bot)
    with st.container(height=430, border=True, key="sv_chat"):
        with st.chat_message("assistant"):
            st.text(_("Write as a shopper would, in Chinese or English."))
        for turn in turns:
            with st.chat_message("user"):
                st.text(turn.text)
            with st.chat_message("assistant"):
                st.text(turn.reply.text)
                if turn.reply.person:
                    st.badge(_("A person takes over"), color="orange")
        if turns and turns[-1].reply.choices:
            with st.container(horizontal=True):
                for intent in turns[-1].reply.choices:
                    st.button(shell.literal(intent_name(intent)), key=f"sv_choice_{intent}",
                              on_click=shell.caught(_say),
                              args=(bot, shop, page, turns[-1].text, intent))
    text = st.chat_input(_("Write a message"), key="sv_text", max_chars=2000)
    if text:
        _say(bot, shop, page, text)
        st.rerun(scope="app")
    with st.container(horizontal=True, key="sv_examples"):
        for place, example in enumerate(telling.examples(shop)):
            st.button(shell.literal(example), key=f"sv_example_{place}",
                      on_click=shell.caught(_say), args=(bot, shop, page, example))
        if turns:
            st.button(_("New conversation"), key="sv_new", icon=":material/refresh:",
                      on_click=turns.clear)


def last(bot: service_bot.Bot, turn: talk.Turn, number: int, again: Callable[[], None]) -> None:
    """What the bot made of the last message, and her thumb."""
    d = turn.decision
    with st.container(horizontal=True, key="sv_decision"):
        st.html(_WHOLE)
        st.metric(_("Intent"), shell.literal(intent_name(turn.intent)), border=True)
        st.metric(
            _("Confidence"), wording.chance(d.confidence), border=True,
            help=_("How often messages with this figure turn out right; measured on sentences "
                   "the engine had not seen."))
        st.metric(_("What happens"), telling.happens(turn), border=True)
    st.text(telling.turn_reason(turn, bot.classifier.threshold, bot.classifier.margin))
    if turn.reply.lacking:
        service_replies.missing(bot, turn.intent, turn.language, again)
    st.plotly_chart(
        charts.probabilities(d, bot.classifier.threshold), key="sv_probabilities",
        alt=_("The likeliest intents and their probabilities"), config={"displayModeBar": False})
    st.markdown("**" + _("What it names") + "**")
    if turn.entities:
        st.html(charts.named(turn.text, turn.entities))
        widgets.show(telling.entity_table(turn.text, turn.entities), "sv_entities")
    else:
        widgets.note(_("No number, sum, day, size or product of yours."))
    # a long conversation stays at one number, and a thumb must not go over to the next message
    thumb = st.feedback("thumbs", key=f"sv_thumb_{number}_{abs(hash(turn.text))}")
    if thumb is not None:
        review.thumb(bot.ws, turn.text, review.UP if thumb else review.DOWN)
        widgets.note(_("Noted. A thumb down puts the message first in the review queue."))
    st.subheader(_("What decided"), anchor=False)
    why(bot, turn)


def why(bot: service_bot.Bot, turn: talk.Turn) -> None:
    """The words that decided, coloured, and the three nearest training sentences."""
    if turn.decision.reason == "noise":
        st.text(_("Nothing: there are no words to weigh."))
        return
    x = explain(bot.classifier, turn.text)
    st.text(wording.decisive_word(x))
    st.html(charts.coloured_words(x))
    widgets.note(_("As Omni reads it: simplified, without greeting. Blue speaks for the "
                   "intent, orange against it."))
    with st.expander(_("Figures")):
        widgets.show(wording.word_table(x), "sv_words")
    st.markdown(_("The nearest training sentences:"))
    if x.nearest:
        widgets.show(wording.nearest_table(x), "sv_nearest")
    else:
        widgets.note(_("None shares a word with this message."))
