"""Who is left out by age and gender, how right the score is for them, and what evening out costs.

Measured on held-out people: whether a group answers as often as it is told to, and how many of its
answers a cut-off finds. A difference says nothing about its reason, and taking age and gender out
of the score does not take the difference away: behaviour stands in for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from omni_core.metrics import wilson
from omni_core.small_cells import suppress
from omni_core.targeting.audience import Audience
from omni_core.targeting.evaluate import Holdout
from omni_core.targeting.money import Money

if TYPE_CHECKING:
    import pandas as pd

ENOUGH, ENOUGH_ANSWERS = 100, 20  # below either a group's rates are mostly chance
FOUR_FIFTHS = 0.8                 # a group chosen less than this often as the top one is flagged


def group_table(held: Holdout, groups: NDArray[np.object_], threshold: float, k: int = 1
                ) -> pd.DataFrame:
    """Return, per group of the people tested: people, positives, selected (rate), its range, found
    (TPR), precision, predicted and observed rates, and whether the group is ``enough`` to judge.

    ``groups`` (n,) go with the held-out rows; "unknown" comes last. Counts under ``k`` are hidden.
    """
    import pandas as pd

    rows = []
    chosen = held.p >= threshold
    y = held.y.astype(bool)
    for name in sorted(set(groups), key=lambda g: (g == "unknown", g != "under 18", str(g))):
        member = groups == name
        n, hits, taken = int(member.sum()), int(y[member].sum()), int(chosen[member].sum())
        right = int((y & chosen & member).sum())
        low, high = wilson(taken, n)
        rows.append((
            name, n, hits, taken / n, low, high, right / hits if hits else np.nan,
            right / taken if taken else np.nan, float(held.p[member].mean()), hits / n,
            n >= ENOUGH and hits >= ENOUGH_ANSWERS))
    table = pd.DataFrame(rows, columns=[
        "group", "people", "positives", "selected", "low", "high", "tpr", "precision", "predicted",
        "observed", "enough"])
    return suppress(table, k, "people", (
        "positives", "selected", "low", "high", "tpr", "precision", "predicted", "observed"))


def four_fifths(table: pd.DataFrame) -> tuple[str, str, float] | None:
    """Return the group chosen least often, the one chosen most often and the ratio of their rates.

    Among groups that are enough to judge, "unknown" not counted; None where fewer than two are.
    """
    judged = table[table["enough"] & (table["group"] != "unknown") & table["selected"].notna()]
    if len(judged) < 2 or not judged["selected"].max() > 0:
        return None
    least, most = judged.loc[judged["selected"].idxmin()], judged.loc[judged["selected"].idxmax()]
    return str(least["group"]), str(most["group"]), float(least["selected"] / most["selected"])


@dataclass(frozen=True)
class Even:
    """What choosing the same share of each group would do, for as many people as now.

    ``chosen`` (n,) marks people in the order of the ranking. Money in the shop's currency, NaN
    where none was given; ``orders`` and ``orders_now`` are expected answers.
    """

    chosen: NDArray[np.bool_]
    moved: int          # people who come in, and as many who go
    orders: float
    orders_now: float
    profit: float
    profit_now: float


def evened_out(who: Audience, reach: int, by: str, money: Money | None) -> Even:
    """Take the same share of each group (age "band" or "gender"); ``reach`` people in all.

    Shares are rounded so that the total stays ``reach``: the largest remainders get one more.
    """
    groups = who.people[by].to_numpy(object)
    n = len(groups)
    now = np.arange(n) < reach
    chosen = np.zeros(n, bool)
    names, place = np.unique(groups.astype(str), return_inverse=True)
    exact = np.bincount(place, minlength=len(names)) * (reach / n if n else 0.0)
    seats = np.floor(exact).astype(int)
    order = np.argsort(-(exact - seats), kind="stable")[: reach - int(seats.sum())]
    seats[order] += 1
    for i, most in enumerate(seats):
        chosen[np.flatnonzero(place == i)[:most]] = True  # best first within the group
    p = who.ranking.p
    gain, cost = (money.gain, money.contact_cost) if money else (float("nan"), float("nan"))

    def profit(mask: NDArray[np.bool_]) -> float:
        return float(gain * p[mask].sum() - cost * mask.sum())

    return Even(chosen, int((chosen & ~now).sum()), float(p[chosen].sum()), float(p[now].sum()),
                profit(chosen), profit(now))
