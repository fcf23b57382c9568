"""How good a score is: AUC, gains, lift, calibration, Brier and log loss, in numpy.

Every function takes ``y`` (n,) of 0 and 1 and ``p`` (n,) of scores; ties are never broken by the
order of the rows: tied rows share their credit.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from omni_core.metrics import wilson

Array = NDArray[np.float64]
_EPS = 1e-12


def auc(y: ArrayLike, p: ArrayLike, weights: ArrayLike | None = None) -> float:
    """Return the area under the ROC curve (0 to 1, ties count half), NaN when y has one class."""
    labels, scores = np.asarray(y, float), np.asarray(p, float)
    w = np.ones(len(labels)) if weights is None else np.asarray(weights, float)
    order = np.argsort(scores, kind="stable")
    return _sorted_auc(labels[order], _tie_ends(scores[order]), w[order])


def _tie_ends(sorted_scores: Array) -> NDArray[np.intp]:
    """Return, for each run of equal scores, the index after its last row."""
    steps = np.flatnonzero(sorted_scores[1:] != sorted_scores[:-1]) + 1
    return np.append(steps, len(sorted_scores))


def _sorted_auc(y: Array, ends: NDArray[np.intp], w: Array) -> float:
    ones = np.concatenate(([0.0], np.cumsum(w * y)))[np.concatenate(([0], ends))]
    zeros = np.concatenate(([0.0], np.cumsum(w * (1 - y))))[np.concatenate(([0], ends))]
    if ones[-1] <= 0 or zeros[-1] <= 0:
        return float("nan")
    wins = np.sum(np.diff(ones) * (zeros[:-1] + np.diff(zeros) / 2))
    return float(wins / (ones[-1] * zeros[-1]))


def auc_range(
    y: ArrayLike,
    p: ArrayLike,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    resamples: int = 200,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the bootstrap percentile interval of the AUC.

    ``groups`` (n,) are resampled whole, so a shopper who received several campaigns counts once.
    Returns (NaN, NaN) when y has one class.
    """
    return _interval(_draws(y, [p], groups, resamples, seed)[0], level)


def auc_gap_range(
    y: ArrayLike,
    p: ArrayLike,
    other: ArrayLike,
    groups: ArrayLike | None = None,
    level: float = 0.95,
    resamples: int = 200,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the bootstrap interval of AUC(p) - AUC(other) on the same resamples."""
    mine, theirs = _draws(y, [p, other], groups, resamples, seed)
    return _interval(mine - theirs, level)


def _draws(
    y: ArrayLike, scores: list[ArrayLike], groups: ArrayLike | None, resamples: int, seed: int
) -> Array:
    """Return (len(scores), resamples) AUCs; each resample is the same people for every score."""
    labels = np.asarray(y, float)
    keys = np.arange(len(labels)) if groups is None else np.asarray(groups)
    _, member = np.unique(keys, return_inverse=True)
    n = int(member.max()) + 1 if len(member) else 0
    ranked = []
    for one in scores:
        values = np.asarray(one, float)
        order = np.argsort(values, kind="stable")
        ranked.append((labels[order], _tie_ends(values[order]), member[order]))
    rng = np.random.default_rng(seed)
    out = np.empty((len(scores), resamples))
    for i in range(resamples):
        counts = np.bincount(rng.integers(0, n, n), minlength=n).astype(float)
        out[:, i] = [_sorted_auc(ones, ends, counts[m]) for ones, ends, m in ranked]
    return out


def _interval(draws: Array, level: float) -> tuple[float, float]:
    good = draws[~np.isnan(draws)]
    if not len(good):
        return float("nan"), float("nan")
    tail = (1 - level) / 2
    low, high = np.quantile(good, [tail, 1 - tail])
    return float(low), float(high)


def log_loss(y: ArrayLike, p: ArrayLike) -> float:
    """Return the mean negative log-likelihood in nats."""
    labels = np.asarray(y, float)
    prob = np.clip(np.asarray(p, float), _EPS, 1 - _EPS)
    return float(-np.mean(labels * np.log(prob) + (1 - labels) * np.log1p(-prob)))


def brier(y: ArrayLike, p: ArrayLike) -> float:
    """Return the mean squared error of the probabilities (Brier 1950)."""
    return float(np.mean((np.asarray(p, float) - np.asarray(y, float)) ** 2))


@dataclass(frozen=True)
class Calibration:
    """Predicted against observed in equal-mass bins: arrays of one entry per bin."""

    n: NDArray[np.int64]
    predicted: Array
    observed: Array
    low: Array
    high: Array

    @property
    def ece(self) -> float:
        """Expected calibration error: mean gap of predicted and observed, weighted by n."""
        return float(np.sum(self.n * np.abs(self.observed - self.predicted)) / np.sum(self.n))


def calibration(y: ArrayLike, p: ArrayLike, bins: int = 10) -> Calibration:
    """Return predicted and observed rates in ``bins`` bins of equal size, with Wilson bounds."""
    labels, prob = np.asarray(y, float), np.asarray(p, float)
    order = np.argsort(prob, kind="stable")
    parts = [part for part in np.array_split(order, min(bins, max(len(order), 1))) if len(part)]
    n = np.array([len(part) for part in parts])
    hits = np.array([labels[part].sum() for part in parts])
    ranges = np.array([wilson(k, size) for k, size in zip(hits, n, strict=True)]).reshape(-1, 2)
    means = np.array([prob[part].mean() for part in parts])
    return Calibration(n, means, hits / np.maximum(n, 1), ranges[:, 0], ranges[:, 1])


def ece(y: ArrayLike, p: ArrayLike, bins: int = 10) -> float:
    """Return the expected calibration error over ``bins`` equal-mass bins."""
    return calibration(y, p, bins).ece


def gains(y: ArrayLike, p: ArrayLike, shares: ArrayLike) -> Array:
    """Return the share of all responders found in the top ``shares`` (0 to 1) of the ranking.

    Inside a run of tied scores the responders are spread evenly, which is what a random order of
    the tied rows gives on average.
    """
    labels, scores = np.asarray(y, float), np.asarray(p, float)
    order = np.argsort(-scores, kind="stable")
    ends = _tie_ends(-scores[order])
    found = np.cumsum(labels[order])[ends - 1]
    x = np.concatenate(([0.0], ends / len(labels)))
    g = np.concatenate(([0.0], found / max(float(labels.sum()), _EPS)))
    return np.interp(np.asarray(shares, float), x, g)


def lift(y: ArrayLike, p: ArrayLike, share: float) -> float:
    """Return the response rate of the top ``share`` divided by that of everyone."""
    return float(gains(y, p, share) / share)


def lift_by_decile(y: ArrayLike, p: ArrayLike) -> Array:
    """Return (10,) the response rate of each tenth of the ranking divided by that of everyone."""
    return np.diff(gains(y, p, np.linspace(0, 1, 11))) * 10


def at_threshold(y: ArrayLike, p: ArrayLike, threshold: float) -> tuple[float, float, float]:
    """Return precision, recall and F1 of ``p >= threshold``; NaN where nobody is counted."""
    labels, chosen = np.asarray(y, bool), np.asarray(p, float) >= threshold
    hits, taken, all_hits = int((labels & chosen).sum()), int(chosen.sum()), int(labels.sum())
    precision = hits / taken if taken else float("nan")
    recall = hits / all_hits if all_hits else float("nan")
    f1 = 2 * hits / (taken + all_hits) if taken + all_hits else float("nan")
    return precision, recall, f1


def summary(y: ArrayLike, p: ArrayLike, groups: ArrayLike | None = None) -> dict[str, Any]:
    """Return the figures a page shows: n, positives, base rate, AUC with range, ECE, losses."""
    labels = np.asarray(y, float)
    low, high = auc_range(y, p, groups)
    return {
        "n": len(labels),
        "positives": int(labels.sum()),
        "base_rate": float(labels.mean()) if len(labels) else float("nan"),
        "auc": auc(y, p),
        "auc_low": low,
        "auc_high": high,
        "ece": ece(y, p),
        "brier": brier(y, p),
        "log_loss": log_loss(y, p),
        "lift_10": lift(y, p, 0.1),
    }
