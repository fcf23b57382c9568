"""What everyone gets: the baseline that any personal list has to beat."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from omni_core import params
from omni_core.i18n import N_
from omni_core.recommend.base import WEIGHTS, Model, Weights, frozen_weights
from omni_core.recommend.interactions import Array, Interactions


@dataclass(frozen=True, slots=True)
class PopularityParameters:
    """Parameters of ``Popularity``."""

    weights: Mapping[str, float] | Weights = params.field(WEIGHTS, label=N_("Worth of an event"))
    window: float | None = params.field(
        None, low=1, high=3650, step=1, unit=N_("days"), optional=True,
        label=N_("Bestsellers of the last"),
        help=N_("Count only the last days; empty counts the whole past."),
    )

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", frozen_weights(self.weights))
        params.validate(self)


class Popularity(Model):
    """The same list for all: items by the sum of their shoppers' event weights."""

    name = "popularity"
    label = N_("Bestsellers")
    parameters = PopularityParameters
    personal = False

    def _fit(self, train: Interactions) -> None:
        self._recent = train
        window = self.params.window
        if window is not None and train.ts is not None:
            self._recent = train.where(train.age(train.ts) < window)

    def _popularity(self) -> Array:
        weighed = self._recent.matrix(dict(self.params.weights))
        recent = np.bincount(
            weighed.indices, weighed.data, minlength=len(self._recent.items)
        )
        found = np.zeros(len(self.train.items))
        found[self.train.item_codes(self._recent.items)] = recent
        return found

    def _scores(self, users: Array) -> sparse.csr_matrix:
        return sparse.csr_matrix((len(users), len(self.train.items)))

    def _like(self, item: int) -> sparse.csr_matrix:
        """Popularity likens nothing: the other items in order of popularity."""
        found = self._popularity()
        found[item] = 0.0
        return sparse.csr_matrix(found[None, :])
