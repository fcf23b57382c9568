"""Pairs of items as tables of even rows: what a move goes through, block by block.

A row's pairs are its cells, and short rows end in empty ones. So the k best of each row come from
one partition of a table, and no cell has to be put in its place first.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import sparse

from omni_core.recommend.cells import ends, spread
from omni_core.recommend.types import Array

CELLS = 60_000  # of a block: they fit the second-level cache with what is made of them
_LEAST = np.nextafter(np.float32(0), np.float32(1))  # above 0


@dataclass
class Block:
    """``item`` is rows x width: the other items of each of ``rows`` (codes), sorted, 0 where empty.

    ``pair``, of the same shape, is where each pair's sum is among those of all pairs; where a cell
    is empty, the last of them, which is 0.
    """

    rows: Array
    item: Array
    pair: Array

    def best(self, value: Array, k: int) -> tuple[Array, Array, Array]:
        """Return how many of the k largest positive values each row has, their items, and them.

        Among equals the lower item.
        """
        rows, width = value.shape
        limit = np.full(rows, _LEAST)
        if width > k:
            bits = value.view(np.int32)  # above 0 in the same order, and compared faster
            edge = np.partition(bits, width - k, axis=1)[:, width - k]
            limit = np.maximum(edge.view(np.float32), _LEAST)
        flat = np.flatnonzero(value >= limit[:, None])
        stops = np.searchsorted(flat, np.arange(rows + 1) * width)
        found = value.ravel()[flat]
        if len(flat) > rows * k or (np.diff(stops) > k).any():  # several at the limit
            keep = np.ones(len(flat), bool)
            for r in np.flatnonzero(np.diff(stops) > k):
                part = slice(stops[r], stops[r + 1])
                tied = found[part] == limit[r]
                room = k - int((~tied).sum())
                keep[part] = ~tied | (np.cumsum(tied) <= room)
            flat, found = flat[keep], found[keep]
            stops = np.searchsorted(flat, np.arange(rows + 1) * width)
        return np.diff(stops), self.item.ravel()[flat], found


def blocks(
    rows: Array, parts: list[tuple[Array, Array]], number: Array, items: int
) -> list[Block]:
    """Lay pairs that are kept once out in both directions, in blocks of rows of like length.

    ``parts`` cut ``rows`` (item codes) into runs; each says where its rows begin among its pairs,
    and the other item of each pair; ``number`` is where the sums of the pairs of all runs are. An
    item that is no row has the pair in one direction only.
    """
    own = np.concatenate([np.diff(pair) for pair, _item in parts])
    item = np.concatenate([item for _pair, item in parts])
    start = ends(own)
    back = sparse.csr_matrix(  # the other way round: by item, which row and which pair
        (number, item.astype(np.int32), start), shape=(len(rows), items)).tocsc()
    other = np.diff(back.indptr)[rows]
    length = own + other
    order = np.argsort(length, kind="stable")
    made: list[Block] = []
    first = 0
    while first < len(rows):
        # so many rows that the table, as wide as the last of them, has no more cells than it may
        many = np.arange(1, min(len(rows) - first, CELLS) + 1)
        stop = first + max(1, int(np.searchsorted(
            length[order[first : first + len(many)]] * many, CELLS, "right")))
        mine = order[first:stop]
        theirs = spread(back.indptr[rows[mine]], other[mine])
        ours = spread(start[mine], own[mine])
        row = np.arange(len(mine), dtype=np.int32)
        sides = sparse.csr_matrix((
            np.concatenate([number[ours], back.data[theirs]]),
            (np.concatenate([np.repeat(row, own[mine]), np.repeat(row, other[mine])]),
             np.concatenate([item[ours].astype(np.int32), rows[back.indices[theirs]]]))),
            shape=(len(mine), items))
        width = max(1, int(length[mine[-1]]))
        place = spread(np.arange(len(mine)) * width, length[mine])
        table = np.zeros(len(mine) * width, item.dtype)
        pair = np.full(len(mine) * width, len(item), np.int32)
        table[place], pair[place] = sides.indices, sides.data
        made.append(Block(rows[mine], table.reshape(-1, width), pair.reshape(-1, width)))
        first = stop
    return made
