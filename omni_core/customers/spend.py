"""What a buyer spends when she comes back: the gamma-gamma model.

A buyer's baskets scatter about a mean of her own, and the means scatter over buyers; few baskets
are drawn towards everybody's mean. Source: Fader, Hardie and Lee, "RFM and CLV: Using Iso-Value
Curves for Customer Base Analysis" (Journal of Marketing Research 42, 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import gammaln

from omni_core.customers.history import Summary
from omni_core.errors import NoConvergence


@dataclass(frozen=True, slots=True)
class Spend:
    """The fitted model: p (scatter of baskets), q and v (scatter of buyers, scale in money).

    ``related``: correlation of number and size of purchases; the model takes it to be near 0.
    """

    p: float
    q: float
    v: float
    buyers: int
    related: float

    @classmethod
    def fit(cls, seen: Summary) -> Spend:
        """Fit on buyers who came back with a mean amount above 0. Raises ``NoConvergence``."""
        used = (seen.repeats > 0) & (np.nan_to_num(seen.spend) > 0)
        if used.sum() < 30:
            raise NoConvergence(model="Gamma-Gamma")
        x, amount = seen.repeats[used], seen.spend[used]
        scale = float(amount.mean())  # the search begins at 1 whatever the currency
        mean = amount / scale

        def loss(logs: np.ndarray) -> float:
            p, q, v = np.exp(logs)
            return -float(np.mean(
                gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
                + (p * x - 1.0) * np.log(mean) + p * x * np.log(x)
                - (p * x + q) * np.log(x * mean + v)))

        found = minimize(loss, np.zeros(3), method="L-BFGS-B", bounds=[(-12.0, 12.0)] * 3,
                         options={"maxiter": 500, "ftol": 1e-12, "gtol": 1e-7})
        p, q, v = (float(k) for k in np.exp(found.x))
        if not np.isfinite(found.fun) or q <= 1.0:  # with q up to 1 the mean is without bound
            raise NoConvergence(model="Gamma-Gamma")
        apart = x.std() > 0 and amount.std() > 0
        return cls(p, q, v * scale, int(used.sum()),
                   float(np.corrcoef(x, amount)[0, 1]) if apart else 0.0)

    def expected(self, seen: Summary) -> np.ndarray:
        """Return the mean amount expected of each buyer's next purchases: (n,)."""
        x = np.where(np.nan_to_num(seen.spend) > 0, seen.repeats, 0.0)
        amount = np.nan_to_num(seen.spend)
        return self.p * (self.v + x * amount) / (self.p * x + self.q - 1.0)
