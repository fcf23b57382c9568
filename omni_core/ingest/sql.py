"""Small helpers for statements over the temporary table ``raw``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import pandas as pd


def count(cursor: duckdb.DuckDBPyConnection, condition: str,
          values: Mapping[str, Any] | None = None, joins: str = "") -> int:
    """Return the number of rows of ``raw`` for which a condition of our own holds.

    ``joins``: what the condition speaks of besides, one row at most for each of ``raw``.
    """
    return int(cursor.execute(f"SELECT count(*) FROM raw {joins} WHERE {condition}",
                              dict(values or {})).fetchall()[0][0])


def columns(cursor: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    """Return the columns of a table of ours, or of a query."""
    return [r[0] for r in cursor.execute(f"DESCRIBE {table}").fetchall()]


def as_table(cursor: duckdb.DuckDBPyConnection, name: str, frame: pd.DataFrame) -> None:
    """Write a frame into a temporary table of that name."""
    cursor.register("incoming", frame)
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM incoming")
    cursor.unregister("incoming")


def listed(words: tuple[str, ...]) -> str:
    """Return our own words as an SQL list."""
    return ", ".join("'" + w.replace("'", "''") + "'" for w in words)
