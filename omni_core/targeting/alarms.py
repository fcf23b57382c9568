"""What is suspicious about training data before a model is believed: leaks, ids, too few cases."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from omni_core.i18n import N_, _, number
from omni_core.targeting.design import Design, as_numbers, as_words, is_number
from omni_core.targeting.metrics import auc

if TYPE_CHECKING:
    import pandas as pd

NEED_POSITIVES = 50
NEED_ROWS = 200
LEAK_AUC = 0.9
SUSPECT_AUC = 0.8
_ID_NAME = re.compile(
    r"(^|[_\W])(id|ids|uuid|guid|key|no|number|phone|mobile|email|mail)$|编号|单号|账号|手机|邮箱|id$",
    re.IGNORECASE,
)

_DATE = re.compile(
    r"((19|20)\d\d([-/.年])\d{1,2}([-/.月])\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.](19|20)?\d\d)"
    r"([T ]\d{1,2}:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$"
)

_WORDS = {
    "single_column": N_(
        "“{column}” alone tells the outcome almost perfectly (AUC {value}). Is it known only "
        "afterwards? Then leave it out."
    ),
    "outweighs": N_(
        "“{column}” alone ranks people better (AUC {value}) than all other columns together. Is it "
        "known only afterwards? Then leave it out."
    ),
    "identifier": N_("“{column}” names the person or the row, so nothing can be learned from it."),
    "too_few": N_(
        "A steady model needs {need} buyers and {rows} rows; you have {value} and {have}."
    ),
    "known_after_absent": N_(
        "“{column}” was to be left out because it is known only afterwards, but there is no such "
        "column. Is it spelled otherwise?"
    ),
}

# Why a model did not read a column, in few enough words for a cell of a table.
LEFT_OUT = {
    "constant": N_("left out: it is the same for everyone"),
    "known_after": N_("left out: known only afterwards"),
    "identifier": N_("left out: it only names the person or the row"),
    "date": N_("left out: a date; turn it into days before the outcome"),
}


@dataclass(frozen=True, slots=True)
class Alarm:
    """One finding: the column ("" for the table as a whole), a code, the measured value.

    Codes: "single_column" (value: its AUC), "identifier" (value: share of different values; the
    column is left out), "too_few" (value: positives, ``of``: rows), "known_after_absent".
    """

    column: str
    code: str
    value: float
    of: int = 0

    def __str__(self) -> str:
        shown = number(self.value, 0 if self.code == "too_few" else 3)
        code = self.code
        if code == "single_column" and self.value < LEAK_AUC:
            code = "outweighs"
        return _(_WORDS[code]).format(
            column=self.column, value=shown, have=number(self.of),
            need=number(NEED_POSITIVES), rows=number(NEED_ROWS),
        )


def too_few(y: NDArray[np.int64]) -> Alarm | None:
    """Return an alarm below 50 of the rarer outcome or 200 rows, else None."""
    rarer = int(min(y.sum(), len(y) - y.sum()))
    if rarer >= NEED_POSITIVES and len(y) >= NEED_ROWS:
        return None
    return Alarm("", "too_few", float(rarer), len(y))


def is_date(column: pd.Series) -> bool:
    """Return whether a column holds dates, typed or as text."""
    import pandas as pd

    return not is_number(column) and (
        pd.api.types.is_datetime64_any_dtype(column) or is_date_text(column))


def is_date_text(column: pd.Series) -> bool:
    """Return whether a column of text holds dates: nearly all of its cells look like one."""
    if is_number(column):
        return False
    known = list(column.dropna().head(500))
    shown = [v.strip() for v in known if isinstance(v, str)]
    if len(shown) < max(1, 0.9 * len(known)):
        return False
    return sum(bool(_DATE.match(v)) for v in shown) >= 0.9 * len(shown)


def identifiers(x: pd.DataFrame) -> list[Alarm]:
    """Return the columns that name rows rather than describe them.

    Text that differs in nearly every row; whole numbers that differ in every row and are either
    named like an id or so dense that they count the rows.
    """
    return [
        Alarm(str(name), "identifier", share)
        for name, column in x.items()
        if (share := _identifier_share(column, str(name))) is not None
    ]


def _identifier_share(column: pd.Series, name: str) -> float | None:
    gap = np.isnan(as_numbers(column)) if is_number(column) else column.isna().to_numpy()
    known = len(column) - int(gap.sum())
    if known < 30 or known < 0.5 * len(column):
        return None
    if not is_number(column):
        share = column.nunique() / known
        return share if share >= 0.9 else None
    values = as_numbers(column)[~gap]
    low, span = values.min(), np.ptp(values) + 1
    # too few whole numbers lie between the least and the greatest for as many rows: nothing to sort
    if span < 0.9 * len(values) or np.any(values != np.round(values)):
        return None
    share = len(np.unique(values)) / len(values)
    named = bool(_ID_NAME.search(name))
    dense, long = span <= 2 * len(values), low >= 1e5  # long: order numbers, phone numbers
    if (named and share >= 0.9) or (share >= 0.999 and (dense or long)):
        return share
    return None


def single_columns(
    x: pd.DataFrame, y: NDArray[np.int64], least: int = 20, skip: Iterable[str] = ()
) -> list[Alarm]:
    """Return the columns that tell the outcome alone; gaps count as a value.

    Those that reach AUC 0.9 in either direction, and those of 0.8 or more that rank people better
    than all other columns together: what is known beforehand is seldom one column's secret.
    """
    left = set(x.columns) - set(skip)
    alone = {str(name): _alone(column, y, least) for name, column in x.items() if name in left}
    found = [Alarm(name, "single_column", value) for name, value in alone.items()
             if value >= LEAK_AUC]
    # of the others only the best can beat all the rest together, for the rest hold the best
    best = max(alone, key=lambda name: alone[name], default="")
    if best and SUSPECT_AUC <= alone[best] < LEAK_AUC \
            and alone[best] > _others(x.drop(columns=best), y):
        found.append(Alarm(best, "single_column", alone[best]))
    return sorted(found, key=lambda a: (-a.value, a.column))


def _others(x: pd.DataFrame, y: NDArray[np.int64]) -> float:
    """AUC that the other columns reach together, on rows not fitted on; 1 without any."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import StratifiedKFold, cross_val_predict
    from threadpoolctl import threadpool_limits

    if not x.shape[1]:
        return 1.0  # a table of one column: that it tells something is no wonder
    with threadpool_limits(1):
        z = Design().fit(x).transform(x)
        if not z.shape[1]:
            return 1.0
        folds = StratifiedKFold(3, shuffle=True, random_state=0)
        margin = cross_val_predict(LogisticRegression(C=0.1, max_iter=2000), z, y, cv=folds,
                                   method="decision_function")
    return auc(y, margin)


def _alone(column: pd.Series, y: NDArray[np.int64], least: int) -> float:
    if is_number(column):
        values = as_numbers(column)
        gap = np.isnan(values)
        if gap.all():
            return 0.5
        tries = [auc(y, np.where(gap, fill, values))
                 for fill in ((-np.inf, np.inf) if gap.any() else (0.0,))]
        tries.append(auc(y, gap.astype(float)))
    else:
        names, code = np.unique(as_words(column).astype(str), return_inverse=True)
        rows, hits = np.bincount(code), np.bincount(code, weights=y)
        rare = rows < least  # a level of one row would tell its own outcome
        rates = hits / rows
        rates[rare] = hits[rare].sum() / max(rows[rare].sum(), 1)
        tries = [auc(y, rates[code])]
    return max((max(t, 1 - t) for t in tries if t == t), default=0.5)
