"""Derived tables and rollups, always rebuilt whole from the raw rows."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import duckdb

from omni_core.store import meta
from omni_core.store.identity import join_people

DEFAULT_ZONE = "Asia/Shanghai"  # of a workspace that was never told one
_HEAD = re.compile(r"CREATE OR REPLACE TABLE (\w+) AS")


def statements(text: str) -> tuple[str, ...]:
    """Return the statements of a file of SQL, each ended by ";" at a line's end."""
    bare = re.sub(r"--.*", "", text)
    return tuple(p for p in re.split(r";\s*$", bare, flags=re.MULTILINE) if p.strip())


@cache
def _statements() -> tuple[str, ...]:
    return statements(
        (files("omni_core.store") / "sql" / "rebuild.sql").read_text(encoding="utf-8"))


@cache
def definition(table: str) -> str:
    """Return the query that a derived table is made of, so that none has to be written twice."""
    head = f"CREATE OR REPLACE TABLE {table} AS"
    return next(s.split(head, 1)[1] for s in _statements() if head in s)


@cache
def derived_tables() -> frozenset[str]:
    """Return the names of the tables that ``rebuild`` makes."""
    return frozenset(m[1] for s in _statements() if (m := _HEAD.search(s))) | {"merged_ids"}


def zone_of(cursor: duckdb.DuckDBPyConnection) -> str:
    """Return the shop's time zone (a tz name)."""
    return meta.get(cursor, "timezone") or DEFAULT_ZONE


def rebuild(cursor: duckdb.DuckDBPyConnection) -> None:
    """Rebuild everything derived, inside the caller's transaction."""
    zone = zone_of(cursor)
    join_people(cursor)
    for statement in _statements():
        values = {"zone": zone} if "$zone" in statement else {}
        cursor.execute(statement, values)
