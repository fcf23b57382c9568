"""Every kind of model on the same people and days, and which of them to take.

The choice is made on days before those tested on: each kind learns from the earlier part of the
training rows and is judged by its log loss on the later part. The figures shown come from the test
rows, which had no say in it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from omni_core.errors import NothingToLearn, TooFewOutcomes
from omni_core.targeting import metrics
from omni_core.targeting.evaluate import Array
from omni_core.targeting.model import KINDS, ResponseModel
from omni_core.targeting.origins import foreseen, origins, split, tried
from omni_core.targeting.stack import Stack

if TYPE_CHECKING:
    import pandas as pd

ARTICLES = "articles"  # logistic regression on age, gender and channel or interests
WORTH = 0.99           # another kind has to lower the log loss by 1 %: simple stays simple


@dataclass(frozen=True)
class Comparison:
    """``p``: kind -> scores of the test rows; ``y`` their outcomes, ``user`` their people.

    ``choice``: kind -> log loss on the rows that the choice was made on (``how`` they were cut off:
    "time" or "shoppers"; empty where too few answers are left for that). ``best``: the kind chosen.
    """

    p: dict[str, Array]
    y: NDArray[np.int64]
    user: NDArray[np.object_]
    choice: dict[str, float]
    how: str
    best: str


def compare(
    ws: Any, rows: Stack, known_after: Sequence[str] = (),
    progress: Callable[[float], None] = lambda share: None,
    kinds: Sequence[str] = tuple(KINDS),
) -> Comparison:
    """Fit every kind, and the articles' three-column logistic regression, on the same rows."""
    parts = origins(ws, rows)
    labels = [part.y_train for part in parts]
    earlier = rows.take(parts[0].train, labels[0])
    try:
        inner = split(ws, earlier)
    except TooFewOutcomes:
        inner = None
    names = [*kinds, *([ARTICLES] if not set(rows.x.columns) <= set(rows.baseline) else [])]
    p: dict[str, Array] = {}
    choice: dict[str, float] = {}
    for done, name in enumerate(names):
        columns = [c for c in rows.x.columns if name != ARTICLES or c in rows.baseline]
        kind = "logistic" if name == ARTICLES else name
        try:
            if inner is not None:
                early = ResponseModel(kind, known_after).fit(
                    earlier.x.loc[inner.train, columns], inner.y_train)
                choice[name] = metrics.log_loss(
                    earlier.y[inner.test],
                    early.predict_proba(earlier.x.loc[inner.test, columns]))
            progress((done + 0.5) / len(names))
            p[name] = foreseen(parts, rows.x[columns], labels, kind, known_after)[0]
        except (NothingToLearn, TooFewOutcomes):
            choice.pop(name, None)
            continue
        progress((done + 1) / len(names))
    rivals = {k: v for k, v in choice.items() if k != ARTICLES and k in p}
    best = min(rivals, key=lambda k: rivals[k], default="logistic")
    if "logistic" in rivals and rivals[best] > WORTH * rivals["logistic"]:
        best = "logistic"
    test = tried(parts)
    return Comparison(p, rows.y[test], rows.user[test], choice,
                      inner.how if inner is not None else "", best)


def table(found: Comparison, threshold: float) -> pd.DataFrame:
    """Return model, n, AUC with its range, log loss, calibration error, and, of those who score at
    or above ``threshold``, precision, recall and F1; best log loss of the choice first."""
    import pandas as pd

    order = sorted(found.p, key=lambda k: (k == ARTICLES, found.choice.get(k, np.inf)))
    rows = []
    for kind in order:
        p, y = found.p[kind], found.y
        low, high = metrics.auc_range(y, p, found.user)
        precision, recall, f1 = metrics.at_threshold(y, p, threshold)
        rows.append((kind, len(y), metrics.auc(y, p), low, high, metrics.log_loss(y, p),
                     found.choice.get(kind, float("nan")), metrics.ece(y, p), precision, recall,
                     f1))
    return pd.DataFrame(rows, columns=[
        "model", "n", "auc", "auc_low", "auc_high", "log_loss", "choice_loss", "ece", "precision",
        "recall", "f1"])
