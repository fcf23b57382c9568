"""From scores to probabilities: one temperature, fitted on sentences the engine had not seen.

Guo et al. (2017), "On Calibration of Modern Neural Networks": p = softmax(scores / T), with T
chosen by the likelihood of held-out labels. One number can't overfit, and it never changes which
intent comes first.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np

from omni_core.service.engines import Array, Engine

_LOW, _HIGH = np.log(1e-3), np.log(1e4)
_FOLDS, _FOLDS_WHEN_FEW, _FEW = 3, 5, 1000


def softmax(scores: Array, temperature: float) -> Array:
    """Return softmax(scores / temperature) by row."""
    z = scores / temperature
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(z / z.sum(axis=1, keepdims=True))


def fit_temperature(scores: Array, y: Array) -> float:
    """Return the temperature under which the true classes are likeliest."""
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    true = scores[np.arange(len(y)), y]

    def loss(log_t: float) -> float:
        t = np.exp(log_t)
        return float(np.mean(logsumexp(scores / t, axis=1) - true / t))

    return float(np.exp(minimize_scalar(loss, bounds=(_LOW, _HIGH), method="bounded").x))


def folds(y: Array, n: int, seed: int = 0) -> Array:
    """Return a fold number per row, each class dealt out evenly; a class of one row gets -1.

    Rows with -1 are in the training part of every fold: a class can't be learnt without them.
    """
    rng = np.random.default_rng(seed)
    fold = np.full(len(y), -1)
    start = 0
    for c in np.unique(y):
        rows = rng.permutation(np.flatnonzero(y == c))
        if len(rows) > 1:
            fold[rows] = (start + np.arange(len(rows))) % n
            start += len(rows)  # else small classes would all lean on the first folds
    return fold


def out_of_fold(engine: Engine, features: Any, y: Array, classes: int) -> tuple[Array, Array]:
    """Return (rows, scores): scores of each row by a model that learnt without its fold.

    The number of folds is 3 (5 below 1,000 rows, where a third less to learn from would make the
    engine look worse than it is), or the size of the smallest class with two rows if that is less;
    0 rows come back when every class has a single one. The engine itself is left as it is.
    """
    counts = np.bincount(y, minlength=classes)
    usable = counts[counts > 1]
    if not len(usable):
        return np.array([], dtype=int), np.empty((0, classes))
    n = int(min(_FOLDS_WHEN_FEW if len(y) < _FEW else _FOLDS, usable.min()))
    fold = folds(y, n)
    scores: Array = np.full((len(y), classes), np.nan)
    model = copy.copy(engine)
    for k in range(n):
        train, held = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        model.learn(features[train], y[train])
        scores[held] = model.score(engine.held_out(features, held, train))
    rows = np.flatnonzero(fold >= 0)
    return rows, scores[rows]
