"""What a response model is worth on people and days it has not seen, beside the plain baseline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from omni_core.errors import NothingToLearn
from omni_core.targeting import metrics
from omni_core.targeting.alarms import Alarm
from omni_core.targeting.features import RECIPIENTS, features
from omni_core.targeting.model import ResponseModel
from omni_core.targeting.origins import Split, foreseen, origins, tried
from omni_core.targeting.stack import Stack
from omni_core.targeting.targets import at_risk, data_days

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Holdout:
    """Outcomes and scores of the rows tested on, and what they say.

    ``figures`` and ``baseline`` come from ``metrics.summary``; ``baseline`` is None where the data
    hold none of its columns. ``gap_low`` to ``gap_high``: 95 % range of the difference in AUC.
    ``names``: the campaigns or windows tried on, from ``cut`` on. ``trained_on`` and
    ``trained_positives``: rows and answers known before the first of them; later ones had more.
    """

    how: str
    cut: date | None
    trained_on: int
    trained_positives: int
    names: tuple[str, ...]
    y: NDArray[np.int64]
    p: Array
    base_p: Array | None
    inputs: tuple[str, ...]
    figures: dict[str, Any]
    baseline: dict[str, Any] | None
    gap_low: float
    gap_high: float
    calibration: metrics.Calibration
    calibrated: bool
    alarms: tuple[Alarm, ...]
    left_out: dict[str, str]
    x: pd.DataFrame | None = None       # the rows tested on
    user: NDArray[np.object_] | None = None
    models: tuple[ResponseModel, ...] = ()  # as they were tested
    by: NDArray[np.int64] | None = None     # (n,) which of the models had not seen the row
    kind: str = "responded"             # what is foreseen, as in ``targets.Target``
    articles: bool = False              # the model itself sees only the baseline's columns

    @property
    def random(self) -> bool:
        """Whether the score can't be told from chance: the range of its AUC reaches down to 0.5."""
        return not self.figures["auc_low"] > 0.5

    def predict(self, x: pd.DataFrame, rows: NDArray[np.intp]) -> Array:
        """Return the probabilities of ``rows`` of those tested, were ``x`` their columns."""
        assert self.by is not None
        out = np.zeros(len(x))
        for i, model in enumerate(self.models):
            mine = self.by[rows] == i
            if mine.any():
                out[mine] = model.predict_proba(x[mine])
        return out

    @property
    def plain(self) -> bool:
        """Whether the score is not shown to beat age, gender and channel alone."""
        return self.baseline is not None and not self.gap_low > 0


def holdout(
    ws: Any, rows: Stack, kind: str = "logistic", known_after: Sequence[str] = (),
    bar: Stack | None = None,
) -> Holdout:
    """Foresee the latest campaigns of a stack, each from the time before it (see ``origins``).

    ``bar``: the same rows with all columns, for the baseline of a model that may not see some.
    """
    parts = origins(ws, rows)
    labels = [part.y_train for part in parts]
    p, models = foreseen(parts, rows.x, labels, kind, known_after)
    test = tried(parts)
    y, users = rows.y[test], rows.user[test]
    articles = set(rows.x.columns) <= set(rows.baseline)
    plain = None if articles else _baseline(bar or rows, parts, known_after)
    gap = (float("nan"), float("nan"))
    if plain is not None:
        gap = metrics.auc_gap_range(y, p, plain, users)
    last = models[-1]
    return Holdout(
        how=parts[0].how, cut=parts[0].cut, trained_on=int(parts[0].train.sum()),
        trained_positives=int(labels[0].sum()), names=tuple(dict.fromkeys(rows.name[test])),
        y=y, p=p, base_p=plain, inputs=tuple(rows.x.columns), figures=metrics.summary(y, p, users),
        baseline=None if plain is None else metrics.summary(y, plain, users),
        gap_low=gap[0], gap_high=gap[1], calibration=metrics.calibration(y, p),
        calibrated=last.calibrated, alarms=last.alarms, left_out=last.left_out,
        x=rows.x[test], user=users, models=models,
        by=np.sum([i * part.test for i, part in enumerate(parts)], axis=0)[test],
        kind=rows.target.kind, articles=articles,
    )


def _baseline(rows: Stack, parts: Sequence[Split], known_after: Sequence[str]) -> Array | None:
    """Score with age, gender and channel only, as the source articles' advertising model does."""
    columns = [c for c in rows.baseline if c in rows.x.columns and c not in known_after]
    if not columns:
        return None
    try:
        return foreseen(parts, rows.x[columns], [part.y_train for part in parts])[0]
    except NothingToLearn:  # every column is empty or the same for everyone
        return None


def price_of_blindness(held: Holdout, blind: Holdout) -> tuple[float, float, float]:
    """Return what leaving age and gender out costs in AUC, with its 95 % range; NaN if unknown.

    Both are measured on the same rows; the range comes from the same resamples of people.
    """
    if len(held.p) != len(blind.p):
        return float("nan"), float("nan"), float("nan")
    low, high = metrics.auc_gap_range(held.y, held.p, blind.p, held.user)
    return held.figures["auc"] - blind.figures["auc"], low, high


@dataclass(frozen=True)
class Scores:
    """Everyone known, scored as of the day after the last activity: ``user``, ``p`` (n,).

    ``silent`` of them stand in the customer file without a date and have done nothing so far.
    """

    as_of: date
    user: NDArray[np.object_]
    p: Array
    x: pd.DataFrame
    model: ResponseModel
    silent: int = 0


def score_everyone(
    ws: Any, rows: Stack, kind: str = "logistic", known_after: Sequence[str] = ()
) -> Scores:
    """Train on the whole stack and score every known shopper with all that is known by now.

    Known is, other than on a past day, also who stands in the customer file without a date.
    """
    model = ResponseModel(kind, known_after).fit(rows.x, rows.y)
    span = data_days(ws)
    assert span is not None  # a stack has days
    x = features(ws, span[1], everyone=True)
    x = x[at_risk(x, rows.target)]
    dated = x["days_since_visit"].notna() | x["days_since_joining"].notna() | (x["sends_all"] > 0)
    for name in ("days_since_visit", "days_since_purchase"):
        # Where everyone learned from has a last time, a gap would pass for the usual one; what is
        # known of people without it is that nothing happened in all the days the data cover.
        if name in rows.x and rows.x[name].notna().all():
            x[name] = x[name].fillna(float((span[1] - span[0]).days))
    if rows.recipients is not None:
        x[RECIPIENTS.name] = float(rows.recipients)
    x = x[[c for c in x.columns if c in rows.x.columns]]
    return Scores(span[1], x.index.to_numpy(object), model.predict_proba(x), x, model,
                  int((~dated).sum()))
