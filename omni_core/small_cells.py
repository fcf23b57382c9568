"""Counts of so few people that a number would point at them are left out, and cannot be worked out.

A count below the shop's limit *k* becomes empty. Where the total is known, one empty count would be
the difference of the others; so further ones, the smallest first, are emptied too until at least
two are and they hold *k* people together. Source: complementary cell suppression, Hundepool and
others, "Statistical Disclosure Control" (2012).
"""

from __future__ import annotations

from collections.abc import Sequence
from numbers import Number
from typing import Any

import numpy as np
import pandas as pd

from omni_core.i18n import _

DEFAULT_K = 5


def hidden(counts: Sequence[float] | np.ndarray, k: int) -> np.ndarray:
    """Return which of the counts (people per cell of one breakdown) must not be shown: (n,) bool.

    Cells of nobody are shown: they point at nobody.
    """
    given = pd.to_numeric(pd.Series(counts), errors="coerce")  # of any dtype, whatever stands empty
    n = np.nan_to_num(given.to_numpy(dtype=float, na_value=np.nan))
    out = (n > 0) & (n < k)
    if not out.any():
        return out
    for place in np.argsort(n, kind="stable"):
        if n[out].sum() >= k and out.sum() > 1:
            break
        if n[place] > 0:
            out[place] = True
    return out


def suppress(frame: pd.DataFrame, k: int, counts: str, derived: Sequence[str] = (),
             within: str | None = None) -> pd.DataFrame:
    """Return the frame with the small cells of column ``counts``, and what tells them, empty.

    ``within`` names a column whose groups are broken down each by itself, their sums being known
    elsewhere; a group whose own sum is small is hidden whole. A breakdown of fewer than ``k``
    people in all has no rows: the names of its cells would already say what those few are. With
    ``k`` below 2 nothing changes.
    """
    if k < 2 or frame.empty:
        return frame
    if within is None:
        if frame[counts].sum() < k:
            return frame.iloc[:0]
        away = hidden(frame[counts].to_numpy(), k)
    else:
        sums = frame.groupby(within, sort=False, dropna=False)[counts].sum()
        small = set(sums.index[hidden(sums.to_numpy(), k)])
        away = frame[within].isin(small).to_numpy(copy=True)
        for _name, rows in frame.reset_index(drop=True).groupby(
                within, sort=False, dropna=False):
            away[rows.index] |= hidden(rows[counts].to_numpy(), k)
    if not away.any():
        return frame
    shown = frame.copy()
    shown[counts] = shown[counts].astype("Int64").mask(away)
    for column in derived:
        shown[column] = shown[column].mask(away)
    return shown


def any_hidden(frame: pd.DataFrame, counts: str = "shoppers") -> bool:
    """Whether any count of the frame was left out by ``suppress``."""
    return bool(frame[counts].isna().any())


def shown_rows(frame: pd.DataFrame, counts: str = "shoppers") -> pd.DataFrame:
    """Return the rows whose count may be seen."""
    return frame[frame[counts].notna()]


def word() -> str:
    """Return what stands where a count was left out; not "<k": the larger of two may be more."""
    return _("hidden")


def note(k: int) -> str:
    """Return the sentence that says why counts are missing."""
    return _("Hidden: groups of fewer than {k} people, and the next smallest where the total would "
             "give one away. The limit is set under Privacy and backups.").format(k=k)


def worded(frame: pd.DataFrame, counts: str = "shoppers") -> pd.DataFrame:
    """Return the frame for eyes and files: a word where a count, and what tells it, is empty.

    A frame without such a column, or with every count in it, is returned as it is.
    """
    if counts not in frame or not any_hidden(frame, counts):
        return frame
    away, shown = frame[counts].isna(), frame.copy()
    for column in shown.columns[shown[away].isna().all()]:
        if column == counts or _numbers(shown[column]):
            # one kind of cell in a column: numbers become text beside the word
            shown[column] = [word() if gone else _text(value) for gone, value
                             in zip(away, shown[column], strict=True)]
    return shown


def _numbers(column: pd.Series) -> bool:
    # a name that no file gives is empty too, but nothing was left out there
    if column.dtype != object:
        return bool(pd.api.types.is_numeric_dtype(column))
    given = column.dropna()
    return len(given) > 0 and all(isinstance(value, Number) for value in given)


def _text(value: Any) -> str:
    # a cell may be empty for a reason of its own, such as the share that no step is before
    return "" if pd.isna(value) else f"{value:g}"
