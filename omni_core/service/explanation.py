"""What decided an intent: the words without which it would be less sure, and the nearest sentences.

A word's weight is measured by leaving it out and asking the engine again (occlusion; Zeiler and
Fergus 2014). It works alike for every engine, and it can be said in words: "without it the
probability falls from 92 % to 41 %".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from omni_core.service.classifier import IntentClassifier
from omni_core.service.normal_form import normalise
from omni_core.service.words import pieces

_MOST_WORDS = 60  # a long e-mail: the first words say what it is about


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of the message: its text, the probability without it, and the difference it makes."""

    text: str
    without: float
    weight: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a message got its intent.

    ``read_as``: the normalised text; ``intent`` and ``probability``: the engine's own view, before
    exact match; ``words``: every piece of ``read_as`` in order, weight in probability (-1 to 1);
    ``nearest``: (sentence, intent, similarity) of the nearest training sentences.
    """

    read_as: str
    intent: str
    probability: float
    words: tuple[Word, ...]
    nearest: tuple[tuple[str, str, float], ...]


def explain(classifier: IntentClassifier, text: str, n: int = 3) -> Explanation:
    """Return which words and which ``n`` training sentences decided a message's intent.

    The intent explained is the one ``classify`` gives. Raises ``NotFitted``.
    """
    intent = classifier.classify(text).intent
    column = int(np.flatnonzero(classifier.classes_ == intent)[0])
    clean = normalise(text)
    spans = pieces(clean)[:_MOST_WORDS]
    variants = [clean, *(f"{clean[:a]} {clean[b:]}".strip() for a, b in spans)]
    p = classifier.engine_proba(variants)[:, column]
    found = tuple(
        Word(clean[a:b], float(q), float(p[0] - q)) for (a, b), q in zip(spans, p[1:], strict=True)
    )
    return Explanation(clean, intent, float(p[0]), found, tuple(classifier.nearest(text, n)))
