"""One hardened DuckDB instance per workspace and process, a cursor per use.

Sharing one connection between threads gives wrong results without an exception, so every call
takes its own cursor. Only the workspace's staging folder can be read from SQL, nothing can be
loaded, and the settings are locked.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from omni_core.errors import DiskFull, FolderNotWritable, StoreDamaged, StoreInUse, is_disk_full
from omni_core.store import faults, schema
from omni_core.store.gate import Gate
from omni_core.store.rollups import rebuild

FILE_NAME = "omni.duckdb"
MEMORY_LIMIT = "450MB"  # the reader then peaks below 600 MB; larger limits only peak higher


@dataclass(slots=True)
class Database:
    """An open store; ``write_lock`` lets one import or undo at a time change it."""

    path: Path
    staging: Path
    connection: duckdb.DuckDBPyConnection
    write_lock: threading.RLock = field(default_factory=threading.RLock)
    gate: Gate = field(default_factory=Gate)
    users: int = 0
    revision: str = ""
    _dead: bool = False  # the engine gave up on the file after a fault; it has to be opened anew

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor of its own for one use. Raises ``DiskFull``, ``StoreDamaged`` and kin."""
        if self._dead:
            self._revive()
        with self.gate.shared():
            cursor = self.connection.cursor()
            try:
                yield cursor
            except (duckdb.Error, OSError) as error:
                self._dead = self._dead or isinstance(error, duckdb.FatalException)
                told = faults.told(error, str(self.path.parent), self.path.name)
                if told is None:
                    raise
                raise told from error
            finally:
                with contextlib.suppress(duckdb.Error):
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
                # after some faults there is nothing left to roll back; the first error counts
                with contextlib.suppress(duckdb.Error):
                    cursor.execute("ROLLBACK")
                raise

    def replace(self, fresh: Path) -> None:
        """Put another store in this one's place (it is gone then from where it was).

        Waits until nobody uses the old one. If the new one can't be opened the old one is back.
        """
        before = self.path.with_suffix(".before")
        with self.write_lock, self.gate.exclusive():
            self.connection.close()
            log = Path(f"{self.path}.wal")  # of a close that could not write all into the file
            if log.exists():
                os.replace(log, f"{before}.wal")
            os.replace(self.path, before)
            try:
                os.replace(fresh, self.path)
                self.connection = _harden(_connect(self.path, self.staging), self.staging)
                self.revision = _revision(self.connection)
            except BaseException:
                put_back(self.path)
                self.connection = _harden(_connect(self.path, self.staging), self.staging)
                raise
            before.unlink(missing_ok=True)
            Path(f"{before}.wal").unlink(missing_ok=True)

    def compact(self) -> None:
        """Write the store anew, so that nothing of deleted rows is left in its file."""
        fresh = self.staging / f"{secrets.token_hex(8)}.duckdb"
        try:
            with self.write_lock:
                with self.cursor() as cursor:
                    (name,) = cursor.execute("SELECT current_database()").fetchall()[0]
                    cursor.execute(f"ATTACH '{_quoted(fresh)}' AS fresh")
                    try:
                        cursor.execute(f'COPY FROM DATABASE "{name}" TO fresh')
                    finally:
                        cursor.execute("DETACH fresh")
                self.replace(fresh)
        finally:
            fresh.unlink(missing_ok=True)

    def _revive(self) -> None:
        with self.write_lock, self.gate.exclusive():
            if self._dead:
                with contextlib.suppress(duckdb.Error):
                    self.connection.close()
                self.connection = _harden(_connect(self.path, self.staging), self.staging)
                self.revision = _revision(self.connection)
                self._dead = False


_open: dict[str, Database] = {}
_registry_lock = threading.Lock()


def open_database(folder: Path, before_migration: Callable[[Database], None]) -> Database:
    """Open (or create) the store of a folder; the same one for all who ask in this process.

    ``before_migration`` is called with a store of an older version before it is changed.
    """
    key = os.path.realpath(folder)
    with _registry_lock:
        database = _open.get(key)
        if database is None:
            database = _open_store(Path(key), before_migration)
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


def copy_store(folder: Path, target: Path) -> None:
    """Copy a store that another program may hold into a folder. Raises ``StoreInUse``.

    The copy counts only if the files didn't change while they were read.
    """
    files = [folder / FILE_NAME, folder / f"{FILE_NAME}.wal"]

    def state() -> list[tuple[int, int] | None]:
        return [(p.stat().st_size, p.stat().st_mtime_ns) if p.exists() else None for p in files]

    for _ in range(5):
        before = state()
        if before[0] is None:
            raise StoreDamaged(name=FILE_NAME)
        try:
            for path in files:
                (target / path.name).unlink(missing_ok=True)
                if path.exists():
                    shutil.copyfile(path, target / path.name)
        except OSError as error:
            if is_disk_full(error):
                raise DiskFull(folder=str(target)) from None
            raise StoreInUse() from None  # Windows gives nobody else a look at it
        if state() == before:
            return
        time.sleep(0.2)
    raise StoreInUse()


def is_open(folder: Path) -> bool:
    """Whether this process has the store of a folder open."""
    with _registry_lock:
        return os.path.realpath(folder) in _open


def put_back(path: Path) -> None:
    """Give a store its old file again, if one was set aside while it was replaced."""
    before = path.with_suffix(".before")
    if before.exists():
        os.replace(before, path)
        log = Path(f"{before}.wal")
        if log.exists():
            os.replace(log, f"{path}.wal")


def build_store(path: Path, staging: Path,
                fill: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """Make a whole store at ``path`` (inside ``staging``); ``fill`` writes it in one transaction.

    What ``fill`` raises leaves no file behind.
    """
    connection = _harden(_connect(path, staging), staging)
    try:
        connection.execute("BEGIN")
        fill(connection)
        connection.execute("INSERT OR REPLACE INTO meta VALUES ('revision', $1)",
                           [uuid.uuid4().hex])
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")
    except BaseException:
        connection.close()
        path.unlink(missing_ok=True)
        raise
    connection.close()


def _open_store(folder: Path, before_migration: Callable[[Database], None]) -> Database:
    staging = folder / "staging"
    path = folder / FILE_NAME
    try:
        staging.mkdir(parents=True, exist_ok=True)
        for left in staging.iterdir():  # of an import that was cut off
            if left.is_file():
                left.unlink(missing_ok=True)
        if not path.exists():  # a replacement that was cut off
            put_back(path)
    except OSError:
        raise FolderNotWritable(folder=str(folder)) from None
    connection = _connect(path, staging)
    try:
        database = Database(path, staging, connection)
        _prepare(database, before_migration)
    except BaseException:
        connection.close()
        raise
    return database


def _connect(path: Path, staging: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), config={
            "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
            "memory_limit": MEMORY_LIMIT, "temp_directory": str(staging / "spill"),
        })
    except duckdb.Error as error:
        words = str(error).lower()
        if "lock" in words or "being used" in words:
            raise StoreInUse() from None
        told = faults.told(error, str(path.parent), path.name)
        raise told or StoreDamaged(name=path.name) from None


def _harden(connection: duckdb.DuckDBPyConnection, staging: Path) -> duckdb.DuckDBPyConnection:
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    # The setting takes a list literal only; the folder is quoted as SQL text.
    connection.execute(f"SET allowed_directories = ['{_quoted(staging)}']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _prepare(database: Database, before_migration: Callable[[Database], None]) -> None:
    connection = _harden(database.connection, database.staging)
    # no tables: a new file, or one whose making was cut off before its first commit
    if not connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall()[0][0]:
        with database.transaction() as cursor:
            schema.lay(cursor, schema.newest())
            rebuild(cursor)
        return
    try:
        version = schema.version_of(connection)
        database.revision = _revision(connection)
    except duckdb.Error:
        raise StoreDamaged(name=database.path.name) from None
    if version < schema.newest():
        before_migration(database)
        key = database.path.with_name("key")  # where version 1 had it
        with database.transaction() as cursor:
            schema.migrate(cursor, version)
            if key.exists():
                cursor.execute("INSERT OR REPLACE INTO meta VALUES ('key', $1)",
                               [key.read_bytes().hex()])
            rebuild(cursor)
        key.unlink(missing_ok=True)


def _revision(connection: duckdb.DuckDBPyConnection) -> str:
    rows = connection.execute("SELECT value FROM meta WHERE name = 'revision'").fetchall()
    return rows[0][0] if rows else ""
