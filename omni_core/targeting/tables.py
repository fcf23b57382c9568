"""Small frames of a holdout for charts and downloads; numbers only, no words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from omni_core.columns import ROLES, TABLES
from omni_core.i18n import _
from omni_core.targeting import metrics
from omni_core.targeting.alarms import LEFT_OUT
from omni_core.targeting.audience import Audience
from omni_core.targeting.evaluate import Holdout, Scores
from omni_core.targeting.features import FEATURES, KEPT_OUT, RECIPIENTS
from omni_core.targeting.money import Curve, Point
from omni_core.targeting.words import group_name

if TYPE_CHECKING:
    import pandas as pd

_MEANING = {f.name: f.meaning for f in (*FEATURES, RECIPIENTS)}


def gains_table(held: Holdout) -> pd.DataFrame:
    """Return contacted (share of people), found and found_baseline (shares of responders)."""
    import pandas as pd

    shares = np.linspace(0, 1, 21)
    out = {"contacted": shares, "found": metrics.gains(held.y, held.p, shares)}
    if held.base_p is not None:
        out["found_baseline"] = metrics.gains(held.y, held.base_p, shares)
    return pd.DataFrame(out)


def gains_point(held: Holdout, point: Point) -> tuple[float, float] | None:
    """Return where a cut-off lies in ``gains_table`` (contacted, found); None if nobody is held."""
    return (point.held_reach / len(held.y), point.recall) if len(held.y) else None


def lift_table(held: Holdout) -> pd.DataFrame:
    """Return tenth (1 = best scored), people, lift: the tenth's response rate over everyone's."""
    import pandas as pd

    n = len(held.y)
    return pd.DataFrame({
        "tenth": np.arange(1, 11),
        "people": [len(part) for part in np.array_split(np.arange(n), 10)],
        "lift": metrics.lift_by_decile(held.y, held.p),
    })


def calibration_table(held: Holdout) -> pd.DataFrame:
    """Return people, predicted, observed, low, high of each equal-mass bin."""
    import pandas as pd

    c = held.calibration
    return pd.DataFrame({
        "people": c.n, "predicted": c.predicted, "observed": c.observed, "low": c.low,
        "high": c.high,
    })


def profit_table(curve: Curve) -> pd.DataFrame:
    """Return reach, threshold, expected profit with its 90 % band, held-out, random people."""
    import pandas as pd

    return pd.DataFrame({
        "reach": curve.reach, "threshold": curve.threshold, "profit": curve.profit,
        "profit_low": curve.low, "profit_high": curve.high, "held_profit": curve.held,
        "random_profit": curve.random,
    }).round({"threshold": 4, **dict.fromkeys(
        ("profit", "profit_low", "profit_high", "held_profit", "random_profit"), 2)})


@dataclass(frozen=True, slots=True)
class Input:
    """One line of the table of inputs, in the current language."""

    name: str
    meaning: str
    source: str
    state: str


def input_table(held: Holdout, own: bool = False) -> pd.DataFrame:
    """Return name, meaning, source and state (used, or why it was left out) of every input.

    Of a file of her ``own`` only name and state: it says no more.
    """
    import pandas as pd

    if own:
        return pd.DataFrame({
            "input": held.inputs,
            "state": [_state(held, c) for c in held.inputs]})

    rows = [
        Input(f.name, _(f.meaning), _source(f.source), _state(held, f.name))
        for f in (*FEATURES, RECIPIENTS)
        if f.name in held.inputs
    ]
    rows += [
        Input(name, _(ROLES[name].label), _source("customers"), _(why)) for name, why in KEPT_OUT
    ]
    return pd.DataFrame([(r.name, r.meaning, r.source, r.state) for r in rows],
                        columns=["input", "meaning", "source", "state"])


def _state(held: Holdout, column: str) -> str:
    """Return whether a column is used, or in a few words why not."""
    return _(LEFT_OUT[held.left_out[column]]) if column in held.left_out else _("used")


def _source(table: str) -> str:
    name = "events" if table == "activity" else table
    return _(TABLES[name].label)


def drivers(scores: Scores, most: int = 12) -> Any:
    """Return the inputs that move the score most: input, meaning, effect (mean size of what it adds
    to the log-odds over everyone scored). None for a model that can't be taken apart."""
    import pandas as pd

    if scores.model.kind != "logistic":
        return None
    weight = scores.model.explain(scores.x).abs().mean().sort_values(ascending=False)[:most]
    return pd.DataFrame({
        "input": weight.index, "meaning": [_(_MEANING.get(n, n)) for n in weight.index],
        "effect": weight.to_numpy(),
    })


def preview(who: Audience, reach: int, most: int = 500) -> pd.DataFrame:
    """Return the first of the people reached (at most ``most``): user, score, band, gender."""
    first = who.people.iloc[: min(reach, most)][["user", "score", "band", "gender"]]
    return first.round({"score": 3}).assign(
        band=first["band"].map(group_name), gender=first["gender"].map(group_name),
    )
