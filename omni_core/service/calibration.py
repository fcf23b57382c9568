"""From scores to probabilities: one temperature, fitted on sentences the engine had not seen.

Guo et al. (2017), "On Calibration of Modern Neural Networks": p = softmax(scores / T), with T
chosen by the likelihood of held-out labels. One number can't overfit, and it never changes which
intent comes first.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
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


def _groups(forms: Sequence[str]) -> tuple[Array, Array]:
    """Return (group per row, first row of each group): rows with the same form are one group."""
    _forms, first, group = np.unique(
        np.array(forms, dtype=object), return_index=True, return_inverse=True
    )
    return group, first


def folds(y: Array, n: int, forms: Sequence[str], seed: int = 0) -> Array:
    """Return a fold number per row; equal forms share one, classes are dealt evenly.

    A class with a single form gets -1, which means the training part of every fold: the class
    can't be learnt without it. Real chats repeat themselves; were the copies of a sentence dealt
    apart, the engine would be judged on sentences it has learnt.
    """
    rng = np.random.default_rng(seed)
    group, first = _groups(forms)
    dealt = np.full(len(first), -1)
    of_row = dict(zip(first, range(len(first)), strict=True))
    leaders = np.sort(first)
    start = 0
    for c in np.unique(y):
        some = rng.permutation(leaders[y[leaders] == c])
        if len(some) > 1:
            dealt[[of_row[i] for i in some]] = (start + np.arange(len(some))) % n
            start += len(some)  # else small classes would all lean on the first folds
    # A form with two labels is dealt by one of them; the other class may so end up in one fold.
    while alone := [c for c in np.unique(y) if (k := set(dealt[group[y == c]])) != {-1}
                    and len(k) == 1]:
        dealt[group[np.isin(y, alone)]] = -1
    return np.asarray(dealt[group])


def learn_and_judge(
    engine: Engine, features: Any, y: Array, classes: int, forms: Sequence[str],
    progress: Callable[[float], None] | None = None,
) -> tuple[Array, Array]:
    """Let the engine learn all rows; return (rows, scores) by models without a row's fold.

    ``forms``: each row's text as repeats are told by; equal ones are held out together. The
    number of folds is 3 (5 below 1,000 forms, where a third less to learn from would make the
    engine look worse than it is), or the forms of the smallest class with two if that is less;
    0 rows come back when every class has a single one.
    """
    first = _groups(forms)[1]
    counts = np.bincount(y[first], minlength=classes)
    usable = counts[counts > 1]
    n = int(min(_FOLDS_WHEN_FEW if len(first) < _FEW else _FOLDS, usable.min(initial=_FOLDS)))
    fold = folds(y, n, forms) if len(usable) else np.full(len(y), -1)
    scores: Array = np.full((len(y), classes), np.nan)

    def work(k: int) -> None:
        if k < 0:
            engine.learn(features, y)
            return
        train, held = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        if len(held):
            model = copy.copy(engine)
            model.learn(features[train], y[train])
            scores[held] = model.score(engine.held_out(features, held))

    jobs = range(-1, n if len(usable) else 0)
    for done, k in enumerate(jobs, 1):  # one by one: liblinear's random numbers are the process's
        work(k)
        if progress:
            progress(done / len(jobs))
    rows = np.flatnonzero(fold >= 0)
    return rows, scores[rows]
