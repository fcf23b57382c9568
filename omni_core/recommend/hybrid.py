"""Hybrid: several methods' ranks blended, so that their scores need no common scale.

A part gives its item of rank r the points ``weight / (smoothing + r)`` and others none; the score
is the sum. Source: reciprocal rank fusion, Cormack et al. 2009. Each part's points are shared out
as its own explanation shares its score.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from omni_core import params
from omni_core.errors import BadParameter, NotAdditive, UnknownName
from omni_core.i18n import N_
from omni_core.recommend import fields
from omni_core.recommend.additive import gathered
from omni_core.recommend.als import Als
from omni_core.recommend.base import Model, Weights, frozen_weights
from omni_core.recommend.content import Content
from omni_core.recommend.ease import Ease
from omni_core.recommend.interactions import Array, Interactions
from omni_core.recommend.item_neighbours import ItemNeighbours
from omni_core.recommend.neural import Neural
from omni_core.recommend.popularity import Popularity
from omni_core.recommend.user_neighbours import UserNeighbours

PARTS: dict[str, type[Model]] = {m.name: m for m in (
    Popularity, ItemNeighbours, UserNeighbours, Content, Ease, Als, Neural)}


@dataclass(frozen=True, slots=True)
class HybridParameters:
    """Parameters of ``Hybrid``: which methods with which say, and each one's own parameters."""

    weights: Mapping[str, float] | Weights = fields.weights()
    parts: Mapping[str, float] | Weights = params.field(
        (("content", 0.3), ("item_neighbours", 0.7)), label=N_("Say of each method"),
        help=N_("Two methods or more; one with twice the weight counts twice."),
    )
    smoothing: float = params.field(
        20.0, low=0.0, high=200.0, step=1.0, label=N_("Smoothing of ranks"),
        help=N_("Small: the first places decide. Large: places further down count nearly as much."),
    )
    settings: Mapping[str, Mapping[str, Any]] | tuple[tuple[str, Any], ...] = params.field(
        (), label=N_("Settings of each method"),
    )

    def __post_init__(self) -> None:
        parts = frozen_weights(self.parts)
        for name, _weight in (*parts, *dict(self.settings).items()):
            if name not in PARTS:
                raise UnknownName(N_("method"), name, PARTS)
        if sum(weight > 0 for _name, weight in parts) < 2:
            raise BadParameter("parts", dict(parts), "≥ 2")
        object.__setattr__(self, "parts", parts)
        object.__setattr__(self, "settings", tuple(sorted(
            (name, tuple(sorted(dict(given).items())))
            for name, given in dict(self.settings).items())))
        fields.check(self)


class Hybrid(Model):
    """Recommends what several methods agree on."""

    name = "hybrid"
    label = N_("Several methods together")
    parameters = HybridParameters

    def _fit(self, train: Interactions) -> None:
        given = {name: dict(own) for name, own in self.params.settings}
        self._parts = [
            (weight, PARTS[name](**{"weights": self.params.weights} | given.get(name, {})).fit(
                train, self._tell))
            for name, weight in self.params.parts if weight > 0
        ]

    def _scores(self, users: Array) -> sparse.csr_matrix:
        return sum(self._points(weight, part, users) for weight, part in self._parts).tocsr()

    def _like(self, item: int) -> sparse.csr_matrix:
        personal = [(weight, part) for weight, part in self._parts if part.personal]
        return sum(
            (self._ranks(weight, part._like(item)) for weight, part in personal),
            start=sparse.csr_matrix((1, len(self.train.items))),
        ).tocsr()

    def explain(self, user: Any, item: Any) -> pd.DataFrame:
        """Take a score apart; raises ``NotAdditive`` where a part that gave points can't."""
        code = self._item(item)
        mine = self.train.codes_of([user])
        if mine[0] < 0:
            raise NotAdditive()
        found = []
        for weight, part in self._parts:
            points = self._points(weight, part, mine)[0, code]
            if points:
                own = part.explain(user, item)
                own["contribution"] *= points / own["contribution"].sum()
                found.append(own)
        return gathered(found)

    def _points(self, weight: float, part: Model, users: Array) -> sparse.csr_matrix:
        if part.personal:
            return self._ranks(weight, part._scores(users))
        everyone = self._ranks(weight, sparse.csr_matrix(part._popularity()[None, :]))
        return everyone[np.zeros(len(users), int)]

    def _ranks(self, weight: float, scores: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return the points of each positive score by its rank; among equals the first id wins."""
        lengths = np.diff(scores.indptr)
        row = np.repeat(np.arange(scores.shape[0]), lengths)
        order = np.lexsort((scores.indices, -scores.data, row))
        rank = np.empty(len(order))
        rank[order] = np.arange(len(order)) - np.repeat(scores.indptr[:-1], lengths) + 1
        points = np.where(scores.data > 0, weight / (self.params.smoothing + rank), 0.0)
        made = sparse.csr_matrix((points, scores.indices, scores.indptr), shape=scores.shape)
        made.eliminate_zeros()
        return made
