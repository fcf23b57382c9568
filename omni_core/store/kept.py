"""What was derived before the latest large import, so that its undo need not count again.

Renamed, not copied, when such an import makes the tables anew; put back when that import is undone
before anything else changed, and dropped with the first other change of rows or people. So no
forgotten person is in them, and no backup holds them.
"""

from __future__ import annotations

import duckdb

from omni_core.store import touched

PREFIX = "kept_"
_OF = f"{PREFIX}of"  # the number of the import that they are from before


def keep(cursor: duckdb.DuckDBPyConnection, table: str) -> None:
    """Set a derived table aside, in the caller's transaction; there is none of its name then."""
    cursor.execute(f"ALTER TABLE {table} RENAME TO {PREFIX}{table}")


def begin(cursor: duckdb.DuckDBPyConnection, import_id: int) -> None:
    """Say of which import the tables that are set aside now know nothing."""
    cursor.execute(f"CREATE TABLE {_OF} AS SELECT {import_id:d} AS import_id")
    # who is one person is compared with what it was before it is made anew
    cursor.execute(f"CREATE TABLE {PREFIX}merged_ids AS SELECT * FROM merged_ids")


def drop(cursor: duckdb.DuckDBPyConnection) -> None:
    """Drop what was kept, if anything was: it is no longer what an undo would leave."""
    for table in _there(cursor):
        cursor.execute(f"DROP TABLE {table}")


def is_before(cursor: duckdb.DuckDBPyConnection, import_id: int) -> bool:
    """Whether what is kept is what the undo of an import would leave."""
    return _OF in _there(cursor) and cursor.execute(
        f"SELECT import_id FROM {_OF}").fetchall() == [(import_id,)]


def put_back(cursor: duckdb.DuckDBPyConnection) -> None:
    """Let the kept tables stand for those made since; the import's rows are deleted already."""
    for kept in _there(cursor) - {_OF}:
        table = kept.removeprefix(PREFIX)
        cursor.execute(f"DROP TABLE {table}")
        cursor.execute(f"ALTER TABLE {kept} RENAME TO {table}")
    cursor.execute(f"DROP TABLE {_OF}")
    touched.note_all(cursor)


def _there(cursor: duckdb.DuckDBPyConnection) -> set[str]:
    return {name for (name,) in cursor.execute(
        """SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()
        AND NOT temporary AND starts_with(table_name, $1)""", [PREFIX]).fetchall()}
