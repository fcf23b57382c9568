"""Threshold with money: break-even, profit and its spread, budget, and the held-out profit.

M = gross margin of one conversion before the coupon, d = coupon value, c = cost of one contact,
p = P(converts | contacted). A contact pays when ``(M - d) p > c``, so the calibrated optimum is
``p* = c / (M - d)``. People are sorted once; a move of the threshold is a binary search in
cumulative sums.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from omni_core import params
from omni_core.errors import BadParameter
from omni_core.i18n import N_

Array = NDArray[np.float64]


STEP = 0.001  # of the threshold, as a control shows it: a tenth of a per cent


def snapped(threshold: float) -> float:
    """Return a threshold as the nearest step, the same number however it was come by."""
    return round(threshold, 3)


@dataclass(frozen=True, slots=True)
class Money:
    """What a conversion earns and a contact costs, in the shop's currency."""

    margin: float = params.field(
        0.0, low=0.0, step=1.0, label=N_("Margin of one order"),
        help=N_("What one order leaves you before the coupon: price less the cost of the goods."),
    )
    coupon: float = params.field(
        0.0, low=0.0, step=1.0, label=N_("Value of the coupon"),
        help=N_("What you give away with each order that comes. 0 when there is no coupon."),
    )
    contact_cost: float = params.field(
        0.0, low=0.0, step=0.1, label=N_("Cost of one contact"),
        help=N_("What reaching one person costs: the text message, the letter, the ad."),
    )
    budget: float | None = params.field(
        None, low=0.0, step=100.0, label=N_("Budget"), optional=True,
        help=N_("The most you want to spend on contacts. Empty: no cap."),
    )

    def __post_init__(self) -> None:
        params.validate(self)

    @property
    def gain(self) -> float:
        """M - d: what one conversion leaves after the coupon."""
        return self.margin - self.coupon

    @property
    def break_even(self) -> float | None:
        """p* = c / (M - d), or None when M <= d: then no threshold pays."""
        return self.contact_cost / self.gain if self.gain > 0 else None

    @property
    def affordable(self) -> float:
        """How many contacts the budget pays for (infinite without a budget or a cost)."""
        if self.budget is None or self.contact_cost <= 0:
            return math.inf
        contacts = self.budget / self.contact_cost
        # 30 / 0.1 is 300, not 299; a cost next to nothing divides to infinity
        return math.floor(contacts + 1e-9) if math.isfinite(contacts) else math.inf


@dataclass(frozen=True, slots=True)
class Point:
    """One position of the threshold: ``reach`` people, money in the shop's currency."""

    threshold: float
    reach: int
    capped: bool           # the budget, not the threshold, ended the list
    cost: float
    conversions: float     # expected
    profit: float          # expected
    sd: float              # of the expected profit, people independent
    roi: float             # profit / cost, NaN when nothing is spent
    held_profit: float     # realised on held-out people, weighted to everyone; NaN without them
    held_sd: float
    precision: float       # among held-out people at or above the threshold
    recall: float
    held_reach: int        # held-out people at or above the threshold


@dataclass(frozen=True, slots=True)
class Curve:
    """Profit along the ranking, thinned for a chart: arrays of the same length."""

    reach: NDArray[np.int64]
    threshold: Array
    profit: Array
    low: Array             # 90 % band of the expected profit
    high: Array
    held: Array
    random: Array          # the same number of people taken at random


class Ranking:
    """People sorted once by score (ties by id), with the sums every threshold move reads.

    ``p`` (n,) probabilities of the people to contact and ``users`` (n,) their ids; ``held_y`` and
    ``held_p`` (m,) outcomes and scores of people the model has not seen. Those stand for the people
    to contact: each for n / m of them or, from 100 on, for as many as have scores like theirs,
    because a campaign's recipients are not a sample of everyone.
    """

    def __init__(
        self,
        p: ArrayLike,
        users: ArrayLike | None = None,
        held_y: ArrayLike | None = None,
        held_p: ArrayLike | None = None,
    ) -> None:
        scores = np.asarray(p, float)
        if scores.size and not (scores.min() >= 0 and scores.max() <= 1):
            raise BadParameter("p", "…", "0 – 1")
        ids = np.arange(len(scores)) if users is None else np.asarray(users)
        place = np.unique(ids, return_inverse=True)[1]  # ids may be text
        self.order: NDArray[np.intp] = np.lexsort((place, -scores))
        self.p: Array = scores[self.order]
        self.users = ids[self.order]
        self._sum, self._var = _sums(self.p), _sums(self.p * (1 - self.p))
        y = np.zeros(0) if held_y is None else np.asarray(held_y, float)
        s = np.zeros(0) if held_p is None else np.asarray(held_p, float)
        order = np.argsort(-s, kind="stable")
        y, self._held_p = y[order], s[order]
        w = _stand_for(self._held_p, self.p)
        self._hits = _sums(y)
        self._won, self._reached = _sums(w * y), _sums(w)
        self._won_squared, self._lost_squared = _sums(w**2 * y), _sums(w**2 * (1 - y))

    def __len__(self) -> int:
        return len(self.p)

    def reach(self, threshold: float) -> int:
        """Return how many people score at or above ``threshold``."""
        return int(np.searchsorted(-self.p, -threshold, side="right"))

    def best(self, money: Money) -> float | None:
        """Return the threshold with the highest expected profit, None when no contact pays.

        Without a budget it is the break-even p*; a budget that ends the list earlier moves it up
        to the score of the last person it pays for.
        """
        cut = money.break_even
        if cut is None or cut > 1:
            return None
        k = int(min(self.reach(cut), money.affordable))
        if k == 0:
            return None
        return cut if k == self.reach(cut) else float(self.p[k - 1])

    def best_step(self, money: Money) -> Point | None:
        """Return the best threshold among those a control of ``STEP`` can show, None as ``best``.

        Profit rises along the ranking up to the best threshold and falls after it, so it is one of
        the two steps beside it; at that step, what is shown and what is best are the same people.
        """
        best = self.best(money)
        if best is None:
            return None
        below = math.floor(best / STEP + 1e-9)
        beside = [self.at(snapped(step * STEP), money) for step in (below, below + 1)]
        return max((p for p in beside if p.reach), key=lambda p: p.profit, default=None)

    def top(self, share: float) -> float:
        """Return the highest threshold in steps of ``STEP`` that reaches this share of people."""
        k = math.ceil(share * len(self))
        return snapped(math.floor(float(self.p[k - 1]) / STEP + 1e-9) * STEP) if k else 1.0

    def at(self, threshold: float, money: Money) -> Point:
        """Return reach, cost, expected and held-out profit of one threshold."""
        wanted = self.reach(threshold)
        capped = wanted > money.affordable
        k = int(min(wanted, money.affordable))
        cut = float(self.p[k - 1]) if capped and k else threshold
        cost = money.contact_cost * k
        profit = money.gain * float(self._sum[k]) - cost
        # A budget that pays for nobody reaches nobody among the held-out people either.
        held_k = 0 if capped and not k else self._held_reach(cut)
        held, held_sd = self._held(held_k, money)
        hits, all_hits = self._hits[held_k], self._hits[-1]
        return Point(
            threshold=threshold, reach=k, capped=capped, cost=cost,
            conversions=float(self._sum[k]), profit=profit,
            sd=abs(money.gain) * math.sqrt(float(self._var[k])),
            roi=profit / cost if cost > 0 else float("nan"),
            held_profit=held, held_sd=held_sd,
            precision=float(hits / held_k) if held_k else float("nan"),
            recall=float(hits / all_hits) if all_hits else float("nan"),
            held_reach=held_k,
        )

    def curve(self, money: Money, points: int = 200) -> Curve:
        """Return the profit along the ranking at up to ``points`` + 1 places."""
        n = len(self)
        k = np.unique(np.linspace(0, n, points + 1).round().astype(np.int64))
        profit = money.gain * self._sum[k] - money.contact_cost * k
        half = 1.644854 * abs(money.gain) * np.sqrt(self._var[k])
        mean = self._sum[-1] / max(n, 1)
        cut = np.where(k > 0, self.p[np.maximum(k - 1, 0)] if n else 0.0, 1.0)
        held = np.array([
            self._held(self._held_reach(t) if i else 0, money)[0]
            for i, t in zip(k, cut, strict=True)
        ])
        return Curve(
            k, cut, profit, profit - half, profit + half, held,
            k * (money.gain * mean - money.contact_cost),
        )

    def _held_reach(self, threshold: float) -> int:
        return int(np.searchsorted(-self._held_p, -threshold, side="right"))

    def _held(self, k: int, money: Money) -> tuple[float, float]:
        """Realised profit of the top k held-out people, each standing for w, and its sd."""
        m = len(self._held_p)
        if not m:
            return float("nan"), float("nan")
        total = money.gain * float(self._won[k]) - money.contact_cost * float(self._reached[k])
        squares = (money.gain - money.contact_cost) ** 2 * self._won_squared[k] \
            + money.contact_cost**2 * self._lost_squared[k]
        return total, math.sqrt(max(float(squares) - total**2 / m, 0.0))


def _sums(values: Array) -> Array:
    return np.concatenate(([0.0], np.cumsum(values)))


def _stand_for(held: Array, people: Array, least: int = 50, most: int = 20) -> Array:
    """How many people each held-out row stands for: post-stratified by score, adding up to all."""
    bins = min(len(held) // least, most)
    if bins < 2:
        return np.full(len(held), len(people) / max(len(held), 1))
    edges = np.unique(np.quantile(held, np.linspace(0, 1, bins + 1))[1:-1])
    mine, theirs = np.searchsorted(edges, held), np.searchsorted(edges, people)
    n = len(edges) + 1
    weight = np.bincount(theirs, minlength=n) / np.maximum(np.bincount(mine, minlength=n), 1)
    return weight[mine]
