"""From probabilities to what happens: answer, ask back, or a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from omni_core.service.intents import FOR_A_PERSON, OUT_OF_SCOPE

ROUTES = ("answer", "clarify", "person")
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


def summarise(probabilities: np.ndarray[Any, Any], classes: np.ndarray[Any, Any]) -> pd.DataFrame:
    """Return one row per message with all that routing needs.

    Columns: intent, confidence, runner_up, second (its probability), asked (probability that
    one of the three likeliest intents in scope is right).
    """
    if not len(probabilities):
        return pd.DataFrame(columns=["intent", "confidence", "runner_up", "second", "asked"])
    order = np.argsort(-probabilities, axis=1, kind="stable")
    rows = np.arange(len(probabilities))
    first, second = order[:, 0], order[:, 1]
    in_scope = np.where(classes == OUT_OF_SCOPE, 0.0, probabilities)
    return pd.DataFrame({
        "intent": classes[first],
        "confidence": probabilities[rows, first],
        "runner_up": classes[second],
        "second": probabilities[rows, second],
        "asked": np.sort(in_scope, axis=1)[:, -3:].sum(axis=1),
    })


def routes(summary: pd.DataFrame, threshold: float, margin: float) -> pd.Series:
    """Return the route of each row of ``summarise``.

    Answer when the confidence reaches the threshold and leads by the margin; else ask back when
    the three likeliest intents together reach the threshold; else a person. Out of scope and the
    wish for a person always go to a person.
    """
    sure = (summary["confidence"] >= threshold) & (
        summary["confidence"] - summary["second"] >= margin
    )
    handed_over = summary["intent"].isin([OUT_OF_SCOPE, FOR_A_PERSON])
    worth_asking = summary["asked"] >= threshold
    route = np.select([handed_over, sure, worth_asking], ["person", "answer", "clarify"], "person")
    return pd.Series(route, index=summary.index, name="route")
