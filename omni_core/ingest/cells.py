"""Text cells to typed values, as SQL over the temporary table ``raw``.

Only our own fragments and column numbers go into the SQL; what stands in cells never does. Each
reader returns an expression that is NULL where the cell can't be read.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product as combinations
from zoneinfo import ZoneInfo

import duckdb

from omni_core.ingest.report import Question, Refused, Unanswered

NOTHING = "('', '-', '--', '—', 'null', 'none', 'nan', 'n/a', 'na', '#n/a', '0000-00-00', '\\N')"
_CLOCKS = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S.%f", "T%H:%M",
           " %I:%M:%S %p", " %I:%M %p")
_ISO = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d")
_DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d.%m.%y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m.%d.%y")
_NAMED = ("%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%Y", "%d-%b-%y")
_QUICK = tuple((form, re.compile(shape)) for form, shape in (
    ("%Y-%m-%d %H:%M:%S", r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"),
    ("%Y-%m-%d %H:%M", r"\d{4}-\d\d-\d\d \d\d:\d\d"),
    ("%Y-%m-%dT%H:%M:%S", r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"),
    ("%Y-%m-%d", r"\d{4}-\d\d-\d\d"),
    ("%Y/%m/%d %H:%M:%S", r"\d{4}/\d\d/\d\d \d\d:\d\d:\d\d"),
))
_STEADY_FROM = 1995
_OFFSET = r"\d{2}:\d{2}[0-9:.]*\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})$"


@dataclass(frozen=True, slots=True)
class Cell:
    """How a column is read: the SQL of its value, and codes with SQL of what was repaired."""

    sql: str
    cleaned: tuple[tuple[str, str], ...] = ()  # code, condition on the raw cell
    zoned: bool = False  # every time says its zone, or is an epoch, which needs none


def text(column: str) -> str:
    """Return SQL of a cell's trimmed text; NULL for empty cells and words for nothing."""
    bare = f"trim({column}, ' \t\u3000\u00a0')"
    return f"CASE WHEN lower({bare}) IN {NOTHING} THEN NULL ELSE {bare} END"


def unwrapped(column: str, excel: bool = True, mark: bool = True) -> str:
    """Return SQL of an id's text without Excel's ``="…"`` and a leading apostrophe or tab."""
    bare = f"trim({column}, ' \t\u3000\u00a0')" if mark else f"trim({column}, ' \u3000\u00a0')"
    if excel:
        bare = f"regexp_replace({bare}, '^=?\"(.*)\"$', '\\1')"
    if mark:  # an apostrophe is also what guards a formula on export; it goes again here
        bare = f"regexp_replace({bare}, '^[''\\s]+|\\s+$', '', 'g')"
    return f"CASE WHEN lower({bare}) IN {NOTHING} THEN NULL ELSE {bare} END"


def free_text(column: str) -> str:
    """Return SQL of a name or sentence: trimmed, without the guard against formulas."""
    return f"regexp_replace({text(column)}, '^''([=+@\\t-])', '\\1')"


def quick_number(column: str) -> str:
    """Return SQL that reads a plain number at once, NULL for any other cell."""
    return f"TRY_CAST({column} AS DECIMAL(18, 4))"


def quick_id(column: str) -> str:
    """Return SQL that reads an id of digits as a number, NULL where that would lose anything."""
    whole = f"TRY_CAST({column} AS BIGINT)"
    return f"CASE WHEN CAST({whole} AS VARCHAR) = {column} THEN {whole} END"


def quick_time(column: str, sample: Sequence[str], zone: str) -> str | None:
    """Return SQL that reads times of the one ISO form that the whole sample has, or None."""
    for form, shape in _QUICK:
        if sample and all(shape.fullmatch(c) for c in sample):
            local = f"try_strptime({column}, '{form}')"
            return _to_utc(local, zone)
    return None


def _to_utc(local: str, zone: str) -> str:
    """Return SQL from local time to UTC; a zone that keeps one offset is a subtraction."""
    exact = f"timezone('UTC', timezone('{_quoted(zone)}', {local}))"
    known = ZoneInfo(zone)
    offsets = {dt.datetime(year, month, 1, tzinfo=known).utcoffset()
               for year in range(_STEADY_FROM, 2038) for month in range(1, 13)}
    offset = offsets.pop()
    if offsets or offset is None:
        return exact
    moved = f"{local} - to_seconds({int(offset.total_seconds())})"
    # after 2037 rules are only a guess, before 1995 many zones tried summer time
    return (f"CASE WHEN {local} >= TIMESTAMP '{_STEADY_FROM}-01-02' AND {local} < "
            f"TIMESTAMP '2037-12-01' THEN {moved} ELSE {exact} END")


def time(cursor: duckdb.DuckDBPyConnection, index: int, header: str, zone: str,
         answers: dict[str, str], quick: bool = False, date_only: bool = False) -> Cell:
    """Return how a column of times is read: UTC without a mark, or a local date.

    Formats are tried one by one over a sample; what fits at least one cell is kept. A column whose
    days and months can be swapped throughout is asked about. ``quick``: the column was read with
    the rows, so only its other cells are looked at here.
    """
    column = f"raw.c{index}"
    if quick:
        first = _plausible(f"raw.t{index}", False)
        if not cursor.execute(
                f"SELECT count(*) FROM raw WHERE {column} IS NOT NULL").fetchall()[0][0]:
            return Cell(first)
        rest = time(cursor, index, header, zone, answers)
        return Cell(f"coalesce({first}, {rest.sql})")
    sample = f"(SELECT {column} AS v FROM raw WHERE {column} IS NOT NULL USING SAMPLE 20000 ROWS)"
    if cursor.execute("SELECT count(*) FROM raw").fetchall()[0][0] <= 200_000:
        sample = f"(SELECT {column} AS v FROM raw WHERE {column} IS NOT NULL)"
    bare = "trim(v, ' \t\u3000\u00a0''')"
    cursor.execute(
        f"CREATE OR REPLACE TEMP TABLE probe AS SELECT DISTINCT {bare} AS v, "
        f"regexp_matches({bare}, '{_OFFSET}') AS has_offset FROM {sample}")
    total, offsets, digits, serial = cursor.execute(
        """SELECT count(*), count(*) FILTER (has_offset),
          count(*) FILTER (regexp_full_match(v, '\\d{10}|\\d{13}|\\d{16}')),
          count(*) FILTER (regexp_full_match(v, '[2-6]\\d{4}(\\.\\d+)?')) FROM probe"""
    ).fetchall()[0]
    cell = f"trim({column}, ' \t\u3000\u00a0''')"
    in_zone = f"timezone('UTC', timezone('{_quoted(zone)}', {{}}))"
    if total and digits > 0.5 * total:
        micros = (f"CASE length({cell}) WHEN 10 THEN 1000000 WHEN 13 THEN 1000 WHEN 16 THEN 1 END"
                  f" * TRY_CAST({cell} AS BIGINT)")
        value = f"make_timestamp({micros})"
        local = f"timezone('{_quoted(zone)}', timezone('UTC', {value}))::DATE"
        return Cell(_plausible(local if date_only else value, date_only), zoned=True)
    if total and serial > 0.5 * total:
        days = f"TRY_CAST({cell} AS DOUBLE)"
        local = (f"TIMESTAMP '1899-12-30' + to_microseconds(CAST(CASE WHEN {days} BETWEEN 20000 AND"
                 f" 69999 THEN round({days} * 86400) END AS BIGINT) * 1000000)")
        value = f"({local})::DATE" if date_only else in_zone.format(local)
        return Cell(_plausible(value, date_only))
    formats = _formats(cursor, header, answers)
    if not formats:
        return Cell("CAST(NULL AS DATE)" if date_only else "CAST(NULL AS TIMESTAMP)")
    listed = "[" + ", ".join(f"'{f}'" for f in formats) + "]"
    if date_only:
        return Cell(_plausible(f"try_strptime({_without_offset(cell)}, {listed})::DATE", True))
    if not offsets:
        return Cell(_plausible(in_zone.format(f"try_strptime({cell}, {listed})"), False))
    mark = f"regexp_extract({cell}, '(Z|UTC|GMT|[+-]\\d{{2}}:?\\d{{2}})$', 1)"
    local = f"try_strptime({_without_offset(cell)}, {listed})"
    minutes = (f"(TRY_CAST({mark}[2:3] AS INTEGER) * 60 + TRY_CAST({mark}[-2:] AS INTEGER)) * "
               f"CASE WHEN {mark}[1] = '-' THEN -1 ELSE 1 END")
    utc = (f"CASE WHEN NOT regexp_matches({cell}, '{_OFFSET}') THEN {in_zone.format(local)} "
           f"WHEN {mark} IN ('Z', 'UTC', 'GMT') THEN {local} "
           f"ELSE {local} - to_minutes(CAST({minutes} AS BIGINT)) END")
    return Cell(_plausible(utc, False), zoned=offsets == total)


def _without_offset(cell: str) -> str:
    bare = f"regexp_replace({cell}, '\\s*(Z|UTC|GMT|[+-]\\d{{2}}:?\\d{{2}})$', '')"
    return f"CASE WHEN regexp_matches({cell}, '{_OFFSET}') THEN {bare} ELSE {cell} END"


def _plausible(value: str, date_only: bool) -> str:
    low, high = ("DATE '1900-01-01'", "DATE '2100-01-01'") if date_only else (
        "TIMESTAMP '1990-01-01'", "TIMESTAMP '2100-01-01'")
    return f"CASE WHEN {value} BETWEEN {low} AND {high} THEN {value} END"


def _formats(
    cursor: duckdb.DuckDBPyConnection, header: str, answers: dict[str, str]
) -> list[str]:
    """Return the formats that read the probe, most frequent first; asks about day and month."""
    cursor.execute(
        "CREATE OR REPLACE TEMP TABLE probe_times AS SELECT regexp_replace(v, "
        "'\\s*(Z|UTC|GMT|[+-]\\d{2}:?\\d{2})$', '') AS v FROM probe WHERE has_offset "
        "UNION SELECT v FROM probe WHERE NOT has_offset")

    def hits(dates: tuple[str, ...]) -> dict[str, int]:
        names = [d + c for d, c in combinations(dates, _CLOCKS)]
        counts = cursor.execute(
            "SELECT " + ", ".join(
                f"count(*) FILTER (year(try_strptime(v, '{f}')) BETWEEN 1900 AND 2100)"
                for f in names) + " FROM probe_times").fetchall()[0]
        return {f: n for f, n in zip(names, counts, strict=True) if n}

    total = cursor.execute("SELECT count(*) FROM probe_times").fetchall()[0][0]
    found = hits(_ISO)
    if sum(found.values()) < total:
        found |= hits(_NAMED)
        day, month = hits(_DAY_FIRST), hits(_MONTH_FIRST)
        days, months = sum(day.values()), sum(month.values())
        order = answers.get("date_order")
        if order is None and days and days == months:
            example = cursor.execute("SELECT min(v) FROM probe_times").fetchall()[0][0]
            raise Unanswered(Question("date_order", "date_order", ("day first", "month first"),
                                      {"column": header, "example": example}))
        found |= day if order == "day first" or (order is None and days > months) else month
    return sorted(found, key=lambda f: -found[f])


def lost_digits(
    cursor: duckdb.DuckDBPyConnection, column: str, ids: str
) -> tuple[int, str] | None:
    """Return (row, cell) of the first id in scientific notation, whose digits Excel has lost."""
    rows = cursor.execute(
        f"""SELECT n, {column} FROM raw WHERE {column} IN (
          SELECT raw FROM {ids} WHERE regexp_full_match(id, '\\d([.,]\\d+)?[eE]\\+\\d+'))
        ORDER BY n LIMIT 1""").fetchall()
    return rows[0] if rows else None


def _quoted(zone: str) -> str:
    # the zone was checked against the tz database when it was set; this is the second lock
    if not re.fullmatch(r"[A-Za-z0-9_+/-]+", zone):
        raise Refused("unknown_answer", value=zone, field="zone")
    return zone
