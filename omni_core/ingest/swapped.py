"""Dates that Excel, set to another country, has damaged: day and month swapped in some of them."""

from __future__ import annotations

import duckdb

from omni_core.ingest.report import Refused

_ENOUGH = 4  # so many of each kind are no chance
_DATE = r"""coalesce(
    CASE WHEN regexp_full_match(v, '[2-6]\d{4}(\.\d+)?')
      THEN DATE '1899-12-30' + CAST(floor(TRY_CAST(v AS DOUBLE)) AS INTEGER) END,
    CAST(try_strptime(regexp_extract(v, '^\d{4}[-/]\d{1,2}[-/]\d{1,2}'),
      ['%Y-%m-%d', '%Y/%m/%d']) AS DATE))"""
_FIRST, _SECOND = (
    rf"TRY_CAST(regexp_extract(v, '^(\d{{1,2}})[-/.](\d{{1,2}})[-/.]\d{{4}}', {n}) AS INTEGER)"
    for n in (1, 2))


def refuse_swapped(cursor: duckdb.DuckDBPyConnection, header: str) -> None:
    """Refuse the column of the table ``probe`` (v, example) if Excel has swapped what it could.

    Of 03/04 and 13/04 it takes the first for a date, with the month in front, and leaves the second
    as text: then no date has a day above 12, and each text begins with what can't be a month.
    """
    dates, early, texts, late, example, other = cursor.execute(
        f"""SELECT count(date), count(*) FILTER (day(date) <= 12), count(a),
          count(*) FILTER (a > 12 AND b <= 12), min(example) FILTER (a IS NOT NULL),
          strftime(min(date), '%Y-%m-%d')
        FROM (SELECT example, {_DATE} AS date, {_FIRST} AS a, {_SECOND} AS b FROM probe)"""
    ).fetchall()[0]
    if min(dates, texts) >= _ENOUGH and early == dates and late == texts:
        raise Refused("dates_swapped", column=header, text=example, date=other)
