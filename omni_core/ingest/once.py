"""Texts that repeat are read once each, not row by row and not again in every statement.

What reads an odd date or sum is a page of SQL. Of a small file, planning it costs more than all the
rows; of a large one, running it does.
"""

from __future__ import annotations

import re

import duckdb

from omni_core.ingest.staged import Staged

_MANY = 200_000  # so many different texts are read where they stand


def read_once(cursor: duckdb.DuckDBPyConnection, staged: Staged, role: str, index: int,
              values: dict[str, str], common: str) -> dict[str, str] | None:
    """Return the SQL of values that hang on nothing but the text of a column of ``raw``.

    ``values`` are their SQL over ``raw``, by name ("value" is one), and ``common`` a part they
    share. Where texts are few the temporary table ``texts_<role>`` has each with its values and
    joins the rows, or there is None if no text has a value; else the SQL comes back as it is.
    """
    column = f"raw.c{index}"
    if cursor.execute(f"SELECT approx_count_distinct({column}) FROM raw").fetchall()[0][0] > _MANY:
        return values

    def of_word(sql: str) -> str:
        return re.sub(rf"\b{re.escape(column)}\b", "word", sql)

    listed = ", ".join(f"{of_word(sql.replace(common, 'common'))} AS {name}"
                       for name, sql in values.items())
    cursor.execute(
        f"""CREATE OR REPLACE TEMP TABLE texts_{role} AS SELECT word, {listed}
        FROM (SELECT word, {of_word(common)} AS common
          FROM (SELECT DISTINCT {column} AS word FROM raw WHERE {column} IS NOT NULL))""")
    if not cursor.execute(f"SELECT count(value) FROM texts_{role}").fetchall()[0][0]:
        return None  # a join would look for the texts of all the other rows, too
    staged.joins[f"texts_{role}"] = f"LEFT JOIN texts_{role} ON {column} = texts_{role}.word"
    return {name: f"texts_{role}.{name}" for name in values}
