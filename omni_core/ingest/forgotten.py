"""Rows of people who were forgotten: known by codes alone, they don't come back with a file."""

from __future__ import annotations

import duckdb
import pandas as pd

from omni_core.ingest import cells
from omni_core.ingest.personal import code
from omni_core.ingest.sql import as_table
from omni_core.ingest.staged import Staged


def forgotten_rows(cursor: duckdb.DuckDBPyConnection, staged: Staged) -> list[str]:
    """Return the conditions (SQL over ``raw``) under which a row is a forgotten person's."""
    known = {c for (c,) in cursor.execute("SELECT code FROM forgotten").fetchall()}
    if not known:
        return []
    tests = []
    for role in ("user", "order"):
        if role in staged.ids:
            told = cursor.execute(f"SELECT raw AS cell, id FROM ids_{role}").df()
            tests += _test(cursor, known, staged, f"forgotten_{role}", told,
                           f"raw.{staged.ids[role]}")
    for place in staged.personal:
        if place.names_shoppers or not place.ties:
            continue
        column = f"c{place.index}"
        told = cursor.execute(
            f"SELECT DISTINCT {column} AS cell, {cells.unwrapped(column)} AS id FROM raw "
            f"WHERE {column} IS NOT NULL").df()
        tests += _test(cursor, known, staged, f"forgotten_{column}", told, f"raw.{column}")
    return tests


def _test(cursor: duckdb.DuckDBPyConnection, known: set[str], staged: Staged, table: str,
          told: pd.DataFrame, column: str) -> list[str]:
    found = told[told["id"].notna()]
    codes = [code(str(i), staged.key) for i in found["id"]]
    hits = found[[c in known for c in codes]]
    if hits.empty:
        return []
    as_table(cursor, table, hits[["cell"]])
    return [f"coalesce({column} IN (SELECT cell FROM {table}), false)"]
