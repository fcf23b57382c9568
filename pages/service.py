"""Service: what a message asks for, how sure that is, what decided it, and the work it saves."""

import streamlit as st

from omni_core.charts import service as charts
from omni_core.i18n import N_, _
from omni_core.service import (
    IntentClassifier,
    IntentSettings,
    comparison,
    evaluate,
    explain,
    intent_name,
    sentences,
    wording,
)
from pages.ui import cached, shell, widgets

ws = shell.begin("service")
shell.title(
    _("Service"),
    _("Does a bot understand what shoppers write? Try a message, see what decided, and set from "
      "which confidence it may answer."),
)

SOURCES = {
    "shipped": N_("Sample"), "both": N_("Both"), "own": N_("My messages"),
}
TESTS = {
    "held_out": N_("Training sentences, cross-validated"), "test": N_("Test sentences"),
    "own": N_("My messages"),
}
EXAMPLES = ("东西到手碎了", "能便宜点不", "when do you ship", "it came broken", "asdfgh")

messages = cached.query(ws, "labelled_messages", start=None, end=None, channel=None, segment=None)


def pick(label, options, key, default):
    return widgets.choose(
        st.pills, label, options, default, key, lambda o: _(options[o]),
        required=True, wrap=True,
    )


def settings():
    """The controls; returns the settings and where the training sentences come from."""
    source = "shipped"
    if len(messages):
        source = pick(
            _("Learn from"), SOURCES, "sv_source", sentences.default_source(messages))
        if remark := wording.source_remark(source, messages):
            widgets.note(remark)
    return widgets.parameters(IntentSettings, "sv"), source


def train(engine, source):
    """The trained classifier, kept for this session and this state of the workspace."""
    def build():
        data = sentences.training_set(source, messages)
        bar = st.progress(0.0, wording.learning(0.0, len(data)))
        trained = IntentClassifier(engine=engine).fit(
            data["text"], data["intent"],
            lambda share: bar.progress(share, wording.learning(share, len(data))),
        )
        bar.empty()
        return trained

    return cached.resource(ws, ("intents", engine, source), build)


def take_example():
    """A click on an example puts it into the field, where it can be changed."""
    if st.session_state["sv_example"]:
        st.session_state["sv_text"] = st.session_state["sv_example"]
        st.session_state["sv_example"] = None


@shell.fragment
def message(classifier):
    text = st.text_input(
        _("A message, in Chinese or English"), value=_("where is my parcel"), key="sv_text",
        max_chars=1000, placeholder=_("Write as a shopper would"),
    )
    st.pills(
        _("Or one of these"), EXAMPLES, key="sv_example", format_func=shell.literal,
        on_change=take_example,
    )
    if text.strip():
        decision(classifier, text)


def decision(classifier, text):
    d = classifier.classify(text)
    with st.container(horizontal=True, key="sv_decision"):
        st.metric(_("Intent"), intent_name(d.intent), border=True)
        st.metric(
            _("Confidence"), wording.chance(d.confidence), border=True,
            help=_("How often messages with this figure turn out right; measured on sentences "
                   "the engine had not seen."),
        )
        st.metric(_("What happens"), _(wording.ROUTES[d.route]), border=True)
    st.text(wording.route_reason(d, classifier.threshold, classifier.margin))
    st.plotly_chart(
        charts.probabilities(d, classifier.threshold), key="sv_probabilities",
        alt=_("The likeliest intents and their probabilities"), config={"displayModeBar": False},
    )
    why(classifier, text, d)


def why(classifier, text, d):
    st.header(_("What decided"), anchor=False)
    if d.reason == "noise":
        st.text(_("Nothing: there are no words to weigh."))
        return
    x = explain(classifier, text)
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


def results(classifier, source, kind):
    """The held-out messages that the workload is measured on."""
    if kind == "test":
        return evaluate.on_sentences(classifier, sentences.for_testing(source, messages))
    if kind == "own" and source == "shipped":
        return evaluate.on_sentences(classifier, sentences.own(messages))
    if kind == "own":
        training = sentences.training_set(source, messages)
        return evaluate.held_out(classifier, sentences.mine(training, classifier.rows_))
    return evaluate.held_out(classifier)


@shell.fragment
def workload(classifier, engine, source):
    st.header(_("What the threshold means in work"), anchor=False)
    kinds = dict(TESTS)
    if not len(messages):
        kinds.pop("own")
    if sentences.for_testing(source, messages).empty:
        kinds.pop("test")
    kind = pick(_("Measured on"), kinds, "sv_test", "own" if len(messages) else "held_out")
    result = cached.resource(
        ws, ("intent results", engine, source, kind), lambda: results(classifier, source, kind))
    at = classifier.threshold, classifier.margin
    st.text(wording.workload(evaluate.workload(result, *at)))
    curve = evaluate.workload_curve(result, classifier.margin)
    widgets.chart(charts.workload(curve, classifier.threshold), wording.curve(curve), "sv_curve")
    widgets.show(wording.language_table(evaluate.by_language(result, *at)), "sv_languages")
    widgets.note(_("Ranges hold in 95 of 100 cases. The test sentences were written by the same "
                   "hand as the training ones, so real messages will do worse: trust the "
                   "cross-validated figures, and your own messages most."))
    st.header(_("Where it is wrong"), anchor=False)
    wrong = evaluate.errors(result, *at)
    if len(wrong):
        widgets.show(wording.error_table(wrong), "sv_errors")
    else:
        st.text(_("No message was taken for another intent."))


@shell.fragment
def engines(source):
    st.header(_("The engines side by side"), anchor=False)
    widgets.note(_("Each engine learns the same sentences and is judged on those it has not seen. "
                   "label_cosine, the method of the source articles, is the baseline."))
    if not st.toggle(_("Compare them (some seconds)"), key="sv_compare"):
        return

    def build():
        bar = st.progress(0.0, _("Training each engine …"))
        rows = comparison.compare(
            sentences.training_set(source, messages), sentences.for_testing(source, messages),
            bar.progress,
        )
        bar.empty()
        return rows

    rows = cached.resource(ws, ("engines", source), build)
    widgets.show(wording.engine_table(rows), "sv_engines")


controls, main = st.columns([1, 2], gap="large")
with controls:
    chosen, source = settings()
with main:
    classifier = train(chosen.engine, source).at(chosen.threshold, chosen.margin)
    message(classifier)
with controls:
    for remark in classifier.notes_:
        st.info(shell.literal(remark))
workload(classifier, chosen.engine, source)
engines(source)
