"""One hardened DuckDB instance per workspace and process, a cursor per use.

Sharing one connection between threads gives wrong results without an exception, so every call
takes its own cursor. Only the workspace's staging folder can be read from SQL, nothing can be
loaded or attached, and the settings are locked.
"""

from __future__ import annotations

import os
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

import duckdb

from omni_core.errors import FolderNotWritable, StoreDamaged, StoreInUse, StoreNewer

FILE_NAME = "omni.duckdb"
SCHEMA_VERSION = 1
MEMORY_LIMIT = "450MB"  # the reader then peaks below 600 MB; larger limits only peak higher


@dataclass(slots=True)
class Database:
    """An open store; ``write_lock`` lets one import or undo at a time change it."""

    path: Path
    staging: Path
    connection: duckdb.DuckDBPyConnection
    write_lock: threading.RLock = field(default_factory=threading.RLock)
    users: int = 0
    revision: str = ""

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor of its own for one use."""
        cursor = self.connection.cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor in a transaction that commits at the end, or leaves all as it was."""
        with self.write_lock, self.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
                token = uuid.uuid4().hex
                cursor.execute("INSERT OR REPLACE INTO meta VALUES ('revision', $1)", [token])
                cursor.execute("COMMIT")
                self.revision = token
            except BaseException:
                cursor.execute("ROLLBACK")
                raise


_open: dict[str, Database] = {}
_registry_lock = threading.Lock()


def open_database(folder: Path) -> Database:
    """Open (or create) the store of a folder; the same one for all who ask in this process."""
    key = os.path.realpath(folder)
    with _registry_lock:
        database = _open.get(key)
        if database is None:
            database = _connect(Path(key))
            _open[key] = database
        database.users += 1
        return database


def close_database(database: Database) -> None:
    """Give the store back; the last one to do so closes the file."""
    with _registry_lock:
        database.users -= 1
        if database.users > 0:
            return
        try:
            # a session that ended in mid-query may still have one running
            database.connection.interrupt()
            database.connection.close()
        finally:
            _open.pop(str(database.path.parent), None)


def _connect(folder: Path) -> Database:
    staging = folder / "staging"
    try:
        staging.mkdir(parents=True, exist_ok=True)
        for left in staging.iterdir():  # of an import that was cut off
            if left.is_file():
                left.unlink(missing_ok=True)
    except OSError:
        raise FolderNotWritable(folder=str(folder)) from None
    path = folder / FILE_NAME
    try:
        connection = duckdb.connect(str(path), config={
            "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
            "memory_limit": MEMORY_LIMIT, "temp_directory": str(staging / "spill"),
        })
    except duckdb.IOException as error:
        words = str(error).lower()
        if "lock" in words or "being used" in words:
            raise StoreInUse() from None
        if "permission" in words or "read-only" in words:
            raise FolderNotWritable(folder=str(folder)) from None
        raise StoreDamaged(name=path.name) from None
    except duckdb.Error:
        raise StoreDamaged(name=path.name) from None
    try:
        database = Database(path, staging, connection)
        _prepare(database)
        # The setting takes a list literal only; the folder is quoted as SQL text.
        allowed = str(staging).replace("'", "''")
        connection.execute(f"SET allowed_directories = ['{allowed}']")
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
    except BaseException:
        connection.close()
        raise
    return database


def _prepare(database: Database) -> None:
    connection = database.connection
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    # no tables: a new file, or one whose making was cut off before its first commit
    if not connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall()[0][0]:
        from omni_core.store.rollups import rebuild

        with database.transaction() as cursor:
            cursor.execute(read_sql("schema.sql"))
            cursor.execute("INSERT INTO meta VALUES ('schema_version', $1)", [str(SCHEMA_VERSION)])
            rebuild(cursor, "UTC")
        return
    try:
        rows = connection.execute("SELECT name, value FROM meta").fetchall()
    except duckdb.Error:
        raise StoreDamaged(name=database.path.name) from None
    meta = dict(rows)
    version = int(meta.get("schema_version", 0))
    if version > SCHEMA_VERSION:
        raise StoreNewer(found=version, known=SCHEMA_VERSION)
    database.revision = meta.get("revision", "")


def read_sql(name: str) -> str:
    """Return the text of a file in ``store/sql``."""
    return (files("omni_core.store") / "sql" / name).read_text(encoding="utf-8")
