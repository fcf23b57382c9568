"""The lowest line of all: goods drawn at random, the same for the same shopper each time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from omni_core.i18n import N_
from omni_core.recommend import fields
from omni_core.recommend.base import Model, Weights
from omni_core.recommend.interactions import Array, Interactions


@dataclass(frozen=True, slots=True)
class ChanceParameters:
    """Parameters of ``Chance``: the weights matter only where a list must be filled."""

    weights: Mapping[str, float] | Weights = fields.weights()
    seed: int = fields.seed()

    def __post_init__(self) -> None:
        fields.check(self, "seed")


class Chance(Model):
    """Recommends at random; a baseline beside the bestsellers, not one of ``MODELS``."""

    name = "chance"
    label = N_("At random")
    parameters = ChanceParameters

    def _fit(self, train: Interactions) -> None:
        pass

    def _scores(self, users: Array) -> sparse.csr_matrix:
        drawn = np.empty((len(users), len(self.train.items)))
        for place, user in enumerate(users):
            drawn[place] = np.random.default_rng([self.params.seed, int(user)]).random(
                drawn.shape[1])
        return sparse.csr_matrix(drawn + 1e-9)

    def _like(self, item: int) -> sparse.csr_matrix:
        found = self._scores(np.array([item])).toarray()
        found[0, item] = 0.0
        return sparse.csr_matrix(found)
