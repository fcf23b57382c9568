"""Cutting the data into past and future, and drawing the shoppers that are looked at."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from omni_core.errors import BadParameter, NoTime
from omni_core.recommend.interactions import Interactions


def time_split(
    x: Interactions, validation: float = 0.1, test: float = 0.1
) -> tuple[Interactions, Interactions, Interactions]:
    """Cut all events at two moments: train < T1 <= validation < T2 <= test.

    ``validation`` and ``test`` are shares of the events. Events of one moment stay together, so
    the parts can be a little smaller or larger. Each part knows only the shoppers and items that
    occur in it. Raises ``NoTime`` when there are no times, or only one moment, and
    ``BadParameter``.
    """
    for name, share in (("validation", validation), ("test", test)):
        if not 0 <= share < 1 or validation + test >= 1:
            raise BadParameter(name, share, "0 – 1")
    if x.ts is None or not len(x) or x.ts.min() == x.ts.max():
        raise NoTime()
    ordered = np.sort(x.ts)
    after = ordered[-1] + np.timedelta64(1, "us")
    n = len(ordered)
    first, second = (
        ordered[min(round(n * keep), n - 1)] if share else after
        for keep, share in ((1 - validation - test, validation + test), (1 - test, test))
    )
    first = min(first, second)
    between = (x.ts >= first) & (x.ts < second)
    return x.where(x.ts < first), x.where(between), x.where(x.ts >= second)


def together(*parts: Interactions) -> Interactions:
    """Join parts of one whole again, e.g. train and validation before the one look at the test."""
    import pandas as pd

    whole = Interactions.from_frame(pd.concat([p.frame() for p in parts], ignore_index=True))
    return replace(whole, goods=parts[0].goods, people=parts[0].people)


def sample_shoppers(x: Interactions, most: int = 2000, seed: int = 7) -> Interactions:
    """Keep the events of at most ``most`` shoppers, drawn once and for all by ``seed``.

    The same shoppers come back for the same data, so two settings are compared on the same people.
    """
    if len(x.users) <= most:
        return x
    chosen = np.zeros(len(x.users), bool)
    chosen[np.random.default_rng(seed).choice(len(x.users), most, replace=False)] = True
    return x.where(chosen[x.user])
