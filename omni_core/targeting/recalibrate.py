"""Whether a model's log-odds should be stretched and shifted, judged on rows not fitted on.

A logistic regression needs no second fit for that: what it would say of a row, had it not seen it,
follows from the one fit (approximate leave-one-out: Rad and Maleki 2020, "A scalable estimate of
the out-of-sample prediction error via approximate leave-one-out cross-validation"). A forest asks
the trees that were grown without the row (out of bag: Breiman 2001). Other models are fitted again
without each third of the rows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from omni_core.targeting.metrics import log_loss

Array = NDArray[np.float64]
_FOLDS = 3
_FALL = 1e-4  # of the log loss per row: less is no reason to touch the probabilities


def sigmoid(value: Array) -> Array:
    """Return the probability of log-odds."""
    return 1 / (1 + np.exp(-np.clip(value, -500, 500)))


def folds(z: Array, y: NDArray[np.int64]) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Return (rows fitted on, rows left out) of each third, with equal shares of the outcomes."""
    from sklearn.model_selection import StratifiedKFold

    return list(StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(z, y))


def left_out(model: Any, z: Array, y: NDArray[np.int64]) -> Array:
    """Return (n,) what a fitted ridge-penalised logistic regression would say of each row without
    it: its margin less the pull of its own residual, by one Newton step."""
    margin = np.asarray(model.decision_function(z), float)
    p = sigmoid(margin)
    weight = p * (1 - p)
    ones = np.column_stack([z, np.ones(len(z))])
    penalty = np.append(np.full(z.shape[1], 1 / model.C), 1e-9)  # the intercept has none
    hessian = (ones * weight[:, None]).T @ ones + np.diag(penalty)
    pull = np.einsum("ij,ij->i", ones @ np.linalg.inv(hessian), ones)
    return margin - pull * (y - p) / np.maximum(1 - pull * weight, 1e-3)


def refitted(make: Callable[[], Any], margin_of: Callable[[Any, Array], Array], z: Array,
             y: NDArray[np.int64]) -> Array:
    """Return (n,) the margins of each third by a model fitted on the two others."""
    out = np.zeros(len(y))
    for train, test in folds(z, y):
        out[test] = margin_of(make().fit(z[train], y[train]), z[test])
    return out


def line(margin: Array, y: NDArray[np.int64]) -> tuple[float, float]:
    """Return slope and shift that fit outcomes to margins best (Platt 1999), by Newton's steps."""
    mean, spread = float(margin.mean()), float(margin.std()) or 1.0
    x = np.column_stack([(margin - mean) / spread, np.ones(len(margin))])
    rate = np.clip(y.mean(), 1e-6, 1 - 1e-6)
    beta = np.array([0.0, np.log(rate / (1 - rate))])  # from no slope at all the way is sure
    for _step in range(50):
        p = sigmoid(x @ beta)
        weight = np.maximum(p * (1 - p), 1e-9)
        # a tiny ridge: where margins part the outcomes entirely the slope would run away
        hessian = (x * weight[:, None]).T @ x + 1e-3 * np.eye(2)
        step = np.linalg.solve(hessian, x.T @ (y - p) - 1e-3 * beta)
        beta = beta + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break
    slope = float(beta[0]) / spread
    return slope, float(beta[1]) - slope * mean


def helps(out: Array, y: NDArray[np.int64]) -> bool:
    """Return whether a line through other rows' margins lowers the log loss of rows left out."""
    worth = log_loss(y, sigmoid(out)) - _FALL
    slope, shift = line(out, y)
    if log_loss(y, sigmoid(slope * out + shift)) >= worth:
        return False  # not even on the rows that it was drawn through
    corrected = np.zeros(len(y))
    for train, test in folds(out[:, None], y):
        slope, shift = line(out[train], y[train])
        corrected[test] = sigmoid(slope * out[test] + shift)
    return log_loss(y, corrected) < worth
