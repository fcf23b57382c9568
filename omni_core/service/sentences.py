"""The labelled sentences a classifier learns from: the shipped ones, her own, or both."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from omni_core.errors import MissingColumns
from omni_core.sample import SOURCE, NoSample
from omni_core.service.intents import INTENTS, OUT_OF_SCOPE

TRAINING, TEST = "intents", "intents_test"
_HAN = re.compile(r"[\u3400-\u9fff]")
COLUMNS = ("text", "intent", "language", "source")
ENOUGH = 50  # fewer of her own, and what they teach and measure is rough


def language_of(text: str) -> str:
    """Return "zh" for a text with a Chinese character, else "en"."""
    return "zh" if _HAN.search(str(text)) else "en"


def shipped(name: str = TRAINING, folder: Path = SOURCE) -> pd.DataFrame:
    """Return the shipped sentences ("intents" or "intents_test"): text, intent, language, source.

    Raises ``NoSample`` when the file is not beside the program.
    """
    path = folder / f"{name}.csv"
    if not path.is_file():
        raise NoSample(str(folder))
    return pd.read_csv(path, dtype=str, encoding="utf-8-sig").assign(source="shipped")


def own(messages: pd.DataFrame) -> pd.DataFrame:
    """Return her labelled messages (columns text, intent) in the shape of ``shipped``.

    Raises ``MissingColumns``.
    """
    lacking = [c for c in ("text", "intent") if c not in messages.columns]
    if lacking:
        raise MissingColumns(lacking, messages.columns)
    result = messages[["text", "intent"]].astype(str)
    return result.assign(language=[language_of(t) for t in result["text"]], source="own")


def training_set(source: str, messages: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return the sentences to learn from: ``source`` is "shipped", "own" or "both"."""
    parts = []
    if source in ("shipped", "both"):
        parts.append(shipped())
    if source in ("own", "both") and messages is not None:
        parts.append(own(messages))
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def foreign(messages: pd.DataFrame) -> pd.DataFrame:
    """Return shipped sentences of what no shop is asked, as many as her average intent has.

    Evenly spaced over all of them; none where she labelled such messages herself.
    """
    every = shipped()
    every = every[every["intent"] == OUT_OF_SCOPE]
    if messages.empty or OUT_OF_SCOPE in set(messages["intent"]):
        return every.iloc[:0]
    n = min(len(every), -(-len(messages) // messages["intent"].nunique()))
    return every.iloc[np.linspace(0, len(every) - 1, n).astype(int)]


def judging_foreign() -> pd.DataFrame:
    """Return the shipped test sentences of what no shop is asked (text, intent)."""
    test = shipped(TEST)
    return test[test["intent"] == OUT_OF_SCOPE].reset_index(drop=True)


def mine(training: pd.DataFrame, rows: np.ndarray) -> np.ndarray:
    """Return which sentences of a training set are hers, by where they come from, bool (n,).

    ``rows``: the places in ``training`` that were learnt from (``IntentClassifier.rows_``). Their
    texts wouldn't tell: a shopper may write what a shipped sentence says.
    """
    return np.asarray(training["source"] == "own")[rows]


def other_labels(messages: pd.DataFrame) -> bool:
    """Tell whether her messages (column intent) carry an intent that the shipped ones don't."""
    return not set(messages["intent"]) <= set(INTENTS)


def default_source(messages: pd.DataFrame) -> str:
    """Return what to learn from if nothing is chosen: "shipped", "own" or "both".

    Hers are joined with the shipped ones only under the same names; else one question would have
    two intents, and each would take the other's probability. A single intent can't be learnt alone.
    """
    if messages.empty:
        return "shipped"
    return "own" if other_labels(messages) and messages["intent"].nunique() > 1 else "both"


def judging(intents: Iterable[str]) -> pd.DataFrame:
    """Return the shipped test sentences that can judge a bot of these intents.

    None where it knows an intent that the shipped ones don't: a sentence of theirs could be meant.
    """
    known, test = set(intents), shipped(TEST)
    if not known <= set(INTENTS):
        return test.iloc[:0]
    return test[test["intent"].isin(known)].reset_index(drop=True)
