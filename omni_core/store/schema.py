"""The store's tables by version: a new store and an old one walk the same steps.

``schema/1.sql`` is the first version; each later file brings a store from the version before.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import duckdb

from omni_core.errors import StoreNewer
from omni_core.ingest.sql import columns
from omni_core.store import meta
from omni_core.store.kept import PREFIX
from omni_core.store.rollups import derived_tables, statements

_base_tables: dict[int, dict[str, list[str]]] = {}  # by version


@cache
def steps() -> dict[int, str]:
    """Return the SQL of each version's step, in order."""
    found = {int(p.name[:-4]): p.read_text(encoding="utf-8")
             for p in (files("omni_core.store") / "schema").iterdir() if p.name.endswith(".sql")}
    return dict(sorted(found.items()))


def newest() -> int:
    """Return the version that this program writes."""
    return max(steps())


def lay(cursor: duckdb.DuckDBPyConnection, version: int) -> None:
    """Make the empty tables of a version, inside the caller's transaction."""
    for number, sql in steps().items():
        if number <= version:
            _run(cursor, sql)
    _set(cursor, version)


def migrate(cursor: duckdb.DuckDBPyConnection, version: int) -> None:
    """Bring a store from a version to the newest, inside the caller's transaction."""
    for number, sql in steps().items():
        if number > version:
            _run(cursor, sql)
    _set(cursor, newest())


def version_of(connection: duckdb.DuckDBPyConnection) -> int:
    """Return a store's version. Raises ``StoreNewer``; what has no version is no store of ours."""
    given = str(meta.get(connection, "schema_version"))
    if not given.isdecimal() or int(given) < 1:
        raise TypeError("no version")
    version = int(given)
    if version > newest():
        raise StoreNewer(found=version, known=newest())
    return version


def base_tables(cursor: duckdb.DuckDBPyConnection) -> dict[str, list[str]]:
    """Return the tables that hold what was imported and decided, each with its columns.

    The others are made of them. A version has the same ones in every store.
    """
    version = version_of(cursor)
    if version not in _base_tables:
        _base_tables[version] = {name: columns(cursor, name) for name in tables(cursor)
                                 if name not in derived_tables()}
    return _base_tables[version]


def tables(cursor: duckdb.DuckDBPyConnection) -> list[str]:
    """Return the names of all tables of a store, but for those kept for an undo."""
    return [name for (name,) in cursor.execute(
        """SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()
        AND NOT temporary AND NOT starts_with(table_name, $1) ORDER BY table_name""",
        [PREFIX]).fetchall()]


def _run(cursor: duckdb.DuckDBPyConnection, sql: str) -> None:
    for statement in statements(sql):
        cursor.execute(statement)


def _set(cursor: duckdb.DuckDBPyConnection, version: int) -> None:
    meta.put(cursor, "schema_version", str(version))
