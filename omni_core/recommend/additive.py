"""Models whose score is a sum over the shopper's history: each part says what led to the item."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from omni_core.errors import NotAdditive, NoTime
from omni_core.recommend import topn
from omni_core.recommend.base import Model
from omni_core.recommend.interactions import Array, Interactions

_MANY = 20_000  # users whose lists are made at a time


class Additive(Model):
    """A score of item j is the sum over her history of weight (i) times link (i -> j)."""

    def explain(self, user: Any, item: Any) -> pd.DataFrame:
        """Take a score apart: a frame of because_item, event, contribution, adding up to it."""
        code = self._item(item)
        mine = int(self.train.codes_of([user])[0])
        if mine < 0:
            raise NotAdditive()
        history, event, shares = self._shares(mine, np.array([code]))
        share = shares[:, 0]
        keep = np.flatnonzero(share)
        keep = keep[np.lexsort((history[keep], -share[keep]))]
        names = np.asarray(self.train.events, dtype=object)
        return pd.DataFrame({
            "because_item": self.train.items.take(history[keep]),
            "event": names[event[keep]],
            "contribution": share[keep],
        })

    def strongest(self, user: int, items: Array) -> tuple[Array, Array, Array]:
        """Return what speaks most for each of some items (codes): item, kind of event, share.

        The item (-1: nothing does) and the kind are codes; the share of the score is that of all
        kinds of event with it. The first row of ``explain``, for a whole list at once.
        """
        history, event, shares = self._shares(user, items)
        if not len(history):
            none = np.full(len(items), -1)
            return none, none, np.zeros(len(items))
        row = np.where(shares != 0, shares, -np.inf).argmax(axis=0)  # the first among equals
        because, total = history[row], shares.sum(axis=0)
        same = np.where(history[:, None] == because, shares, 0.0).sum(axis=0)
        some = (shares != 0).any(axis=0)
        share = np.divide(same, total, out=np.zeros(len(items)), where=some)
        return np.where(some, because, -1), np.where(some, event[row], -1), share

    def _shares(self, user: int, items: Array) -> tuple[Array, Array, Array]:
        """Return a user's history (items, kinds of event), and what each adds to each item."""
        history, event, value = self._history(user)
        found, place = np.unique(history, return_inverse=True)
        return history, event, value[:, None] * self._links_to(user, found, items)[place]

    def _links_to(self, user: int, history: Array, items: Array) -> Array:
        """Return ``_links`` of some items, side by side: history x items."""
        return np.column_stack([self._links(user, history, int(item)) for item in items])

    @abstractmethod
    def _links(self, user: int, history: Array, item: int) -> Array:
        """Return what one unit of weight with each item of a history adds to an item's score."""

    @abstractmethod
    def _unit(self, user: int, item: int) -> Array:
        """Return what one unit of weight with an item of a user's history adds to every score."""

    def _history(self, user: int) -> tuple[Array, Array, Array]:
        """Return the item, kind of event and aged weight of each thing in a user's history."""
        item, event, ts = self.train.done_by(user)
        weights = self._weights
        value = np.array([weights.get(name, 0.0) for name in self.train.events])[event]
        half_life = self._half_life
        if half_life is not None and ts is not None:
            value = value * np.exp2(-self.train.age(ts) / half_life)
        told = value > 0
        return item[told], event[told], value[told]

    @property
    def _weights(self) -> dict[str, float]:
        """What each kind of event weighs in the sum."""
        return dict(self.params.weights)

    @property
    def _half_life(self) -> float | None:
        return getattr(self.params, "half_life", None)

    def _aged(self, train: Interactions) -> sparse.csr_matrix:
        """Return users x items: the weights of the sum; raises ``NoTime`` when they can't age."""
        if self._half_life is not None and train.ts is None:
            raise NoTime()
        return self._weighed(train) if self._half_life is None else train.matrix(
            self._weights, self._half_life)

    def _weighed(self, train: Interactions) -> sparse.csr_matrix:
        """Return users x items: the weights as if everything had happened today."""
        weights = self._weights
        return train.remember(("weighed", *weights.items()), lambda: train.matrix(weights))


class Lists(Additive):
    """A model whose links are one list of items for each item, whoever the shopper is."""

    _profile: sparse.csr_matrix  # users x items: what each shopper brings to the sum
    _all: sparse.csr_matrix | None = None
    _few: tuple[bytes | None, Any] = (None, None)  # b"" is a key: nobody's items

    def neighbours(self, items: Array) -> sparse.csr_matrix:
        """Return the lists of some items, by code: len(items) x all items, columns sorted."""
        if self._all is not None:
            return self._all[items]
        size = len(self.train.items)
        if 2 * len(items) < size:  # one shopper's list: her own rows are enough
            key = items.tobytes()
            if key != self._few[0]:
                self._few = key, self._lists(items)
            return self._few[1]
        self._before_all()
        self._all = self._lists(np.arange(size))
        return self._all[items]

    @abstractmethod
    def _lists(self, items: Array) -> sparse.csr_matrix:
        """Work the lists of some items out."""

    def _before_all(self) -> None:
        """Make ready for the lists of all items at once."""

    def _brought(self, users: Array) -> sparse.csr_matrix:
        """Return what each of some users brings to the sum: len(users) x items."""
        return self._profile[users]

    def _forget(self) -> None:
        """Drop the lists of another fit."""
        self._all, self._few = None, (None, None)

    def _reached(self, users: Array) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
        """Return what some users bring, and the lists it leads to: their product are the scores."""
        profile = self._brought(users)
        touched = np.flatnonzero(np.bincount(profile.indices, minlength=profile.shape[1]))
        return profile[:, touched], self.neighbours(touched)

    def _scores(self, users: Array) -> sparse.csr_matrix:
        profile, lists = self._reached(users)
        return (profile @ lists).tocsr()

    @property
    def _at_once(self) -> int:
        return _MANY if topn.compiled() else super()._at_once  # no product is written down

    def _best(
        self, users: Array, n: int, owned: sparse.csr_matrix, blocked: Array
    ) -> tuple[Array, Array]:
        return topn.best_products(*self._reached(users), owned[users], blocked, n)

    def _like(self, item: int) -> sparse.csr_matrix:
        return self.neighbours(np.array([item]))

    def _links(self, user: int, history: Array, item: int) -> Array:
        return self._links_to(user, history, np.array([item])).ravel()

    def _links_to(self, user: int, history: Array, items: Array) -> Array:
        lists = self.neighbours(history)
        wanted, place = np.unique(items, return_inverse=True)
        column = np.full(lists.shape[1], -1, np.int32)  # looked up, which is cheaper than slicing
        column[wanted] = np.arange(len(wanted))
        at = column[lists.indices]
        hit = np.flatnonzero(at >= 0)
        found = np.zeros((len(history), len(wanted)))
        found[np.searchsorted(lists.indptr, hit, "right") - 1, at[hit]] = lists.data[hit]
        return found[:, place]

    def _unit(self, user: int, item: int) -> Array:
        history = np.unique(self._history(user)[0])  # her rows are at hand, one alone is not
        return self.neighbours(history)[[int(np.searchsorted(history, item))]].toarray().ravel()


def scaled(weights: dict[str, float], train: Interactions) -> dict[str, float]:
    """Return the weights with the largest that occurs as 1, for models whose amounts are absolute.

    So that doubling all weights changes nothing.
    """
    most = max(weights.get(name, 0.0) for name in train.present)
    return {name: value / most for name, value in weights.items()}


def gathered(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Add explanations up: one row for each item and kind of event, largest contribution first."""
    found = [part for part in parts if len(part)]
    if not found:
        return pd.DataFrame({"because_item": [], "event": [], "contribution": []})
    total = pd.concat(found).groupby(["because_item", "event"], as_index=False, sort=True).sum()
    return total.sort_values("contribution", ascending=False, kind="stable", ignore_index=True)
