"""The few settings of a store, by name: its version, revision, key, zone, limits, what is to do."""

from __future__ import annotations

import duckdb


def get(cursor: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """Return a setting, or None where it was never made."""
    rows = cursor.execute("SELECT value FROM meta WHERE name = $1", [name]).fetchall()
    return rows[0][0] if rows else None


def put(cursor: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Make or change a setting, in the caller's transaction."""
    changed = cursor.execute("UPDATE meta SET value = $2 WHERE name = $1", [name, value])
    if not changed.fetchall()[0][0]:  # replacing what is there takes the engine twice as long
        cursor.execute("INSERT INTO meta VALUES ($1, $2)", [name, value])


def everything(cursor: duckdb.DuckDBPyConnection) -> dict[str, str | None]:
    """Return all settings by name."""
    return dict(cursor.execute("SELECT name, value FROM meta").fetchall())
