"""One hardened DuckDB instance per workspace and process, a cursor per use.

Sharing one connection between threads gives wrong results without an exception, so every call
takes its own cursor. Only the workspace's staging folder can be read from SQL, nothing can be
loaded, and the settings are locked.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from omni_core.errors import StoreDamaged, no_room
from omni_core.store import faults, files, meta, rollups, schema
from omni_core.store.cursor import reading_once
from omni_core.store.files import FILE_NAME
from omni_core.store.gate import Gate

MEMORY_LIMIT = "385MB"  # 18 million rows peak below 800 MB then; more only peaks higher
# of it, blocks that are kept till the store is closed: to take each from the system and give it
# back is a twentieth of a large import
_BLOCKS = "250MB"


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
    _live: set[duckdb.DuckDBPyConnection] = field(default_factory=set)

    @contextmanager
    def cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor of its own for one use. Raises ``DiskFull``, ``StoreDamaged`` and kin."""
        if self._dead and not self.gate.is_inside():
            self._revive()
        with self.gate.shared(), self._plain():
            cursor = self.connection.cursor()
            self._live.add(cursor)
            try:
                yield reading_once(cursor)
            except duckdb.FatalException:
                self._dead = True
                raise
            finally:
                self._live.discard(cursor)
                with contextlib.suppress(duckdb.Error):
                    cursor.close()

    def _plain(self) -> contextlib.AbstractContextManager[None]:
        return faults.plain(str(self.path.parent), self.path.name)

    @contextmanager
    def transaction(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a cursor in a transaction that commits at the end, or leaves all as it was.

        Whoever closes the store meanwhile doesn't close it under the transaction.
        """
        with _held(self), self.write_lock, self.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
                token = uuid.uuid4().hex
                meta.put(cursor, "revision", token)
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
        with self.write_lock, self.gate.exclusive(), self._plain():
            self._dead = True  # until one of the two is open
            with contextlib.suppress(duckdb.Error):  # what it could not write is in its log
                self.connection.close()
            try:
                files.remove(files.prepared(self.path))  # it may hold whom the fresh one lacks
                files.set_aside(self.path)
                os.replace(fresh, self.path)
                self._open_again()
            except BaseException:
                files.put_back(self.path)
                self._open_again()
                raise
            files.drop_aside(self.path)

    def compact(self) -> None:
        """Write the store anew, so that nothing of deleted rows is left in its file."""
        fresh = self.staging / f"{secrets.token_hex(8)}.duckdb"
        try:
            self.staging.mkdir(exist_ok=True)
            with self.write_lock:
                with self.cursor() as cursor:
                    (name,) = cursor.execute("SELECT current_database()").fetchall()[0]
                    cursor.execute(f"ATTACH '{quoted(fresh)}' AS fresh")
                    try:
                        cursor.execute(f'COPY FROM DATABASE "{name}" TO fresh')
                    finally:
                        cursor.execute("DETACH fresh")
                self.replace(fresh)
        finally:
            files.remove(fresh)

    def close(self) -> None:
        """Close the file; a query that still runs, of a session that ended, is interrupted."""
        for cursor in list(self._live):
            with contextlib.suppress(duckdb.Error):
                cursor.interrupt()
        with self.gate.exclusive(), contextlib.suppress(duckdb.Error):
            self.connection.close()

    def _revive(self) -> None:
        with self.write_lock, self.gate.exclusive(), self._plain():
            if self._dead:
                with contextlib.suppress(duckdb.Error):
                    self.connection.close()
                self._open_again()

    def _open_again(self) -> None:
        self.connection = _harden(_connect(self.path, self.staging), self.staging)
        self.revision = meta.get(self.connection, "revision") or ""
        self._dead = False


_open: dict[str, Database] = {}
_registry_lock = threading.RLock()


def open_database(folder: Path, before_migration: Callable[[Database], object]) -> Database:
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
            database.close()
        finally:
            _open.pop(str(database.path.parent), None)


@contextmanager
def _held(database: Database) -> Iterator[None]:
    """Count as one of the users of an open store."""
    with _registry_lock:
        counted = database.users > 0  # not while it is being opened
        database.users += counted
    try:
        yield
    finally:
        if counted:
            close_database(database)


def is_open(folder: Path) -> bool:
    """Whether this process has the store of a folder open."""
    with _registry_lock:
        return os.path.realpath(folder) in _open


def check_free(folder: Path) -> None:
    """Raise ``StoreInUse`` if another program holds the store of a folder, damaged or not."""
    try:
        _connect(folder / FILE_NAME, folder / "staging").close()
    except StoreDamaged:
        return


def build_store(path: Path, staging: Path,
                fill: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """Make a whole store at ``path`` (inside ``staging``); ``fill`` writes it in one transaction.

    What ``fill`` raises leaves no file behind.
    """
    with faults.plain(str(staging.parent), path.name):
        connection = _harden(_connect(path, staging), staging)
        try:
            connection.execute("BEGIN")
            fill(reading_once(connection))
            meta.put(connection, "revision", uuid.uuid4().hex)
            connection.execute("COMMIT")
            connection.execute("CHECKPOINT")
            connection.close()
        except BaseException:
            with contextlib.suppress(duckdb.Error):
                connection.close()
            files.remove(path)
            raise


def _open_store(folder: Path, before_migration: Callable[[Database], object]) -> Database:
    staging = folder / "staging"
    path = folder / FILE_NAME
    try:
        staging.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            files.put_back(path)
        try:
            connection = _connect(path, staging)
        except StoreDamaged:
            if not files.put_back(path):
                raise
            connection = _connect(path, staging)
        # only now is it sure that no other program is at work in there
        files.sweep(staging)
    except OSError as error:
        raise no_room(error, folder) from None
    try:
        database = Database(path, staging, connection)
        with faults.plain(str(folder), path.name):
            _prepare(database, before_migration)
    except BaseException:
        with contextlib.suppress(duckdb.Error):
            connection.close()
        raise
    files.drop_aside(path)
    return database


def _connect(path: Path, staging: Path) -> duckdb.DuckDBPyConnection:
    try:
        return duckdb.connect(str(path), config={
            "autoinstall_known_extensions": "false", "autoload_known_extensions": "false",
            "memory_limit": MEMORY_LIMIT, "block_allocator_memory": _BLOCKS,
            "temp_directory": str(staging / "spill"),
        })
    except duckdb.Error as error:
        told = faults.told(error, str(path.parent), path.name)
        raise told or StoreDamaged(name=path.name) from None


def _harden(connection: duckdb.DuckDBPyConnection, staging: Path) -> duckdb.DuckDBPyConnection:
    connection.execute("SET GLOBAL TimeZone = 'UTC'")
    # The setting takes a list literal only; the folders are quoted as SQL text.
    prepared = files.prepared(staging).parent
    connection.execute(
        f"SET allowed_directories = ['{quoted(staging)}', '{quoted(prepared)}']")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return connection


def quoted(path: Path) -> str:
    """Return a path of our own as it stands between quotes in SQL, where no parameter may."""
    return str(path).replace("'", "''")


def _prepare(database: Database, before_migration: Callable[[Database], object]) -> None:
    connection = _harden(database.connection, database.staging)
    try:
        # no tables: a new file, or one whose making was cut off before its first commit
        new = not connection.execute("SELECT count(*) FROM duckdb_tables()").fetchall()[0][0]
        version = schema.newest() if new else schema.version_of(connection)
        database.revision = "" if new else meta.get(connection, "revision") or ""
    except (duckdb.Error, TypeError) as error:
        if isinstance(error, duckdb.OutOfMemoryException):
            raise
        raise StoreDamaged(name=database.path.name) from None
    if new:
        with database.transaction() as cursor:
            schema.lay(cursor, version)
            rollups.rebuild(cursor)
    if version < schema.newest():
        key = database.path.with_name("key")  # where version 1 had it; a backup needs it too
        if key.exists():
            with database.transaction() as cursor:
                meta.put(cursor, "key", key.read_bytes().hex())
        before_migration(database)
        with database.transaction() as cursor:
            schema.migrate(cursor, version)
            rollups.rebuild(cursor)
        key.unlink(missing_ok=True)
    elif not new and rollups.out_of_date(connection):
        with database.transaction() as cursor:
            rollups.rebuild(cursor)
