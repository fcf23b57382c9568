"""What moves a model as a whole: columns shuffled, columns swept, on people not learned from.

Works for every kind of model. Only the logistic one can also be taken apart exactly, person by
person (``ResponseModel.explain``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from omni_core.targeting import metrics
from omni_core.targeting.design import as_numbers, as_words, is_number
from omni_core.targeting.evaluate import Holdout

if TYPE_CHECKING:
    import pandas as pd

_REPEATS = 5
_MOST_ROWS = 4000


def permutation(held: Holdout, repeats: int = _REPEATS, seed: int = 0) -> pd.DataFrame:
    """Return column, drop, low, high: how far the AUC falls when the column is shuffled.

    The mean of ``repeats`` shuffles with their lowest and highest (Breiman 2001, on held-out rows;
    at most 4,000 of them). Columns left out of the model are not listed. A column whose news others
    carry as well falls little though it may matter.
    """
    import pandas as pd

    assert held.x is not None
    rng = np.random.default_rng(seed)
    rows = np.arange(len(held.y))
    if len(rows) > _MOST_ROWS:
        rows = np.sort(rng.choice(rows, _MOST_ROWS, replace=False))
    x, y = held.x.iloc[rows].reset_index(drop=True), held.y[rows]
    whole = metrics.auc(y, held.predict(x, rows))
    out = []
    for name in (c for c in x.columns if c not in held.left_out):
        falls = []
        for _repeat in range(repeats):
            mixed = x.copy(deep=False)
            mixed[name] = x[name].to_numpy()[rng.permutation(len(x))]
            falls.append(whole - metrics.auc(y, held.predict(mixed, rows)))
        out.append((name, float(np.mean(falls)), min(falls), max(falls)))
    table = pd.DataFrame(out, columns=["input", "drop", "low", "high"])
    return table.sort_values(["drop", "input"], ascending=[False, True], ignore_index=True)


def partial_dependence(held: Holdout, column: str, points: int = 12) -> pd.DataFrame:
    """Return value, people, response: the mean probability were everyone's ``column`` that value.

    Numbers at up to ``points`` quantiles, words at their levels of at least 20 people (Friedman
    2001). ``people`` have about that value; a mean of the model's own answers, no effect.
    """
    import pandas as pd

    assert held.x is not None
    x = held.x.iloc[:_MOST_ROWS]
    if is_number(x[column]):
        values = as_numbers(x[column])
        known = values[~np.isnan(values)]
        if not len(known):
            return pd.DataFrame(columns=["value", "people", "response"])
        grid = np.unique(np.quantile(known, np.linspace(0.02, 0.98, points)))
        edges = (grid[1:] + grid[:-1]) / 2
        people = np.bincount(np.searchsorted(edges, known), minlength=len(grid))
        levels = list(grid)
    else:
        words, counts = np.unique(as_words(x[column]).astype(str), return_counts=True)
        order = np.argsort(-counts, kind="stable")[:points]
        order = order[counts[order] >= 20]
        levels, people = [words[i] for i in order], counts[order]
    rows = []
    for level, n in zip(levels, people, strict=True):
        same = x.copy(deep=False)
        same[column] = np.full(len(x), level, dtype=float if is_number(x[column]) else object)
        rows.append((level, int(n), float(held.predict(same, np.arange(len(same))).mean())))
    return pd.DataFrame(rows, columns=["value", "people", "response"])
