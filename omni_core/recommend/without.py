"""What a list would be without one thing in the shopper's history: the proof of a "because".

The fitted model stays as it is; only her own history loses the event. For methods whose score is a
sum over the history that is exact: the event's share is taken out of every item's score.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from omni_core.errors import NotAdditive
from omni_core.recommend.additive import Additive
from omni_core.recommend.base import Model
from omni_core.recommend.cold import Ladder
from omni_core.recommend.hybrid import Hybrid
from omni_core.recommend.interactions import Array

_ROUNDING = 1e-9  # what is left of a score that one event alone had made


def scores_without(
    model: Model, user: int, item: int, event: str, whole: Array | None = None
) -> Array:
    """Return a user's score of every item as if she had not done ``event`` with ``item`` (codes).

    ``whole``: her scores as they are, where they are at hand (see ``scores_of``). Raises
    ``NotAdditive`` for a method whose scores are no sum over the history.
    """
    if isinstance(model, Ladder):
        return np.asarray(scores_without(model.method, user, item, event) @ model._lent)
    if isinstance(model, Hybrid):
        parts = [_points(model, weight, part, user, item, event) for weight, part in model._parts]
        return np.asarray(sum(parts))
    if not isinstance(model, Additive):
        raise NotAdditive()
    if whole is None:
        whole = scores_of(model, user)
    items, events, value = model._history(user)
    kinds = np.array([name == event for name in model.train.events])
    took = float(value[(items == item) & kinds[events]].sum())
    if not took:
        return whole
    left = whole - took * model._unit(user, item)
    return np.where(left > _ROUNDING * np.maximum(whole, 0.0), left, 0.0)


def scores_of(model: Additive, user: int) -> Array:
    """Return a user's score of every item (codes)."""
    return np.asarray(model._scores(np.array([user])).toarray().ravel())


def _points(
    model: Hybrid, weight: float, part: Model, user: int, item: int, event: str
) -> Array:
    if not part.personal:
        return model._points(weight, part, np.array([user])).toarray().ravel()
    left = sparse.csr_matrix(scores_without(part, user, item, event)[None, :])
    return model._ranks(weight, left).toarray().ravel()


def rank_of(scores: Array, item: int, owned: Array) -> int | None:
    """Return an item's rank among those not ``owned`` (codes); None where nothing speaks for it."""
    if scores[item] <= 0:
        return None
    free = np.ones(len(scores), bool)
    free[owned] = False
    before = (scores > scores[item]) | ((scores == scores[item]) & (np.arange(len(scores)) < item))
    return int((before & free).sum()) + 1
