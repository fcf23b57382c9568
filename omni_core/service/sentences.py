"""The labelled sentences a classifier learns from: the shipped ones, her own, or both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from omni_core.errors import MissingColumns
from omni_core.sample import SOURCE, NoSample

TRAINING, TEST = "intents", "intents_test"
_HAN = re.compile(r"[\u3400-\u9fff]")
COLUMNS = ("text", "intent", "language", "source")


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


def mine(sentences: Sequence[str], messages: pd.DataFrame) -> np.ndarray:
    """Return which of ``sentences`` are among her messages, shape (n,), bool."""
    texts = set(messages["text"])
    return np.array([s in texts for s in sentences], dtype=bool)
