"""The engines side by side on the same sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from omni_core.service import encoder
from omni_core.service.classifier import IntentClassifier
from omni_core.service.engines import ENGINES
from omni_core.service.evaluate import accuracy, calibration_error, held_out, on_sentences


def compare(
    training: pd.DataFrame, test: pd.DataFrame, progress: Callable[[float], None] | None = None
) -> list[dict[str, Any]]:
    """Return one row per engine: accuracy by cross-validation and on the test sentences.

    ``training`` and ``test`` have text, intent (``test`` language too); ``test`` may be empty, and
    its shares are unknown then. Keys: engine; cv, zh, en, each with _low, _high and n_...; ece (on
    the cross-validated sentences). ``label_cosine`` is the source articles' method, the baseline.
    """
    names = [n for n in ENGINES if n != "semantic" or encoder.available()]
    rows = []
    for done, name in enumerate(names, 1):
        classifier = IntentClassifier(engine=name).fit(training["text"], training["intent"])
        cv = held_out(classifier)
        result = on_sentences(classifier, test)
        row: dict[str, Any] = {"engine": name, "ece": calibration_error(cv)}
        for key, part in (
            ("cv", cv), ("zh", result[result["language"] == "zh"]),
            ("en", result[result["language"] == "en"]),
        ):
            row[key], row[f"{key}_low"], row[f"{key}_high"] = accuracy(part)
            row[f"n_{key}"] = len(part)
        rows.append(row)
        if progress:
            progress(done / len(names))
    return rows
