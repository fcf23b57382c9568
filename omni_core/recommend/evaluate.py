"""How good a list is, on events after the cut: the whole catalogue ranked, ranges always.

Sampled negatives are not used: they inflate nDCG about threefold and shrink the difference to
popularity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import sparse

from omni_core.errors import BadParameter
from omni_core.recommend.base import Model
from omni_core.recommend.cells import spread
from omni_core.recommend.interactions import Array, Interactions

FEW = 50  # below so many test shoppers a difference can hardly be told from chance


class Evaluation(dict[str, float]):
    """Metrics by name ("ndcg@10"), with ``users`` and ``unknown_users``.

    ``per_user`` holds each metric that is a mean over shoppers as one value per test shopper, in
    the order of the ids ``shoppers``; ``history`` is how many items each of them had before;
    ``few`` says that there are fewer than 50 of them.
    """

    def __init__(
        self, metrics: dict[str, float], per_user: dict[str, Array], shoppers: Array,
        history: Array | None = None,
    ) -> None:
        super().__init__(metrics)
        self.per_user = per_user
        self.shoppers = shoppers
        self.history = np.zeros(len(shoppers), int) if history is None else history

    @property
    def few(self) -> bool:
        """True when there are too few test shoppers for a steady figure."""
        return self["users"] < FEW


def evaluate(
    model: Model,
    test: Interactions,
    k: Iterable[int] = (10, 20),
    exclude: Iterable[str] = ("purchase",),
    events: Iterable[str] | None = None,
) -> Evaluation:
    """Measure a fitted model on what shoppers did after the training data.

    A test shopper's relevant items are those of her test events (of the kinds ``events``; None:
    all), without those she already has in train under ``exclude``: these are neither recommended
    nor counted. For each cut-off in ``k``: ``ndcg`` (ideal = min(relevant, k)), ``recall``,
    ``hit_rate`` (means over test shoppers, unknown ones included), ``coverage`` (share of the
    training catalogue in any list), ``novelty`` (mean -log2 of the share of training shoppers
    who have the recommended item). What a list only shows again is kept apart: ``resurfaced`` is
    the share of it that she had come to before by any kind of event, ``hit_rate_resurfaced`` and
    ``hit_rate_new`` are the hit rates among these and among the rest. NaN where nobody can be
    tested.
    """
    cuts = sorted(set(k))
    if not cuts or cuts[0] < 1:
        raise BadParameter("k", tuple(k), "≥ 1")
    exclude = tuple(exclude)
    asked = _questions(model, test, exclude, None if events is None else tuple(events))
    metrics: dict[str, float] = {}
    per_user: dict[str, Array] = {}
    items, _scores = model.top(asked.codes, cuts[-1], exclude)
    hits, again, shown = (np.ascontiguousarray(a.T) for a in (*asked.known(items), items >= 0))
    surprise = model.train.remember(("surprise",), lambda: -np.log2(np.maximum(
        model.train.shoppers / max(len(model.train.users), 1), 1e-12)))
    gain = 1.0 / np.log2(np.arange(2, cuts[-1] + 2))
    ideal = np.cumsum(gain)
    nobody = not len(asked.codes)
    for cut in cuts:  # place by place over all shoppers: a row is a place on the list
        hit, known = hits[:cut], again[:cut]
        per_user[f"ndcg@{cut}"] = gain[:cut] @ hit / ideal[np.minimum(asked.count, cut) - 1]
        per_user[f"recall@{cut}"] = hit.sum(axis=0) / asked.count
        per_user[f"hit_rate@{cut}"] = hit.any(axis=0).astype(float)
        per_user[f"resurfaced@{cut}"] = known.sum(axis=0) / np.maximum(
            shown[:cut].sum(axis=0), 1)
        per_user[f"hit_rate_resurfaced@{cut}"] = (hit & known).any(axis=0).astype(float)
        per_user[f"hit_rate_new@{cut}"] = (hit & ~known).any(axis=0).astype(float)
        there = items[:, :cut][shown[:cut].T]
        metrics[f"coverage@{cut}"] = (
            np.nan if nobody else np.count_nonzero(np.bincount(there)) / len(model.train.items)
        )
        metrics[f"novelty@{cut}"] = float(surprise[there].mean()) if len(there) else np.nan
    for name, values in per_user.items():
        metrics[name] = np.nan if nobody else float(values.mean())
    metrics["users"] = len(asked.codes)
    metrics["unknown_users"] = int((asked.codes < 0).sum())
    return Evaluation(metrics, per_user, asked.shoppers, asked.history)


@dataclass(frozen=True)
class Range:
    """A mean with the range in which it lies with 95 % probability (bootstrap over shoppers)."""

    mean: float
    low: float
    high: float


def interval(values: Array, level: float = 0.95, draws: int = 1000) -> Range:
    """Return the mean of one value per shopper with its percentile bootstrap range.

    The same draws of shoppers serve every call of one length, so two ranges can be compared.
    NaN for no shoppers.
    """
    values = np.asarray(values, dtype=float)
    if not len(values):
        return Range(np.nan, np.nan, np.nan)
    means = _draws(len(values), draws) @ values / len(values)
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Range(float(values.mean()), float(low), float(high))


def paired(first: Evaluation, second: Evaluation, metric: str) -> Range:
    """Return the range of the difference first - second of one metric, shopper by shopper.

    Raises ``BadParameter`` when the two were not measured on the same shoppers.
    """
    if len(first.shoppers) != len(second.shoppers) or any(first.shoppers != second.shoppers):
        raise BadParameter("second", "…", "the same test shoppers")
    return interval(first.per_user[metric] - second.per_user[metric])


@dataclass(frozen=True)
class _Questions:
    """The test shoppers, their codes in train, and what they should have been shown.

    ``history`` is how many items each had before, by any kind of event; 0 for unknown ones.
    """

    shoppers: Array
    codes: Array
    count: Array
    keys: Array  # row * (items + 1) + item code, sorted: relevant in train, or come to before
    kinds: Array  # of each key: 1 if it is relevant, 2 if she had come to it before by any event
    history: Array
    width: int

    def known(self, items: Array) -> tuple[Array, Array]:
        """Say which items are relevant, and which a shopper had come to before (not -1)."""
        found = np.zeros(items.shape, np.uint8)
        if len(self.keys):
            # looked up in their order, which is several times faster; each brings its place along
            bits = max(1, int(items.shape[1] - 1).bit_length())
            order = np.sort((items << bits) + np.arange(items.shape[1]), axis=1)
            row = np.arange(len(items))[:, None]
            key = row * self.width + (order >> bits)
            at = np.minimum(np.searchsorted(self.keys, key), len(self.keys) - 1)
            found[row, order & ((1 << bits) - 1)] = np.where(
                self.keys[at] == key, self.kinds[at], 0)
        return (found & 1).astype(bool), (found & 2).astype(bool)


def _questions(
    model: Model, test: Interactions, exclude: tuple[str, ...], events: tuple[str, ...] | None
) -> _Questions:
    """Return what the shoppers are asked; kept, since while a setting is tuned it is the same."""
    train = model.train
    # the test data are kept beside what was made of them, so that no others take their id
    _test, asked = train.remember(
        ("questions", id(test), exclude, events),
        lambda: (test, _asked(train, test, exclude, events)))
    found: _Questions = asked
    return found


def _asked(
    train: Interactions, test: Interactions, exclude: tuple[str, ...],
    events: tuple[str, ...] | None,
) -> _Questions:
    wanted = test.having(test.events if events is None else events).tocoo()
    users, items = train.codes_of(test.users), train.item_codes(test.items)
    user, item = users[wanted.row], items[wanted.col]
    width = len(train.items) + 1
    bought, had = train.having(exclude), train.having(train.events)
    have = (user >= 0) & (item >= 0) & _among(
        user * width + item, _keys(bought, np.arange(len(train.users))))
    who, item = wanted.row[~have], item[~have]
    rows, place, count = np.unique(who, return_inverse=True, return_counts=True)
    codes = users[rows]
    wants, came = (place * width + item)[item >= 0], _keys(had, codes)
    keys = np.union1d(wants, came)
    kinds = _among(keys, np.sort(wants)) + np.uint8(2) * _among(keys, came)
    return _Questions(
        np.asarray(test.users)[rows], codes, count, keys, kinds,
        np.r_[np.diff(had.indptr), 0][codes], width)


def _keys(owned: sparse.csr_matrix, users: Array) -> Array:
    """Return row * (items + 1) + item, sorted, of what some users (codes; -1: nothing) have."""
    length = np.where(users >= 0, np.diff(owned.indptr)[users], 0)
    row = np.repeat(np.arange(len(users)), length)
    return row * (owned.shape[1] + 1) + owned.indices[spread(owned.indptr[users], length)]


def _among(keys: Array, those: Array) -> Array:
    """Whether each key is among sorted ones; several times faster than ``numpy.isin`` here."""
    if not len(those):
        return np.zeros(keys.shape, bool)
    return those[np.minimum(np.searchsorted(those, keys), len(those) - 1)] == keys


@lru_cache(maxsize=4)
def _draws(n: int, draws: int) -> Any:
    """Return draws x n: how often each shopper is in each bootstrap sample."""
    rng = np.random.default_rng(12_345)
    chosen = rng.integers(0, n, size=(draws, n))
    chosen += np.arange(draws)[:, None] * n
    return np.bincount(chosen.ravel(), minlength=draws * n).reshape(draws, n).astype(np.float32)
