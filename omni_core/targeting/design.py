"""From mixed columns with gaps to the numbers a model reads, and back to the columns' names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from omni_core.errors import MissingColumns

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
MISSING = "(missing)"
OTHER = "(other)"


def is_number(column: pd.Series) -> bool:
    """Return whether a column is read as a number (booleans are: 0 and 1)."""
    import pandas as pd

    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiub":
        return True  # the usual case, and a quick one
    return bool(
        pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column)
    ) and not isinstance(column.dtype, pd.CategoricalDtype)


def as_numbers(column: pd.Series) -> Array:
    """Return a column as floats; gaps and infinities become NaN."""
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "fiub":
        values = column.to_numpy(dtype=float)  # the usual case, without a copy or two
    else:
        values = column.astype("Float64").to_numpy(dtype=float, na_value=np.nan)
    if np.isfinite(values).all():
        return values
    return np.where(np.isfinite(values), values, np.nan)


def word_codes(column: pd.Series) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """Return for each row the place of its word, and the words; gaps are the last one."""
    import pandas as pd

    codes, levels = pd.factorize(column.astype(object))
    return codes, np.array([*(str(v) for v in levels), MISSING], object)


def as_words(column: pd.Series) -> NDArray[np.object_]:
    """Return a column as text; gaps become their own level."""
    codes, words = word_codes(column)
    return words[codes]


@dataclass(frozen=True)
class _Number:
    """Median for gaps, logarithm for long tails, then mean 0 and deviation 1.

    Later values beyond the training range are taken as its end: a line drawn through one season
    must not be followed into the next.
    """

    low: float
    high: float
    median: float
    log: bool
    mean: float
    sd: float
    gaps: float | None  # share of gaps in training, None when there was none

    @classmethod
    def fit(cls, values: Array) -> _Number | None:
        gap = np.isnan(values)
        known = values[~gap] if gap.any() else values
        if not len(known):
            return None
        median = float(np.median(known))
        filled = values if known is values else np.where(gap, median, values)
        # Amounts and counts are spread over decades; one big spender must not set the scale.
        log = bool(filled.min() >= 0 and _skew(filled) > 1)
        shown = np.log1p(filled) if log else filled
        sd = float(shown.std())
        gaps = float(gap.mean()) if len(known) < len(values) else None
        if not sd > 1e-12 and gaps is None:
            return None
        low, high = float(known.min()), float(known.max())
        return cls(low, high, median, log, float(shown.mean()), sd if sd > 1e-12 else 1.0, gaps)

    @property
    def width(self) -> int:
        return 1 if self.gaps is None else 2

    def write(self, column: pd.Series, out: Array) -> None:
        """Fill the columns (n, width) of the matrix."""
        values = _numbers(column)
        gap = np.isnan(values)
        filled = np.clip(np.where(gap, self.median, values), self.low, self.high)
        shown = np.log1p(filled) if self.log else filled
        out[:, 0] = (shown - self.mean) / self.sd
        if self.gaps is not None:
            out[:, 1] = gap - self.gaps


@dataclass(frozen=True)
class _Words:
    """One column a level with at least ``least`` rows; the rarer ones share one."""

    levels: tuple[str, ...]
    shares: tuple[float, ...]
    rare: bool

    @classmethod
    def fit(cls, column: pd.Series, least: int) -> _Words | None:
        codes, words = word_codes(column)
        held = dict.fromkeys(sorted(words), 0)
        for word, n in zip(words, np.bincount(codes % len(words), minlength=len(words)),
                           strict=True):  # a gap's code is -1: the last word
            held[word] += int(n)
        levels = [w for w, n in held.items() if n >= max(least, 1)]
        sizes = [held[w] for w in levels]
        rest = len(column) - sum(sizes)
        if rest:
            levels.append(OTHER)
            sizes.append(rest)
        if len(levels) < 2:
            return None
        return cls(tuple(levels), tuple(s / len(column) for s in sizes), bool(rest))

    @property
    def width(self) -> int:
        return len(self.levels)

    def write(self, column: pd.Series, out: Array) -> None:
        """Fill the columns (n, width) of the matrix."""
        codes, words = word_codes(column)
        place = {level: i for i, level in enumerate(self.levels)}
        unseen = place[OTHER] if self.rare else -1
        level = np.array([place.get(w, unseen) for w in words], int)[codes]  # each word once
        out[:] = -np.array(self.shares)
        seen = np.flatnonzero(level >= 0)
        out[seen, level[seen]] += 1


class Design:
    """Columns to a matrix of which every column has mean 0 over the training rows.

    Numbers: median fill with a missing indicator, logarithm where skewed, standardised.
    Words: one-hot of the levels with at least ``least`` training rows. A column with one value is
    dropped. ``source`` names, for each column of the matrix, the column it came from.
    """

    def __init__(self, least: int = 20) -> None:
        self.least = least
        self._parts: dict[str, _Number | _Words] = {}
        self.constant: tuple[str, ...] = ()
        self.source: tuple[str, ...] = ()

    def fit(self, x: pd.DataFrame) -> Design:
        """Learn fills, scales and levels from training rows (n, columns)."""
        constant, source = [], []
        for key, column in x.items():
            name = str(key)
            part: _Number | _Words | None
            if is_number(column):
                part = _Number.fit(as_numbers(column))
            else:
                part = _Words.fit(column, self.least)
            if part is None:
                constant.append(name)
                continue
            self._parts[name] = part
            source += [name] * part.width
        self.constant, self.source = tuple(constant), tuple(source)
        return self

    def transform(self, x: pd.DataFrame) -> Array:
        """Return the matrix (n, len(source)); raises ``MissingColumns``."""
        missing = [name for name in self._parts if name not in x.columns]
        if missing:
            raise MissingColumns(missing, x.columns)
        out = np.empty((len(x), len(self.source)))
        at = 0
        for name, part in self._parts.items():
            part.write(x[name], out[:, at:at + part.width])
            at += part.width
        return out


def _numbers(column: pd.Series) -> Array:
    import pandas as pd

    return as_numbers(column if is_number(column) else pd.to_numeric(column, errors="coerce"))


def _skew(values: Array) -> float:
    centred = values - values.mean()
    square = centred * centred
    variance = float(square.mean())
    return float(square @ centred) / len(values) / variance**1.5 if variance > 0 else 0.0


def matrix_of(x: Any) -> pd.DataFrame:
    """Return ``x`` with text column names; raises ``MissingColumns`` for what is no table."""
    import pandas as pd

    if not isinstance(x, pd.DataFrame) or not x.shape[1]:
        raise MissingColumns(["a table of features"], [type(x).__name__])
    out = x.copy(deep=False)
    out.columns = pd.Index([str(c) for c in x.columns])
    return out
