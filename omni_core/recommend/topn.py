"""The best of each row of a product of sparse matrices, without the product where that is possible.

``sparse-dot-topn`` keeps the best while it multiplies; without it SciPy multiplies first, which
takes somewhat longer and gives the same. Equal values are common where few shoppers tell
of an item, and two ways of adding up round differently: so each column is tilted by less than a
billionth before values are compared, and the lower column wins on either path.
"""

from __future__ import annotations

import os

import numpy as np
from scipy import sparse

from omni_core.recommend.lists import ranked
from omni_core.recommend.types import Array

try:
    from sparse_dot_topn import sp_matmul_topn as _compiled
except ImportError:  # no wheel for this machine
    _compiled = None

THREADS = min(2, os.cpu_count() or 1)  # the screens share the machine
_FEW = 20  # rows, for which making the compiled path ready takes longer than the work
_TILT = 1e-9
_NEVER = -1e300  # added to what a shopper must not be shown


def compiled() -> bool:
    """Whether the compiled path is used."""
    return _compiled is not None


def best_products(
    profile: sparse.csr_matrix, lists: sparse.csr_matrix, owned: sparse.csr_matrix,
    blocked: Array, n: int,
) -> tuple[Array, Array]:
    """Return the best ``n`` columns of ``profile @ lists`` and their values, both rows x n.

    Only values above 0, best first, the lower column first among equals, padded with -1 and 0;
    without what a row of ``owned`` holds and the ``blocked`` columns.
    """
    tilt = _tilt(lists.shape[1])
    left = _beside(profile, owned)
    right = _on_identity(lists, blocked)
    if _compiled is None or profile.shape[0] < _FEW:
        items, values = ranked((left @ right).tocsr(), n)
    else:
        made = _compiled(left, right, n, threshold=0.0, sort=True, n_threads=THREADS)
        items, values = _padded(made, n)
    values = np.where(items >= 0, values / tilt[items], 0.0)
    return items, np.minimum.accumulate(values, axis=1)  # equals may have come back rounded apart


def best_others(
    rows: sparse.csr_matrix, columns: sparse.csr_matrix, factor: Array, itself: Array, k: int
) -> sparse.csr_matrix:
    """Return the best ``k`` of each row of ``rows @ columns * factor`` but for column ``itself``.

    Columns sorted in each row. Only where ``compiled()``: else the whole product is worth keeping.
    """
    factor = factor * _tilt(columns.shape[1])
    made = _compiled(
        rows, _scaled(columns, factor), k + 1, threshold=0.0, sort=True, n_threads=THREADS)
    tilt = _tilt(columns.shape[1])
    row = np.repeat(np.arange(made.shape[0]), np.diff(made.indptr))
    other = made.indices != itself[row]
    before = np.r_[0, np.cumsum(other)]
    keep = other & (before[:-1] - before[made.indptr[row]] < k)  # it may not be among its best
    total = np.r_[0, np.cumsum(keep)]
    item = made.indices[keep]
    best = sparse.csr_matrix(
        (made.data[keep] / tilt[item], item, total[made.indptr]), shape=made.shape)
    best.sort_indices()
    return best


def _tilt(columns: int) -> Array:
    return 1.0 - np.arange(columns) * (_TILT / max(columns, 1))


def _scaled(matrix: sparse.csr_matrix, columns: Array) -> sparse.csr_matrix:
    value = columns.take(matrix.indices, mode="clip")
    value *= matrix.data
    return sparse.csr_matrix((value, matrix.indices, matrix.indptr), shape=matrix.shape)


def _beside(profile: sparse.csr_matrix, owned: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return what each row brings, and on the right of it what she must not be shown."""
    never = np.full(owned.nnz, _NEVER)
    return sparse.hstack([
        profile, sparse.csr_matrix((never, owned.indices, owned.indptr), shape=owned.shape),
    ], format="csr")


def _on_identity(lists: sparse.csr_matrix, blocked: Array) -> sparse.csr_matrix:
    """Return the lists, tilted and without what is blocked, and below them a 1 for each column."""
    (rows, columns), size = lists.shape, lists.nnz
    below = np.arange(columns, dtype=lists.indices.dtype)
    value = np.ones(size + columns)
    tilted = value[:size]
    np.multiply(lists.indices, -_TILT / max(columns, 1), out=tilted)  # ``_tilt``, not looked up
    tilted += 1.0
    tilted *= lists.data
    if blocked.any():
        tilted[blocked[lists.indices]] = 0.0
    return sparse.csr_matrix(
        (value, np.concatenate([lists.indices, below]),
         np.concatenate([lists.indptr, size + 1 + below])), shape=(rows + columns, columns))


def _padded(made: sparse.csr_matrix, n: int) -> tuple[Array, Array]:
    lengths = np.diff(made.indptr)
    inside = np.arange(n) < lengths[:, None]
    items = np.full(inside.shape, -1, dtype=np.int64)
    values = np.zeros(inside.shape)
    items[inside], values[inside] = made.indices, made.data
    return items, values
