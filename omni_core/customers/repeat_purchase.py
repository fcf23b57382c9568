"""How often a buyer will come back: the beta-geometric/NBD model.

While she stays a buyer purchases at her own rate (gamma over buyers), and after each purchase may
leave for good with her own chance (beta over buyers). Source: Fader, Hardie and Lee, "Counting Your
Customers the Easy Way: An Alternative to the Pareto/NBD Model" (Marketing Science 24, 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln, hyp2f1

from omni_core.customers.history import Summary
from omni_core.errors import NoConvergence

MOST = 50_000  # buyers that a fit reads; the rest change no digit that is shown
NO_DROPOUT = 0.005  # a mean chance of leaving below this: the data show nobody leaving


@dataclass(frozen=True, slots=True)
class RepeatPurchase:
    """The fitted model: r, alpha (rate of purchase, weeks), a, b (chance to leave)."""

    r: float
    alpha: float
    a: float
    b: float
    log_likelihood: float

    @classmethod
    def fit(cls, seen: Summary) -> RepeatPurchase:
        """Fit by maximum likelihood (L-BFGS on the logarithms, from 1 each).

        Raises ``NoConvergence`` where the search doesn't end, or ends where no shop can be.
        """
        x, t_x, age, weight = _grouped(seen)
        total = weight.sum()

        def loss(logs: np.ndarray) -> float:
            return -float(weight @ _log_likelihood(np.exp(logs), x, t_x, age)) / total

        found = minimize(loss, np.zeros(4), method="L-BFGS-B", bounds=[(-12.0, 12.0)] * 4,
                         options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7})
        r, alpha, a, b = (float(v) for v in np.exp(found.x))
        if not np.isfinite(found.fun) or found.nit >= 500 or r < 1e-4 or alpha < 1e-4:
            raise NoConvergence(model="BG/NBD")
        return cls(r, alpha, a, b, -float(found.fun) * len(seen))

    @property
    def leaves(self) -> float:
        """The mean chance that a purchase is a buyer's last."""
        return self.a / (self.a + self.b)

    @property
    def nobody_leaves(self) -> bool:
        """Whether the data show hardly anybody leaving: then nobody can be called lost by it."""
        return self.leaves < NO_DROPOUT

    def alive(self, seen: Summary) -> np.ndarray:
        """Return the chance that each buyer is one still: (n,). A buyer of once counts as one."""
        return 1.0 / (1.0 + self._odds_left(seen))

    def expected(self, seen: Summary, weeks: float) -> np.ndarray:
        """Return the purchases expected of each buyer in the next ``weeks``: (n,)."""
        x, age = seen.repeats, seen.age
        a = self.a if abs(self.a - 1.0) > 1e-6 else 1.0 + 1e-6  # the formula has a hole at 1
        z = weeks / (self.alpha + age + weeks)
        rest = self.r + x
        with np.errstate(over="ignore", invalid="ignore"):
            shrink = ((self.alpha + age) / (self.alpha + age + weeks)) ** rest
            gauss = hyp2f1(rest, self.b + x, a + self.b + x - 1.0, z)
            future = (a + self.b + x - 1.0) / (a - 1.0) * (1.0 - shrink * gauss)
        # where the series overflows she buys at her mean rate and doesn't leave
        steady = weeks * rest / (self.alpha + age)
        future = np.where(np.isfinite(future) & (future >= 0), future, steady)
        return np.minimum(future, steady) / (1.0 + self._odds_left(seen))

    def _odds_left(self, seen: Summary) -> np.ndarray:
        x = seen.repeats
        with np.errstate(divide="ignore", over="ignore"):
            odds = self.a / (self.b + x - 1.0) * (
                (self.alpha + seen.age) / (self.alpha + seen.last)) ** (self.r + x)
        return np.where(x > 0, odds, 0.0)


def _grouped(seen: Summary) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return x, t_x, T of each different history, and how many buyers have it."""
    rows = np.column_stack([seen.repeats, seen.last, seen.age])
    if len(rows) > MOST:
        rows = rows[np.random.default_rng(0).choice(len(rows), MOST, replace=False)]
    different, weight = np.unique(rows, axis=0, return_counts=True)
    return different[:, 0], different[:, 1], different[:, 2], weight.astype(float)


def _log_likelihood(
    parameters: np.ndarray, x: np.ndarray, t_x: np.ndarray, age: np.ndarray
) -> np.ndarray:
    r, alpha, a, b = parameters
    stays = -(r + x) * np.log(alpha + age)
    again = np.where(x > 0, b + x - 1.0, 1.0)  # who never came back has had no chance to leave
    left = np.where(
        x > 0, np.log(a) - np.log(again) - (r + x) * np.log(alpha + t_x), -np.inf)
    return (gammaln(r + x) - gammaln(r) + r * np.log(alpha)
            + gammaln(a + b) + gammaln(b + x) - gammaln(b) - gammaln(a + b + x)
            + np.logaddexp(stays, left))
