"""A small neural network over factors of shopper and item, as the articles propose.

Truncated SVD gives each shopper and each item a vector; a network of one hidden layer learns, from
the two vectors and their product, to tell what she took from goods drawn at random. It is here so
that it can be compared: in published comparisons on sparse data such networks lose to well-set
neighbours (Ferrari Dacrema et al. 2019, Rendle et al. 2020); on the sample shop the two can't be
told apart. Either way it takes far longer and can't say why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse
from threadpoolctl import threadpool_limits

from omni_core import params
from omni_core.i18n import N_
from omni_core.recommend import fields, similarity
from omni_core.recommend.additive import scaled
from omni_core.recommend.base import Model, Weights
from omni_core.recommend.interactions import Array, Interactions

MOST_PAIRS = 50_000  # things taken that the network learns from; more take minutes


@dataclass(frozen=True, slots=True)
class NeuralParameters:
    """Parameters of ``Neural``."""

    weights: Mapping[str, float] | Weights = fields.weights()
    factors: int = params.field(
        16, low=1, high=64, step=1, label=N_("Factors"),
        help=N_("How many hidden tastes describe a shopper and a product."),
    )
    hidden: int = params.field(
        32, low=2, high=128, step=2, label=N_("Hidden units"),
        help=N_("The size of the network: larger learns finer patterns and more chance."),
    )
    negatives: int = params.field(
        3, low=1, high=10, step=1, label=N_("Goods not taken per good taken"),
        help=N_("How many goods drawn at random stand against each one she took."),
    )
    rounds: int = params.field(
        15, low=1, high=100, step=1, label=N_("Rounds"),
        help=N_("How often the network sees the data."),
    )
    seed: int = fields.seed()

    def __post_init__(self) -> None:
        fields.check(self, "factors", "hidden", "negatives", "rounds", "seed")


class Neural(Model):
    """Recommends by a small network; whether that pays is for the measure to say."""

    name = "neural"
    label = N_("Small neural network")
    parameters = NeuralParameters

    def _fit(self, train: Interactions) -> None:
        from sklearn.utils.extmath import randomized_svd

        p = self.params
        x = train.matrix(scaled(dict(p.weights), train))
        factors = min(p.factors, *x.shape)
        with threadpool_limits(1):
            left, size, right = randomized_svd(x, factors, random_state=p.seed)
            root = np.sqrt(size)
            self._user, self._item_factors = _even(left * root), _even(right.T * root)
            self._learn(x)

    def _learn(self, x: sparse.csr_matrix) -> None:
        from sklearn.neural_network import MLPClassifier

        p, rng = self.params, np.random.default_rng(self.params.seed)
        user = np.repeat(np.arange(x.shape[0]), np.diff(x.indptr))
        drawn = np.sort(rng.permutation(len(user))[:MOST_PAIRS])
        user, item = user[drawn], x.indices[drawn]
        others = np.repeat(user, p.negatives)
        random = rng.integers(0, x.shape[1], len(others))
        keep = ~_taken(x, others, random)
        u, i = np.r_[user, others[keep]], np.r_[item, random[keep]]
        y = np.r_[np.ones(len(user)), np.zeros(int(keep.sum()))]
        self._layers: tuple[Any, ...] | None = None
        if not keep.any():  # everyone took everything: nothing to tell apart
            return
        pairs = np.c_[self._user[u], self._item_factors[i], self._user[u] * self._item_factors[i]]
        learner = MLPClassifier((p.hidden,), alpha=1e-3, random_state=p.seed)
        for done in range(p.rounds):
            learner.partial_fit(pairs, y, classes=np.array([0.0, 1.0]))
            self._tell((done + 1) / p.rounds)
        self._layers = (*learner.coefs_, *learner.intercepts_)

    def _scores(self, users: Array) -> sparse.csr_matrix:
        if self._layers is None:
            return sparse.csr_matrix((len(users), len(self.train.items)))
        first, second, bias, end = self._layers
        of_user, of_item, of_both = np.split(first, 3)
        items = self._item_factors @ of_item + bias
        found = np.empty((len(users), len(self.train.items)))
        with threadpool_limits(1):
            for place, user in enumerate(users):
                taste = self._user[user]
                inner = items + taste @ of_user + self._item_factors @ (taste[:, None] * of_both)
                found[place] = (np.maximum(inner, 0.0) @ second).ravel() + end
        return sparse.csr_matrix(1.0 / (1.0 + np.exp(-found)))

    def _like(self, item: int) -> sparse.csr_matrix:
        return similarity.cosines(self._item_factors, item)


def _even(factors: Array) -> Array:
    """Return the factors with a mean square of 1 in all, as a network likes them."""
    size = np.sqrt(np.mean(factors**2))
    return factors / (size if size > 0 else 1.0)


def _taken(x: sparse.csr_matrix, users: Array, items: Array) -> Array:
    """Say for pairs of user and item whether the user has the item."""
    owner = np.repeat(np.arange(x.shape[0]), np.diff(x.indptr))
    return np.isin(users * x.shape[1] + items, owner * x.shape[1] + x.indices)
