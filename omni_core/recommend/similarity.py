"""The one formula of item neighbours and its relatives, over sums of common shoppers."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.special import xlogy

from omni_core.recommend.interactions import Array
from omni_core.recommend.pairs import Pairs


def general(
    sums: sparse.csr_matrix, items: Array, pairs: Pairs, shoppers: Array,
    norm_from: float, norm_to: float, popularity: float, shrink: float,
) -> Array:
    """``sum_u v_ui v_uj / (q_i^norm_from q_j^norm_to (n_j + 1)^popularity + shrink)``.

    Cosine at .5 and .5, conditional probability at 1 and 0. ``sums`` are the rows of ``items`` in
    ``pairs``; one value per stored pair comes back. Source: item-based neighbours of Sarwar et
    al. 2001 and Deshpande and Karypis 2004, with the popularity damping of RP3beta (Paudel et
    al. 2017).
    """
    left, right = norms(pairs, shoppers, norm_from, norm_to, popularity)
    return sums.data / (_left(sums, left[items]) * right[sums.indices] + shrink)


def norms(
    pairs: Pairs, shoppers: Array, norm_from: float, norm_to: float, popularity: float
) -> tuple[Array, Array]:
    """Return what the general formula divides each item by as the one, and as the other."""
    right = _power(pairs.square, norm_to) * (shoppers + 1.0) ** popularity
    return _power(pairs.square, norm_from), right


def jaccard(common: sparse.csr_matrix, items: Array, shoppers: Array) -> Array:
    """Common shoppers over the shoppers of either item (Jaccard 1901)."""
    either = _left(common, shoppers[items]) + shoppers[common.indices] - common.data
    return common.data / either


def pearson(sums: sparse.csr_matrix, items: Array, pairs: Pairs) -> Array:
    """Pearson correlation of two items over all shoppers, an absent value counting as 0."""
    n = pairs.values.shape[0]
    spread = np.sqrt(np.maximum(n * pairs.square - pairs.total**2, 0.0))
    shared = n * sums.data - _left(sums, pairs.total[items]) * pairs.total[sums.indices]
    width = _left(sums, spread[items]) * spread[sums.indices]
    return np.divide(shared, width, out=np.zeros_like(shared), where=width > 0)


def loglikelihood(
    common: sparse.csr_matrix, items: Array, shoppers: Array, users: int
) -> Array:
    """Log-likelihood ratio G2 of the 2 x 2 table of two items' shoppers (Dunning 1993).

    Zero where two items have fewer shoppers in common than chance would give them.
    """
    both = common.data
    first = _left(common, shoppers[items])
    second = shoppers[common.indices].astype(float)
    table = (both, first - both, second - both, users - first - second + both)
    cells = sum(xlogy(cell, cell) for cell in table)
    margins = sum(xlogy(m, m) for m in (first, second, users - first, users - second))
    ratio = 2.0 * (cells + xlogy(users, users) - margins)
    return np.where(both * users > first * second, np.maximum(ratio, 0.0), 0.0)


def _left(matrix: sparse.csr_matrix, values: Array) -> Array:
    """Spread one value per row over the row's stored entries."""
    return np.repeat(values.astype(float), np.diff(matrix.indptr))


def _power(values: Array, exponent: float) -> Array:
    with np.errstate(divide="ignore"):
        return np.where(values > 0, values, 1.0) ** exponent


def cosines(vectors: Array, item: int) -> sparse.csr_matrix:
    """Return 1 x items: how alike an item's vector is to each other's, where above 0."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit = vectors / np.where(length > 0, length, 1.0)
    found = np.maximum(unit @ unit[item], 0.0)
    found[item] = 0.0
    return sparse.csr_matrix(found[None, :])
