"""Times and dates of any form, as SQL over the temporary table ``raw``: UTC without a mark.

A column may mix forms; each cell is read by the first that fits it. What SQL's formats can't know
(年月日, 上午, month names of other languages, weekdays, GMT+8) is spelled anew first, and only in
columns that have such cells.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product as combinations
from zoneinfo import ZoneInfo

import duckdb

from omni_core.ingest.report import Question, Refused, Unanswered
from omni_core.ingest.spelling import spelled
from omni_core.ingest.swapped import refuse_swapped

_CLOCKS = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", " %H:%M:%S.%f", "T%H:%M:%S.%f", "T%H:%M",
           " %I:%M:%S %p", " %I:%M %p")
_ISO = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d")
_DAY_FIRST = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d/%m/%y", "%d.%m.%y", "%d-%m-%y")
_MONTH_FIRST = ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m.%d.%y", "%m-%d-%y")
_DAY_IN_THE_MIDDLE = ("%Y-%d-%m", "%Y/%d/%m", "%Y.%d.%m")
_SHORT_YEAR_FIRST = ("%y-%m-%d", "%y/%m/%d", "%y.%m.%d")
_NAMED = ("%d %b %Y", "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d-%b-%Y", "%d-%b-%y", "%d %b %y",
          "%d/%b/%Y", "%Y %b %d", "%Y-%b-%d", "%b-%d-%Y", "%b-%d-%y")
_QUICK = tuple((form, re.compile(shape)) for form, shape in (
    ("%Y-%m-%d %H:%M:%S", r"\d{4}-(?:0[1-9]|1[0-2])-\d\d \d\d:\d\d:\d\d"),
    ("%Y-%m-%d %H:%M", r"\d{4}-(?:0[1-9]|1[0-2])-\d\d \d\d:\d\d"),
    ("%Y-%m-%dT%H:%M:%S", r"\d{4}-(?:0[1-9]|1[0-2])-\d\dT\d\d:\d\d:\d\d"),
    ("%Y-%m-%d", r"\d{4}-(?:0[1-9]|1[0-2])-\d\d"),
    ("%Y/%m/%d %H:%M:%S", r"\d{4}/(?:0[1-9]|1[0-2])/\d\d \d\d:\d\d:\d\d"),
))
_SHORT = r"^\d{2}[-/.]\d{1,2}[-/.](\d{2})(?:\D|$)"
_RUN = ("%Y%m%d%H%M%S", "%Y%m%d%H%M", "%Y%m%d%H")  # digits without anything between them
# a cell's shape, wider than what a format reads: blanks gone, digits 9, letters a
_SHAPE = ("regexp_replace(regexp_replace(regexp_replace(v, '\\s+', '', 'g'), '\\d+', '9', 'g'), "
          "'[A-Za-z]+', 'a', 'g')")
_MANY_SHAPES = 1000
_STEADY_FROM = 1995
_MARK = r"(Z|UTC|GMT|[+-]\d{2}:?\d{2})$"
_OFFSET = r"\d{2}:\d{2}[0-9:.]*(\s?[AP]M)?\s*" + _MARK
_DIGITS = r"[6-9]\d{8}|\d{10}|\d{13}|\d{16}|\d{19}|\d{10}\.\d+"
_SERIAL = r"[2-6]\d{4}(\.\d+)?"
_PLAIN = (r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}([ T]\d{1,2}:\d{2}(:\d{2}([.]\d{1,6})?)?)?( [AP]M)?"
          r"\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?|\d+([.]\d+)?")


@dataclass(frozen=True, slots=True)
class Cell:
    """How the texts of a column are read, as SQL; None where none is a time.

    ``spelled`` is a part of it that stands there many times: the text as formats can read it.
    """

    sql: str | None
    spelled: str
    zoned: bool = False  # every time says its zone, or is an epoch, which needs none


def quick_time(column: str, sample: Sequence[str], zone: str) -> str | None:
    """Return SQL that reads times of the one ISO form that nearly all of the sample has, or None.

    Cells of another form keep their text, and are read with more pains.
    """
    for form, shape in _QUICK:
        if sample and sum(bool(shape.fullmatch(c)) for c in sample) >= 0.9 * len(sample):
            local = f"try_strptime({column}, '{form}')"
            # an impossible time keeps its text, for the list of rejects
            return _plausible(_to_utc(local, zone), False)
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
         answers: dict[str, str], date_only: bool = False, among: str = "raw") -> Cell:
    """Return how the texts of a column of times are read: UTC without a mark, or a local date.

    Formats are tried one by one over a sample; what fits at least one cell is kept. A column whose
    days and months can be swapped throughout, or that has both orders, is asked about. Of a column
    that was read with the rows, only the other cells have a text: all in the view ``odd``, which
    ``among`` then names.
    """
    column = f"raw.c{index}"
    texts = f"SELECT {column} AS v FROM {among} raw WHERE {column} IS NOT NULL"
    few = cursor.execute(f"SELECT count(*) FROM {among}").fetchall()[0][0] <= 200_000
    sample = f"({texts})" if few else f"({texts} USING SAMPLE 20000 ROWS)"
    cell = f"trim({column}, ' \t\u3000\u00a0''`')"
    odd = cursor.execute(
        f"""SELECT count(*) FROM {sample} WHERE
        NOT regexp_full_match(trim(v, ' \t\u3000\u00a0''`'), '{_PLAIN}')""").fetchall()[0][0]
    if odd:
        cell = spelled(cell)
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE probe AS
        SELECT v, any_value(example) AS example, regexp_matches(v, '{_OFFSET}') AS has_offset FROM (
          SELECT {cell.replace(column, 'v')} AS v, v AS example
          FROM (SELECT DISTINCT v FROM {sample})) GROUP BY v""")
    total, offsets, epochs, serials, runs = cursor.execute(
        f"""SELECT count(*), count(*) FILTER (has_offset),
          count(*) FILTER (regexp_full_match(v, '{_DIGITS}') AND NOT {_is_run('v')}),
          count(*) FILTER (regexp_full_match(v, '{_SERIAL}')), count(*) FILTER ({_is_run('v')})
        FROM probe""").fetchall()[0]
    refuse_swapped(cursor, header)
    in_zone = f"timezone('UTC', timezone('{_quoted(zone)}', {{}}))"
    readers = []
    if epochs:
        value = _epoch(cell)
        readers.append(f"timezone('{_quoted(zone)}', timezone('UTC', {value}))::DATE" if date_only
                       else value)
    local = []
    if runs:
        listed = ", ".join(f"'{f}'" for f in _RUN)
        local.append(f"CASE WHEN {_is_run(cell)} THEN try_strptime({cell}, [{listed}]) END")
    if serials:
        days = f"TRY_CAST({cell} AS DOUBLE)"
        local.append(
            f"TIMESTAMP '1899-12-30' + to_microseconds(CAST(CASE WHEN {days} BETWEEN 20000 AND "
            f"69999 THEN round({days} * 86400) END AS BIGINT) * 1000000)")
    if date_only:  # a year of birth
        local.append(f"CASE WHEN regexp_full_match({cell}, '(19|20)\\d{{2}}') "
                     f"THEN try_strptime({cell} || '-07-01', '%Y-%m-%d') END")
    readers += [f"({v})::DATE" if date_only else in_zone.format(v) for v in local]
    formats = _formats(cursor, header, answers)
    if formats:
        readers.append(_by_formats(cell, formats, in_zone, bool(offsets), date_only))
    if not readers:
        return Cell(None, cell)
    value = f"coalesce({', '.join(readers)})" if len(readers) > 1 else readers[0]
    return Cell(_plausible(value, date_only), cell, zoned=offsets + epochs == total)


def _is_run(cell: str) -> str:
    """Return SQL that tells 20260501102233 from an epoch; ten digits only if no epoch till 2033."""
    return (f"(regexp_full_match({cell}, '(19|20)\\d{{2}}(0[1-9]|1[0-2])(0[1-9]|[12]\\d|3[01])"
            f"([01]\\d|2[0-3])([0-5]\\d([0-5]\\d)?)?') AND length({cell}) IN (10, 12, 14))")


def _epoch(cell: str) -> str:
    micros = (f"CASE length({cell}) WHEN 9 THEN TRY_CAST({cell} AS BIGINT) * 1000000 "
              f"WHEN 10 THEN TRY_CAST({cell} AS BIGINT) * 1000000 "
              f"WHEN 13 THEN TRY_CAST({cell} AS BIGINT) * 1000 "
              f"WHEN 16 THEN TRY_CAST({cell} AS BIGINT) "
              f"WHEN 19 THEN CAST(trunc(TRY_CAST({cell} AS HUGEINT) / 1000) AS BIGINT) END")
    whole = f"regexp_full_match({cell}, '\\d+') AND NOT {_is_run(cell)}"
    return (f"make_timestamp(CASE WHEN {whole} THEN {micros} "
            f"WHEN regexp_full_match({cell}, '\\d{{10}}\\.\\d+') "
            f"THEN CAST(round(TRY_CAST({cell} AS DOUBLE) * 1000) AS BIGINT) * 1000 END)")


def _by_formats(cell: str, formats: Sequence[str], in_zone: str, offsets: bool,
                date_only: bool) -> str:
    listed = "[" + ", ".join(f"'{f}'" for f in formats) + "]"
    if date_only:
        return f"try_strptime({_without_offset(cell)}, {listed})::DATE"
    if not offsets:
        return in_zone.format(f"try_strptime({cell}, {listed})")
    mark = f"regexp_extract({cell}, '{_MARK}', 1)"
    local = f"try_strptime({_without_offset(cell)}, {listed})"
    minutes = (f"(TRY_CAST({mark}[2:3] AS INTEGER) * 60 + TRY_CAST({mark}[-2:] AS INTEGER)) * "
               f"CASE WHEN {mark}[1] = '-' THEN -1 ELSE 1 END")
    return (f"CASE WHEN NOT regexp_matches({cell}, '{_OFFSET}') THEN {in_zone.format(local)} "
            f"WHEN {mark} IN ('Z', 'UTC', 'GMT') THEN {local} "
            f"ELSE {local} - to_minutes(CAST({minutes} AS BIGINT)) END")


def _without_offset(cell: str) -> str:
    bare = f"regexp_replace({cell}, '\\s*{_MARK}', '')"
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
        f"CREATE OR REPLACE TEMP TABLE probe_times AS SELECT {_without_offset('v')} AS v, "
        "any_value(example) AS example FROM probe GROUP BY 1")

    # Of a hundred formats one or two have the shape of the cells; a question about each of the
    # others would cost more than all the rest of a small file.
    shapes = {r[0] for r in cursor.execute(
        f"SELECT DISTINCT {_SHAPE} FROM probe_times LIMIT {_MANY_SHAPES}").fetchall()}

    def hits(dates: tuple[str, ...]) -> dict[str, int]:
        names = [f for f in map("".join, combinations(dates, _CLOCKS))
                 if len(shapes) == _MANY_SHAPES or _shape_of(f) in shapes]
        if not names:
            return {}
        counts = cursor.execute(
            "SELECT " + ", ".join(
                f"count(*) FILTER (year(try_strptime(v, '{f}')) BETWEEN 1900 AND 2100)"
                for f in names) + " FROM probe_times").fetchall()[0]
        return {f: n for f, n in zip(names, counts, strict=True) if n}

    total = cursor.execute("SELECT count(*) FROM probe_times").fetchall()[0][0]
    found = hits(_ISO)
    if 0 < sum(found.values()) < total:
        middle = hits(_DAY_IN_THE_MIDDLE)
        if sum(middle.values()) == total:  # one order reads them all
            return sorted(middle, key=lambda f: -middle[f])
    if sum(found.values()) < total:
        found |= hits(_NAMED)
        day, month = hits(_DAY_FIRST), hits(_MONTH_FIRST)
        order = answers.get("date_order") or _short_year(cursor, header)
        if order is None and (day or month):
            order = _order(cursor, header, list(day), list(month))
        found |= (hits(_SHORT_YEAR_FIRST) if order == "year first" else
                  day if order == "day first" else month)
    return sorted(found, key=lambda f: -found[f])


@cache
def _shape_of(form: str) -> str:
    """Return what ``_SHAPE`` makes of the texts that a format reads: 9/9/9 9:9a."""
    plain = re.sub("%[bBp]", "a", form.replace(" ", "").replace("T", "a"))
    return re.sub("a+", "a", re.sub("(%[YmdyHMSfI])+", "9", plain))


def _short_year(cursor: duckdb.DuckDBPyConnection, header: str) -> str | None:
    """Return "year first" for dates like 26-05-31; asks where both ends may be the year.

    Years are near today, and fewer than days.
    """
    first, last, firsts, lasts, example = cursor.execute(
        f"""WITH ends AS (SELECT example, CAST(v[:2] AS INTEGER) AS a,
            CAST(regexp_extract(v, '{_SHORT}', 1) AS INTEGER) AS b
          FROM probe_times WHERE regexp_matches(v, '{_SHORT}'))
        SELECT coalesce(bool_and({_near_today('a')}), false),
          coalesce(bool_and({_near_today('b')}), false),
          count(DISTINCT a), count(DISTINCT b), min(example) FROM ends""").fetchall()[0]
    if not first or (last and lasts < firsts):
        return None
    if last and lasts == firsts:
        raise Unanswered(Question("date_order", "date_order",
                                  ("year first", "day first", "month first"),
                                  {"column": header, "example": example}))
    return "year first"


def _near_today(year: str) -> str:
    now = dt.date.today().year
    return f"2000 + {year} BETWEEN {now - 12} AND {now + 1}"


def _order(cursor: duckdb.DuckDBPyConnection, header: str, day: list[str],
           month: list[str]) -> str:
    """Return which of day and month stands first; asks where no cell or two cells tell it."""
    def reads(formats: list[str]) -> str:
        tests = " OR ".join(
            f"year(try_strptime(v, '{f}')) BETWEEN 1900 AND 2100" for f in formats)
        return f"coalesce({tests}, false)" if formats else "false"

    days, months, both, only_month = cursor.execute(
        f"""SELECT count(*) FILTER (d AND NOT m), count(*) FILTER (m AND NOT d),
          min(example) FILTER (d AND m), min(example) FILTER (m AND NOT d)
        FROM (SELECT example, {reads(day)} AS d, {reads(month)} AS m FROM probe_times)"""
    ).fetchall()[0]
    if bool(days) == bool(months):
        raise Unanswered(Question("date_order", "date_order", ("day first", "month first"),
                                  {"column": header, "example": both or only_month}))
    return "day first" if days else "month first"


def zone_of_header(header: str) -> str | None:
    """Return the zone that a header names: Created (UTC)."""
    return "UTC" if re.search(r"(?<![a-z])(UTC|GMT)(?![a-z])", header, re.IGNORECASE) else None


def _quoted(zone: str) -> str:
    # the zone was checked against the tz database when it was set; this is the second lock
    if not re.fullmatch(r"[A-Za-z0-9_+/-]+", zone):
        raise Refused("unknown_answer", value=zone, field="zone")
    return zone
