"""The response model: who answers, with probabilities that mean what they say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from omni_core.errors import (
    BadModelInput,
    NotExplainable,
    NotFitted,
    NothingToLearn,
    TooFewOutcomes,
    UnknownName,
)
from omni_core.i18n import N_
from omni_core.targeting import alarms as checks
from omni_core.targeting import recalibrate
from omni_core.targeting.alarms import Alarm
from omni_core.targeting.design import Design, matrix_of
from omni_core.targeting.recalibrate import sigmoid

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
KINDS: dict[str, str] = {
    "logistic": N_("Logistic regression"),
    "boosting": N_("Boosted trees"),
    "forest": N_("Random forest"),
    "tree": N_("Decision tree"),
    "svm": N_("Support vector machine"),
}
_LEAST = 10    # of each outcome: below this nothing can be fitted and checked
_AT_ONCE = 100_000


class ResponseModel:
    """Probability of an outcome from mixed columns with gaps.

    ``kind``: "logistic" (C = 0.1, the default: as good as boosting at a small shop's size and
    steadier when customers change), "boosting", "forest", "tree" or "svm". ``known_after``: columns
    known only after the outcome; they are never read. No class weights: they ruin probabilities.

    After ``fit``: ``alarms`` (tuple of ``Alarm``), ``left_out`` (column -> reason code),
    ``calibrated`` (whether a logistic recalibration, Platt 1999, lowered the held-out log loss).
    """

    def __init__(self, kind: str = "logistic", known_after: Sequence[str] = ()) -> None:
        if kind not in KINDS:
            raise UnknownName(N_("model"), kind, KINDS)
        self.kind = kind
        self.known_after = (known_after,) if isinstance(known_after, str) else tuple(known_after)
        self._alarms: tuple[Alarm, ...] = ()
        self._rows: tuple[pd.DataFrame, NDArray[np.int64]] | None = None
        self.left_out: dict[str, str] = {}
        self.calibrated = False
        self._slope, self._shift = 1.0, 0.0
        self._design: Design | None = None
        self._model: Any = None

    def fit(self, x: pd.DataFrame, y: ArrayLike) -> ResponseModel:
        """Learn from rows ``x`` (n, columns) and outcomes ``y`` (n,) of 0 and 1.

        Raises ``BadModelInput`` for other outcomes, ``TooFewOutcomes`` below 10 of either
        outcome (up to 50 of 200 rows it fits and says so in ``alarms``), ``NothingToLearn`` when no
        column differs between people.
        """
        from threadpoolctl import threadpool_limits

        x = matrix_of(x)
        labels = _outcomes(x, y)
        rarer = int(min(labels.sum(), len(labels) - labels.sum()))
        if rarer < _LEAST:
            raise TooFewOutcomes(need=_LEAST, have=rarer)
        x = self._admit(x, labels)
        with threadpool_limits(1):
            self._design = Design().fit(x)
            self.left_out |= dict.fromkeys(self._design.constant, "constant")
            z = self._design.transform(x)
            if not z.shape[1]:
                raise NothingToLearn()
            self._model = _learner(self.kind).fit(z, labels)
            self._calibrate(z, labels)
        return self

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """What is suspicious in the rows learned from; columns that tell too much come first.

        Looked for when first asked: it costs as much as the fit.
        """
        if self._rows is not None:
            self._alarms = (*checks.single_columns(*self._rows), *self._alarms)
            self._rows = None
        return self._alarms

    def predict_proba(self, x: pd.DataFrame) -> Array:
        """Return (n,) probabilities of outcome 1. Raises ``NotFitted``, ``MissingColumns``."""
        from threadpoolctl import threadpool_limits

        out = np.zeros(len(x))
        with threadpool_limits(1):
            for start in range(0, len(x), _AT_ONCE):  # a million people at once would fill memory
                z = self._matrix(x.iloc[start:start + _AT_ONCE])
                out[start:start + _AT_ONCE] = sigmoid(
                    self._slope * _margin(self._model, z) + self._shift)
        return out

    def explain(self, x: pd.DataFrame) -> pd.DataFrame:
        """Return (n, columns) what each column adds to the log-odds, against the mean person.

        The row sums are exactly logit(p) - logit(p of the mean training row); indicator and one-hot
        parts are added up under their column. Logistic only, else ``NotExplainable``.
        """
        import pandas as pd

        if self.kind != "logistic":
            raise NotExplainable(kind=self.kind)
        z = self._matrix(x)
        assert self._design is not None
        parts = pd.DataFrame(self._slope * z * self._model.coef_[0], index=x.index)
        names = pd.Index(self._design.source)
        return parts.T.groupby(names, sort=False).sum().T

    @property
    def mean_log_odds(self) -> float:
        """Log-odds of the mean training row, the zero point of ``explain``."""
        if self.kind != "logistic":
            raise NotExplainable(kind=self.kind)
        if self._model is None:
            raise NotFitted()
        return float(self._slope * self._model.intercept_[0] + self._shift)

    def _admit(self, x: pd.DataFrame, y: NDArray[np.int64]) -> pd.DataFrame:
        """Leave out what must not be learned from, and note every finding."""
        present = [c for c in self.known_after if c in x.columns]
        self.left_out = dict.fromkeys(present, "known_after")
        self.left_out |= {str(c): "date" for c, column in x.items()
                          if c not in self.left_out and checks.is_date(column)}
        x = x.drop(columns=list(self.left_out))
        named = checks.identifiers(x)
        self.left_out |= {a.column: "identifier" for a in named}
        x = x.drop(columns=[a.column for a in named])
        absent = [Alarm(c, "known_after_absent", 0.0) for c in self.known_after
                  if c not in present]
        few = checks.too_few(y)
        self._alarms = (*named, *absent, *([few] if few else []))
        self._rows = x, y
        return x

    def _calibrate(self, z: Array, y: NDArray[np.int64]) -> None:
        """Stretch and shift the margin only if that lowers the log loss of rows not fitted on."""
        if self.kind == "logistic":
            out = recalibrate.left_out(self._model, z, y)
        elif self.kind == "forest":
            out = _log_odds(self._model.oob_decision_function_[:, 1])
        else:
            out = recalibrate.refitted(lambda: _learner(self.kind), _margin, z, y)
        # A support vector machine's margin is no log-odds at all.
        self.calibrated = recalibrate.helps(out, y) or self.kind == "svm"
        self._slope, self._shift = recalibrate.line(out, y) if self.calibrated else (1.0, 0.0)

    def _matrix(self, x: pd.DataFrame) -> Array:
        if self._design is None or self._model is None:
            raise NotFitted()
        return self._design.transform(matrix_of(x))


def _learner(kind: str) -> Any:
    """Return an unfitted scikit-learn classifier; heavy imports stay inside."""
    if kind == "logistic":
        from sklearn.linear_model import LogisticRegression

        return LogisticRegression(C=0.1, max_iter=2000)
    if kind == "boosting":
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(
            learning_rate=0.05, max_iter=120, max_leaf_nodes=15, min_samples_leaf=20,
            l2_regularization=1.0, early_stopping=False, random_state=0,
        )
    if kind == "forest":
        from sklearn.ensemble import RandomForestClassifier

        return RandomForestClassifier(
            n_estimators=200, min_samples_leaf=10, max_features="sqrt", oob_score=True, n_jobs=1,
            random_state=0,
        )
    if kind == "tree":
        from sklearn.tree import DecisionTreeClassifier

        return DecisionTreeClassifier(max_depth=4, min_samples_leaf=50, random_state=0)
    from sklearn.svm import LinearSVC

    return LinearSVC(C=0.01, max_iter=5000, random_state=0)


def _margin(model: Any, z: Array) -> Array:
    """Return (n,) log-odds, or what the model has in their place."""
    if hasattr(model, "decision_function"):
        return np.asarray(model.decision_function(z), float)
    return _log_odds(model.predict_proba(z)[:, 1])


def _log_odds(p: Array) -> Array:
    p = np.clip(p, 1e-3, 1 - 1e-3)
    return np.log(p / (1 - p))


def _outcomes(x: pd.DataFrame, y: ArrayLike) -> NDArray[np.int64]:
    """Return y as 0 and 1, in the order of x's rows."""
    import pandas as pd

    if isinstance(y, pd.Series) and y.index.is_unique and x.index.is_unique \
            and len(y) == len(x) and not y.index.equals(x.index) \
            and set(y.index) == set(x.index):
        y = y.reindex(x.index)
    values = np.asarray(y)
    try:
        numbers = values.astype(float)
        good = numbers.shape == (len(x),) and bool(np.isin(numbers, (0.0, 1.0)).all())
    except (TypeError, ValueError):
        good = False
    if not good:
        seen = np.unique(values.ravel()[:1000].astype(str))[:4].tolist()
        raise BadModelInput(rows=len(x), found=", ".join(seen))
    return numbers.astype(np.int64)
