"""Keeping the best of each row of a sparse matrix."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from omni_core.recommend.interactions import Array

_CELLS = 60_000  # a block of padded rows that fits the second-level cache
_PIECES = 3  # of a row, for each of the best that are wanted


def best_of_rows(matrix: sparse.csr_matrix, k: int) -> sparse.csr_matrix:
    """Keep the ``k`` largest positive values of each row; among equals the lower column wins.

    Columns must be sorted within each row, and stay so. Rows of like length are padded into
    blocks, and the k-th value comes from a value partition, which is several times faster than
    an argpartition.
    """
    data, indptr = matrix.data, matrix.indptr
    kept = data > 0
    lengths = np.diff(indptr)
    long = np.flatnonzero(lengths > k)
    long = long[np.argsort(lengths[long], kind="stable")]
    block = np.cumsum(lengths[long]) // _CELLS
    for rows in np.split(long, np.flatnonzero(np.diff(block)) + 1):
        if not len(rows):
            continue
        width = int(lengths[rows[-1]])
        inside = np.arange(width) < lengths[rows][:, None]
        place = np.where(inside, indptr[rows][:, None] + np.arange(width), 0)
        values = np.where(inside, data[place], -np.inf)
        limit = np.partition(values, width - k, axis=1)[:, width - k, None]
        above = values > limit
        tied = values == limit
        room = k - above.sum(axis=1, keepdims=True)
        keep = above | (tied & (np.cumsum(tied, axis=1) <= room))
        kept[place[inside]] &= keep[inside]
    total = np.r_[0, np.cumsum(kept)]
    return sparse.csr_matrix(
        (data[kept], matrix.indices[kept], total[indptr]), shape=matrix.shape
    )


def ranked(matrix: sparse.csr_matrix, n: int) -> tuple[Array, Array]:
    """Return each row's best ``n`` columns, best first, and their values, padded with -1 and 0.

    Only values above 0; among equals the lower column first. Columns need no order.
    """
    flat = np.flatnonzero(matrix.data >= np.repeat(
        _limits(matrix.data, matrix.indptr, n), np.diff(matrix.indptr)))
    index, value = matrix.indices[flat], matrix.data[flat]
    row = np.searchsorted(matrix.indptr, flat, "right") - 1
    order = np.lexsort((index, -value, row))
    place = np.arange(len(flat)) - np.searchsorted(row, row)  # order leaves the rows in place
    keep = place < n
    order, row, place = order[keep], row[keep], place[keep]
    columns = np.full((matrix.shape[0], n), -1, dtype=np.int64)
    values = np.zeros((matrix.shape[0], n))
    columns[row, place], values[row, place] = index[order], value[order]
    return columns, values


def _limits(data: Array, indptr: Array, n: int) -> Array:
    """Return for each row a value above 0 that its n-th best isn't below.

    That of the n-th best of the largest of ``_PIECES * n`` pieces of the row: few others reach it.
    """
    limits = np.full(len(indptr) - 1, np.nextafter(0.0, 1.0))
    pieces = _PIECES * n
    long = np.flatnonzero(np.diff(indptr) >= 2 * pieces)
    if len(long):
        start, length = indptr[long].astype(np.int64), np.diff(indptr)[long]
        edges = start[:, None] + length[:, None] * np.arange(pieces + 1) // pieces
        inner = edges.ravel()[: -1 if edges[-1, -1] == len(data) else None]
        largest = np.maximum.reduceat(data, inner)
        # the last of each row lies between two rows
        largest = np.resize(largest, edges.size).reshape(edges.shape)[:, :pieces]
        found = np.partition(largest, pieces - n, axis=1)[:, pieces - n]
        limits[long] = np.maximum(found, limits[long])
    return limits


def dropped(
    scores: sparse.csr_matrix, owned: sparse.csr_matrix, blocked: Array
) -> sparse.csr_matrix:
    """Return the scores without those of owned and blocked items; columns sorted."""
    scores.sort_indices()
    taken = np.zeros(scores.shape, bool)
    taken[np.repeat(np.arange(owned.shape[0]), np.diff(owned.indptr)), owned.indices] = True
    row = np.repeat(np.arange(scores.shape[0]), np.diff(scores.indptr))
    keep = ~(taken[row, scores.indices] | blocked[scores.indices])
    total = np.r_[0, np.cumsum(keep)]
    return sparse.csr_matrix(
        (scores.data[keep], scores.indices[keep], total[scores.indptr]), shape=scores.shape
    )
