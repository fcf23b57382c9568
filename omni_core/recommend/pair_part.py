"""A run of item pairs, each with what its two items have in common: see ``pair_sums``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from omni_core.recommend.cells import ends, ones, spread
from omni_core.recommend.types import Array

_SIZES = 8  # segments of a pair, from which on it makes no difference how many


@dataclass
class Part:
    """Some rows of the pairs, one after another: ``rows`` holds item codes.

    ``pair[r]`` is where row r begins among ``item``, sorted in each row, and ``both``: whether the
    other item has a row, too. ``segment[p]`` is where pair p begins among ``combo`` and ``count``,
    the kinds of whose shoppers (see ``Masks``) follow one another in ``who``; these three are by
    far the most, so of the smallest type that holds them. The last entries of ``pair`` and
    ``segment`` are where the last one ends.
    """

    rows: Array
    pair: Array
    item: Array
    both: Array
    segment: Array
    combo: Array
    count: Array
    who: Array | None
    _sums: dict[Any, Array] = field(default_factory=dict)

    @cached_property
    def common(self) -> Array:
        """The common shoppers of each pair."""
        if not len(self.combo):
            return self.combo
        return np.add.reduceat(self.count, self.segment[:-1], dtype=np.int32)

    @cached_property
    def seen(self) -> int:
        """How many pairs there are, counted from either item that has a row."""
        return len(self.both) + int(np.count_nonzero(self.both))

    def atleast(self, least: int) -> Part:
        """Keep the pairs with so many common shoppers."""
        keep = self.common >= least
        size = np.diff(self.segment)
        kept = np.repeat(keep, size)
        return Part(
            self.rows, ends(keep)[self.pair], self.item[keep], self.both[keep], ends(size[keep]),
            self.combo[kept], self.count[kept],
            None if self.who is None else self.who[np.repeat(kept, self.count)])

    def ordered(self) -> tuple[Part, Array]:
        """Put pairs of as many segments side by side, and say where each of them went.

        Adding them up is an even loop then, which takes a third of the time. The part that comes
        back is no longer cut into rows, and only the values of its pairs are left.
        """
        size = np.diff(self.segment)
        key = np.minimum(size, _SIZES).astype(np.uint8)  # of 8 bits: sorted by counting
        order = np.argsort(key, kind="stable")
        went = np.empty(len(order), np.int32)
        went[order] = np.arange(len(order), dtype=np.int32)
        start, size = self.segment[order], size[order]
        mine, who = spread(start, size), self.who
        if who is not None:
            who = who[spread(ends(self.count)[start], self.common[order])]
        none = np.zeros(0, np.int32)  # no view of what would stay in memory for it
        part = Part(
            self.rows, none, none, none, ends(size), self.combo[mine], self.count[mine], who)
        return part, went

    def unlisted(self) -> Part:
        """Forget the shoppers."""
        return replace(self, who=None)

    def sums(self, damps: Any, make: Callable[[], Array]) -> Array:
        """Return one damped sum per segment; ``make()`` works them out where the damping moved."""
        return kept(self._sums, damps, make, 1)

    def damped(self, scale: Array) -> Array:
        """Add the scale of each segment's shoppers up; needs ``who``."""
        assert self.who is not None
        return _added(ones(len(self.who)), self.who.astype(np.int32), ends(self.count), scale)

    def over(self, values: Array, worth: Array) -> Array:
        """Weigh one value per segment by its combination and add up: one per pair."""
        return _added(values, self.combo.astype(np.int32), self.segment, worth)


def kept(memory: dict[Any, Array], key: Any, make: Callable[[], Array], most: int) -> Array:
    """Return what is remembered under a key, or made now; ``most`` things at a time."""
    made = memory.pop(key, None)
    if made is None:
        while len(memory) >= most:  # first, so that no more than these are in memory at a time
            memory.pop(next(iter(memory)), None)
        made = make()
    memory[key] = made
    return made


def _added(values: Array, column: Array, stops: Array, worth: Array) -> Array:
    """Add ``values * worth[column]`` up over each run between the ends."""
    return np.asarray(sparse.csr_matrix(
        (values, column, stops), shape=(len(stops) - 1, len(worth))) @ worth)
