"""Derived tables and rollups, always rebuilt whole from the raw rows."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files

import duckdb

from omni_core.store import meta
from omni_core.store.identity import join_people

DEFAULT_ZONE = "Asia/Shanghai"  # of a workspace that was never told one
_MADE_BY = "derived_by"  # a setting of the store
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
    """Return the query that a derived table or view is, so that none has to be written twice."""
    head = re.compile(rf"CREATE OR REPLACE (?:TEMP TABLE|TABLE|VIEW) {table} AS\b")
    return next(head.split(s, maxsplit=1)[1] for s in _statements() if head.search(s))


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
    meta.put(cursor, _MADE_BY, fingerprint())


def create(cursor: duckdb.DuckDBPyConnection, table: str, zone: str) -> None:
    """Make one derived table anew, whole."""
    made = definition(table)
    cursor.execute(f"CREATE OR REPLACE TABLE {table} AS {made}",
                   {"zone": zone} if "$zone" in made else {})


def out_of_date(cursor: duckdb.DuckDBPyConnection) -> bool:
    """Whether what is derived in the store was made by other definitions than today's."""
    return meta.get(cursor, _MADE_BY) != fingerprint()


@cache
def fingerprint() -> str:
    """Return a token of today's definitions."""
    return hashlib.sha256("".join(_statements()).encode()).hexdigest()[:16]
