"""Trust it: what the threshold means in work, where it is wrong, engines, a batch of her own."""

from __future__ import annotations

from typing import Any

import streamlit as st

from omni_core.charts import service as charts
from omni_core.errors import OmniError
from omni_core.i18n import N_, _, number
from omni_core.service import answering, comparison, csvfile, evaluate, sentences, teaching, wording
from omni_core.service import telling_trust as telling
from omni_core.service import training as teach
from omni_core.service.settings import engine_name
from pages.ui import cached, service_bot, service_replies, shell, widgets
from pages.ui.threshold import Figure, figures

TESTS = {
    "held_out": N_("Training sentences, each kept back in turn"), "test": N_("Test sentences"),
    "own": N_("My messages"),
}


def draw(bot: service_bot.Bot) -> None:
    workload(bot)
    batch(bot)
    engines(bot)
    curve(bot)


def _result(bot: service_bot.Bot, kind: str) -> Any:
    """The held-out messages that the workload is measured on."""
    if kind == "test":
        return evaluate.on_sentences(bot.classifier, bot.test_sentences())
    if kind == "own":
        return evaluate.on_her_messages(bot.classifier, sentences.own(bot.messages))
    return evaluate.held_out(bot.classifier)


def _measured(bot: service_bot.Bot, kind: str) -> Any:
    hers = teach.key(teach.base("own", bot.messages), "") if kind == "own" else ""
    return cached.content(bot.ws, ("intent results", bot.key, kind, hers),
                          lambda: _result(bot, kind))


def workload(bot: service_bot.Bot) -> None:
    st.header(_("What the threshold means in work"), anchor=False)
    kinds = dict(TESTS)
    if not len(bot.messages):
        kinds.pop("own")
    if bot.test_sentences().empty:
        kinds.pop("test")
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = service_bot.pick(_("Measured on"), kinds, "sv_test",
                                "own" if len(bot.messages) else "held_out")
        minutes = st.number_input(
            _("Your minutes for a message"), min_value=0.1, max_value=60.0, value=None, step=0.5,
            key="sv_minutes", bind="query-params", width=220, placeholder=_("put in yours"))
    result = _measured(bot, kind)
    at = bot.classifier.threshold, bot.classifier.margin, answering.kept(bot.ws)
    w = evaluate.workload(result, *at)
    figures(Figure(*f) for f in telling.workload_figures(w, minutes))
    st.text(wording.workload(w))
    service_replies.silent(evaluate.silent(result, *at), "sv_silent")
    if bot.source == "own":
        taken = cached.content(bot.ws, ("foreign", bot.key), lambda: evaluate.on_sentences(
            bot.classifier, sentences.judging_foreign()))
        widgets.note(wording.foreign(evaluate.workload(taken, *at[:2]),
                                     "out_of_scope" in bot.classifier.intents_))
    table = evaluate.workload_curve(result, *at[1:])
    suggested = evaluate.suggested(table, wording.GOAL)
    service_bot.suggest(bot.ws, bot.key, suggested)
    widgets.chart(charts.workload(table, bot.classifier.threshold, suggested),
                  wording.curve(table), "sv_curve")
    widgets.show(wording.language_table(evaluate.by_language(result, *at)), "sv_languages")
    widgets.note(_("Ranges hold in 95 of 100 cases. The test sentences were written by the same "
                   "hand as the training ones, so real messages will do worse: trust the "
                   "figures of sentences kept back in turn (cross-validation), and your own "
                   "messages most."))
    histogram = evaluate.confidence_histogram(result)
    widgets.chart(charts.confidence(histogram), telling.confidence_words(result), "sv_histogram",
                  histogram)
    confused(result)
    st.header(_("Where it is wrong"), anchor=False)
    wrong = evaluate.errors(result, *at)
    if len(wrong):
        widgets.show(wording.error_table(wrong), "sv_errors")
    else:
        st.text(_("No message was taken for another intent."))


def confused(result: Any) -> None:
    matrix = evaluate.confusion(result)
    if matrix.empty:
        return
    widgets.chart(charts.confusion(matrix), telling.confusion_words(result), "sv_confusion",
                  telling.pair_table(evaluate.confused_pairs(result)))


def batch(bot: service_bot.Bot) -> None:
    st.header(_("Try a whole file"), anchor=False)
    st.markdown(_("A CSV file with a column of messages (text or 消息), and, where you know it, "
                  "the right intent (intent or 意图). Nothing of it is stored."))
    upload = st.file_uploader(_("File of messages"), type=csvfile.SUFFIXES, key="sv_batch")
    if upload is None:
        return
    try:
        read = csvfile.sentences(bot.ws.read_table(data=upload.getvalue(), name=upload.name),
                                 upload.name)
    except OmniError as error:
        st.error(shell.literal(error))
        return

    def build() -> Any:
        bar = st.progress(0.0, _("Reading {n} messages …").format(n=number(len(read.frame))))
        result = evaluate.on_sentences(bot.classifier, read.frame, bar.progress)
        bar.empty()
        return result

    result = cached.content(bot.ws, ("batch", bot.key, hash(upload.getvalue())), build)
    own = answering.kept(bot.ws)
    decided = evaluate.decided(bot.classifier, result, own)
    st.markdown(shell.literal(telling.batch_words(read, decided)))
    service_replies.silent(evaluate.silent(
        result, bot.classifier.threshold, bot.classifier.margin, own), "sv_silent_batch")
    if read.labelled:
        judged = evaluate.judged(decided)
        widgets.chart(charts.confusion(evaluate.confusion(judged)),
                      telling.confusion_words(judged), "sv_batch_confusion")
    widgets.show(telling.batch_table(decided), "sv_batch_rows")


@shell.fragment
def engines(bot: service_bot.Bot) -> None:
    st.header(_("The methods side by side"), anchor=False)
    widgets.note(_("Each method learns the same sentences and is judged on those it has not seen "
                   "(cross-validation). “{name}”, as in the source articles, is the baseline: what "
                   "every method has to beat.").format(name=engine_name("label_cosine")))
    if not st.toggle(_("Compare them (some seconds)"), key="sv_compare"):
        return

    def build() -> Any:
        bar = st.progress(0.0, _("Training each method …"))
        rows = comparison.compare(teaching.frame(bot.pairs), bot.test_sentences(), bar.progress)
        bar.empty()
        return rows

    rows = cached.content(bot.ws, ("engines", bot.key), build)
    st.markdown(shell.literal(telling.engine_verdict(rows)))
    widgets.show(wording.engine_table(rows), "sv_engines")


@shell.fragment
def curve(bot: service_bot.Bot) -> None:
    st.header(_("Would more sentences help?"), anchor=False)
    if not st.toggle(_("Draw the learning curve (some seconds)"), key="sv_learning"):
        return

    def build() -> Any:
        bar = st.progress(0.0, _("Learning from ever more sentences …"))
        rows = comparison.learning_curve(teaching.frame(bot.pairs), progress=bar.progress)
        bar.empty()
        return rows

    table = cached.content(bot.ws, ("learning", bot.key), build)
    widgets.chart(charts.learning(table), telling.learning_words(table), "sv_learning_curve",
                  telling.learning_table(table))
