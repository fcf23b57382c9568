"""The bot in force on the service page: its sentences, its settings, the trained classifier."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import streamlit as st

from omni_core.i18n import N_, _, gap
from omni_core.service import (
    IntentClassifier,
    IntentSettings,
    intent_name,
    sentences,
    wording,
)
from omni_core.service import training as teach
from omni_core.service.settings import engine_name
from omni_core.service.shop import Shop
from pages.ui import cached, shell, threshold, widgets

SOURCES = {"shipped": N_("Sample"), "both": N_("Both"), "own": N_("My messages")}


@dataclass
class Bot:
    """What the views of the page share."""

    ws: Any
    library: teach.Library
    version: teach.Version | None
    source: str
    engine: str
    pairs: tuple[teach.Pair, ...]
    messages: Any
    classifier: IntentClassifier

    @cached_property
    def key(self) -> str:
        """The name of what the classifier learnt."""
        return teach.key(self.pairs, self.engine)

    def test_sentences(self) -> Any:
        """The shipped test sentences that can judge it."""
        return sentences.judging(self.classifier.intents_)


def pick(label, options, key, default):
    return widgets.choose(st.pills, label, options, default, key, lambda o: _(options[o]),
                          required=True, wrap=True)


def intent_box(intents: list[str], key: str, chosen: str | None) -> str:
    """The intent of a message: one there is, or a new one by its name; "" while none is given.

    Streamlit's own box for new options speaks English only, so the name has a field of its own.
    """
    new = ""
    picked = st.selectbox(
        _("Its intent"), [*intents, new], key=key, width=320,
        index=intents.index(chosen) if chosen in intents else None,
        format_func=lambda i: intent_name(i) if i else _("A new intent …"),
        placeholder=_("choose one, or write a new one"))
    if picked == new:
        return st.text_input(_("Name of the new intent"), key=f"{key}_new", max_chars=60,
                             width=220).strip()
    return picked or ""


def current(ws: Any) -> Bot:
    """The bot in force, trained (with words while it lasts) if this session hasn't yet."""
    messages = cached.query(
        ws, "labelled_messages", start=None, end=None, channel=None, segment=None)
    library = teach.Library(ws)
    version = library.in_force()
    with st.expander(_("How the bot reads and answers")):
        source, foreign = "shipped", False
        if version is None and len(messages):
            source = pick(_("Learn from"), SOURCES, "sv_source",
                          sentences.default_source(messages))
            if source == "own" and len(sentences.foreign(messages)):
                foreign = st.toggle(
                    _(wording.FOREIGN), key="sv_foreign", bind="query-params",
                    help=_("Your messages alone teach nothing of what is foreign to you. Adds as "
                           "many built-in sentences of that kind as your average intent has."))
            if remark := wording.source_remark(source, messages):
                widgets.note(remark)
        if version is not None:
            engine = version.engine
            widgets.note(_("Version {name} is in force (method: {engine}). Another method is "
                           "chosen where you retrain.").format(
                               name=version.name, engine=engine_name(engine)))
            chosen = widgets.parameters(IntentSettings, "sv", only=("margin",))
        else:
            chosen = widgets.parameters(IntentSettings, "sv", only=("engine", "margin"))
            engine = chosen.engine
        pairs = version.pairs if version is not None else teach.base(source, messages, foreign)
        level = threshold.cutoff(
            _("Answer from this confidence"), "sv_threshold", 0.5, step=5.0,
            suggested=suggested(ws, teach.key(pairs, engine)),
            help=_("Below it the bot asks back or passes the message to a person."))
    if said := wording.too_few_intents(pairs):
        st.warning(said)
        st.stop()
    classifier = trained(ws, pairs, engine)
    for remark in classifier.notes_:
        st.info(shell.literal(remark))
    return Bot(ws, library, version, source, engine, pairs, messages,
               classifier.at(level, chosen.margin))


def suggest(ws: Any, key: str, value: float | None) -> None:
    """Keep the confidence that is suggested for the bot of this key; None: none is."""
    st.session_state["sv_suggested"] = str(ws.path), key, value


def suggested(ws: Any, key: str) -> float | None:
    """What was suggested for this bot, if it was the last one looked at."""
    *whose, value = st.session_state.get("sv_suggested", (None, None, None))
    return value if whose == [str(ws.path), key] else None


def trained(ws: Any, pairs: Any, engine: str) -> IntentClassifier:
    """A classifier that has learnt these sentences; kept for the session under what it learnt."""
    def build() -> IntentClassifier:
        bar = st.progress(0.0, wording.learning(0.0, len(pairs)))
        made = IntentClassifier(engine=engine).fit(
            [t for t, _i in pairs], [i for _t, i in pairs],
            lambda share: bar.progress(share, wording.learning(share, len(pairs))))
        made.classify(pairs[0][0] + " ?")  # loads what the first message would wait for
        bar.empty()
        return made

    return cached.content(ws, ("intents", teach.key(pairs, engine)), build)


def shop(ws: Any) -> Shop:
    """Her goods and orders as replies may name them; read anew when an import changed them."""
    mark = (tuple(ws.imports()["import_id"]), tuple(ws.counts().values()))
    return cached.content(ws, ("service shop", mark), lambda: Shop(ws))


def summary(bot: Bot) -> str:
    """One line on what answers."""
    learnt = wording.learnt(bot.source, bot.pairs, len(bot.messages),
                            bot.version.name if bot.version else None)
    return learnt + gap() + wording.method(bot.classifier)
