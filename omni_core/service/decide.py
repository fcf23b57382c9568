"""From probabilities to what happens: answer, ask back, or a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from omni_core.service.answering import Own, has_reply
from omni_core.service.intents import FOR_A_PERSON, OUT_OF_SCOPE
from omni_core.service.sentences import language_of

Array = np.ndarray[Any, Any]
RUNNERS_UP = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """What a message asks for.

    ``confidence`` is the probability of ``intent``; ``alternatives`` are the runners-up as
    (intent, probability), likeliest first; ``route`` is "answer", "clarify" (offer ``choices``)
    or "person"; ``reason`` says how it was found: "model", "exact" or "noise".
    """

    intent: str
    confidence: float
    alternatives: list[tuple[str, float]]
    route: str
    reason: str = "model"

    @property
    def choices(self) -> list[str]:
        """The intents to offer as buttons when asking back: the three likeliest in scope."""
        ranked = [self.intent, *(intent for intent, _p in self.alternatives)]
        return [intent for intent in ranked if intent != OUT_OF_SCOPE][:3]


def summarise(probabilities: Array, classes: Array) -> pd.DataFrame:
    """Return one row per message with all that routing needs.

    Columns: intent, confidence, runner_up, second (its probability), asked (probability that
    one of the three likeliest intents in scope is right).
    """
    order = np.argsort(-probabilities, axis=1, kind="stable")
    rows = np.arange(len(probabilities))
    first, second = order[:, 0], order[:, 1]
    return pd.DataFrame({
        "intent": classes[first],
        "confidence": probabilities[rows, first],
        "runner_up": classes[second],
        "second": probabilities[rows, second],
        "asked": worth_asking(probabilities, classes),
    })


def worth_asking(probabilities: Array, classes: Array) -> Array:
    """Return the probability that one of the three likeliest intents in scope is right, (n,)."""
    in_scope = np.where(classes == OUT_OF_SCOPE, 0.0, probabilities)
    return np.asarray(np.sort(in_scope, axis=1)[:, -3:].sum(axis=1))


def routes(
    summary: pd.DataFrame, threshold: float, margin: float, own: Own | None = None
) -> pd.Series:
    """Return the route of each row of ``summarise``.

    Answer when the confidence reaches the threshold and leads by the margin; else ask back when
    the three likeliest intents together reach the threshold; else a person. Out of scope and the
    wish for a person always go to a person. With ``own`` (her replies by intent; needs a column
    text) so does what would be answered where the bot has no words for it.
    """
    found = [
        route(intent, p, second, asked, threshold, margin)
        for intent, p, second, asked in zip(
            summary["intent"], summary["confidence"], summary["second"], summary["asked"],
            strict=True,
        )
    ]
    if own is not None:
        found = [
            "person" if way == "answer" and not has_reply(intent, language_of(text), own) else way
            for way, intent, text in zip(found, summary["intent"], summary["text"], strict=True)
        ]
    return pd.Series(found, index=summary.index, name="route", dtype=object)


def route(
    intent: str, confidence: float, second: float, asked: float, threshold: float, margin: float
) -> str:
    """Return the route of one message (see ``routes``)."""
    if intent in (OUT_OF_SCOPE, FOR_A_PERSON):
        return "person"
    if confidence >= threshold and confidence - second >= margin:
        return "answer"
    return "clarify" if asked >= threshold else "person"
