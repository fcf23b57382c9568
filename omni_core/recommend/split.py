"""Cutting the data into past and future, and drawing the shoppers that are looked at."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from omni_core.errors import BadParameter, NoTime
from omni_core.i18n import _
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
    first, second = _moments(x, validation, test)
    assert x.ts is not None
    between = (x.ts >= first) & (x.ts < second)
    return x.where(x.ts < first), x.where(between), x.where(x.ts >= second)


def _moments(x: Interactions, validation: float, test: float) -> tuple[Any, Any]:
    """Return the moments at which validation and test begin; see ``time_split``."""
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
    return min(first, second), second


@dataclass(frozen=True)
class Parts:
    """Data cut in three; ``by`` is "time", or "chance" where the data carry no time."""

    train: Interactions
    validation: Interactions
    test: Interactions
    by: str

    @property
    def warning(self) -> str | None:
        """What to keep in mind of figures measured on these parts; None for a cut in time."""
        if self.by == "time":
            return None
        return _(
            "These data carry no time, so the shoppers' goods were parted at random: figures are "
            "rosier than they will be, for the lists know things from later."
        )


def cut(x: Interactions, validation: float = 0.1, test: float = 0.1, seed: int = 7) -> Parts:
    """Cut by time where there is time, else pairs of shopper and item at random, with a warning."""
    try:
        return Parts(*time_split(x, validation, test), "time")
    except NoTime:
        pass
    key = x.user.astype(np.int64) * max(len(x.items), 1) + x.item
    pairs, place = np.unique(key, return_inverse=True)  # all events of a pair stay together
    drawn = np.random.default_rng(seed).random(len(pairs))[place]
    known = drawn < 1 - validation - test
    last = drawn >= 1 - test
    return Parts(x.where(known), x.where(~known & ~last), x.where(last), "chance")


def leave_last(
    x: Interactions, events: Iterable[str] | None = None
) -> tuple[Interactions, Interactions]:
    """Return train and test, where test holds what each shopper did last (of the kinds ``events``).

    What she did after that is in neither part; whoever did nothing before it is in train only. A
    second view beside the one cut for all: later shoppers teach about earlier ones, so it flatters
    where tastes change. Raises ``NoTime``.
    """
    if x.ts is None or not len(x):
        raise NoTime()
    wanted = set(x.events if events is None else events)
    counted = np.isin(x.event, [i for i, name in enumerate(x.events) if name in wanted])
    ts = x.ts.astype(np.int64)
    never, size = np.iinfo(np.int64), len(x.users)
    last, first = np.full(size, never.min), np.full(size, never.max)
    np.maximum.at(last, x.user[counted], ts[counted])
    np.minimum.at(first, x.user, ts)
    tested = (last > first)[x.user]
    final = last[x.user]
    return x.where(~tested | (ts < final)), x.where(tested & counted & (ts == final))


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


def cut_by(
    whole: Interactions, by: str, events: tuple[str, ...]
) -> tuple[Interactions, Interactions, Interactions]:
    """Return train, validation and test in one of the lab's views.

    ``by`` is "time", "last" or "chance", see ``Desk``; raises ``NoTime`` where times are needed.
    """
    if by == "last":
        earlier, test = leave_last(whole, events)
        return *leave_last(earlier, events), test
    if by == "chance":
        parts = cut(replace(whole, ts=None))
        return parts.train, parts.validation, parts.test
    return time_split(whole)


def before_test(whole: Interactions, by: str, events: tuple[str, ...]) -> Interactions:
    """Return what lies before the test that ``cut_by`` gives."""
    if by == "last":
        return leave_last(whole, events)[0]
    if by == "chance":
        train, validation, _test = cut_by(whole, by, events)
        return together(train, validation)
    _first, second = _moments(whole, 0.1, 0.1)
    return whole.where(whole.ts < second)


def period(x: Interactions) -> tuple[Any, Any]:
    """Return the first and the last moment of some events; None and None without times."""
    return (None, None) if x.ts is None or not len(x.ts) else (x.ts.min(), x.ts.max())
