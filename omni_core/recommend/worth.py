"""What the data say an event is worth: how often it is followed by a purchase of the same item."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from omni_core.recommend.interactions import Array, Interactions


def suggested_weights(x: Interactions) -> Mapping[str, float]:
    """Return for each kind of event that occurs the share of pairs that a purchase followed.

    Of the pairs of shopper and item with the event: those where she bought the item at the same
    time or later (without times: at all). A purchase itself is 1; kinds that nothing followed are
    left out, and so is everything where nothing was bought.
    """
    bought, last = _pairs(x, "purchase", latest=True)
    if not len(bought):
        return {}
    found = {"purchase": 1.0}
    for name in x.present:
        had, first = _pairs(x, name, latest=False)
        place = np.minimum(np.searchsorted(bought, had), len(bought) - 1)
        followed = (bought[place] == had) & (last[place] >= first)
        if name != "purchase" and followed.any():
            found[name] = float(followed.mean())
    return found


def _pairs(x: Interactions, event: str, latest: bool) -> tuple[Array, Array]:
    """Return the pairs with an event as sorted keys, and its last (or first) time with each."""
    rows = x.event == (x.events.index(event) if event in x.events else -1)
    key = x.user[rows].astype(np.int64) * max(len(x.items), 1) + x.item[rows]
    ts = np.zeros(len(key), np.int64) if x.ts is None else x.ts[rows].astype(np.int64)
    order = np.lexsort((-ts if latest else ts, key))
    keys, first = np.unique(key[order], return_index=True)
    return keys, ts[order][first]
