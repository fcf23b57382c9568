"""Content: goods alike by what is written about them, for shops and goods with few events.

Each item is the TF-IDF vector of its title's words, its category, its brand and its price band;
two items are as alike as the cosine of their vectors. Without a frame of goods the ids themselves
are read as titles, which helps only where they are words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from omni_core import params
from omni_core.i18n import N_
from omni_core.recommend import fields
from omni_core.recommend.additive import Lists
from omni_core.recommend.base import Weights
from omni_core.recommend.interactions import Array, Interactions
from omni_core.recommend.lists import best_of_rows
from omni_core.recommend.words import words

_CELLS = 4_000_000  # similarities of one block


@dataclass(frozen=True, slots=True)
class ContentParameters:
    """Parameters of ``Content``."""

    weights: Mapping[str, float] | Weights = fields.weights()
    k: int = fields.neighbours()
    price_bands: int = params.field(
        5, low=0, high=20, step=1, label=N_("Price bands"),
        help=N_("Goods of the same band are a little more alike. 0: prices don't count."),
    )
    half_life: float | None = fields.half_life()

    def __post_init__(self) -> None:
        fields.check(self, "k", "price_bands")


class Content(Lists):
    """Recommends goods whose title, category, brand and price are like those in the history."""

    name = "content"
    label = N_("Goods alike")
    parameters = ContentParameters

    def _fit(self, train: Interactions) -> None:
        bands = self.params.price_bands
        self._profile = self._aged(train)
        self._vectors = train.remember(("content", bands), lambda: vectors(train, bands))
        self._forget()

    def _lists(self, items: Array) -> sparse.csr_matrix:
        return nearest(self._vectors[items], self._vectors, self.params.k, items)


def nearest(
    these: sparse.csr_matrix, those: sparse.csr_matrix, k: int, itself: Array | None = None
) -> sparse.csr_matrix:
    """Return these x those: the k greatest cosines of each row, without the column ``itself``."""
    across = those.T.tocsr()
    step = max(1, _CELLS // max(those.shape[0], 1))
    blocks = []
    for start in range(0, max(these.shape[0], 1), step):
        alike = (these[start : start + step] @ across).tocsr()
        alike.sort_indices()
        if itself is not None:
            own = np.repeat(itself[start : start + step], np.diff(alike.indptr))
            alike.data[own == alike.indices] = 0.0
        blocks.append(best_of_rows(alike, k))
    return sparse.vstack(blocks, format="csr")


def vectors(train: Interactions, price_bands: int) -> sparse.csr_matrix:
    """Return items x terms: TF-IDF rows of length 1 (0 where nothing is known)."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    told = _terms(train, price_bands)
    if not any(told):
        return sparse.csr_matrix((len(told), 1))
    return TfidfVectorizer(analyzer=list).fit_transform(told).tocsr()


def _terms(train: Interactions, price_bands: int) -> list[list[str]]:
    titles = train.about_items("title")
    told = [words("" if t is None else str(t)) for t in (train.items if titles is None else titles)]
    for column in ("category", "brand"):
        known = train.about_items(column)
        for terms, value in zip(told, () if known is None else known, strict=known is not None):
            if value is not None:
                terms.append(f"{column} {value}")
    prices = train.about_items("price")
    if prices is not None and price_bands:
        price = prices.astype(float)  # None becomes NaN
        edges = np.unique(np.nanquantile(price, np.arange(1, price_bands) / price_bands)
                          if (price == price).any() else [])
        for terms, value in zip(told, price, strict=True):
            if value == value:
                terms.append(f"price {np.searchsorted(edges, value, side='right')}")
    return told
