"""Who needs a coupon, who buys anyway, who is lost: by past purchases with and without one.

Two scores of the same people and days: the probability to buy without a coupon (p0) and to buy with
one (pc). Were every order with a coupon one that would not have come without, a coupon of value d
would bring pc (M - d) and give d p0 away: ``pi = pc (M - d) - p0 d - c``. That is the most a coupon
can bring; how much it really brings only a test with a control group shows. What the table shows
are differences between groups, no effects.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from omni_core.errors import NotEnoughData
from omni_core.i18n import N_
from omni_core.metrics import wilson
from omni_core.targeting.evaluate import Array, score_everyone
from omni_core.targeting.money import Money
from omni_core.targeting.origins import foreseen, origins, tried
from omni_core.targeting.stack import Stack, stack
from omni_core.targeting.targets import buyers_between

if TYPE_CHECKING:
    import pandas as pd

GROUPS = ("needs", "anyway", "quiet")
_LEAST = 30  # purchases of either kind before the two can be told apart


@dataclass(frozen=True)
class CouponScores:
    """Scores to buy without (``plain``) and with a coupon (``coupon``): of everyone, and held out.

    ``y`` of the held-out rows: 0 nothing, 1 bought without, 2 bought with a coupon.
    """

    user: NDArray[np.object_]
    plain: Array
    coupon: Array
    y: NDArray[np.int64]
    held_plain: Array
    held_coupon: Array
    days: int
    as_of: Any


def coupon_scores(
    ws: Any, days: int = 30, progress: Callable[[float], None] | None = None
) -> CouponScores:
    """Fit both scores on windows of ``days`` and score everyone. Raises ``NotEnoughData``.

    A person who bought both ways in a window counts as one who used a coupon.
    """
    rows = stack(ws, f"buys_within:{days}", progress)
    outcome = _outcomes(ws, rows, days)
    for kind, what in ((2, N_("purchases with a coupon")), (1, N_("purchases without a coupon"))):
        have = int((outcome == kind).sum())
        if have < _LEAST:
            raise NotEnoughData(what, _LEAST, have)
    parts = origins(ws, rows)
    held, everyone = [], []
    for kind in (1, 2):
        y = (outcome == kind).astype(np.int64)
        held.append(foreseen(parts, rows.x, [y[part.train] for part in parts])[0])
        everyone.append(score_everyone(ws, rows.take(np.ones(len(y), bool), y)))
    return CouponScores(everyone[0].user, everyone[0].p, everyone[1].p, outcome[tried(parts)],
                        held[0], held[1], days, everyone[0].as_of)


def _outcomes(ws: Any, rows: Stack, days: int) -> NDArray[np.int64]:
    out = np.zeros(len(rows.y), np.int64)
    for day in np.unique(rows.day):
        start = day.astype(object)
        bought = buyers_between(ws, start, start + timedelta(days=days))
        with_coupon = dict(zip(bought["user"], bought["coupon"], strict=True))
        for i in np.flatnonzero(rows.day == day):
            said = with_coupon.get(rows.user[i])
            out[i] = 0 if said is None else 1 + int(bool(said))
    return out


def most_it_brings(plain: Array, coupon: Array, money: Money) -> Array:
    """Return (n,) the most that a coupon sent to each person can bring, in the shop's currency."""
    return coupon * money.gain - plain * money.coupon - money.contact_cost


def grouped(plain: Array, coupon: Array, money: Money) -> NDArray[np.object_]:
    """Return (n,) "needs" where a coupon may pay; else "anyway" for those likelier than average to
    buy without one, and "quiet" for the rest."""
    anyway = plain >= (plain.mean() if len(plain) else 0.0)
    pays = most_it_brings(plain, coupon, money) > 0
    return np.where(pays, "needs", np.where(anyway, "anyway", "quiet")).astype(object)


def strategy(found: CouponScores, money: Money) -> pd.DataFrame:
    """Return, per group: people now, held (people tested), bought and with_coupon among them with
    their 95 % ranges, and ``brings``: the most that coupons to the people now can bring in all."""
    import pandas as pd

    now = grouped(found.plain, found.coupon, money)
    held = grouped(found.held_plain, found.held_coupon, money)
    value = most_it_brings(found.plain, found.coupon, money)
    rows = []
    for name in GROUPS:
        mine, tested = now == name, held == name
        n = int(tested.sum())
        bought, with_one = int((found.y[tested] > 0).sum()), int((found.y[tested] == 2).sum())
        rows.append((name, int(mine.sum()), n, bought / n if n else np.nan, *wilson(bought, n),
                     with_one / n if n else np.nan, *wilson(with_one, n),
                     float(value[mine].sum())))
    return pd.DataFrame(rows, columns=[
        "group", "people", "held", "bought", "bought_low", "bought_high", "with_coupon",
        "coupon_low", "coupon_high", "brings"])


def people_of(found: CouponScores, money: Money, group: str) -> pd.DataFrame:
    """Return the people of a group: user and both probabilities, best first."""
    import pandas as pd

    mine = grouped(found.plain, found.coupon, money) == group
    table = pd.DataFrame({
        "user": found.user[mine], "without_coupon": found.plain[mine].round(6),
        "with_coupon": found.coupon[mine].round(6)})
    key = "with_coupon" if group == "needs" else "without_coupon"
    return table.sort_values([key, "user"], ascending=[False, True], ignore_index=True)
