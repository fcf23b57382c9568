"""A time told by two columns, one of the date and one of the time of day: they are read as one."""

from __future__ import annotations

import re
from collections.abc import Collection

import duckdb

from omni_core.columns import normalise_header
from omni_core.ingest.dialect import Dialect
from omni_core.ingest.guess import cells

_TIME_OF_DAY = re.compile(
    r"([ap]m|上午|下午|午前|午後|오전|오후)?\s?\d{1,2}[:：]\d{2}([:：]\d{2}([.]\d+)?)?\s?([ap]\.?m\.?)?",
    re.IGNORECASE)
_DATE = re.compile(
    r"\d{1,4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,4}日?\.?([ T]0?0:00(:00)?)?|(19|20)\d{6}|"
    r"[A-Za-z]{3,9}\.?[ -]\d{1,2},?[ -]\d{2,4}|\d{1,2}\.?[ -][^\W\d]{3,9}\.?[ -]\d{2,4}")
_HOURS = frozenset(("hour", "hours", "小时", "小時", "时", "時", "stunde", "heure", "hora", "시"))
_MIDNIGHT = "[ T]0?0:00(:00)?$"


def find_clock(dialect: Dialect, ts: int, taken: Collection[int]) -> tuple[int, int | None]:
    """Return the column of the date and that of the time of day; (ts, None) where one says both.

    ``ts`` is the column guessed as the time, either of the two; ``taken`` have other meanings.
    """
    free = [i for i in range(len(dialect.header)) if i != ts and i not in taken]
    if _all(dialect, ts, _TIME_OF_DAY):
        date = _nearest(ts, [i for i in free if _all(dialect, i, _DATE)])
        return (ts, None) if date is None else (date, ts)
    if not _all(dialect, ts, _DATE):
        return ts, None
    return ts, _nearest(ts, [i for i in free if _all(dialect, i, _TIME_OF_DAY)
                             or _is_hour(dialect, i)])


def join_clock(cursor: duckdb.DuckDBPyConnection, date: int, clock: int) -> None:
    """Write the time of day behind the date in the rows of ``raw``."""
    day = f"regexp_replace(trim(c{date}), '{_MIDNIGHT}', '')"
    hour = f"CASE WHEN regexp_full_match(trim(c{clock}), '\\d{{1,2}}') THEN ':00' ELSE '' END"
    cursor.execute(
        f"""UPDATE raw_rows SET c{date} = concat({day}, ' ', trim(c{clock}), {hour})
        WHERE trim(c{date}) <> '' AND trim(c{clock}) <> ''""")


def _all(dialect: Dialect, index: int, shape: re.Pattern[str]) -> bool:
    column = cells(dialect, index)
    return bool(column) and sum(bool(shape.fullmatch(c)) for c in column) > 0.9 * len(column)


def _is_hour(dialect: Dialect, index: int) -> bool:
    return normalise_header(dialect.header[index]) in _HOURS and all(
        re.fullmatch(r"[01]?\d|2[0-3]", c) for c in cells(dialect, index))


def _nearest(place: int, among: list[int]) -> int | None:
    return min(among, key=lambda i: (abs(i - place), i), default=None)
