"""Derived tables and rollups, always rebuilt whole from the raw rows."""

from __future__ import annotations

import re
from functools import cache

import duckdb

from omni_core.store.database import read_sql


@cache
def _statements() -> tuple[str, ...]:
    bare = re.sub(r"--.*", "", read_sql("rebuild.sql"))
    return tuple(p for p in re.split(r";\s*$", bare, flags=re.MULTILINE) if p.strip())


@cache
def definition(table: str) -> str:
    """Return the query that a derived table is made of, so that none has to be written twice."""
    head = f"CREATE OR REPLACE TABLE {table} AS"
    return next(s.split(head, 1)[1] for s in _statements() if head in s)


def rebuild(cursor: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Rebuild everything derived, inside the caller's transaction; ``zone`` is the shop's."""
    for statement in _statements():
        values = {"zone": zone} if "$zone" in statement else {}
        cursor.execute(statement, values)
