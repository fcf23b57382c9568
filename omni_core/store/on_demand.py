"""Derived tables that are made when first asked for, and kept in memory until the store changes.

They would make every import slower for a question that few ask. In memory: a forgotten shopper
leaves no trace in a file, and nothing has to be migrated.
"""

from __future__ import annotations

import datetime as dt
import re
import threading
from collections.abc import Iterable

import duckdb

from omni_core.store import meta, rollups

_DRAWER = "on_demand"  # a database in memory beside the store, one for all its cursors
_PIECE = 1_500_000  # events; of so many at once the engine can sort without the disk
_making = threading.Lock()


def definitions() -> dict[str, str]:
    """Return the query of each table, by name."""
    return rollups.definitions("on_demand.sql")


def mentioned(sql: str) -> list[str]:
    """Return the tables that a query names."""
    return [t for t in definitions() if re.search(rf"\b{t}\b", sql)]


def ready(cursor: duckdb.DuckDBPyConnection, sql: str, but: Iterable[str] = ()) -> str:
    """Return ``sql`` with each such table that it names made, and named as it is kept.

    ``but``: tables that it defines itself.
    """
    for table in set(mentioned(sql)) - set(but):
        sql = re.sub(rf"\b{table}\b", _made(cursor, table), sql)
    return sql


def now() -> dt.datetime:
    """Return the present moment as the store has it, in UTC without a mark."""
    return dt.datetime.now(dt.UTC).replace(tzinfo=None)


def _rows(cursor: duckdb.DuckDBPyConnection) -> int:
    return int(cursor.execute("SELECT count(*) FROM events").fetchall()[0][0])


def _made(cursor: duckdb.DuckDBPyConnection, table: str) -> str:
    kept = f"{_DRAWER}.{table}_{meta.get(cursor, 'revision') or ''}"
    body = ready(cursor, definitions()[table])
    with _making:
        cursor.execute(f"ATTACH IF NOT EXISTS ':memory:' AS {_DRAWER}")
        there = {name for (name,) in cursor.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = $1",
            [_DRAWER]).fetchall()}
        name = kept.partition(".")[2]
        if name not in there:
            for old in sorted(t for t in there if t.rpartition("_")[0] == table):
                cursor.execute(f"DROP TABLE IF EXISTS {_DRAWER}.{old}")
            values: dict[str, object] = {"now": now(), "zone": rollups.zone_of(cursor)}
            values = {v: values[v] for v in values if f"${v}" in body}
            half = f"{_DRAWER}.{table}_half"  # what is cut off in the middle counts for nothing
            pieces = 1 + _rows(cursor) // _PIECE if "$pieces" in body else 1
            for piece in range(pieces):
                if "$pieces" in body:
                    values |= {"pieces": pieces, "piece": piece}
                begins = f"INSERT INTO {half}" if piece else f"CREATE TABLE {half} AS"
                cursor.execute(f"{begins} {body}", values)
            cursor.execute(f"ALTER TABLE {half} RENAME TO {name}")
    return kept
