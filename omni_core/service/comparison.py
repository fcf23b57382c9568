"""The engines side by side on the same sentences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from omni_core.service import encoder
from omni_core.service.classifier import IntentClassifier
from omni_core.service.engines import ENGINES
from omni_core.service.evaluate import accuracy, calibration_error, held_out, on_sentences
from omni_core.service.normal_form import normalise


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


def recommended(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the row to recommend: the most accurate, or the best calibrated of those as good.

    Near: its range holds the best one's accuracy.
    """
    best = max(rows, key=lambda r: r["cv"])
    near = [r for r in rows if r["cv_high"] >= best["cv"]]
    return min(near, key=lambda r: (r["ece"], -r["cv"]))


SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
_TEST_SHARE, _CURVE_ENGINES = 0.25, ("semantic", "tfidf", "bayes")


def learning_curve(
    training: pd.DataFrame, shares: tuple[float, ...] = SHARES,
    progress: Callable[[float], None] | None = None,
) -> pd.DataFrame:
    """Return engine, share, sentences, accuracy, low, high, judged: what more sentences bring.

    A quarter of the sentences, chosen by chance, is kept back as the test of every point; sentences
    that read the same are on one side. ``training``: columns text, intent.
    """
    rng = np.random.default_rng(0)
    forms = np.unique([normalise(t) for t in training["text"]], return_inverse=True)[1]
    kept = rng.permutation(forms.max() + 1) < _TEST_SHARE * (forms.max() + 1)
    test, rest = training[kept[forms]], training[~kept[forms]]
    rest = rest.iloc[rng.permutation(len(rest))]
    names = [n for n in _CURVE_ENGINES if n != "semantic" or encoder.available()]
    rows: list[tuple[Any, ...]] = []
    for done, (name, share) in enumerate([(n, s) for n in names for s in shares], 1):
        part = rest.iloc[: max(2, round(share * len(rest)))]
        if part["intent"].nunique() > 1:
            fitted = IntentClassifier(engine=name).fit(part["text"], part["intent"])
            rows.append((name, share, len(part), *accuracy(on_sentences(fitted, test)), len(test)))
        if progress:
            progress(done / (len(names) * len(shares)))
    return pd.DataFrame(rows, columns=["engine", "share", "sentences", "accuracy", "low", "high",
                                       "judged"])
