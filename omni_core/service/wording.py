"""What the service page says, as sentences and tables made from results, in her language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from omni_core.i18n import N_, _, gap, ngettext, number, percent, together
from omni_core.service.classifier import READ, IntentClassifier
from omni_core.service.decide import Decision
from omni_core.service.explanation import Explanation
from omni_core.service.intents import intent_name
from omni_core.service.sentences import ENOUGH, other_labels
from omni_core.service.settings import engine_name

GOAL = 0.95  # the share of right answers that the sentence under the curve looks for

FOREIGN = N_("Also learn what no shop is asked")
ROUTES: dict[str, str] = {
    "answer": N_("The bot answers"),
    "clarify": N_("The bot asks back"),
    "person": N_("A person takes over"),
}
_LANGUAGES = {"all": N_("Both languages"), "zh": N_("Chinese"), "en": N_("English")}


def chance(p: float) -> str:
    """Return a probability in whole percent; only what is certain is shown as 100% or 0%."""
    if 0.995 <= p < 1:
        return ">" + percent(0.99, 0)
    if 0 < p < 0.005:
        return "<" + percent(0.01, 0)
    return percent(p, 0)


def learning(share: float, n: int) -> str:
    """Say how far a training on ``n`` sentences is."""
    if share < READ:
        text = _("Reading {n} sentences: {share} done …")
    else:
        text = _("Learning from {n} sentences, and testing on some kept back: {share} done …")
    return text.format(n=number(n), share=percent(share, 0))


def source_remark(source: str, messages: pd.DataFrame) -> str:
    """Say what the choice of training sentences means for her messages; "" when nothing."""
    said = []
    if source != "shipped" and other_labels(messages):
        said.append(
            _("Your intents have other names than the sample's, so Omni learns from your messages "
              "alone: mixed, one question would have two names.") if source == "own" else
            _("Your intents have other names than the sample's: mixed, one question may have two "
              "names, and the bot is unsure between them.")
        )
    if source == "own" and len(messages) < ENOUGH:
        said.append(ngettext(
            "{n} message teaches little and its figures are rough; from {enough} on they are worth "
            "more.",
            "{n} messages teach little and their figures are rough; from {enough} on they are "
            "worth more.", len(messages),
        ).format(n=number(len(messages)), enough=number(ENOUGH)))
    return together(*said)


def too_few_intents(pairs: Sequence[tuple[str, str]]) -> str:
    """Say what to do where the sentences have one intent or none; "" where they can be learnt."""
    found = {i for _t, i in pairs}
    if len(found) > 1:
        return ""
    return _("All sentences have the same intent, so there is nothing to tell apart. Choose Both "
             "or Sample under “How the bot reads and answers”, or give messages of a second "
             "intent.")


def route_reason(d: Decision, threshold: float, margin: float) -> str:
    """Say why a message takes its route."""
    if d.reason == "noise":
        return _("This holds no words to understand.")
    if d.intent == "out_of_scope":
        return _("It does not look like a question for a shop.")
    if d.intent == "human_agent":
        return _("Whoever asks for a person gets one.")
    values = {
        "p": chance(d.confidence), "threshold": percent(threshold, 0),
        "lead": chance(d.confidence - (d.alternatives[0][1] if d.alternatives else 0.0)),
        "margin": percent(margin, 0),
    }
    if d.route == "answer":
        if d.reason == "exact":
            return _("The message is one of the training sentences.")
        return _("{p} reaches your {threshold}, and the lead of {lead} your {margin}.").format(
            **values
        )
    if d.confidence >= threshold:
        text = _("The lead over the runner-up is {lead}, less than your {margin}.")
    else:
        text = _("{p} is less than your {threshold}.")
    text = text.format(**values)
    if d.route == "clarify":
        names = " · ".join(intent_name(i) for i in d.choices)
        return text + gap() + _("It offers: {choices}").format(choices=names)
    return text


def decisive_word(x: Explanation) -> str:
    """Say which word carried the decision, or that none did alone."""
    if not x.words:
        return _("There are no words to weigh.")
    word = max(x.words, key=lambda w: w.weight)
    if word.weight < 0.01:
        return _("No single word decides: without any one of them the answer stays.")
    return _("Without “{word}” the probability of “{intent}” falls from {p} to {q}.").format(
        word=word.text, intent=intent_name(x.intent), p=chance(x.probability),
        q=chance(word.without),
    )


def workload(w: dict[str, Any]) -> str:
    """Say what the threshold means: answered, right among answered with its range, passed on."""
    if not w["messages"]:
        return _("There is no message to measure this on.")
    text = _("Of {n} messages the bot answers {share} ({k}).").format(
        n=number(w["messages"]), share=percent(w["answered_share"], 0), k=number(w["answered"])
    )
    if w["answered"]:
        text += gap() + _("{right} of these answers are right (likely {low} to {high}).").format(
            right=percent(w["right_share"], 0), low=percent(w["right_low"], 0),
            high=percent(w["right_high"], 0),
        )
    text += gap() + _("It asks back in {asked}; {passed} go to a person.").format(
        asked=number(w["asked"]), passed=number(w["passed"])
    )
    if w["foreign"]:
        text += gap() + ngettext(
            "Of {n} message that is not for a shop it answers {k}.",
            "Of {n} messages that are not for a shop it answers {k}.", w["foreign"],
        ).format(n=number(w["foreign"]), k=number(w["foreign_answered"]))
    return text


def silent(table: pd.DataFrame) -> str:
    """Say how many messages a person gets for want of a reply, from ``evaluate.silent``."""
    n = int(table["messages"].sum())
    names = _(", ").join(f"{intent_name(i)} ({number(k)})" for i, k in zip(
        table["intent"], table["messages"], strict=True))
    return ngettext(
        "{n} message is understood well enough to answer and still goes to a person, since its "
        "intent has no reply yet: {names}. Write one, or let a built-in reply serve.",
        "{n} messages are understood well enough to answer and still go to a person, since their "
        "intents have no reply yet: {names}. Write them, or let built-in replies serve.", n,
    ).format(n=number(n), names=names)


def foreign(w: dict[str, Any], settled: bool) -> str:
    """Say how often what no shop is asked passes for a question (of ``evaluate.workload``).

    ``settled``: whether the bot has learnt such sentences already.
    """
    text = _("Of {n} built-in test messages that no shop is asked, it takes {k} for one of your "
             "intents, sure enough to answer.").format(
        n=number(w["messages"]), k=number(w["answered"]))
    if settled:
        return text
    return text + gap() + _("Label such messages, or switch on “{switch}” under “How the bot reads "
                            "and answers”: fewer of them pass, but more of your own may go "
                            "to a person.").format(switch=_(FOREIGN))


def learnt(source: str, pairs: Sequence[tuple[str, str]], own: int, version: str | None) -> str:
    """Say what the bot learnt from; ``own``: how many of ``pairs`` are her labelled messages."""
    n, k = number(len(pairs)), number(len({i for _t, i in pairs}))
    if version is not None:
        return _("Learnt from the {n} sentences of version {name}, {k} intents.").format(
            n=n, k=k, name=version)
    if source == "own" and len(pairs) > own:
        return _("Learnt from your {n} labelled messages and {m} built-in sentences of what no "
                 "shop is asked; the other built-in sentences are left out.").format(
            n=number(own), m=number(len(pairs) - own))
    if source == "own":
        return _("Learnt from your {n} labelled messages alone, {k} intents; the built-in "
                 "sentences are left out.").format(n=n, k=k)
    if source == "both":
        return _("Learnt from {shipped} built-in sentences and your {own} labelled messages, {k} "
                 "intents.").format(shipped=number(len(pairs) - own), own=number(own), k=k)
    return _("Learnt from the {n} built-in sentences, {k} intents; from no message of "
             "yours.").format(n=n, k=k)


def method(classifier: IntentClassifier) -> str:
    """Say how a trained bot compares messages and from where it answers."""
    return _("Method: {engine}; answers from {p}.").format(
        engine=engine_name(classifier.engine_), p=percent(classifier.threshold, 0))


def curve(table: pd.DataFrame) -> str:
    """Say what the threshold trades, from ``evaluate.workload_curve``."""
    some = table[table["answered"] > 0]
    if some.empty:
        return _("Nothing is answered at any threshold.")
    first = some.iloc[0]
    text = _("From {t} on, the bot answers {share} and is right in {right}.").format(
        t=percent(first["threshold"], 0), share=percent(first["answered_share"], 0),
        right=percent(first["right_share"], 0),
    )
    good = some[some["right_share"] >= GOAL]
    if good.empty:
        return text + gap() + _("No threshold makes {goal} of its answers right.").format(
            goal=percent(GOAL, 0)
        )
    best = good.iloc[0]
    return text + gap() + _(
        "To be right in {goal} of its answers, let it answer from {t}: that is {share}."
    ).format(
        goal=percent(GOAL, 0), t=percent(best["threshold"], 0),
        share=percent(best["answered_share"], 0),
    )


def nearest_table(x: Explanation) -> pd.DataFrame:
    """Return the nearest training sentences with their intents in words."""
    return pd.DataFrame(
        [(s, intent_name(i), similarity) for s, i, similarity in x.nearest],
        columns=["sentence", "intent", "similarity"],
    )


def word_table(x: Explanation) -> pd.DataFrame:
    """Return each word with the probability without it and the difference it makes."""
    return pd.DataFrame(
        [(w.text, w.without, w.weight) for w in x.words], columns=["word", "without", "weight"]
    )


def error_table(errors: pd.DataFrame) -> pd.DataFrame:
    """Return ``evaluate.errors`` with intents and routes in words."""
    return pd.DataFrame({
        "message": errors["text"],
        "expected": [intent_name(i) for i in errors["truth"]],
        "understood": [intent_name(i) for i in errors["intent"]],
        "confidence": errors["confidence"],
        "route": [_(ROUTES[r]) for r in errors["route"]],
    })


def language_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return ``evaluate.by_language`` for display: shares with their ranges."""
    return pd.DataFrame({
        "language": [_(_LANGUAGES[c]) for c in table["language"]],
        "messages": table["messages"],
        "accuracy": ranged(table, "accuracy", "accuracy_low", "accuracy_high", "messages"),
        "answered": [_part(k, n) for k, n in zip(table["answered"], table["messages"],
                                                 strict=True)],
        "right": ranged(table, "right_share", "right_low", "right_high", "answered"),
        "asked": table["asked"],
        "passed": table["passed"],
    })


def _part(k: int, n: int) -> str:
    return f"{number(k)} ({percent(k / n, 0)})" if n else "–"


def ranged(table: pd.DataFrame, share: str, low: str, high: str, n: str) -> list[str]:
    """Return shares with their ranges as words; a dash where there is no case."""
    return [
        f"{percent(s, 0)} ({percent(a, 0)}–{percent(b, 0)})" if cases else "–"
        for s, a, b, cases in zip(table[share], table[low], table[high], table[n], strict=True)
    ]


def engine_table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    """Return the comparison of engines for display (rows as ``compare`` makes them)."""
    table = pd.DataFrame(rows)
    return pd.DataFrame({
        "engine": [engine_name(e) for e in table["engine"]],
        "held_out_accuracy": ranged(table, "cv", "cv_low", "cv_high", "n_cv"),
        "test_zh": ranged(table, "zh", "zh_low", "zh_high", "n_zh"),
        "test_en": ranged(table, "en", "en_low", "en_high", "n_en"),
        "calibration_error": table["ece"],
    })
