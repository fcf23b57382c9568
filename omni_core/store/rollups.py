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


def rebuild(cursor: duckdb.DuckDBPyConnection, zone: str) -> None:
    """Rebuild everything derived, inside the caller's transaction; ``zone`` is the shop's."""
    for statement in _statements():
        values = {"zone": zone} if "$zone" in statement else {}
        cursor.execute(statement, values)
